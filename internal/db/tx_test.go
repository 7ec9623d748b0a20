package db_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/ent/draft"
	"zhengtong/internal/tenancy"
)

func TestTransactionCarriesEverything(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := dbtest.As(t.Context(), ours)
		stop := errors.New("stop")
		work := func(outcome error) func(context.Context) error {
			return func(ctx context.Context) error {
				if !d.InsideTx(ctx) {
					t.Error("the context carries no transaction")
				}
				id := newDraft(t, d, ctx, "raw")
				err := d.InTx(ctx, func(ctx context.Context) error {
					return d.Ent().Draft.UpdateOneID(id).SetMatterName("ent").Exec(ctx)
				})
				return errors.Join(err, outcome)
			}
		}
		var after []string
		note := func(ctx context.Context, what string) { d.AfterCommit(ctx, func() { after = append(after, what) }) }
		err := d.InTx(ctx, func(ctx context.Context) error {
			note(ctx, "undone")
			return work(stop)(ctx)
		})
		if !errors.Is(err, stop) || count(t, d, ctx, "draft") != 0 || len(after) != 0 {
			t.Errorf("an undone transaction left %d drafts and %v: %v", count(t, d, ctx, "draft"), after, err)
		}
		err = d.InTx(ctx, func(ctx context.Context) error {
			note(ctx, "done")
			if len(after) != 0 {
				t.Error("told before the commit")
			}
			return work(nil)(ctx)
		})
		if n := d.Ent().Draft.Query().Where(draft.MatterName("ent")).CountX(ctx); err != nil || n != 1 || len(after) != 1 {
			t.Errorf("%d drafts, %v, %v", n, after, err)
		}
		if note(ctx, "now"); len(after) != 2 {
			t.Error("without a transaction it is after the commit already")
		}
	})
}

func TestInnerFailureDoomsTheWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := dbtest.As(t.Context(), ours)
		inner := errors.New("inner")
		err := d.InTx(ctx, func(ctx context.Context) error {
			newDraft(t, d, ctx, "x")
			_ = d.InTx(ctx, func(context.Context) error { return inner })
			return nil
		})
		if !errors.Is(err, inner) || count(t, d, ctx, "draft") != 0 {
			t.Errorf("%v", err)
		}
	})
}

func TestPanicRollsBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := dbtest.As(t.Context(), ours)
		func() {
			defer func() { _ = recover() }()
			_ = d.InTx(ctx, func(ctx context.Context) error {
				newDraft(t, d, ctx, "x")
				panic("bug")
			})
		}()
		if count(t, d, ctx, "draft") != 0 || d.Stats().InUse != 0 {
			t.Error("a panic left something behind")
		}
	})
}

// One transaction may write into two tenants: each statement is bound to the tenant of its own context.
func TestTransactionFollowsTheActingTenant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		us, them := dbtest.As(t.Context(), ours), dbtest.As(t.Context(), theirs)
		err := d.InTx(us, func(ctx context.Context) error {
			there := dbtest.As(ctx, theirs)
			newDraft(t, d, ctx, "1")
			newDraft(t, d, there, "2")
			b := d.NewBatch()
			b.Exec(insertDraft, tenancy.Acting(there), db.NewID(noon), db.NewID(noon), "3", noon, noon, noon)
			if err := d.Run(there, b); err != nil {
				return err
			}
			newDraft(t, d, ctx, "4")
			if n := d.Ent().Draft.Query().CountX(there); n != 2 {
				t.Errorf("there are %d", n)
			}
			return nil
		})
		if err != nil || count(t, d, us, "draft") != 2 || count(t, d, them, "draft") != 2 {
			t.Errorf("%d and %d, %v", count(t, d, us, "draft"), count(t, d, them, "draft"), err)
		}
	})
}

// Read, then write what was read: nobody's addition is lost, and nobody is turned away busy.
func TestConcurrentTransactionsDoNotLoseUpdates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := dbtest.As(t.Context(), ours)
		if _, err := d.Exec(ctx, "INSERT INTO number_series (tenant_id, key, next) VALUES ('431321', 'k', 0)"); err != nil {
			t.Fatal(err)
		}
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				for range 10 {
					if err := d.InTx(ctx, func(ctx context.Context) error {
						var n int64
						if err := d.QueryRow(ctx, "SELECT next FROM number_series WHERE tenant_id = '431321' AND key = 'k'"+d.ForUpdate()).Scan(&n); err != nil {
							return err
						}
						_, err := d.Exec(ctx, "UPDATE number_series SET next = $1 WHERE tenant_id = '431321' AND key = 'k'", n+1)
						return err
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wait.Wait()
		var n int
		if err := d.QueryRow(ctx, "SELECT next FROM number_series WHERE tenant_id = '431321'").Scan(&n); err != nil || n != 80 {
			t.Errorf("counted to %d, %v", n, err)
		}
	})
}

// Two transactions that wait for each other: PostgreSQL ends one, which is run again.
func TestDeadlocksAreRunAgain(t *testing.T) {
	d := dbtest.Open(t, db.Postgres)
	ctx := dbtest.As(t.Context(), ours)
	for _, key := range []string{"a", "b"} {
		if _, err := d.Exec(ctx, "INSERT INTO number_series (tenant_id, key, next) VALUES ('431321', $1, 0)", key); err != nil {
			t.Fatal(err)
		}
	}
	const add = "UPDATE number_series SET next = next + 1 WHERE tenant_id = '431321' AND key = $1"
	var barrier, wait sync.WaitGroup
	barrier.Add(2)
	for _, keys := range [][]string{{"a", "b"}, {"b", "a"}} {
		wait.Go(func() {
			first := true
			if err := d.InTx(ctx, func(ctx context.Context) error {
				if _, err := d.Exec(ctx, add, keys[0]); err != nil {
					return err
				}
				if first {
					first = false
					barrier.Done()
					barrier.Wait()
				}
				_, err := d.Exec(ctx, add, keys[1])
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	var sum int
	if err := d.QueryRow(ctx, "SELECT sum(next)::int FROM number_series").Scan(&sum); err != nil || sum != 4 {
		t.Errorf("counted %d, %v", sum, err)
	}
}
