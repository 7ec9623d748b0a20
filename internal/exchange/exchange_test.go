package exchange_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/audit"
	"zhengtong/internal/authz"
	"zhengtong/internal/clock"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/exchange"
	"zhengtong/internal/problem"
	"zhengtong/internal/testkit"
	"zhengtong/schema/kind"
)

func TestMain(m *testing.M) { os.Exit(testkit.RunMain(m)) }

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

const (
	province  = "national/430000"
	city      = "national/430000/431300"
	county    = "national/430000/431300/431321"
	neighbour = "national/430000/431300/431322"
)

// link is the service over fixed departments.
type link struct {
	*exchange.Service
	t     *testing.T
	db    *db.DB
	audit *audit.Service
}

func (l *link) Live(context.Context) (*configuration.Live, error) {
	return &configuration.Live{Departments: map[string]*kind.Department{"scjgj": {Title: "双峰县市场监督管理局"}}}, nil
}

func newLink(t *testing.T, d *db.DB) *link {
	t.Helper()
	l := &link{t: t, db: d}
	tree := dbtest.Tree(t, d, noon, "national", province, city, county, neighbour)
	c := clock.NewManual(noon)
	var err error
	if l.audit, err = audit.New(d, c); err != nil {
		t.Fatal(err)
	}
	if l.Service, err = exchange.New(exchange.Config{DB: d, Tree: tree, Clock: c, Configuration: l, Audit: l.audit}); err != nil {
		t.Fatal(err)
	}
	return l
}

func (l *link) exec(path, sql string, args ...any) {
	l.t.Helper()
	if n, err := l.db.Exec(dbtest.As(l.t.Context(), path), sql, args...); err != nil || n == 0 {
		l.t.Fatalf("%d rows, %v", n, err)
	}
}

// file writes a case of the county.
func (l *link) file(applicant uuid.UUID) uuid.UUID {
	l.t.Helper()
	id := db.NewID(noon)
	l.exec(county, `INSERT INTO case_file (tenant_id, id, case_no, query_code, status, channel, matter_id, matter_name, matter_title, matter_digest, pins, department,
		applicant_id, applicant, form, form_digest, state, received_at, received_on, due_on, created_at, updated_at, row_version)
		VALUES ('431321', $1, $2, 'q', 'processing', 'web', $1, 'food', '食品经营许可', '', '{}', 'scjgj', $3, '{"type":"natural_person","name":"张三丰"}', '{}', '', '{}',
		$4, '2026-03-02', '2026-02-27', $4, $4, 3)`, id, "4313212603"+id.String()[30:], applicant, noon)
	return id
}

func (l *link) project(id uuid.UUID) {
	l.t.Helper()
	if err := l.Project(dbtest.As(l.t.Context(), county), id, func(*db.Batch) {}); err != nil {
		l.t.Fatal(err)
	}
}

func (l *link) seen(path, under string, f exchange.Filter) []*exchange.Linked {
	l.t.Helper()
	ctx := authz.With(dbtest.As(l.t.Context(), path), authz.Principal{Type: authz.TypeStaff, Home: path[len(path)-6:]})
	found, _, err := l.List(ctx, under, f, exchange.Page{First: 10})
	if err != nil {
		l.t.Fatal(err)
	}
	return found
}

// The governments above and grantees see a case, nobody else; what comes late changes nothing.
func TestProjection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLink(t, d)
		me := db.NewID(noon)
		id := l.file(me)
		l.exec(county, `INSERT INTO tenant_grant (tenant_id, id, to_tenant, scope, matters, valid_from, basis, created_at)
			VALUES ('431321', $1, '431322', 'supervise', '["food"]', '2026-03-02', '', $2)`, db.NewID(noon), noon)
		l.project(id)
		l.project(id)
		for _, path := range []string{province, city, neighbour} {
			seen := l.seen(path, "431321", exchange.Filter{})
			if len(seen) != 1 || seen[0].Applicant != "张**" || seen[0].Department != "双峰县市场监督管理局" || seen[0].Status != "processing" {
				t.Errorf("%s sees %+v", path, seen)
			}
		}
		l.exec(province, "UPDATE linked_case SET status = 'decided', case_version = 9 WHERE tenant_id = '430000' AND case_id = $1", id)
		l.exec("national", "UPDATE my_case SET status = 'decided', case_version = 9 WHERE tenant_id = 'national' AND account_id = $1", me)
		l.project(id)
		if seen := l.seen(province, "430000", exchange.Filter{}); seen[0].Status != "decided" {
			t.Error("an older version came late and won")
		}
		l.exec(county, "UPDATE case_file SET status = 'ended', row_version = 10, finished_at = $2 WHERE tenant_id = '431321' AND id = $1", id, noon)
		l.project(id)
		if seen := l.seen(province, "430000", exchange.Filter{}); seen[0].Status != "ended" || seen[0].FinishedOn != "2026-03-02" {
			t.Errorf("%+v", seen[0])
		}
		var status string
		if err := d.QueryRow(dbtest.As(t.Context(), "national"), "SELECT status FROM my_case WHERE tenant_id = 'national' AND account_id = $1", me).Scan(&status); err != nil || status != "ended" {
			t.Errorf("the applicant sees %s, %v", status, err)
		}
		if err := l.Project(dbtest.As(t.Context(), neighbour), id, func(*db.Batch) {}); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("the neighbour projects the case: %v", err)
		}
	})
}

// Everything is undone when the job's completion fails.
func TestProjectionIsOneTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLink(t, d)
		id := l.file(db.NewID(noon))
		err := l.Project(dbtest.As(t.Context(), county), id, func(b *db.Batch) {
			b.RequireOr("lost_claim", "UPDATE job SET state = 'done' WHERE tenant_id = '431321' AND id = $1", id)
		})
		var refused *problem.Error
		if !errors.As(err, &refused) || refused.Reason != "lost_claim" || len(l.seen(province, "430000", exchange.Filter{})) != 0 {
			t.Errorf("%v", err)
		}
	})
}

func TestLinkedList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLink(t, d)
		for range 3 {
			l.project(l.file(db.NewID(noon)))
		}
		for name, c := range map[string]struct {
			under  string
			filter exchange.Filter
			want   int
		}{
			"all":                {"430000", exchange.Filter{}, 3},
			"by county":          {"431321", exchange.Filter{}, 3},
			"by another county":  {"431322", exchange.Filter{}, 0},
			"by status":          {"430000", exchange.Filter{Status: []string{"processing", "ended"}}, 3},
			"by other status":    {"430000", exchange.Filter{Status: []string{"ended"}}, 0},
			"by title":           {"430000", exchange.Filter{Text: "经营"}, 3},
			"a pattern is text":  {"430000", exchange.Filter{Text: "%"}, 0},
			"past their limit":   {"430000", exchange.Filter{Overdue: true}, 3},
			"several conditions": {"431321", exchange.Filter{Overdue: true, Text: "4313212603", Status: []string{"processing"}}, 3},
		} {
			if got := l.seen(province, c.under, c.filter); len(got) != c.want {
				t.Errorf("%s: %d cases, want %d", name, len(got), c.want)
			}
		}
		ctx := dbtest.As(t.Context(), province)
		var seen int
		page := exchange.Page{First: 2}
		for {
			found, more, err := l.List(ctx, "430000", exchange.Filter{}, page)
			if err != nil {
				t.Fatal(err)
			}
			seen += len(found)
			if !more {
				break
			}
			page.AfterAt, page.AfterID = found[len(found)-1].UpdatedAt, found[len(found)-1].Case
		}
		if seen != 3 {
			t.Errorf("%d cases on all pages", seen)
		}
		if _, _, err := l.List(ctx, "999999", exchange.Filter{}, page); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("an unknown tenant: %v", err)
		}
		looks, more, err := l.audit.List(ctx, audit.Filter{Object: "tenant:430000", Action: "linked.view"}, audit.Page{First: 2})
		if err != nil || len(looks) != 2 || !more || looks[0].Detail["cases"] == "" {
			t.Errorf("%+v, %v", looks, err)
		}
	})
}

func TestMask(t *testing.T) {
	for _, c := range [][3]string{
		{"natural_person", "张三丰", "张**"}, {"natural_person", "张三", "张*"}, {"natural_person", "周𠮷", "周*"}, {"natural_person", "张", "张*"},
		{"enterprise", "双峰县湘味餐饮有限公司", "双峰县湘*******"}, {"enterprise", "湘味", "湘*"}, {"enterprise", "", ""},
	} {
		if got := exchange.Mask(c[0], c[1]); got != c[2] {
			t.Errorf("%s %q is %q, want %q", c[0], c[1], got, c[2])
		}
	}
}
