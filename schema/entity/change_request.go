package entity

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// ChangeRequest is a proposed change of configuration on its way through review.
type ChangeRequest struct{ ent.Schema }

// Annotations names the table.
func (ChangeRequest) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "change_request"}}
}

// Mixin adds what every such row has.
func (ChangeRequest) Mixin() []ent.Mixin { return []ent.Mixin{Key{}, Versioned{}} }

// Fields lists the columns.
func (ChangeRequest) Fields() []ent.Field {
	return []ent.Field{
		field.String("state"), // in_review, approved, rejected, published
		field.String("message"),
		field.JSON("files", json.RawMessage{}),
		field.JSON("deletes", json.RawMessage{}).Default(json.RawMessage(`[]`)),
		field.JSON("report", json.RawMessage{}).Default(json.RawMessage(`{}`)),
		field.JSON("plan", json.RawMessage{}).Default(json.RawMessage(`{}`)),
		field.Int("base_revision"),
		field.String("author"),
		field.String("reviewer").Default(""),
		field.String("reason").Default(""),
		field.Time("effective_from").Optional().Nillable(),
		field.Int("revision").Optional().Nillable(),
		field.Time("created_at").Immutable(),
		field.Time("decided_at").Optional().Nillable(),
	}
}
