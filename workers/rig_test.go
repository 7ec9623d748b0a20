package workers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"
	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"zhengtong/internal/clock"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/queue"
	"zhengtong/internal/tenancy"
	"zhengtong/internal/testkit"
	"zhengtong/workers"
)

const (
	shuang = "national/430000/431300/431321"
	xinhua = "national/430000/431300/431322"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

// rig is one process's workers over a database and a Redis of its own.
type rig struct {
	t       *testing.T
	db      *db.DB
	tree    *tenancy.Tree
	clock   *clock.Manual
	redis   *testkit.Server
	client  *queue.Client
	bus     *queue.Bus
	workers *workers.Workers
}

// newRig starts workers; adjust may change their configuration first.
func newRig(t *testing.T, d *db.DB, adjust func(r *rig, c *workers.Config)) *rig {
	t.Helper()
	r := &rig{t: t, db: d, clock: clock.NewManual(noon), redis: testkit.Redis(t)}
	r.tree = dbtest.Tree(t, d, noon, "national", "national/430000", "national/430000/431300", shuang, xinhua)
	var err error
	if r.client, err = queue.Connect(r.redis.URL, 10*time.Second); err != nil {
		t.Fatal(err)
	}
	r.bus = queue.NewBus(r.client)
	config := workers.Config{DB: d, Tree: r.tree, Clock: r.clock, Queue: r.client, Bus: r.bus, Bell: workers.NewBell(),
		Handlers: map[string]workers.Handler{"test.count": r.count}, Lease: 2 * time.Second, Poll: 20 * time.Millisecond, Drain: 5 * time.Second,
		Backoff: func(int) time.Duration { return 10 * time.Millisecond }}
	if adjust != nil {
		adjust(r, &config)
	}
	if r.workers, err = workers.New(config); err != nil {
		t.Fatal(err)
	}
	if err := r.workers.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.workers.Stop()
		if err := r.bus.Close(); err != nil {
			t.Error(err)
		}
		if err := r.client.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// each runs a case on both databases and looks for goroutines left behind.
func each(t *testing.T, run func(t *testing.T, d *db.DB)) {
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			before := goleak.IgnoreCurrent()
			t.Cleanup(func() { goleak.VerifyNone(t, before) }) // registered first, so it runs when all is closed
			run(t, dbtest.Open(t, dialect))
		})
	}
}

func (r *rig) ctx(path string) context.Context { return dbtest.As(r.t.Context(), path) }

// job writes a job as a commit would.
func (r *rig) job(path, kind, key string, runAt time.Time) uuid.UUID {
	r.t.Helper()
	ctx := r.ctx(path)
	id := db.NewID(noon)
	if _, err := r.db.Exec(ctx, `INSERT INTO job (tenant_id, id, type, key, payload, run_at, created_at) VALUES ($1, $2, $3, $4, '{}', $5, $6)`,
		tenancy.Acting(ctx), id, kind, key, runAt, noon); err != nil {
		r.t.Fatal(err)
	}
	return id
}

// event writes an outbox row as a commit would.
func (r *rig) event(path, topic string, of uuid.UUID, seq int64) {
	r.t.Helper()
	ctx := r.ctx(path)
	payload, err := json.Marshal(map[string]any{"seq": seq, "version": seq, "fields": map[string]any{"n": seq}})
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := r.db.Exec(ctx, `INSERT INTO outbox (tenant_id, id, topic, case_id, payload, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		tenancy.Acting(ctx), db.NewID(noon), topic, of, string(payload), noon); err != nil {
		r.t.Fatal(err)
	}
}

// count is a handler whose effect is a number: how often the job's key has had its effect.
func (r *rig) count(ctx context.Context, job workers.Job) error {
	b := r.db.NewBatch()
	b.Exec(`INSERT INTO number_series (tenant_id, key, next) VALUES ($1, $2, 1)
		ON CONFLICT (tenant_id, key) DO UPDATE SET next = number_series.next + 1`, job.Tenant, job.Key)
	job.Done(b)
	return r.db.Run(ctx, b)
}

// effects returns how many jobs had an effect in a tenant, and how many effects there were in all.
func (r *rig) effects(path string) (jobs, effects int) {
	r.t.Helper()
	ctx := r.ctx(path)
	if err := r.db.QueryRow(ctx, "SELECT count(*), coalesce(sum(next), 0) FROM number_series WHERE tenant_id = $1", tenancy.Acting(ctx)).
		Scan(&jobs, &effects); err != nil {
		r.t.Fatal(err)
	}
	return jobs, effects
}

func (r *rig) state(path string, id uuid.UUID) (state, reason string, attempt int) {
	r.t.Helper()
	ctx := r.ctx(path)
	if err := r.db.QueryRow(ctx, "SELECT state, reason, attempt FROM job WHERE tenant_id = $1 AND id = $2", tenancy.Acting(ctx), id).
		Scan(&state, &reason, &attempt); err != nil {
		r.t.Fatal(err)
	}
	return state, reason, attempt
}

func (r *rig) quiesce() {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 30*time.Second)
	defer cancel()
	if err := r.workers.Quiesce(ctx); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) flush() {
	r.t.Helper()
	options, err := redis.ParseURL(r.redis.URL)
	if err != nil {
		r.t.Fatal(err)
	}
	client := redis.NewClient(options)
	defer client.Close()
	if err := client.FlushAll(r.t.Context()).Err(); err != nil {
		r.t.Fatal(err)
	}
}

func key(n int) string { return fmt.Sprintf("k%04d", n) }

// counter counts calls across goroutines.
type counter struct{ n atomic.Int64 }

func (c *counter) next() int64 { return c.n.Add(1) }

// counted is a handler that counts the events it gets, by case and sequence number.
func (r *rig) counted(what string) workers.Handler {
	return func(ctx context.Context, job workers.Job) error {
		var e workers.Event
		if err := job.Decode(&e); err != nil {
			return err
		}
		job.Key = fmt.Sprintf("%s %s %d", what, e.Case, e.Seq)
		return r.count(ctx, job)
	}
}

// series returns the effects of a tenant by key.
func (r *rig) series(path string) map[string]int {
	r.t.Helper()
	ctx := r.ctx(path)
	found := map[string]int{}
	if err := r.db.Each(ctx, func(scan func(dest ...any) error) error {
		var key string
		var n int
		err := scan(&key, &n)
		found[key] = n
		return err
	}, "SELECT key, next FROM number_series WHERE tenant_id = $1", tenancy.Acting(ctx)); err != nil {
		r.t.Fatal(err)
	}
	return found
}

func openSQLite(t *testing.T) *db.DB { return dbtest.Open(t, db.SQLite) }

func openVirtual(t *testing.T, store clock.Store) *clock.Virtual {
	t.Helper()
	v, err := clock.OpenVirtual(t.Context(), store, noon)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
