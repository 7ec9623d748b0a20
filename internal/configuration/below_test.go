package configuration_test

import (
	"context"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// republish runs the job that follows the newest revision of a tenant.
func (o *office) republish(t *testing.T, tenant string) {
	t.Helper()
	ctx, revision := o.newest(t, tenant)
	if err := o.Republish(ctx, revision, nil); err != nil {
		t.Fatal(err)
	}
}

func (o *office) newest(t *testing.T, tenant string) (context.Context, int) {
	t.Helper()
	ctx, err := o.tree.ActAs(t.Context(), tenant, "job")
	if err != nil {
		t.Fatal(err)
	}
	revision, err := o.Revision(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return ctx, revision
}

func (o *office) progress(t *testing.T, tenant string, revision int) configuration.Progress {
	t.Helper()
	p, err := o.Following(o.as(t, "author", tenant, "config-author"), revision)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (o *office) requests(t *testing.T, tenant string) []*configuration.ReviewRequest {
	t.Helper()
	list, err := o.ReviewRequests(o.as(t, "reviewer", tenant, "config-reviewer"), "", uuid.Nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// events counts a tenant's events of a topic.
func (o *office) events(t *testing.T, tenant, topic string) int {
	t.Helper()
	var n int
	err := o.db.QueryRow(o.as(t, "visitor", tenant), "SELECT count(*) FROM outbox WHERE tenant_id = $1 AND topic = $2", tenant, topic).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// shorter has the province promise three days, which the county's five exceed under the lock.
func shorter(t *testing.T, terms configuration.Terms) configuration.Submission {
	return configuration.Submission{Message: "承诺时限缩短", Terms: terms,
		Files: []kind.File{edited(t, provinceMatter, "promised_limit: {n: 8", "promised_limit: {n: 3")}}
}

// R-MGT-16: a parent's publication reaches the patched child by the system actor, with progress that can be read; one
// that breaks a lock opens one review request there, brought up to date when the parent publishes again.
func TestParentPublishes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		c := o.through(t, "430000", configuration.Submission{Message: "法定时限调整",
			Files: []kind.File{edited(t, provinceMatter, "statutory_limit: {n: 10", "statutory_limit: {n: 9")}})
		if len(c.Plan.Tenants) != 2 || c.Plan.Tenants[1].Tenant != "431321" || !c.Plan.Tenants[1].Entries[0].Inherited {
			t.Errorf("%+v", c.Plan.Tenants)
		}
		if p := o.progress(t, "430000", 2); p != (configuration.Progress{}) {
			t.Errorf("nobody was asked yet: %+v", p)
		}
		o.republish(t, "430000")
		if p := o.progress(t, "430000", 2); p != (configuration.Progress{Concerned: 1, Done: 1}) {
			t.Errorf("%+v", p)
		}
		m, err := o.Current(o.as(t, "visitor", "431321"), "food-business-licence")
		if err != nil || m.Spec.StatutoryLimit.N != 9 || m.Spec.PromisedLimit.N != 5 {
			t.Fatalf("%+v, %v", m, err)
		}
		if n := o.events(t, "431321", configuration.EventPublished); n != 1 {
			t.Errorf("the county was told %d times", n)
		}

		o.clock.Add(time.Hour)
		deadline := o.clock.Now().Add(48 * time.Hour)
		c = o.through(t, "430000", shorter(t, configuration.Terms{Deadline: &deadline, OnOverdue: configuration.OnOverdueOverride}))
		if len(c.Plan.Tenants) != 2 || len(c.Plan.Tenants[1].Conflicts) != 1 {
			t.Errorf("%+v", c.Plan.Tenants)
		}
		o.republish(t, "430000")
		o.republish(t, "430000") // twice does no more
		if n := o.promised(t, "431321"); n != 5 {
			t.Errorf("the county goes on with %d", n)
		}
		if p := o.progress(t, "430000", 3); p != (configuration.Progress{Concerned: 1, InConflict: 1}) {
			t.Errorf("%+v", p)
		}
		open := o.requests(t, "431321")
		if len(open) != 1 || open[0].Kind != "Matter" || open[0].Name != "food-business-licence" || open[0].Problems[0].Code != "V-06" ||
			open[0].Above != "430000" || open[0].Terms.Deadline == nil || !open[0].Terms.Deadline.Equal(deadline) || open[0].State != configuration.ReviewOpen {
			t.Fatalf("%+v", open)
		}
		if n := o.events(t, "431321", configuration.EventReviewRequested); n != 1 {
			t.Errorf("the reviewers were told %d times", n)
		}

		o.clock.Add(time.Hour)
		later := deadline.Add(24 * time.Hour)
		again := shorter(t, configuration.Terms{Deadline: &later, OnOverdue: configuration.OnOverdueSuspend})
		again.Files[0] = edited(t, provinceMatter, "promised_limit: {n: 8", "promised_limit: {n: 2")
		o.through(t, "430000", again)
		o.republish(t, "430000")
		after := o.requests(t, "431321")
		if len(after) != 1 || after[0].ID != open[0].ID || !after[0].Terms.Deadline.Equal(later) || after[0].Terms.OnOverdue != configuration.OnOverdueSuspend {
			t.Errorf("%+v", after)
		}
	})
}

// The child answers by its own change before the deadline; the parent sees that the conflict is no more, and the deadline passes idly.
func TestChildAnswersAReview(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		deadline := noon.Add(48 * time.Hour)
		o.through(t, "430000", shorter(t, configuration.Terms{Deadline: &deadline, OnOverdue: configuration.OnOverdueOverride}))
		o.republish(t, "430000")
		request := o.requests(t, "431321")[0]
		o.clock.Add(time.Hour)
		o.through(t, "431321", configuration.Submission{Message: "随省里提速", Files: []kind.File{edited(t, countyMatter, "promised_limit: {n: 5", "promised_limit: {n: 2")}})
		o.republish(t, "431321")
		list := o.requests(t, "431321")
		if len(list) != 1 || list[0].State != configuration.ReviewResolved || list[0].Revision == nil || *list[0].Revision != 2 || o.promised(t, "431321") != 2 {
			t.Errorf("%+v, promised %d", list[0], o.promised(t, "431321"))
		}
		if p := o.progress(t, "430000", 2); p != (configuration.Progress{Concerned: 1, Done: 1}) {
			t.Errorf("%+v", p)
		}
		o.clock.Set(deadline)
		ctx, _ := o.newest(t, "431321")
		if err := o.ReviewOverdue(ctx, request.ID, nil); err != nil || o.promised(t, "431321") != 2 {
			t.Errorf("promised %d, %v", o.promised(t, "431321"), err)
		}
	})
}

// overdue has the county in conflict, with a deadline that has passed, and its request ended twice.
func overdue(t *testing.T, d *db.DB, outcome string) (*office, *configuration.ReviewRequest) {
	t.Helper()
	o := openOffice(t, d)
	deadline := noon.Add(48 * time.Hour)
	o.through(t, "430000", shorter(t, configuration.Terms{Deadline: &deadline, OnOverdue: outcome}))
	o.republish(t, "430000")
	request := o.requests(t, "431321")[0]
	ctx, _ := o.newest(t, "431321")
	if err := o.ReviewOverdue(ctx, request.ID, nil); err != nil {
		t.Fatal(err)
	}
	if _, revision := o.newest(t, "431321"); revision != 1 {
		t.Error("ended before the deadline")
	}
	o.clock.Set(deadline)
	for range 2 {
		if err := o.ReviewOverdue(ctx, request.ID, nil); err != nil {
			t.Fatal(err)
		}
	}
	if n := o.events(t, "431321", configuration.EventReviewOverdue); n != 1 {
		t.Errorf("the reviewers were told %d times", n)
	}
	return o, o.requests(t, "431321")[0]
}

// Domain rule of locks: an overdue child is overridden, as the parent chose: only the conflicting value goes from its patch.
func TestOverdueIsOverridden(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o, request := overdue(t, d, configuration.OnOverdueOverride)
		m, err := o.Current(o.as(t, "visitor", "431321"), "food-business-licence")
		if err != nil || m.Spec.PromisedLimit.N != 3 || m.Spec.Form != "food-business-form" || request.State != configuration.ReviewOverridden {
			t.Errorf("%+v, %v: %s", m, err, request.State)
		}
		list, err := o.Revisions(o.as(t, "author", "431321", "config-author"), 0, 2)
		if err != nil || len(list) != 2 || list[0].Author != configuration.SystemAuthor {
			t.Errorf("%+v, %v", list, err)
		}
		o.republish(t, "431321")
		if p := o.progress(t, "430000", 2); p != (configuration.Progress{Concerned: 1, Done: 1}) {
			t.Errorf("%+v", p)
		}
	})
}

// The other outcome: the matter is suspended in the child, with a text for applicants, until the child puts it right.
func TestOverdueIsSuspended(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o, request := overdue(t, d, configuration.OnOverdueSuspend)
		visitor := o.as(t, "visitor", "431321")
		if _, err := o.Current(visitor, "food-business-licence"); problem.ReasonOf(err) != "matter_suspended" || request.State != configuration.ReviewSuspended {
			t.Errorf("%v: %s", err, request.State)
		}
		order, err := o.LastOrder(visitor, "food-business-licence")
		if err != nil || order == nil || order.Author != configuration.SystemAuthor || order.Transition == "" {
			t.Errorf("%+v, %v", order, err)
		}
		o.clock.Add(time.Hour)
		o.through(t, "431321", configuration.Submission{Message: "按省里调整并恢复",
			Files:  []kind.File{edited(t, countyMatter, "promised_limit: {n: 5", "promised_limit: {n: 2")},
			Orders: []configuration.Order{{Action: configuration.OrderResume, Matter: "food-business-licence", Reason: "已调整", Basis: "县政办〔2026〕1号"}}})
		if o.promised(t, "431321") != 2 || o.requests(t, "431321")[0].State != configuration.ReviewResolved {
			t.Errorf("%+v", o.requests(t, "431321")[0])
		}
	})
}

// Deadline and outcome go together, lie ahead, and their lack is warned of where tenants below are in conflict.
func TestReviewTerms(t *testing.T) {
	o := openOffice(t, dbtest.Open(t, db.SQLite))
	author := o.as(t, "author", "430000", "config-author")
	past, ahead := noon.Add(-time.Hour), noon.Add(time.Hour)
	for name, terms := range map[string]configuration.Terms{
		"no outcome":      {Deadline: &ahead},
		"no deadline":     {OnOverdue: configuration.OnOverdueSuspend},
		"unknown outcome": {Deadline: &ahead, OnOverdue: "delete"},
		"in the past":     {Deadline: &past, OnOverdue: configuration.OnOverdueSuspend},
	} {
		if _, err := o.SubmitChange(author, shorter(t, terms)); problem.CodeOf(err) != problem.Validation {
			t.Errorf("%s: %v", name, err)
		}
	}
	c, err := o.SubmitChange(author, shorter(t, configuration.Terms{}))
	if err != nil {
		t.Fatal(err)
	}
	warned := false
	for _, p := range c.Report.Problems {
		warned = warned || p.Path == "$.reviewDeadline" && p.Severity == problem.SeverityWarning
	}
	if !warned {
		t.Errorf("%s", c.Report.Problems)
	}
}

// A tenant sees only its own review requests and orders, also in the database (I3).
func TestReviewsStayApart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		o.through(t, "430000", shorter(t, configuration.Terms{}))
		o.republish(t, "430000")
		for _, tenant := range []string{"430000", "431300", tenancy.Realm} {
			ctx, err := o.tree.ActAs(t.Context(), tenant, "test")
			if err != nil {
				t.Fatal(err)
			}
			for _, table := range []string{"review_request", "matter_order", "matter_alias"} {
				var n int
				if err := d.QueryRow(ctx, "SELECT count(*) FROM "+table+" WHERE tenant_id = '431321'").Scan(&n); d.Dialect() == db.Postgres && (err != nil || n != 0) {
					t.Errorf("%s sees %d rows of %s, %v", tenant, n, table, err)
				}
			}
			if list, err := o.ReviewRequests(o.as(t, "x", tenant, "config-reviewer"), "", uuid.Nil, 10); tenant != tenancy.Realm && (err != nil || len(list) != 0) {
				t.Errorf("%s: %v, %v", tenant, list, err)
			}
		}
		if _, err := o.ReviewRequests(o.as(t, "x", "431321"), "", uuid.Nil, 10); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("a visitor reads requests: %v", err)
		}
	})
}
