package entity

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"github.com/gofrs/uuid/v5"
)

// Session is a log-in that has not ended; only the hash of its token is kept.
type Session struct{ ent.Schema }

// Annotations names the table.
func (Session) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "session"}}
}

// Mixin adds what every such row has.
func (Session) Mixin() []ent.Mixin { return []ent.Mixin{Key{}} }

// Fields lists the columns.
func (Session) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("account_id", uuid.UUID{}),
		field.String("token_hash").Sensitive(),
		field.Time("created_at").Immutable(),
		field.Time("last_seen"),
		field.Time("expires_at"),
		field.Time("revoked_at").Optional().Nillable(),
		field.String("address").Default(""),
	}
}
