package configuration_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/clock"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/matter"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// office is a service with people: the shipped packs, a door over them, and staff by name.
type office struct {
	*configuration.Service
	tree  *tenancy.Tree
	clock *clock.Manual
	db    *db.DB
}

func openOffice(t *testing.T, d *db.DB, folders ...string) *office {
	t.Helper()
	if len(folders) == 0 {
		folders = []string{"national", "hunan"}
	}
	return openWith(t, d, packs(t, folders...))
}

// openWith is openOffice with other packs.
func openWith(t *testing.T, d *db.DB, files []kind.File) *office {
	return openStored(t, d, nil, files)
}

// openStored is openWith with an object store for assets.
func openStored(t *testing.T, d *db.DB, objects configuration.Objects, files []kind.File) *office {
	t.Helper()
	o := &office{tree: tenancy.NewTree(d), clock: clock.NewManual(noon), db: d}
	var err error
	if o.Service, err = configuration.New(configuration.Config{DB: d, Clock: o.clock, Tree: o.tree, Projection: matter.NewProjection(d), Objects: objects}); err != nil {
		t.Fatal(err)
	}
	if err := o.Bootstrap(context.Background(), files...); err != nil {
		t.Fatal(err)
	}
	door, err := authz.New(t.Context(), o.Service)
	if err != nil {
		t.Fatal(err)
	}
	o.UseAuthz(door)
	return o
}

// as is a member of staff of a tenant who holds roles in its service-management office.
func (o *office) as(t *testing.T, name, tenant string, roles ...string) context.Context {
	t.Helper()
	row, ok := o.tree.Get(tenant)
	if !ok {
		t.Fatalf("no tenant %s", tenant)
	}
	p := authz.Principal{Type: authz.TypeStaff, Staff: uuid.NewV5(uuid.NamespaceOID, name), Home: tenant, Name: name}
	for _, role := range roles {
		p.Bindings = append(p.Bindings, authz.Binding{Role: role, Department: "zwfwj"})
	}
	return authz.With(tenancy.With(t.Context(), row.Scope(tenant)), p)
}

// edited is one shipped file with a text replaced.
func edited(t *testing.T, path, old, replacement string) kind.File {
	t.Helper()
	for _, f := range packs(t, strings.Split(path, "/")[0]) {
		if f.Path == path {
			if !strings.Contains(string(f.Content), old) {
				t.Fatalf("%s has no %q", path, old)
			}
			return kind.File{Path: path, Content: []byte(strings.ReplaceAll(string(f.Content), old, replacement))}
		}
	}
	t.Fatalf("no file %s", path)
	return kind.File{}
}

const (
	provinceMatter = "hunan/matters/food.yaml"
	countyMatter   = "hunan/loudi/shuangfeng/matters/food.yaml"
)

// through submits, approves and publishes a change with two people.
func (o *office) through(t *testing.T, tenant string, in configuration.Submission) *configuration.Change {
	t.Helper()
	author, reviewer := o.as(t, "author", tenant, "config-author"), o.as(t, "reviewer", tenant, "config-reviewer")
	c, err := o.SubmitChange(author, in)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.ApproveChange(reviewer, c.ID, "同意"); err != nil {
		t.Fatal(err)
	}
	c, err = o.PublishChange(reviewer, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (o *office) promised(t *testing.T, tenant string) int {
	t.Helper()
	m, err := o.Current(o.as(t, "visitor", tenant), "food-business-licence")
	if err != nil {
		t.Fatal(err)
	}
	return m.Spec.PromisedLimit.N
}

// R-MGT-03, R-CFG-03, SM-04: author, reviewer, publication, plan, history, rollback; a case keeps its version (R-CFG-04).
func TestLifeOfAChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		county := "431321"
		before, err := o.Current(o.as(t, "visitor", county), "food-business-licence")
		if err != nil {
			t.Fatal(err)
		}
		in := configuration.Submission{Message: "提速", Files: []kind.File{edited(t, countyMatter, "promised_limit: {n: 5", "promised_limit: {n: 4")}}
		author, reviewer := o.as(t, "author", county, "config-author"), o.as(t, "reviewer", county, "config-reviewer")
		both := o.as(t, "author", county, "config-author", "config-reviewer")

		if _, err := o.SubmitChange(reviewer, in); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("a reviewer submits: %v", err)
		}
		c, err := o.SubmitChange(author, in)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Plan.Tenants) != 1 || len(c.Plan.Tenants[0].Entries) != 1 {
			t.Fatalf("%+v", c.Plan)
		}
		entry := c.Plan.Tenants[0].Entries[0]
		if entry.Action != "change" || len(entry.Fields) != 1 || entry.Fields[0].Path != "spec.promised_limit.n" {
			t.Errorf("plan: %+v", entry)
		}
		if _, err := o.PublishChange(reviewer, c.ID); problem.ReasonOf(err) != "not_approved" {
			t.Errorf("published without review: %v", err)
		}
		if _, err := o.ApproveChange(both, c.ID, ""); problem.ReasonOf(err) != "separation" {
			t.Errorf("the author reviews: %v", err)
		}
		if _, err := o.ApproveChange(reviewer, c.ID, ""); err != nil {
			t.Fatal(err)
		}
		if c, err = o.PublishChange(reviewer, c.ID); err != nil || c.Status != configuration.Published || c.Revisions[county] != 2 {
			t.Fatalf("%+v, %v", c, err)
		}
		if n := o.promised(t, county); n != 4 {
			t.Errorf("promised %d", n)
		}
		old, err := o.Pinned(author, before.Name, before.Pins)
		if err != nil || old.Spec.PromisedLimit.N != 5 {
			t.Errorf("the pinned version: %+v, %v", old, err)
		}
		described, err := o.Describe(author, "Matter", before.Name, 0)
		if err != nil || described.Origin != "patched" || len(described.History) != 2 || described.History[0].Revised.Message != "提速" {
			t.Errorf("%+v, %v", described, err)
		}
		for _, origin := range described.Provenance {
			if origin.Path == "spec.promised_limit.unit" && (origin.Tenant != "430000" || origin.Lock != "tighten") {
				t.Errorf("%+v", origin)
			}
		}
		public, err := o.Provenance(o.as(t, "visitor", county), "Matter", before.Name)
		if err != nil || !slices.Equal(public, described.Provenance) {
			t.Errorf("the public sees %v, %v", public, err)
		}
		if n, err := o.Rollback(reviewer, 1, "恢复"); err != nil || n != 3 || o.promised(t, county) != 5 {
			t.Errorf("rollback to %d: %v", n, err)
		}
		list, err := o.Revisions(author, 0, 10)
		if err != nil || len(list) != 3 || list[0].RolledBackTo == nil || *list[0].RolledBackTo != 1 || *list[1].Change != c.ID {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

// Bad changes are refused with their place and change nothing.
func TestChangesRefused(t *testing.T) {
	o := openOffice(t, dbtest.Open(t, db.SQLite))
	author := o.as(t, "author", "431321", "config-author")
	for name, c := range map[string]struct {
		file kind.File
		code string
	}{
		"looser than the lock":   {edited(t, countyMatter, "promised_limit: {n: 5", "promised_limit: {n: 9"), "V-06"},
		"a reference to nothing": {edited(t, countyMatter, "form: food-business-form", "form: food-busines-form"), "V-03"},
		"another tenant's":       {edited(t, provinceMatter, "{n: 8, unit", "{n: 7, unit"), "V-04"},
	} {
		_, err := o.SubmitChange(author, configuration.Submission{Message: name, Files: []kind.File{c.file}})
		var refused *problem.Error
		if !errors.As(err, &refused) || refused.Code != problem.Validation {
			t.Errorf("%s: %v", name, err)
			continue
		}
		found := false
		for _, p := range refused.Problems {
			found = found || p.Code == c.code && p.Line > 0 && p.File != ""
		}
		if !found {
			t.Errorf("%s: %s", name, refused.Problems)
		}
	}
	same := kind.File{}
	for _, f := range packs(t, "hunan") {
		if f.Path == countyMatter {
			same = f
		}
	}
	if _, err := o.SubmitChange(author, configuration.Submission{Message: "无", Files: []kind.File{same}}); problem.ReasonOf(err) != "nothing_to_change" {
		t.Errorf("nothing changes: %v", err)
	}
	if changes, err := o.Changes(o.as(t, "reader", "431321", "config-reviewer"), "", uuid.Nil, 10); err != nil || len(changes) != 0 {
		t.Errorf("%d requests, %v", len(changes), err)
	}
}

// No lost update: of two changes made on one base the second is superseded when it would no longer do what was reviewed.
func TestStaleBase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		author, reviewer := o.as(t, "author", "431321", "config-author"), o.as(t, "reviewer", "431321", "config-reviewer")
		var changes []*configuration.Change
		for _, text := range []string{"{n: 4", "{n: 3"} {
			c, err := o.SubmitChange(author, configuration.Submission{Message: text, Files: []kind.File{edited(t, countyMatter, "promised_limit: {n: 5", "promised_limit: "+text)}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := o.ApproveChange(reviewer, c.ID, ""); err != nil {
				t.Fatal(err)
			}
			changes = append(changes, c)
			o.clock.Add(time.Second)
		}
		if _, err := o.PublishChange(reviewer, changes[0].ID); err != nil {
			t.Fatal(err)
		}
		if _, err := o.PublishChange(reviewer, changes[1].ID); problem.ReasonOf(err) != "stale_base" {
			t.Errorf("%v", err)
		}
		c, err := o.Change(author, changes[1].ID)
		if err != nil || c.Status != configuration.Superseded || o.promised(t, "431321") != 4 {
			t.Errorf("%+v, %v", c, err)
		}
	})
}

// An approved change waits for its effective instant.
func TestEffectiveLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		at := noon.Add(24 * time.Hour)
		c := o.through(t, "431321", configuration.Submission{Message: "明日生效", EffectiveFrom: &at,
			Files: []kind.File{edited(t, countyMatter, "promised_limit: {n: 5", "promised_limit: {n: 4")}})
		if c.Status != configuration.Approved || o.promised(t, "431321") != 5 {
			t.Errorf("%s, promised %d", c.Status, o.promised(t, "431321"))
		}
		o.clock.Set(at)
		ctx, err := o.tree.ActAs(t.Context(), "431321", "job")
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := o.PublishScheduled(ctx, c.ID, nil); err != nil {
				t.Fatal(err)
			}
		}
		if o.promised(t, "431321") != 4 {
			t.Error("not in force")
		}
	})
}

// V-11, V-27, V-28: once a tenant has staff, the checks warn where nobody could act.
func TestChecksKnowTheStaff(t *testing.T) {
	o := openOffice(t, dbtest.Open(t, db.SQLite))
	author := o.as(t, "author", "431321", "config-author", "config-reviewer")
	account, staff := db.NewID(noon), db.NewID(noon)
	b := o.db.NewBatch()
	b.Exec("INSERT INTO account (tenant_id, id, type, login, created_at) VALUES ('431321', $1, 'staff', 'a', $2)", account, noon)
	b.Exec("INSERT INTO staff (tenant_id, id, account_id, staff_no, name, department, created_at) VALUES ('431321', $1, $2, '1', '甲', 'scjgj', $3)", staff, account, noon)
	for _, role := range []string{"window-clerk", "reviewer", "approver"} {
		b.Exec("INSERT INTO role_binding (tenant_id, id, staff_id, role, created_at) VALUES ('431321', $1, $2, $3, $4)", db.NewID(noon), staff, role, noon)
	}
	if err := o.db.Run(author, b); err != nil {
		t.Fatal(err)
	}
	report, err := o.Validate(author, []kind.File{edited(t, countyMatter, "promised_limit: {n: 5", "promised_limit: {n: 4")})
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]bool{}
	for _, p := range report.Problems {
		codes[p.Code] = true
	}
	if !report.OK() || !codes["V-11"] {
		t.Errorf("nobody can extend, and yet: %s", report.Problems)
	}
}

// A running node is told of a publication by the bus, and looks by itself every second.
func TestRunFollowsTheHeads(t *testing.T) {
	o := openOffice(t, dbtest.Open(t, db.SQLite))
	other, err := configuration.New(configuration.Config{DB: o.db, Clock: o.clock, Tree: o.tree})
	if err != nil {
		t.Fatal(err)
	}
	visitor := o.as(t, "visitor", "431321")
	if _, err := other.Current(visitor, "food-business-licence"); err != nil {
		t.Fatal(err)
	}
	o.through(t, "431321", configuration.Submission{Message: "提速", Files: []kind.File{edited(t, countyMatter, "promised_limit: {n: 5", "promised_limit: {n: 4")}})
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- other.Run(ctx) }()
	for ctx.Err() == nil {
		m, err := other.Current(visitor, "food-business-licence")
		if err != nil {
			t.Fatal(err)
		}
		if m.Spec.PromisedLimit.N == 4 {
			stop()
			break
		}
		<-time.After(20 * time.Millisecond)
	}
	if err := <-ended; err != nil || !errors.Is(ctx.Err(), context.Canceled) {
		t.Errorf("never seen: %v, %v", err, ctx.Err())
	}
}
