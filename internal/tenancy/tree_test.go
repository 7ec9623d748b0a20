package tenancy_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

const (
	hunan     = "national/430000"
	loudi     = "national/430000/431300"
	shuang    = "national/430000/431300/431321"
	xinhua    = "national/430000/431300/431322"
	guangdong = "national/440000"
)

func codes(tenants []tenancy.Tenant) string {
	names := make([]string, len(tenants))
	for i, t := range tenants {
		names[i] = t.Code
	}
	return strings.Join(names, " ")
}

func TestTree(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tree := dbtest.Tree(t, d, noon, xinhua, guangdong, "national", shuang, loudi, hunan)
		for _, c := range []struct{ name, got, want string }{
			{"ancestors", codes(tree.Ancestors("431321")), "431300 430000 national"},
			{"ancestors of the root", codes(tree.Ancestors("national")), ""},
			{"children", codes(tree.Children("431300")), "431321 431322"},
			{"children of a leaf", codes(tree.Children("431322")), ""},
			{"subtree", codes(tree.Subtree("430000", "", 10)), "430000 431300 431321 431322"},
			{"first page", codes(tree.Subtree("national", "", 2)), "national 430000"},
			{"second page", codes(tree.Subtree("national", "430000", 3)), "431300 431321 431322"},
			{"last page", codes(tree.Subtree("national", "431322", 3)), "440000"},
			{"behind the last", codes(tree.Subtree("national", "440000", 3)), ""},
			{"unknown", codes(tree.Subtree("999999", "", 3)), ""},
		} {
			if c.got != c.want {
				t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
			}
		}
		for _, c := range []struct {
			above, below string
			want         bool
		}{{"national", "431321", true}, {"430000", "431321", true}, {"431321", "431321", false}, {"431321", "430000", false},
			{"440000", "431321", false}, {"430000", "999999", false}} {
			if tree.IsAncestor(c.above, c.below) != c.want {
				t.Errorf("%s above %s: want %t", c.above, c.below, c.want)
			}
		}
	})
}

// However a tree is paged, each tenant of the subtree comes once, parents first.
func TestSubtreePagesLoseNothing(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	tree := dbtest.Tree(t, d, noon, "national", hunan, loudi, shuang, xinhua, guangdong, "national/440000/440100", "national/440000/440100/440103")
	rapid.Check(t, func(r *rapid.T) {
		root := rapid.SampledFrom([]string{"national", "430000", "431300", "431321", "440000"}).Draw(r, "root")
		limit := rapid.IntRange(1, 4).Draw(r, "limit")
		var got []tenancy.Tenant
		after := ""
		for {
			page := tree.Subtree(root, after, limit)
			if len(page) == 0 {
				break
			}
			got, after = append(got, page...), page[len(page)-1].Code
		}
		whole := tree.Subtree(root, "", 100)
		if codes(got) != codes(whole) {
			r.Fatalf("paged %s, whole %s", codes(got), codes(whole))
		}
		for i, tenant := range whole {
			if i > 0 && !slices.ContainsFunc(whole[:i], func(above tenancy.Tenant) bool { return above.Code == tenant.Parent }) {
				r.Fatalf("%s comes before its parent", tenant.Code)
			}
		}
	})
}

func TestActAs(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	tree := dbtest.Tree(t, d, noon, "national", hunan)
	ctx, err := tree.ActAs(t.Context(), "430000", "job 1")
	if err != nil {
		t.Fatal(err)
	}
	scope, ok := tenancy.From(ctx)
	if !ok || scope.Acting != "430000" || scope.Path() != hunan || scope.Home != "" || tenancy.Reason(ctx) != "job 1" {
		t.Errorf("%+v for %q", scope, tenancy.Reason(ctx))
	}
	if _, err := tree.ActAs(t.Context(), "999999", "job 1"); !errors.Is(err, tenancy.ErrUnknownTenant) {
		t.Error(err)
	}
	if _, err := tree.ActAs(t.Context(), "430000", " "); !errors.Is(err, tenancy.ErrNoReason) {
		t.Error(err)
	}
}

func TestScopeOfAContext(t *testing.T) {
	if _, ok := tenancy.From(t.Context()); ok || tenancy.Acting(t.Context()) != "" || tenancy.IsPublic(t.Context()) {
		t.Error("an empty context acts somewhere")
	}
	ctx := tenancy.With(t.Context(), tenancy.Scope{Acting: "431321"})
	if scope, _ := tenancy.From(ctx); scope.Path() != "national/431321" || scope.Realm != "national" || scope.Timezone == nil {
		t.Errorf("%+v", scope)
	}
	public := tenancy.Public(ctx)
	if tenancy.Acting(public) != "" || !tenancy.IsPublic(public) || tenancy.IsPublic(tenancy.With(public, tenancy.Scope{Acting: "431321"})) {
		t.Error("public and acting are confused")
	}
}

// R-CFG-02, I3: who may look where, and that both sides know it.
func TestGate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tree := dbtest.Tree(t, d, noon, "national", hunan, loudi, shuang, xinhua, guangdong)
		gate, err := tenancy.NewGate(tree, d, func() time.Time { return noon })
		if err != nil {
			t.Fatal(err)
		}
		grant := func(from, to, scope, matters, validFrom, validTo string) {
			if _, err := d.Exec(dbtest.As(t.Context(), from), `INSERT INTO tenant_grant (tenant_id, id, to_tenant, scope, matters, valid_from, valid_to, basis, created_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8)`, from[strings.LastIndex(from, "/")+1:], db.NewID(noon), to, scope, matters, validFrom, validTo, noon); err != nil {
				t.Fatal(err)
			}
		}
		grant(shuang, "431322", tenancy.GrantHandle, `["food"]`, "2026-03-02", "2026-03-02")
		grant(shuang, "440000", tenancy.GrantReceive, `[]`, "2026-03-01", "")
		grant(shuang, "440000", tenancy.GrantHandle, `[]`, "2026-01-01", "2026-03-01")
		for _, c := range []struct {
			name, from, to, scope, matter string
			allowed                       bool
		}{
			{"the city supervises its county", loudi, "431321", "supervise", "", true},
			{"the root reads statistics", "national", "431321", "statistics", "", true},
			{"an ancestor does not handle", loudi, "431321", "handle", "food", false},
			{"a county does not look up", shuang, "431300", "supervise", "", false},
			{"a neighbour by grant, on its last day", xinhua, "431321", "handle", "food", true},
			{"a neighbour for another matter", xinhua, "431321", "handle", "drugs", false},
			{"a neighbour for another scope", xinhua, "431321", "supervise", "food", false},
			{"a grant for all matters", guangdong, "431321", "receive", "drugs", true},
			{"an ended grant", guangdong, "431321", "handle", "food", false},
			{"a tenant that is not there", guangdong, "999999", "receive", "food", false},
			{"oneself", shuang, "431321", "supervise", "", false},
		} {
			t.Run(c.name, func(t *testing.T) { checkCrossing(t, d, gate, c.from, c.to, c.scope, c.matter, c.allowed) })
		}
	})
}

func checkCrossing(t *testing.T, d *db.DB, gate *tenancy.Gate, from, to, scope, matter string, allowed bool) {
	ctx := dbtest.As(t.Context(), from)
	there, err := gate.Cross(ctx, tenancy.Crossing{
		To: to, Scope: scope, Matter: matter, Actor: "staff", Action: "case.read", Object: t.Name(), Reason: "复核",
	})
	if !allowed {
		if problem.CodeOf(err) != problem.NotFound {
			t.Errorf("let through: %v", err)
		}
		return
	}
	if err != nil || tenancy.Acting(there) != to || tenancy.Reason(there) != "复核" {
		t.Fatalf("acting in %q: %v", tenancy.Acting(there), err)
	}
	if scope, _ := tenancy.From(there); scope.Home != tenancy.Acting(ctx) {
		t.Errorf("home is %q", scope.Home)
	}
	for _, side := range []string{tenancy.Acting(ctx), to} {
		n := 0
		if err := d.QueryRow(dbtest.As(t.Context(), side), "SELECT count(*) FROM audit_log WHERE tenant_id = $1 AND object = $2", side, t.Name()).Scan(&n); err != nil || n != 1 {
			t.Errorf("%s has %d entries, %v", side, n, err)
		}
	}
}

func TestCrossingSaysWhatIsMissing(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	gate, err := tenancy.NewGate(tenancy.NewTree(d), d, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	_, err = gate.Cross(dbtest.As(t.Context(), shuang), tenancy.Crossing{})
	var refused *problem.Error
	if !errors.As(err, &refused) || refused.Code != problem.Validation || len(refused.Problems) != 6 {
		t.Errorf("%v", err)
	}
	if _, err := gate.Cross(t.Context(), tenancy.Crossing{}); problem.CodeOf(err) != problem.Forbidden {
		t.Errorf("nobody: %v", err)
	}
	if _, err := tenancy.NewGate(nil, d, nil); err == nil {
		t.Error("a gate without a tree")
	}
}
