package db_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/ent"
	"zhengtong/internal/ent/draft"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

const (
	ours   = "national/430000/431321"
	theirs = "national/430000/431322"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 123456000, time.UTC)

const insertDraft = `INSERT INTO draft (tenant_id, id, account_id, matter_name, expires_at, created_at, updated_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7)`

// newDraft writes a draft of the acting tenant and returns its id.
func newDraft(t testing.TB, d *db.DB, ctx context.Context, matter string) uuid.UUID {
	t.Helper()
	id := db.NewID(noon)
	if _, err := d.Exec(ctx, insertDraft, tenancy.Acting(ctx), id, db.NewID(noon), matter, noon, noon, noon); err != nil {
		t.Fatal(err)
	}
	return id
}

func matterOf(t testing.TB, d *db.DB, ctx context.Context, id uuid.UUID) string {
	t.Helper()
	var name string
	err := d.QueryRow(ctx, "SELECT matter_name FROM draft WHERE tenant_id = $1 AND id = $2", tenancy.Acting(ctx), id).Scan(&name)
	if err != nil && !errors.Is(err, db.ErrNoRows) {
		t.Fatal(err)
	}
	return name
}

// I3, R-CFG-02: whichever way somebody else's row is asked for, it is not there, and it stays as it was.
func TestTenantsDoNotSeeEachOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		us, them := dbtest.As(t.Context(), ours), dbtest.As(t.Context(), theirs)
		id := newDraft(t, d, them, "theirs")
		newDraft(t, d, us, "ours")
		client := d.Ent()

		all, err := client.Draft.Query().All(us)
		if err != nil || len(all) != 1 || all[0].MatterName != "ours" {
			t.Errorf("a query without a predicate found %v, %v", all, err)
		}
		if n, err := client.Draft.Query().Where(draft.IDEQ(id)).Count(us); n != 0 || err != nil {
			t.Errorf("counted %d, %v", n, err)
		}
		if _, err := client.Draft.Get(us, id); !ent.IsNotFound(err) {
			t.Errorf("get: %v", err)
		}
		if _, err := client.Draft.UpdateOneID(id).SetMatterName("taken").Save(us); !ent.IsNotFound(err) {
			t.Errorf("update by id: %v", err)
		}
		if n, err := client.Draft.Update().Where(draft.IDEQ(id)).SetMatterName("taken").Save(us); n != 0 || err != nil {
			t.Errorf("update changed %d, %v", n, err)
		}
		if err := client.Draft.DeleteOneID(id).Exec(us); !ent.IsNotFound(err) {
			t.Errorf("delete by id: %v", err)
		}
		if n, err := client.Draft.Delete().Where(draft.IDEQ(id)).Exec(us); n != 0 || err != nil {
			t.Errorf("delete removed %d, %v", n, err)
		}
		if err := d.Run(us, required(d, "UPDATE draft SET matter_name = 'taken' WHERE tenant_id = $1 AND id = $2",
			tenancy.Acting(us), id)); problem.ReasonOf(err) != "stale_version" {
			t.Errorf("batch: %v", err)
		}
		if got := matterOf(t, d, them, id); got != "theirs" {
			t.Errorf("the row is now %q", got)
		}
	})
}

func required(d *db.DB, sql string, args ...any) *db.Batch {
	b := d.NewBatch()
	b.Require(sql, args...)
	return b
}

// A statement that lies about its tenant is stopped by the database itself.
func TestRowLevelSecurityStopsLyingStatements(t *testing.T) {
	d := dbtest.Open(t, db.Postgres)
	us, them := dbtest.As(t.Context(), ours), dbtest.As(t.Context(), theirs)
	id := newDraft(t, d, them, "theirs")

	for name, run := range map[string]func(ctx context.Context, sql string, args ...any) (int64, error){
		"pool": d.Exec,
		"transaction": func(ctx context.Context, sql string, args ...any) (n int64, err error) {
			return n, d.InTx(ctx, func(ctx context.Context) error {
				n, err = d.Exec(ctx, sql, args...)
				return err
			})
		},
		"database/sql": func(ctx context.Context, sql string, args ...any) (int64, error) {
			result, err := d.SQL().ExecContext(ctx, sql, args...)
			if err != nil {
				return 0, err
			}
			return result.RowsAffected()
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, sql := range []string{"UPDATE draft SET matter_name = 'taken'", "DELETE FROM draft"} {
				if n, err := run(us, sql); n != 0 || err != nil {
					t.Errorf("%s changed %d rows, %v", sql, n, err)
				}
			}
			if _, err := run(us, "INSERT INTO tenant_grant VALUES ('431322', $1, '431321', 'supervise', '[]', '', '', '', now())",
				db.NewID(noon).String()); err == nil {
				t.Error("a grant was given in another tenant's name")
			}
		})
	}
	b := d.NewBatch()
	b.Exec("UPDATE draft SET matter_name = 'taken'")
	if err := d.Run(us, b); err != nil {
		t.Error(err)
	}
	if got := matterOf(t, d, them, id); got != "theirs" {
		t.Errorf("the row is now %q", got)
	}
}

// Nothing set means nothing seen (I2): refused before the database, and empty in it.
func TestWithoutATenantNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		newDraft(t, d, dbtest.As(t.Context(), ours), "ours")
		nobody := t.Context()
		b := d.NewBatch()
		b.Exec("DELETE FROM draft")
		_, execErr := d.Exec(nobody, "DELETE FROM draft")
		_, queryErr := d.Query(nobody, "SELECT id FROM draft")
		_, entErr := d.Ent().Draft.Query().All(nobody)
		_, deleteErr := d.Ent().Draft.Delete().Exec(nobody)
		createErr := d.Ent().Draft.Create().SetID(db.NewID(noon)).SetAccountID(db.NewID(noon)).SetMatterName("x").
			SetExpiresAt(noon).SetCreatedAt(noon).SetUpdatedAt(noon).Exec(nobody)
		for name, err := range map[string]error{
			"exec": execErr, "query": queryErr, "row": d.QueryRow(nobody, "SELECT 1").Scan(new(int)), "batch": d.Run(nobody, b),
			"transaction": d.InTx(nobody, func(context.Context) error { return nil }),
			"ent query":   entErr, "ent delete": deleteErr, "ent create": createErr,
		} {
			if !errors.Is(err, db.ErrNoTenant) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if d.Dialect() != db.Postgres {
			return
		}
		for name, ctx := range map[string]context.Context{"nobody": nobody, "public": tenancy.Public(nobody)} {
			var n int
			if err := d.SQL().QueryRowContext(ctx, "SELECT count(*) FROM draft").Scan(&n); n != 0 || err != nil {
				t.Errorf("%s saw %d rows, %v", name, n, err)
			}
		}
	})
}

// The register of tenants is public to read; its rows are their tenants' to write.
func TestRegisterOfTenants(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tree := dbtest.Tree(t, d, noon, "national", "national/430000", ours)
		if tree.Len() != 3 {
			t.Fatalf("%d tenants", tree.Len())
		}
		if d.Dialect() == db.Postgres {
			n, err := d.Exec(dbtest.As(t.Context(), ours), "UPDATE tenant SET title = 'taken' WHERE tenant_id = '430000'")
			if n != 0 || err != nil {
				t.Errorf("changed %d rows, %v", n, err)
			}
		}
	})
}

// A county reads the province's configuration and never its neighbour's; the province sees who extends it.
func TestConfigurationIsInherited(t *testing.T) {
	d := dbtest.Open(t, db.Postgres)
	for _, path := range []string{"national/430000", ours, theirs} {
		ctx := dbtest.As(t.Context(), path)
		if _, err := d.Exec(ctx, `INSERT INTO configuration_entry
			(tenant_id, kind, name, from_revision, digest, effective_digest, extends_tenant, extends_name)
			VALUES ($1, 'Matter', 'food', 1, 'd', 'd', $2, 'food')`, tenancy.Acting(ctx), "430000"); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]int{"national": 0, "national/430000": 3, ours: 2, theirs: 2} {
		var n int
		ctx := dbtest.As(t.Context(), path)
		if err := d.QueryRow(ctx, "SELECT count(*) FROM configuration_entry").Scan(&n); err != nil || n != want {
			t.Errorf("%s sees %d entries, want %d; %v", path, n, want, err)
		}
		changed, err := d.Exec(ctx, "UPDATE configuration_entry SET digest = 'e'")
		if err != nil || changed > 1 {
			t.Errorf("%s changed %d entries, %v", path, changed, err)
		}
	}
}

// What governments above publish for everybody is seen below through one view, and nothing else of theirs (ADR 12).
func TestWhatIsOfferedBelow(t *testing.T) {
	offeredBelow(t, dbtest.Open(t, db.Postgres))
}

func offeredBelow(t *testing.T, d *db.DB) {
	t.Helper()
	for _, path := range []string{"national/430000", ours, theirs} {
		ctx := dbtest.As(t.Context(), path)
		for name, listed := range map[string]bool{"offered": true, "internal": false} {
			if _, err := d.Exec(ctx, `INSERT INTO matter (tenant_id, id, name, title, item_type, digest, revision, updated_at, public_listed)
				VALUES ($1, $2, $3, 'x', '06', 'd', 1, now(), $4)`, tenancy.Acting(ctx), db.NewID(noon).String(), name, listed); err != nil {
				t.Fatal(err)
			}
		}
	}
	for path, want := range map[string][2]int{"national": {0, 0}, "national/430000": {1, 2}, ours: {2, 2}, theirs: {2, 2}} {
		ctx := dbtest.As(t.Context(), path)
		var offered, own int
		if err := d.QueryRow(ctx, "SELECT (SELECT count(*) FROM offered_matter), (SELECT count(*) FROM matter)").Scan(&offered, &own); err != nil {
			t.Fatal(err)
		}
		if offered != want[0] || own != want[1] {
			t.Errorf("%s is offered %d matters and has %d, want %v", path, offered, own, want)
		}
		if _, err := d.Exec(ctx, "UPDATE offered_matter SET title = 'taken'"); err == nil {
			t.Errorf("%s changed what is offered", path)
		}
	}
}

// What evidence rests on cannot be changed, not even by its own tenant.
func TestEvidenceStaysWritten(t *testing.T) {
	d := dbtest.Open(t, db.Postgres)
	us := dbtest.As(t.Context(), ours)
	for _, sql := range []string{
		"UPDATE audit_log SET actor = 'nobody'", "DELETE FROM audit_log", "DELETE FROM case_event",
		"UPDATE case_event SET hash = ''", "DELETE FROM case_file", "UPDATE resource_version SET body = '{}'",
		"DELETE FROM issued_document", "SELECT * FROM case_event_2026", "CREATE TABLE mine (id int)", "TRUNCATE draft",
	} {
		if _, err := d.Exec(us, sql); err == nil {
			t.Errorf("allowed: %s", sql)
		}
	}
	if _, err := d.Exec(us, "UPDATE case_event SET payload = '{}'"); err != nil {
		t.Errorf("a payload may be erased by law: %v", err)
	}
}
