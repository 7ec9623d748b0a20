package entity

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// TenantGrant lets another tenant look or act beyond the tree (跨租户授权).
type TenantGrant struct{ ent.Schema }

// Annotations names the table.
func (TenantGrant) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "tenant_grant"}}
}

// Mixin adds what every such row has.
func (TenantGrant) Mixin() []ent.Mixin { return []ent.Mixin{Key{}} }

// Fields lists the columns.
func (TenantGrant) Fields() []ent.Field {
	return []ent.Field{
		field.String("to_tenant"),
		field.String("scope"), // supervise, handle, receive, statistics, configuration
		field.JSON("matters", json.RawMessage{}).Default(json.RawMessage(`[]`)),
		field.String("valid_from"),
		field.String("valid_to").Default(""),
		field.String("basis"),
		field.Time("created_at").Immutable(),
	}
}
