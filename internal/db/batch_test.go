package db_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

func count(t testing.TB, d *db.DB, ctx context.Context, table string) int {
	t.Helper()
	var n int
	if err := d.QueryRow(ctx, "SELECT count(*) FROM "+table+" WHERE tenant_id = $1", tenancy.Acting(ctx)).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestBatchIsAllOrNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := dbtest.As(t.Context(), ours)
		id := newDraft(t, d, ctx, "first")
		const update = "UPDATE draft SET matter_name = $3, row_version = row_version + 1 WHERE tenant_id = $1 AND id = $2 AND row_version = $4"

		var seen []string
		b := d.NewBatch()
		b.Exec(insertDraft, "431321", db.NewID(noon), db.NewID(noon), "second", noon, noon, noon)
		b.Require(update, "431321", id, "changed", 1)
		b.Query(func(rows *db.Rows) error {
			for rows.Next() {
				var name string
				if err := rows.Scan(&name); err != nil {
					return err
				}
				seen = append(seen, name)
			}
			return nil
		}, "SELECT matter_name FROM draft WHERE tenant_id = $1 ORDER BY matter_name", "431321")
		if err := d.Run(ctx, b); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(seen, []string{"changed", "second"}) {
			t.Errorf("the batch read %v", seen)
		}
		// the same batch again: its version is gone, and so is its insert
		b = d.NewBatch()
		b.Exec(insertDraft, "431321", db.NewID(noon), db.NewID(noon), "third", noon, noon, noon)
		b.Require(update, "431321", id, "again", 1)
		err := d.Run(ctx, b)
		if problem.CodeOf(err) != problem.Conflict || problem.ReasonOf(err) != "stale_version" {
			t.Errorf("a stale version gave %v", err)
		}
		if n := count(t, d, ctx, "draft"); n != 2 {
			t.Errorf("%d drafts", n)
		}
		b = d.NewBatch()
		b.RequireOr("lost_claim", update, "431321", id, "again", 1)
		if err := d.Run(ctx, b); problem.ReasonOf(err) != "lost_claim" {
			t.Errorf("another reason gave %v", err)
		}
	})
}

func TestBatchInsideATransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := dbtest.As(t.Context(), ours)
		stop := errors.New("stop")
		err := d.InTx(ctx, func(ctx context.Context) error {
			b := d.NewBatch()
			b.Exec(insertDraft, "431321", db.NewID(noon), db.NewID(noon), "first", noon, noon, noon)
			if err := d.Run(ctx, b); err != nil {
				return err
			}
			if n := count(t, d, ctx, "draft"); n != 1 {
				t.Errorf("the transaction sees %d of its own drafts", n)
			}
			return stop
		})
		if !errors.Is(err, stop) || count(t, d, ctx, "draft") != 0 {
			t.Errorf("%v; %d drafts are left", err, count(t, d, ctx, "draft"))
		}
		err = d.InTx(ctx, func(ctx context.Context) error {
			_ = d.Run(ctx, required(d, "DELETE FROM draft WHERE tenant_id = $1", "431321"))
			return nil
		})
		if problem.ReasonOf(err) != "stale_version" {
			t.Errorf("a swallowed refusal was committed: %v", err)
		}
	})
}

func TestBatchRefusesWhatItCannotCheck(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	ctx := dbtest.As(t.Context(), ours)
	if err := d.Run(ctx, required(d, "UPDATE draft SET row_version = 2 RETURNING id")); err == nil {
		t.Error("a required statement returned rows")
	}
	b := d.NewBatch()
	b.RequireOr("it's stale", "DELETE FROM draft")
	if err := d.Run(ctx, b); err == nil {
		t.Error("a reason with a quote was accepted")
	}
	if err := d.Run(ctx, d.NewBatch()); err != nil {
		t.Errorf("an empty batch: %v", err)
	}
	more := d.NewBatch()
	more.Append(b)
	if err := d.Run(ctx, more); err == nil || more.Len() != 1 {
		t.Error("an appended batch lost its error")
	}
}

// The same names on both databases, in every partition: callers tell by them what was there already.
func TestDuplicatesNameTheirConstraint(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := dbtest.As(t.Context(), ours)
		account, id := db.NewID(noon), db.NewID(noon)
		const insertAccount = "INSERT INTO account (tenant_id, id, type, login, created_at) VALUES ($1, $2, 'staff', $3, $4)"
		const insertAudit = `INSERT INTO audit_log (tenant_id, id, at, actor, home, action, object) VALUES ($1, $2, $3, '', '', '', '')`
		const insertDocument = `INSERT INTO issued_document (tenant_id, id, case_id, alias, template, template_digest, class, title, series,
			seq, field_values, content_digest, case_version, civil_date, issued_at, issued_by)
			VALUES ($1, $2, $2, 'a', 't', 'd', 'notice', 't', 's', 7, '{}', 'd', 1, '2026-03-02', $3, 'system')`
		for _, c := range []struct {
			name string
			sql  string
			args [][]any
		}{
			{"account_pkey", insertAccount, [][]any{{"431321", account, "a", noon}, {"431321", account, "b", noon}}},
			{"account_tenant_id_login_key", insertAccount, [][]any{{"431321", db.NewID(noon), "c", noon}, {"431321", db.NewID(noon), "c", noon}}},
			{"audit_log_pkey", insertAudit, [][]any{{"431321", id, noon}, {"431321", id, noon}}},
			{"issued_document_tenant_id_series_seq_key", insertDocument, [][]any{{"431321", db.NewID(noon), noon}, {"431321", db.NewID(noon), noon}}},
		} {
			b := d.NewBatch()
			for _, args := range c.args {
				b.Exec(c.sql, args...)
			}
			if err := d.Run(ctx, b); !db.IsDuplicate(err, c.name) || db.IsDuplicate(err, "other") {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	})
}

// Foreign keys are checked at commit: rows come in any order, and none without its case.
func TestForeignKeysCarryTheTenant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		us, them := dbtest.As(t.Context(), ours), dbtest.As(t.Context(), theirs)
		account := db.NewID(noon)
		const insertSession = `INSERT INTO session (tenant_id, id, account_id, token_hash, created_at, last_seen, expires_at)
			VALUES ($1, $2, $3, $4, $5, $5, $5)`
		b := d.NewBatch()
		b.Exec(insertSession, "431321", db.NewID(noon), account, "h", noon)
		b.Exec("INSERT INTO account (tenant_id, id, type, login, created_at) VALUES ($1, $2, 'staff', 'a', $3)", "431321", account, noon)
		if err := d.Run(us, b); err != nil {
			t.Errorf("child before parent: %v", err)
		}
		if _, err := d.Exec(them, insertSession, "431322", db.NewID(noon), account, "h", noon); err == nil {
			t.Error("a session refers to another tenant's account")
		}
	})
}
