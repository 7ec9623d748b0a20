package entity

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"github.com/gofrs/uuid/v5"
)

// DeliveryRecord is the handing over of a result.
type DeliveryRecord struct{ ent.Schema }

// Annotations names the table.
func (DeliveryRecord) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "delivery_record"}}
}

// Mixin adds what every such row has.
func (DeliveryRecord) Mixin() []ent.Mixin { return []ent.Mixin{Key{}} }

// Fields lists the columns.
func (DeliveryRecord) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("case_id", uuid.UUID{}),
		field.String("way"), // pickup, courier, electronic
		field.String("tracking_no").Default(""),
		field.String("receiver").Default(""),
		field.String("id_last4").Default(""),
		field.JSON("evidence", json.RawMessage{}).Default(json.RawMessage(`{}`)),
		field.Time("at"),
	}
}
