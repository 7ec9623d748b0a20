package entity

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"github.com/gofrs/uuid/v5"
)

// CaseMaterial is one required or given material of a case.
type CaseMaterial struct{ ent.Schema }

// Annotations names the table.
func (CaseMaterial) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "case_material"}}
}

// Mixin adds what every such row has.
func (CaseMaterial) Mixin() []ent.Mixin { return []ent.Mixin{Key{}} }

// Fields lists the columns.
func (CaseMaterial) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("case_id", uuid.UUID{}),
		field.String("ref"),
		field.String("title"),
		field.Bool("required"),
		field.String("status"), // missing, submitted, accepted, defective, waived, committed, tolerated, reused
		field.JSON("files", json.RawMessage{}).Default(json.RawMessage(`[]`)), // [{id, filename, size, mime, sha256}]
		field.String("due_on").Default(""),
		field.String("fulfilled_by").Default(""),
		field.String("defect_note").Default(""),
		field.Bool("corrected").Default(false),
		field.Time("updated_at"),
	}
}
