package authz

import (
	"context"
	"io/fs"
	"strings"
	"testing"

	"github.com/gofrs/uuid/v5"
	"github.com/open-policy-agent/opa/v1/tester"
	"pgregory.net/rapid"

	"zhengtong/internal/problem"
	"zhengtong/policies"
)

func newDoor(t testing.TB) *Authorizer {
	t.Helper()
	door, err := New(context.Background(), countyRoles{})
	if err != nil {
		t.Fatal(err)
	}
	return door
}

// TestRegoModules runs the modules' own tests.
func TestRegoModules(t *testing.T) {
	names, err := fs.Glob(policies.FS, "rego/*.rego")
	if err != nil {
		t.Fatal(err)
	}
	modules := map[string]string{}
	for _, name := range names {
		text, err := policies.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		modules[name] = string(text)
	}
	dir := t.TempDir()
	if err := writeModules(dir, modules); err != nil {
		t.Fatal(err)
	}
	results, err := tester.Run(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(results) == 0 {
		t.Fatal("no Rego test ran")
	}
	for _, r := range results {
		if !r.Pass() {
			t.Errorf("%s", r)
		}
	}
}

// TestZeroValueDenies: deny is the zero value, and so is what no row names.
func TestZeroValueDenies(t *testing.T) {
	if (Decision{}).Allow {
		t.Fatal("the zero decision allows")
	}
	d, err := newDoor(t).DecideFor(context.Background(), System(), "case.invented", Object{})
	if err != nil || d.Allow {
		t.Fatalf("unknown action: %+v, %v", d, err)
	}
}

// TestRecusal: a staff member who is party, or related to a party, is refused (R-PRC-15).
func TestRecusal(t *testing.T) {
	door := newDoor(t)
	reviewer := subjects()["reviewer"]
	for name, mutate := range map[string]func(*Principal, *Object){
		"party":    func(p *Principal, o *Object) { o.Parties = append(o.Parties, p.Account.String()) },
		"relative": func(p *Principal, o *Object) { p.Relatives = []string{o.Parties[0]} },
	} {
		p, o := reviewer, caseObject(reviewer)
		mutate(&p, &o)
		d, err := door.DecideFor(context.Background(), p, "task.act", o)
		if err != nil {
			t.Fatal(err)
		}
		if d.Allow || d.Reason != "recusal" {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

// TestRefusalsLookAlike: another tenant's object and an absent one give the same answer (R-CFG-02).
func TestRefusalsLookAlike(t *testing.T) {
	door := newDoor(t)
	neighbour := subjects()["reviewer_neighbour"]
	_, err := door.Require(With(context.Background(), neighbour), "case.view", caseObject(neighbour))
	if problem.CodeOf(err) != problem.NotFound || err.Error() != problem.Missing().Error() {
		t.Fatalf("got %v", err)
	}
}

// TestVisibilityLaws: a narrower scope never sees what a wider one does not, and nobody sees by the zero value.
func TestVisibilityLaws(t *testing.T) {
	departments := []string{"scjgj", "zwfwj", "zjj"}
	roles := []string{"window-clerk", "reviewer", "inspector"}
	rapid.Check(t, func(t *rapid.T) {
		object := Object{Department: rapid.SampledFrom(departments).Draw(t, "department"), Owner: ownerAccount}
		for range rapid.IntRange(0, 3).Draw(t, "tasks") {
			object.Tasks = append(object.Tasks, TaskFacts{
				Assignee:   rapid.SampledFrom([]uuid.UUID{uuid.Nil, {15: 1}, {15: 2}}).Draw(t, "assignee"),
				Department: rapid.SampledFrom(departments).Draw(t, "task department"),
				Role:       rapid.SampledFrom(roles).Draw(t, "role"),
			})
		}
		p := Principal{Staff: uuid.UUID{15: 1}}
		b := Binding{Role: rapid.SampledFrom(roles).Draw(t, "held"), Department: rapid.SampledFrom(departments).Draw(t, "at")}
		var seen []bool
		for _, scope := range []Scope{ScopeAssigned, ScopeDepartment, ScopeTenant} {
			var v Visibility
			v.widen(scope, p, b)
			seen = append(seen, v.Match(object))
		}
		if seen[0] && !seen[1] || seen[1] && !seen[2] {
			t.Fatalf("a wider scope sees less: %v", seen)
		}
		if (Visibility{}).Match(object) {
			t.Fatal("the zero visibility sees")
		}
		if sql, _ := (Visibility{}).SQL("c", nil); !strings.Contains(sql, "FALSE") {
			t.Fatalf("the zero visibility lists: %s", sql)
		}
	})
}

func BenchmarkDecide(b *testing.B) {
	door := newDoor(b)
	p := subjects()["reviewer"]
	ctx, o := context.Background(), caseObject(p)
	for b.Loop() {
		if d, err := door.DecideFor(ctx, p, "task.act", o); err != nil || !d.Allow {
			b.Fatal(d, err)
		}
	}
}
