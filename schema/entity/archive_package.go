package entity

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"github.com/gofrs/uuid/v5"
)

// ArchivePackage is the verifiable package of a finished case (SM-16).
type ArchivePackage struct{ ent.Schema }

// Annotations names the table.
func (ArchivePackage) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "archive_package"}}
}

// Mixin adds what every such row has.
func (ArchivePackage) Mixin() []ent.Mixin { return []ent.Mixin{Key{}} }

// Fields lists the columns.
func (ArchivePackage) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("case_id", uuid.UUID{}),
		field.String("archive_class"),
		field.String("digest"),
		field.String("root"),
		field.Int64("size"),
		field.Int("items"),
		field.String("retention_until").Default(""), // '' = permanent
		field.String("status"),                      // SM-16: packaged, filed, …
		field.Time("created_at").Immutable(),
	}
}
