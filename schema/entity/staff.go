package entity

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"github.com/gofrs/uuid/v5"
)

// Staff is a member of staff of one tenant; epoch is bumped when a role binding changes.
type Staff struct{ ent.Schema }

// Annotations names the table.
func (Staff) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "staff"}}
}

// Mixin adds what every such row has.
func (Staff) Mixin() []ent.Mixin { return []ent.Mixin{Key{}, Versioned{}} }

// Fields lists the columns.
func (Staff) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("account_id", uuid.UUID{}),
		field.String("staff_no"),
		field.String("name"),
		field.String("department"),
		field.String("division").Default(""),
		field.String("status").Default("active"),
		field.JSON("relatives", json.RawMessage{}).Default(json.RawMessage(`[]`)), // declared related parties (recusal): account ids or USCCs
		field.Int("epoch").Default(1),                                             // bumped when a binding changes
		field.Time("created_at").Immutable(),
	}
}
