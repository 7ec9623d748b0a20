package entity

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"github.com/gofrs/uuid/v5"
)

// CaseFile is a case (办件). The name avoids the Go keyword; GraphQL calls it Case.
type CaseFile struct{ ent.Schema }

// Annotations names the table.
func (CaseFile) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "case_file"}}
}

// Mixin adds what every such row has.
func (CaseFile) Mixin() []ent.Mixin { return []ent.Mixin{Key{}, Versioned{}} }

// Fields lists the columns.
func (CaseFile) Fields() []ent.Field {
	return []ent.Field{
		field.String("case_no"),
		field.String("query_code").Sensitive(), // secret: shown to the owner only
		field.String("status"),                 // SM-05
		field.String("outcome").Default(""),
		field.String("finish_code").Default(""),
		field.String("source").Default("native"),
		field.String("channel"),
		field.String("delivery").Default(""),
		field.UUID("matter_id", uuid.UUID{}),
		field.String("matter_name"),
		field.String("matter_title"),
		field.String("matter_digest"),
		field.JSON("pins", json.RawMessage{}), // kind/name → effective digest, of everything pinned at submission
		field.String("department"),
		field.UUID("applicant_id", uuid.UUID{}),    // account in the realm
		field.JSON("applicant", json.RawMessage{}), // {type, name, level, is_agent, uscc, id_type} as at submission
		field.UUID("agent_id", uuid.UUID{}).Optional().Nillable(),
		field.String("project_name").Default(""),
		field.JSON("form", json.RawMessage{}),
		field.String("form_digest"),
		field.JSON("facts", json.RawMessage{}).Default(json.RawMessage(`{}`)),
		field.JSON("state", json.RawMessage{}), // marking of the workflow net
		field.UUID("draft_id", uuid.UUID{}).Optional().Nillable(),
		field.Time("received_at"),
		field.String("received_on"), // civil receipt date by T-03
		field.String("accepted_on").Default(""),
		field.Bool("deemed").Default(false),
		field.String("decided_on").Default(""),
		field.String("promised_due").Default(""),
		field.String("statutory_due").Default(""),
		field.String("due_on").Default(""), // the nearest running case clock, for lists
		field.Time("finished_at").Optional().Nillable(),
		field.Time("archived_at").Optional().Nillable(),
		field.Int64("event_seq").Default(0),
		field.String("event_hash").Default(""),
		field.Time("created_at").Immutable(),
		field.Time("updated_at"),
	}
}
