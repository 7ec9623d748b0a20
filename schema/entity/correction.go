package entity

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"github.com/gofrs/uuid/v5"
)

// Correction is a request to correct the materials, all at once (SM-07).
type Correction struct{ ent.Schema }

// Annotations names the table.
func (Correction) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "correction"}}
}

// Mixin adds what every such row has.
func (Correction) Mixin() []ent.Mixin { return []ent.Mixin{Key{}} }

// Fields lists the columns.
func (Correction) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("case_id", uuid.UUID{}),
		field.Int("sequence"),
		field.JSON("items", json.RawMessage{}), // [{material, requirement, was_reviewable_before}]
		field.String("reason"),
		field.String("status"), // issued, satisfied, expired, closed (SM-07)
		field.UUID("issued_by", uuid.UUID{}).Optional().Nillable(),
		field.Time("issued_at"),
		field.String("applicant_due_on"),
		field.Time("resubmitted_at").Optional().Nillable(),
	}
}
