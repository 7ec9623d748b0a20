package tenancy

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"
)

// Database is what this package asks of *db.DB, in terms of the acting tenant of ctx.
type Database interface {
	// Each calls each once a row with the row's Scan function.
	Each(ctx context.Context, each func(scan func(dest ...any) error) error, sql string, args ...any) error
	// Exec returns the number of rows changed.
	Exec(ctx context.Context, sql string, args ...any) (int64, error)
	// InTx runs fn in the transaction of ctx, or in one of its own.
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

func readTenants(ctx context.Context, db Database) ([]Tenant, error) {
	var out []Tenant
	err := db.Each(ctx, func(scan func(dest ...any) error) error {
		var t Tenant
		var lineage, zone string
		if err := scan(&t.Code, &t.DivisionCode, &t.Title, &t.Level, &t.Parent, &lineage, &t.Status, &t.SucceededBy, &t.SucceededOn,
			&zone, &t.CreatedAt, &t.RowVersion); err != nil {
			return err
		}
		t.Lineage = strings.Split(lineage, "/")
		var err error
		if t.Timezone, err = Zone(zone); err != nil {
			return fmt.Errorf("tenant %s: time zone: %w", t.Code, err)
		}
		out = append(out, t)
		return nil
	}, `SELECT tenant_id, division_code, title, level, parent_id, lineage, status, succeeded_by, succeeded_on, timezone, created_at,
		row_version FROM tenant ORDER BY tenant_id`)
	return out, err
}

// maxAmong bounds the values of one `IN`.
const maxAmong = 500

// readVersions returns the row versions of those of the tenants that are registered.
func readVersions(ctx context.Context, db Database, codes []string) (map[string]int, error) {
	out := make(map[string]int, len(codes))
	for some := range slices.Chunk(codes, maxAmong) {
		marks, args := make([]string, len(some)), make([]any, len(some))
		for i, code := range some {
			marks[i], args[i] = fmt.Sprintf("$%d", i+1), code
		}
		err := db.Each(ctx, func(scan func(dest ...any) error) error {
			var code string
			var version int
			err := scan(&code, &version)
			out[code] = version
			return err
		}, "SELECT tenant_id, row_version FROM tenant WHERE tenant_id IN ("+strings.Join(marks, ", ")+")", args...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// grantsTo returns the live grants of kind scope that the tenant from has given to the tenant to on the civil
// date on, as lists of matter names in JSON ("[]" is all of them).
func grantsTo(ctx context.Context, db Database, from, to, scope, on string) (map[uuid.UUID]string, error) {
	out := map[uuid.UUID]string{}
	err := db.Each(ctx, func(scan func(dest ...any) error) error {
		var id uuid.UUID
		var matters string
		if err := scan(&id, &matters); err != nil {
			return err
		}
		out[id] = matters
		return nil
	}, `SELECT id, matters FROM tenant_grant WHERE tenant_id = $1 AND to_tenant = $2 AND scope = $3
		AND valid_from <= $4 AND (valid_to = '' OR valid_to >= $4)`, from, to, scope, on)
	return out, err
}

// auditEntry is a row of audit_log in the acting tenant of ctx.
type auditEntry struct {
	id     uuid.UUID
	at     time.Time
	actor  string
	home   string
	action string
	object string
	detail string // JSON
}

func writeAudit(ctx context.Context, db Database, e auditEntry) error {
	_, err := db.Exec(ctx, `INSERT INTO audit_log (tenant_id, id, at, actor, home, action, object, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, Acting(ctx), e.id, e.at, e.actor, e.home, e.action, e.object, e.detail)
	return err
}

// InsertTenant adds a row to the register. It acts as the new tenant, for only
// a tenant writes its own row.
func InsertTenant(ctx context.Context, db Database, t Tenant) error {
	zone := "Asia/Shanghai"
	if t.Timezone != nil {
		zone = t.Timezone.String()
	}
	_, err := db.Exec(With(ctx, t.Scope("")), `INSERT INTO tenant
		(tenant_id, division_code, title, level, parent_id, lineage, status, succeeded_by, succeeded_on, timezone, created_at, row_version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)`, t.Code, t.DivisionCode, t.Title, t.Level, t.Parent,
		strings.Join(t.Lineage, "/"), t.Status, t.SucceededBy, t.SucceededOn, zone, t.CreatedAt)
	return err
}
