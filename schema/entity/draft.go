package entity

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"github.com/gofrs/uuid/v5"
)

// Draft is an application that has not been submitted.
type Draft struct{ ent.Schema }

// Annotations names the table.
func (Draft) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "draft"}}
}

// Mixin adds what every such row has.
func (Draft) Mixin() []ent.Mixin { return []ent.Mixin{Key{}, Versioned{}} }

// Fields lists the columns.
func (Draft) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("account_id", uuid.UUID{}),
		field.String("matter_name"),
		field.JSON("form", json.RawMessage{}).Default(json.RawMessage(`{}`)),
		field.JSON("materials", json.RawMessage{}).Default(json.RawMessage(`[]`)),
		field.JSON("pins", json.RawMessage{}).Default(json.RawMessage(`{}`)), // kind/name → effective digest under which it was saved
		field.UUID("case_id", uuid.UUID{}).Optional().Nillable(),             // set when submitted
		field.Time("expires_at"),
		field.Time("created_at").Immutable(),
		field.Time("updated_at"),
	}
}
