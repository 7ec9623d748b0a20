package db_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"zhengtong/internal/clock"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/problem"
	"zhengtong/internal/testkit"
)

func TestConfigNamesWhatIsMissing(t *testing.T) {
	for _, cfg := range []db.Config{{}, {URL: "postgres://x", Dir: "y"}, {URL: "::"}} {
		if d, err := db.Open(t.Context(), cfg); err == nil {
			t.Errorf("%+v was opened", cfg)
			_ = d.Close()
		}
	}
}

func TestLockHasOneHolder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		lock, err := d.TryLock(t.Context(), "schedule")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.TryLock(t.Context(), "schedule"); !errors.Is(err, db.ErrLockHeld) {
			t.Errorf("a second holder: %v", err)
		}
		other, err := d.TryLock(t.Context(), "other")
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(lock.Check(t.Context()), other.Check(t.Context())); err != nil {
			t.Error(err)
		}
		other.Release()
		lock.Release()
		again, err := d.TryLock(t.Context(), "schedule")
		if err != nil {
			t.Fatalf("after its release: %v", err)
		}
		again.Release()
	})
}

// A leader whose connection is gone learns of it.
func TestLockEndsWithItsConnection(t *testing.T) {
	url := testkit.Postgres(t, dbtest.Template())
	d, err := db.Open(t.Context(), db.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	lock, err := d.TryLock(t.Context(), "schedule")
	if err != nil {
		t.Fatal(err)
	}
	disconnect(t, url)
	if err := lock.Check(t.Context()); problem.CodeOf(err) != problem.Unavailable {
		t.Errorf("the lost lock says %v", err)
	}
	lock.Release()
}

// disconnect ends all other connections to the database.
func disconnect(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
}

// I8: a lost connection is Unavailable and worth a retry, whichever door it is met at; the next one works.
func TestLostConnectionsAreUnavailable(t *testing.T) {
	url := testkit.Postgres(t, dbtest.Template())
	d, err := db.Open(t.Context(), db.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	ctx := dbtest.As(t.Context(), ours)
	newDraft(t, d, ctx, "m")
	for name, use := range map[string]func(ctx context.Context) error{
		"exec":  func(ctx context.Context) error { _, err := d.Exec(ctx, "SELECT 1"); return err },
		"query": func(ctx context.Context) error { return d.QueryRow(ctx, "SELECT 1").Scan(new(int)) },
		"batch": func(ctx context.Context) error {
			b := d.NewBatch()
			b.Exec("SELECT 1")
			return d.Run(ctx, b)
		},
		"ent": func(ctx context.Context) error { _, err := d.Ent().Draft.Query().All(ctx); return err },
	} {
		err := d.InTx(ctx, func(ctx context.Context) error {
			disconnect(t, url)
			return use(ctx)
		})
		var known *problem.Error
		if !errors.As(err, &known) || known.Code != problem.Unavailable || !known.Retryable {
			t.Errorf("%s: %v", name, err)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	away, err := db.Open(t.Context(), db.Config{URL: "postgres://nobody@" + closed + "/x?sslmode=disable"})
	if err != nil {
		t.Fatal(err)
	}
	defer away.Close()
	if err := away.Health(t.Context()); problem.CodeOf(err) != problem.Unavailable {
		t.Errorf("no server: %v", err)
	}
	if _, err := away.Exec(ctx, "SELECT 1"); problem.CodeOf(err) != problem.Unavailable {
		t.Errorf("no server: %v", err)
	}
}

func TestHealthNeedsASchema(t *testing.T) {
	for _, cfg := range []db.Config{{Dir: t.TempDir()}, {URL: testkit.Postgres(t, testkit.Template{})}} {
		d, err := db.Open(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if pending, err := d.Pending(t.Context()); err != nil || !pending {
			t.Errorf("pending: %t, %v", pending, err)
		}
		if cfg.Dir != "" && d.Health(t.Context()) == nil {
			t.Error("healthy without a table")
		}
		if err := d.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := d.Health(t.Context()); err != nil {
			t.Error(err)
		}
		if s := d.Stats(); s.Max == 0 || s.InUse != 0 {
			t.Errorf("%+v", s)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestVirtualClockIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if _, found, err := d.VirtualClock().Load(t.Context()); found || err != nil {
			t.Fatalf("a new database runs on virtual time: %v", err)
		}
		v, err := clock.OpenVirtual(t.Context(), d.VirtualClock(), noon)
		if err != nil {
			t.Fatal(err)
		}
		if err := v.Advance(t.Context(), noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		again, err := clock.OpenVirtual(t.Context(), d.VirtualClock(), time.Time{})
		if err != nil || again.Now() != noon.Add(time.Hour) {
			t.Errorf("it is %v, %v", again, err)
		}
	})
}
