package db_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/tenancy"
)

// 4 connections, 16 goroutines, 2 tenants, MaxOpenConns set: database/sql hands a released connection straight to
// a waiter, past pgxpool's hook. Without OptionResetSession nearly half of these queries saw the other tenant.
func TestConnectionsChangeTenantWithTheirUser(t *testing.T) {
	d := dbtest.OpenWith(t, db.Postgres, db.Config{MaxConns: 4})
	d.SQL().SetMaxOpenConns(4)
	scopes := []context.Context{dbtest.As(t.Context(), ours), dbtest.As(t.Context(), theirs)}
	for _, ctx := range scopes {
		newDraft(t, d, ctx, tenancy.Acting(ctx))
	}
	const query = "SELECT coalesce(min(matter_name), ''), count(*) FROM draft"
	ways := map[string]func(ctx context.Context, dest ...any) error{
		"database/sql": func(ctx context.Context, dest ...any) error {
			return d.SQL().QueryRowContext(ctx, query).Scan(dest...)
		},
		"pool": func(ctx context.Context, dest ...any) error { return d.QueryRow(ctx, query).Scan(dest...) },
		"batch": func(ctx context.Context, dest ...any) error {
			b := d.NewBatch()
			b.Query(func(rows *db.Rows) error {
				rows.Next()
				return rows.Scan(dest...)
			}, query)
			return d.Run(ctx, b)
		},
		"transaction": func(ctx context.Context, dest ...any) error {
			return d.InTx(ctx, func(ctx context.Context) error { return d.QueryRow(ctx, query).Scan(dest...) })
		},
	}
	for name, ask := range ways {
		t.Run(name, func(t *testing.T) { hammer(t, scopes, ask) })
	}
	t.Run("mixed", func(t *testing.T) {
		var turn atomic.Int64
		order := []string{"pool", "batch", "transaction"}
		hammer(t, scopes, func(ctx context.Context, dest ...any) error {
			return ways[order[turn.Add(1)%3]](ctx, dest...)
		})
	})
}

func hammer(t *testing.T, scopes []context.Context, ask func(ctx context.Context, dest ...any) error) {
	var wrong atomic.Int64
	var failure atomic.Value
	var wait sync.WaitGroup
	for g := range 16 {
		wait.Go(func() {
			for i := range 125 {
				ctx := scopes[(g+i)%2]
				var name string
				var n int
				if err := ask(ctx, &name, &n); err != nil {
					failure.Store(fmt.Errorf("goroutine %d: %w", g, err))
					return
				}
				if name != tenancy.Acting(ctx) || n != 1 {
					wrong.Add(1)
				}
			}
		})
	}
	wait.Wait()
	if err := failure.Load(); err != nil {
		t.Fatal(err)
	}
	if wrong.Load() != 0 {
		t.Errorf("%d of 2000 queries saw another tenant", wrong.Load())
	}
}
