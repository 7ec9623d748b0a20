package db_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/tenancy"
)

func fillDispatch(t *testing.T, d *db.DB) {
	t.Helper()
	for _, path := range []string{ours, theirs} {
		ctx := dbtest.As(t.Context(), path)
		tenant, id := tenancy.Acting(ctx), db.NewID(noon)
		b := d.NewBatch()
		b.Exec("INSERT INTO outbox (tenant_id, id, topic, payload, created_at) VALUES ($1, $2, 'case.changed', '{}', $3)", tenant, id, noon)
		b.Exec("INSERT INTO job (tenant_id, id, type, key, payload, run_at, created_at) VALUES ($1, $2, 'send', 'k', '{}', $3, $3)", tenant, id, noon)
		b.Exec("INSERT INTO configuration_head (tenant_id, revision, sequence, updated_at) VALUES ($1, 1, 1, $2)", tenant, noon)
		if err := d.Run(ctx, b); err != nil {
			t.Fatal(err)
		}
	}
}

// The relay claims work of all tenants at once, without a tenant of its own.
func TestRelayDispatchesForAllTenants(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fillDispatch(t, d)
		var tenants []string
		if err := d.Relay().InTx(t.Context(), func(ctx context.Context) error {
			return d.Relay().Each(ctx, func(scan func(dest ...any) error) error {
				var tenant string
				var id uuid.UUID
				if err := scan(&tenant, &id); err != nil {
					return err
				}
				tenants = append(tenants, tenant)
				return nil
			}, `UPDATE outbox SET state = 'dispatched', dispatched_at = $1 WHERE (tenant_id, id, created_at) IN (
				SELECT tenant_id, id, created_at FROM outbox WHERE state = 'pending' ORDER BY created_at, id LIMIT 10`+d.Relay().SkipLocked()+`)
				RETURNING tenant_id, id`, noon)
		}); err != nil {
			t.Fatal(err)
		}
		slices.Sort(tenants)
		if !slices.Equal(tenants, []string{"431321", "431322"}) {
			t.Errorf("claimed for %v", tenants)
		}
		n, err := d.Relay().Exec(t.Context(), "UPDATE job SET state = 'dispatched', attempt = attempt + 1, lease_until = $1 WHERE state = 'pending' AND run_at <= $1",
			noon.Add(time.Minute))
		if n != 2 || err != nil {
			t.Errorf("leased %d jobs, %v", n, err)
		}
		var heads int
		if err := d.Relay().QueryRow(t.Context(), "SELECT count(*) FROM configuration_head WHERE sequence > $1", 0).Scan(&heads); err != nil || heads != 2 {
			t.Errorf("%d heads, %v", heads, err)
		}
	})
}

// I3: zt_relay sees the dispatch columns and nothing else.
func TestRelaySeesOnlyDispatchColumns(t *testing.T) {
	d := dbtest.Open(t, db.Postgres)
	fillDispatch(t, d)
	for _, sql := range []string{
		"SELECT payload FROM outbox", "SELECT * FROM outbox", "SELECT payload FROM job", "SELECT key FROM job", "SELECT reason FROM job",
		"SELECT * FROM job", "UPDATE job SET payload = '{}'", "UPDATE job SET state = 'done', done_at = now()", "UPDATE timer SET fire_at = now()",
		"UPDATE timer SET fired_at = now()", "DELETE FROM job", "DELETE FROM outbox", "DELETE FROM timer", "UPDATE configuration_head SET revision = 0",
		"INSERT INTO outbox (tenant_id, id, topic, payload, created_at) VALUES ('431321', gen_random_uuid(), '', '{}', now())",
		"SELECT 1 FROM case_file", "SELECT 1 FROM account", "SELECT 1 FROM draft", "SELECT 1 FROM case_event", "SELECT 1 FROM tenant", "SELECT id FROM job_2026",
	} {
		if _, err := d.Relay().Exec(t.Context(), sql); err == nil {
			t.Errorf("allowed: %s", sql)
		}
	}
}
