package entity

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"github.com/gofrs/uuid/v5"
)

// Message is a notice to an account, in the inbox or sent outside.
type Message struct{ ent.Schema }

// Annotations names the table.
func (Message) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "message"}}
}

// Mixin adds what every such row has.
func (Message) Mixin() []ent.Mixin { return []ent.Mixin{Key{}} }

// Fields lists the columns.
func (Message) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("account_id", uuid.UUID{}),
		field.String("channel"), // inbox, email, sms, app
		field.String("template"),
		field.String("event"),
		field.String("case_tenant").Default(""),
		field.UUID("case_id", uuid.UUID{}).Optional().Nillable(),
		field.String("title"),
		field.String("body"),
		field.String("status"), // pending, sent, failed, read
		field.Int("attempts").Default(0),
		field.String("reason").Default(""),
		field.Time("created_at").Immutable(),
		field.Time("sent_at").Optional().Nillable(),
		field.Time("read_at").Optional().Nillable(),
	}
}
