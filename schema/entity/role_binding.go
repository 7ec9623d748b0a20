package entity

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"github.com/gofrs/uuid/v5"
)

// RoleBinding gives a staff member a role in a department for a time.
type RoleBinding struct{ ent.Schema }

// Annotations names the table.
func (RoleBinding) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "role_binding"}}
}

// Mixin adds what every such row has.
func (RoleBinding) Mixin() []ent.Mixin { return []ent.Mixin{Key{}} }

// Fields lists the columns.
func (RoleBinding) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("staff_id", uuid.UUID{}),
		field.String("role"),
		field.String("department").Default(""), // where the role is held; '' = the staff member's own department
		field.String("valid_from").Default(""),
		field.String("valid_to").Default(""),
		field.Time("created_at").Immutable(),
	}
}
