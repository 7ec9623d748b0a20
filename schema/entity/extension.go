package entity

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"github.com/gofrs/uuid/v5"
)

// Extension is a requested or granted extension of a clock (SM-09).
type Extension struct{ ent.Schema }

// Annotations names the table.
func (Extension) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "extension"}}
}

// Mixin adds what every such row has.
func (Extension) Mixin() []ent.Mixin { return []ent.Mixin{Key{}} }

// Fields lists the columns.
func (Extension) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("case_id", uuid.UUID{}),
		field.UUID("clock_id", uuid.UUID{}),
		field.Int("n"),
		field.String("unit"),
		field.String("reason"),
		field.String("status"), // requested, effective, rejected, lapsed (SM-09)
		field.UUID("requested_by", uuid.UUID{}),
		field.Time("requested_at"),
		field.UUID("decided_by", uuid.UUID{}).Optional().Nillable(),
		field.Time("decided_at").Optional().Nillable(),
	}
}
