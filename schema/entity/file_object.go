package entity

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"github.com/gofrs/uuid/v5"
)

// FileObject is an uploaded file, kept in the object store by its digest.
type FileObject struct{ ent.Schema }

// Annotations names the table.
func (FileObject) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "file_object"}}
}

// Mixin adds what every such row has.
func (FileObject) Mixin() []ent.Mixin { return []ent.Mixin{Key{}} }

// Fields lists the columns.
func (FileObject) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("owner_id", uuid.UUID{}), // draft or case
		field.String("material"),
		field.String("filename"),
		field.Int64("size"),
		field.String("mime"),
		field.String("sha256"),
		field.String("status"), // requested, stored, refused
		field.String("reason").Default(""),
		field.UUID("created_by", uuid.UUID{}),
		field.Time("created_at").Immutable(),
		field.Time("stored_at").Optional().Nillable(),
	}
}
