package entity

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"github.com/gofrs/uuid/v5"
)

// SpecialRun is one run of a special procedure: hearing, inspection, expert review (SM-08).
type SpecialRun struct{ ent.Schema }

// Annotations names the table.
func (SpecialRun) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "special_run"}}
}

// Mixin adds what every such row has.
func (SpecialRun) Mixin() []ent.Mixin { return []ent.Mixin{Key{}, Versioned{}} }

// Fields lists the columns.
func (SpecialRun) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("case_id", uuid.UUID{}),
		field.String("token").Default(""),
		field.String("procedure"),
		field.String("type"),
		field.String("status"), // requested, approved, running, completed, overrun, rejected, cancelled (SM-08)
		field.String("reason").Default(""),
		field.UUID("requested_by", uuid.UUID{}).Optional().Nillable(),
		field.UUID("approved_by", uuid.UUID{}).Optional().Nillable(),
		field.String("started_on").Default(""),
		field.String("earliest_on").Default(""),
		field.String("expected_on").Default(""),
		field.String("ended_on").Default(""),
		field.String("result").Default(""),
		field.JSON("report", json.RawMessage{}).Default(json.RawMessage(`{}`)),
		field.JSON("executors", json.RawMessage{}).Default(json.RawMessage(`[]`)),
		field.Time("created_at").Immutable(),
	}
}
