// Package entity declares the rows that Ent reads and writes: columns only, a
// file a table. Tables come from schema/migrations; a test in internal/db
// compares the two. Rules live in services, tenancy in internal/db.
//
// Ent wants one id column, so these tables are not here and are met with SQL
// in store files: tenant, resource_version, configuration_revision,
// configuration_entry, configuration_head, configuration_follow, matter_alias,
// matter_usage, number_series, licence_index, linked_case, my_case, idempotency,
// virtual_clock, case_event and migration_case. Nor are review_request, matter_order
// and migration, which are written in the batches of publications, and outbox and job,
// which are only ever claimed and finished in batches.
package entity

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/mixin"
	"github.com/gofrs/uuid/v5"
)

// Key is the primary key (tenant_id, id). The tenant is set by the hooks of internal/db.
type Key struct{ mixin.Schema }

// Fields lists the key.
func (Key) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", uuid.UUID{}).Immutable(), // UUIDv7, made by db.NewID
		field.String("tenant_id").NotEmpty().Immutable(),
	}
}

// Versioned rows are changed only by those who have seen their latest version.
type Versioned struct{ mixin.Schema }

// Fields lists the version, which starts at 1.
func (Versioned) Fields() []ent.Field {
	return []ent.Field{field.Int("row_version").Default(1)}
}
