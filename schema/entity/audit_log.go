package entity

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// AuditLog is an entry of the audit trail; it is never changed.
type AuditLog struct{ ent.Schema }

// Annotations names the table.
func (AuditLog) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "audit_log"}}
}

// Mixin adds what every such row has.
func (AuditLog) Mixin() []ent.Mixin { return []ent.Mixin{Key{}} }

// Fields lists the columns.
func (AuditLog) Fields() []ent.Field {
	return []ent.Field{
		field.Time("at").Immutable(),
		field.String("actor").Immutable(),
		field.String("home").Immutable(), // tenant of the actor
		field.String("action").Immutable(),
		field.String("object").Immutable(),
		field.JSON("detail", json.RawMessage{}).Default(json.RawMessage(`{}`)).Immutable(),
	}
}
