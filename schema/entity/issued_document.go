package entity

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"github.com/gofrs/uuid/v5"
)

// IssuedDocument is the record of a document: same record, same bytes (I7).
type IssuedDocument struct{ ent.Schema }

// Annotations names the table.
func (IssuedDocument) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "issued_document"}}
}

// Mixin adds what every such row has.
func (IssuedDocument) Mixin() []ent.Mixin { return []ent.Mixin{Key{}} }

// Fields lists the columns.
func (IssuedDocument) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("case_id", uuid.UUID{}),
		field.UUID("task_id", uuid.UUID{}).Optional().Nillable(),
		field.String("action").Default(""),
		field.String("alias"),
		field.String("template"),
		field.String("template_digest"),
		field.String("class"), // receipt, notice, decision, internal
		field.String("title"),
		field.String("series").Default(""),
		field.Int64("seq").Default(0),
		field.String("number").Default(""),
		field.String("field_values"), // canonical JSON: same record, same bytes
		field.String("content_digest"),
		field.String("seal").Default(""),
		field.Int("case_version"),
		field.String("civil_date"),
		field.Time("issued_at"),
		field.String("issued_by"),                   // staff id or 'system'
		field.Time("used_at").Optional().Nillable(), // when its action was taken
		field.Time("voided_at").Optional().Nillable(),
		field.String("voided_reason").Default(""),
		field.String("file_digest").Default(""),
		field.Int64("file_size").Default(0),
		field.Time("rendered_at").Optional().Nillable(),
	}
}
