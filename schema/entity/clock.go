package entity

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"github.com/gofrs/uuid/v5"
)

// Clock is a legal clock of a case with its ledger in body.
type Clock struct{ ent.Schema }

// Annotations names the table.
func (Clock) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "clock"}}
}

// Mixin adds what every such row has.
func (Clock) Mixin() []ent.Mixin { return []ent.Mixin{Key{}} }

// Fields lists the columns.
func (Clock) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("case_id", uuid.UUID{}),
		field.UUID("owner_id", uuid.UUID{}), // case, task, correction or special run
		field.String("kind"),
		field.String("party"),
		field.String("state"),
		field.String("due_on"),
		field.Bool("provisional"),
		field.JSON("body", json.RawMessage{}), // the whole clock with its ledger of suspensions and extensions
		field.Time("created_at").Immutable(),
	}
}
