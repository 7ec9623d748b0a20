package entity

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// Account is a log-in: an applicant's in the realm, a staff member's in the own tenant. Personal data is
// encrypted (…_enc) and found by blind index (…_bidx).
type Account struct{ ent.Schema }

// Annotations names the table.
func (Account) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "account"}}
}

// Mixin adds what every such row has.
func (Account) Mixin() []ent.Mixin { return []ent.Mixin{Key{}, Versioned{}} }

// Fields lists the columns.
func (Account) Fields() []ent.Field {
	return []ent.Field{
		field.String("type"), // natural_person, legal_person, other_org, staff, device, system
		field.String("login"),
		field.String("password_hash").Default("").Sensitive(),
		field.String("level").Default("L1"),
		field.String("status").Default("active"),
		field.Bool("must_change").Default(false), // the password is a one-time password
		field.JSON("former_passwords", json.RawMessage{}).Default(json.RawMessage(`[]`)).Sensitive(),
		field.Int("failures").Default(0),
		field.Time("locked_until").Optional().Nillable(),
		field.String("name").Default(""),
		field.String("id_type").Default(""),
		field.String("id_no_enc").Default("").Sensitive(),
		field.String("id_no_bidx").Default("").Sensitive(),
		field.String("uscc").Default(""),
		field.String("object_type").Default(""), // service_objects: natural_person, enterprise, individual_business, …
		field.String("legal_rep").Default(""),
		field.String("mobile_enc").Default("").Sensitive(),
		field.String("mobile_bidx").Default("").Sensitive(),
		field.String("email_enc").Default("").Sensitive(),
		field.String("email_bidx").Default("").Sensitive(),
		field.JSON("profile", json.RawMessage{}).Default(json.RawMessage(`{}`)),
		field.Time("created_at").Immutable(),
	}
}
