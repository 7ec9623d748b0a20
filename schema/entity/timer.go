package entity

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"github.com/gofrs/uuid/v5"
)

// Timer is one rung of a clock that fires at an instant, once.
type Timer struct{ ent.Schema }

// Annotations names the table.
func (Timer) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "timer"}}
}

// Mixin adds what every such row has.
func (Timer) Mixin() []ent.Mixin { return []ent.Mixin{Key{}} }

// Fields lists the columns.
func (Timer) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("case_id", uuid.UUID{}),
		field.UUID("clock_id", uuid.UUID{}),
		field.String("rung"), // warning, expiry, …
		field.Time("fire_at"),
		field.String("state"), // waiting, dispatched, fired, cancelled
		field.Time("fired_at").Optional().Nillable(),
	}
}
