package entity

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"github.com/gofrs/uuid/v5"
)

// Task is a piece of work on a case, offered to a role or taken by a person (SM-06).
type Task struct{ ent.Schema }

// Annotations names the table.
func (Task) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "task"}}
}

// Mixin adds what every such row has.
func (Task) Mixin() []ent.Mixin { return []ent.Mixin{Key{}, Versioned{}} }

// Fields lists the columns.
func (Task) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("case_id", uuid.UUID{}),
		field.String("token"), // of the net
		field.String("node_id"),
		field.String("node_type"), // human, wait, special, payment, auto, external, subcase, abnormal
		field.Int("visit"),
		field.String("title"),
		field.String("state"), // offered, in_progress, done, cancelled, skipped (SM-06)
		field.String("department").Default(""),
		field.String("role").Default(""),
		field.UUID("assignee", uuid.UUID{}).Optional().Nillable(), // staff
		field.Int("minimum_persons").Default(1),
		field.String("due_on").Default(""),
		field.String("action").Default(""),
		field.String("opinion").Default(""),
		field.JSON("fields", json.RawMessage{}).Default(json.RawMessage(`{}`)),
		field.UUID("actor", uuid.UUID{}).Optional().Nillable(),
		field.Time("opened_at"),
		field.Time("closed_at").Optional().Nillable(),
	}
}
