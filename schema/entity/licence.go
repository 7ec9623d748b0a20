package entity

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"github.com/gofrs/uuid/v5"
)

// Licence is an electronic licence (电子证照, SM-11).
type Licence struct{ ent.Schema }

// Annotations names the table.
func (Licence) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "licence"}}
}

// Mixin adds what every such row has.
func (Licence) Mixin() []ent.Mixin { return []ent.Mixin{Key{}, Versioned{}} }

// Fields lists the columns.
func (Licence) Fields() []ent.Field {
	return []ent.Field{
		field.String("identifier"),
		field.String("licence_no"),
		field.String("type"),
		field.String("type_code"),
		field.String("title"),
		field.UUID("case_id", uuid.UUID{}),
		field.UUID("holder_id", uuid.UUID{}),
		field.String("holder_name"),
		field.String("status"), // SM-11
		field.String("valid_from"),
		field.String("valid_to").Default(""),
		field.String("issued_on"),
		field.Int("version").Default(1),
		field.String("data"), // canonical JSON of the fields of the current version
		field.String("public_data").Default("{}"),
		field.String("data_digest"),
		field.String("signature").Default(""),
		field.String("qr").Default(""),
		field.String("file_digest").Default(""),
		field.Int64("file_size").Default(0),
		field.Time("created_at").Immutable(),
	}
}
