package matter_test

import (
	"context"
	"strings"
	"testing"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/matter"
	"zhengtong/internal/matter/guide"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// overseer acts in a tenant as a member of its staff.
func overseer(ctx context.Context, path, home string) context.Context {
	return authz.With(dbtest.As(ctx, path), authz.Principal{Type: authz.TypeStaff, Home: home, Staff: uuid.Must(uuid.NewV7())})
}

func below(t *testing.T, d *db.DB) press {
	t.Helper()
	p := publish(t, d, nil, "hunan", "guangxi")
	tree, err := tenancy.LoadTree(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	gate, err := tenancy.NewGate(tree, d, p.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	if p.Service, err = matter.New(matter.Config{DB: d, Configuration: p.configuration, Authz: p.door, Now: p.clock.Now, Tree: tree, Gate: gate}); err != nil {
		t.Fatal(err)
	}
	return p
}

// R-MGT-08: a province sees how the tenants below carry out its item, trait by trait beside its own declaration; each
// look is in the audit log of both, and another province's tenants are not there.
func TestCompare(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := below(t, d)
		region := overseer(t.Context(), "national/450000", "450000")
		var seen []matter.Compared
		looked, after := 0, ""
		for more := true; more; looked++ {
			var rows []matter.Compared
			var err error
			if rows, after, more, err = p.Compare(region, "000104002000", matter.Below{Under: "450000", First: 1, After: after}); err != nil {
				t.Fatal(err)
			}
			seen = append(seen, rows...)
		}
		if looked != 3 || len(seen) != 1 || seen[0].Tenant.Code != "450721" || after != "450721" {
			t.Fatalf("%d pages of one tenant each, last %s: %+v", looked, after, seen)
		}
		differs := map[string][2]string{}
		for i, here := range seen[0].Traits {
			if base := seen[0].Base[i]; here.Value != base.Value {
				differs[here.Field] = [2]string{here.Value, base.Value}
			}
		}
		if differs["promised_limit"] != [2]string{"5个工作日", "20个工作日"} || differs["materials"] != [2]string{} || differs["channels"][0] != "网上、窗口" {
			t.Errorf("differences: %v", differs)
		}
		for _, path := range []string{"national/450000", "national/450000/450700", lingshan} {
			var n int
			err := d.QueryRow(dbtest.As(t.Context(), path), "SELECT count(*) FROM audit_log WHERE tenant_id = $1 AND action = 'matter.compare'", path[strings.LastIndex(path, "/")+1:]).Scan(&n)
			if want := map[string]int{"national/450000": 2}[path]; err != nil || n != max(want, 1) {
				t.Errorf("%s has %d looks in its log: %v", path, n, err)
			}
		}
		if rows, _, more, err := p.Compare(region, "000104002000", matter.Below{Under: "450000", Level: "county", First: 20}); err != nil || more || len(rows) != 1 {
			t.Errorf("counties only: %d rows, more %t, %v", len(rows), more, err)
		}
		if rows, _, _, err := p.Compare(region, "999999999999", matter.Below{Under: "450700", First: 20}); err != nil || len(rows) != 0 {
			t.Errorf("an item that nobody has: %+v, %v", rows, err)
		}
		if _, _, _, err := p.Compare(region, "000131023000", matter.Below{Under: "430000", First: 20}); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("another province: %v", err)
		}
		if _, _, _, err := p.Compare(region, "000104002000", matter.Below{Under: "450000", First: 101}); problem.ReasonOf(err) != "bad_first" {
			t.Errorf("too many: %v", err)
		}
	})
}

// R-MGT-08: what tenants publish is counted by department, type and level.
func TestSummarize(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := below(t, d)
		region := overseer(t.Context(), "national/450000", "450000")
		for by, want := range map[matter.Grouping]matter.Group{
			matter.ByDepartment: {Key: "spj", Title: "灵山县行政审批局", Count: 1}, matter.ByItemType: {Key: "administrative_licence", Count: 1}, matter.ByLevel: {Key: "county", Count: 1},
		} {
			rows, _, more, err := p.Summarize(region, by, matter.Below{Under: "450000", First: 20})
			if err != nil || more || len(rows) != 3 {
				t.Fatalf("by %s: %d rows, more %t, %v", by, len(rows), more, err)
			}
			for _, row := range rows {
				switch {
				case row.Tenant.Code != "450721" && row.Total == 0 && len(row.Groups) == 0:
				case row.Tenant.Code == "450721" && row.Total == 1 && len(row.Groups) == 1 && row.Groups[0] == want:
				default:
					t.Errorf("by %s: %+v", by, row)
				}
			}
		}
	})
}

// R-CAT-09, R-MGT-14: a hall lists the departments that are present and their matters; a window may take every matter.
func TestHalls(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := publish(t, d, nil, "hunan", "guangxi")
		for path, want := range map[string]struct{ hall, department, matter string }{
			lingshan: {"lingshan-hall", "spj", "energy-review"}, shuangfeng: {"shuangfeng-hall", "scjgj", "food-business-licence"},
		} {
			ctx := dbtest.As(t.Context(), path)
			halls, err := p.Halls(ctx)
			if err != nil || len(halls) != 1 || halls[0].Name != want.hall {
				t.Fatalf("%s has %+v, %v", path, halls, err)
			}
			residents, err := p.Residents(ctx, halls[0])
			if err != nil || len(residents) != 1 || residents[0].Department != want.department || residents[0].Title == "" || residents[0].Matters != 1 {
				t.Errorf("%s: residents %+v, %v", want.hall, residents, err)
			}
			taken, err := p.List(ctx, matter.Query{Filter: halls[0].Filter(), Order: matter.ByCode, Page: matter.Page{First: 20}})
			if err != nil || len(taken.Hits) != 1 || taken.Hits[0].Name != want.matter {
				t.Errorf("%s takes %+v, %v", want.hall, taken, err)
			}
			if _, err := p.Hall(ctx, "no-such"); problem.CodeOf(err) != problem.NotFound {
				t.Errorf("an absent hall: %v", err)
			}
		}
		none := matter.Query{Filter: matter.Filter{Names: []string{}}, Order: matter.ByCode, Page: matter.Page{First: 20}}
		if taken, err := p.List(dbtest.As(t.Context(), lingshan), none); err != nil || len(taken.Hits) != 0 {
			t.Errorf("a hall without windows for matters takes %+v, %v", taken, err)
		}
	})
}

// A profile has the same traits whatever is declared, so that two are compared by place.
func TestProfilesLineUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := publish(t, d, nil, "hunan", "guangxi")
		var fields []string
		for path, name := range map[string]string{lingshan: "energy-review", shuangfeng: "food-business-licence"} {
			shown, err := p.configuration.Display(dbtest.As(t.Context(), path), name)
			if err != nil {
				t.Fatal(err)
			}
			var mine []string
			for _, trait := range guide.Profile(shown.Source, name, shown.Matter.Spec) {
				mine = append(mine, trait.Field)
			}
			if fields != nil && strings.Join(mine, " ") != strings.Join(fields, " ") {
				t.Errorf("%v and %v", mine, fields)
			}
			fields = mine
		}
	})
}
