package nation

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"zhengtong/internal/authz"
	"zhengtong/internal/clock"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/matter"
	"zhengtong/internal/tenancy"
)

// made is a country in a database, with what publishes and finds its matters.
type made struct {
	*Nation
	db      *db.DB
	tree    *tenancy.Tree
	service *configuration.Service
	rows    *failing
}

// failing is a projection that fails in one tenant.
type failing struct {
	*matter.Projection
	at string
}

var errBroken = errors.New("broken off")

func (f *failing) Project(ctx context.Context, p configuration.Publication) error {
	if p.Tenant == f.at {
		return errBroken
	}
	return f.Projection.Project(ctx, p)
}

func openCountry(t *testing.T, d *db.DB, size Size, each time.Duration) *made {
	t.Helper()
	m := &made{db: d, tree: tenancy.NewTree(d), rows: &failing{Projection: matter.NewProjection(d)}}
	var err error
	m.service, err = configuration.New(configuration.Config{DB: d, Clock: clock.System{}, Tree: m.tree, Projection: m.rows, FollowTime: each})
	if err != nil {
		t.Fatal(err)
	}
	door, err := authz.New(t.Context(), m.service)
	if err != nil {
		t.Fatal(err)
	}
	m.service.UseAuthz(door)
	if m.Nation, err = New(size); err != nil {
		t.Fatal(err)
	}
	if err := m.Publish(t.Context(), m.service, m.tree, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *made) in(t *testing.T, tenant string) context.Context {
	t.Helper()
	ctx, err := m.tree.ActAs(t.Context(), tenant, "test")
	if err != nil {
		t.Fatal(err)
	}
	return ctx
}

// renamed has the nation change a matter, and returns the revision and the new title.
func (m *made) renamed(t *testing.T, i int) (int, string) {
	t.Helper()
	revision, err := Change(m.in(t, "national"), m.service, m.MatterChange(i, "（新）"), "改名")
	if err != nil {
		t.Fatal(err)
	}
	return revision, Title(i) + "（新）"
}

// patched are the governments with a patch of a matter.
func (m *made) patched(i int) []string {
	var out []string
	for _, tenant := range m.Tenants {
		if m.Patches(tenant, i) {
			out = append(out, tenant.Code)
		}
	}
	return out
}

func (m *made) progress(t *testing.T, revision int) configuration.Progress {
	t.Helper()
	p, err := m.service.Following(As(m.in(t, "national"), "config-author"), revision)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (m *made) row(t *testing.T, tenant string, i int) (title, digest string) {
	t.Helper()
	err := m.db.QueryRow(m.in(t, tenant), "SELECT title, digest FROM matter WHERE tenant_id = $1 AND name = $2", tenant, MatterName(i)).Scan(&title, &digest)
	if err != nil {
		t.Fatal(err)
	}
	return title, digest
}

// settled checks that every government shows the new title, in the matter and in its row, and has published no more than it had to.
func (m *made) settled(t *testing.T, i int, title string) {
	t.Helper()
	if err := m.service.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, tenant := range m.Tenants {
		there := m.in(t, tenant.Code)
		current, err := m.service.Current(there, MatterName(i))
		if err != nil {
			t.Fatal(err)
		}
		row, digest := m.row(t, tenant.Code, i)
		if current.Spec.Title != title || row != title || digest != current.Digest {
			t.Errorf("%s shows %q, its row %q; digests %s, %s", tenant.Code, current.Spec.Title, row, current.Digest, digest)
		}
		want := 1
		if m.Patches(tenant, i) {
			want = 2
		}
		if revision, err := m.service.Revision(there); err != nil || revision != want {
			t.Errorf("%s is at revision %d, %v", tenant.Code, revision, err)
		}
	}
}

// R-MGT-16: following that was broken off is taken up where it ended; nobody follows twice, and progress tells how far it is.
func TestFollowingIsTakenUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := openCountry(t, d, Size{Tenants: 12, Matters: 4, Every: 2}, 0)
		revision, title := m.renamed(t, 1)
		patched := m.patched(1)
		m.rows.at = patched[len(patched)-1]
		if err := m.service.Republish(m.in(t, "national"), revision, nil); !errors.Is(err, errBroken) {
			t.Fatal(err)
		}
		if p := m.progress(t, revision); p != (configuration.Progress{Concerned: len(patched), Done: len(patched) - 1}) {
			t.Errorf("%+v of %d", p, len(patched))
		}
		m.rows.at = ""
		for range 2 {
			if err := m.service.Republish(m.in(t, "national"), revision, nil); err != nil {
				t.Fatal(err)
			}
		}
		if p := m.progress(t, revision); p != (configuration.Progress{Concerned: len(patched), Done: len(patched)}) {
			t.Errorf("%+v of %d", p, len(patched))
		}
		m.settled(t, 1, title)
	})
}

// A task that has no more time leaves the rest to another job; each gets on by something, until all have followed.
func TestFollowingGoesOnInTasks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := openCountry(t, d, Size{Tenants: 12, Matters: 4, Every: 2}, time.Nanosecond)
		revision, title := m.renamed(t, 1)
		tasks, after := 0, ""
		for more := true; more; tasks++ {
			before := m.progress(t, revision)
			done := false
			if err := m.service.RepublishAfter(m.in(t, "national"), revision, after, func(*db.Batch) { done = true }); err != nil {
				t.Fatal(err)
			}
			if now := m.progress(t, revision); !done || now.Done == before.Done && now.Done < now.Concerned || tasks > 100 {
				t.Fatalf("task %d: done %t, %+v after %+v", tasks, done, now, before)
			}
			after, more = m.next(t, tasks)
		}
		if patched := len(m.patched(1)); tasks < patched {
			t.Errorf("%d tasks for %d patches", tasks, patched)
		}
		m.settled(t, 1, title)
	})
}

// next is where the job after so many others goes on; false when there is none.
func (m *made) next(t *testing.T, tasks int) (after string, more bool) {
	t.Helper()
	var jobs []string
	err := m.db.Each(m.in(t, "national"), func(scan func(dest ...any) error) error {
		var payload json.RawMessage
		if err := scan(&payload); err != nil {
			return err
		}
		var in struct{ After *string }
		if err := json.Unmarshal(payload, &in); err != nil {
			return err
		}
		if in.After != nil {
			jobs = append(jobs, *in.After)
		}
		return nil
	}, "SELECT payload FROM job WHERE tenant_id = 'national' AND type = $1 ORDER BY id", configuration.JobRepublish)
	if err != nil {
		t.Fatal(err)
	}
	if len(jobs) <= tasks {
		return "", false
	}
	return jobs[len(jobs)-1], true
}
