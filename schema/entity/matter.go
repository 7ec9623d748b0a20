package entity

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// Matter is the searchable projection of a published matter (事项).
type Matter struct{ ent.Schema }

// Annotations names the table.
func (Matter) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "matter"}}
}

// Mixin adds what every such row has.
func (Matter) Mixin() []ent.Mixin { return []ent.Mixin{Key{}} }

// Fields lists the columns.
func (Matter) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("title"),
		field.String("basic_code").Default(""),
		field.String("implementation_code").Default(""),
		field.String("item_type"),
		field.String("case_type").Default(""),
		field.String("department").Default(""),
		field.String("department_title").Default(""),
		field.String("line").Default(""),
		field.String("level").Default(""),
		field.JSON("audiences", json.RawMessage{}).Default(json.RawMessage(`[]`)),
		field.JSON("themes", json.RawMessage{}).Default(json.RawMessage(`[]`)),
		field.JSON("channels", json.RawMessage{}).Default(json.RawMessage(`[]`)),
		field.JSON("deliveries", json.RawMessage{}).Default(json.RawMessage(`[]`)),
		field.String("online_depth").Default(""),
		field.Bool("joint").Default(false),          // other departments take part (联办事项)
		field.String("status").Default("published"), // published, suspended, cancelled
		field.Bool("public_listed").Default(true),
		field.String("digest"), // effective digest of the Matter
		field.Int("revision"),
		field.String("search").Default(""), // lines: title, aliases, themes, department, codes
		field.String("sounds").Default(""), // pinyin of title and aliases, every reading
		field.String("flow").Default(""),   // lines: titles of steps and special procedures
		field.String("cross_area").Default(""),
		field.Time("updated_at"),
	}
}
