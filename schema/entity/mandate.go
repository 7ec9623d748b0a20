package entity

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"github.com/gofrs/uuid/v5"
)

// Mandate lets one applicant act for another (授权委托).
type Mandate struct{ ent.Schema }

// Annotations names the table.
func (Mandate) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "mandate"}}
}

// Mixin adds what every such row has.
func (Mandate) Mixin() []ent.Mixin { return []ent.Mixin{Key{}} }

// Fields lists the columns.
func (Mandate) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("from_account", uuid.UUID{}),
		field.UUID("to_account", uuid.UUID{}),
		field.JSON("matters", json.RawMessage{}).Default(json.RawMessage(`[]`)), // empty = all
		field.String("valid_from"),
		field.String("valid_to").Default(""),
		field.String("status").Default("active"),
		field.Time("created_at").Immutable(),
	}
}
