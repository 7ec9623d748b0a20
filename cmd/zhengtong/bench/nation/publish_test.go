package nation

import (
	"errors"
	"os"
	"testing"

	"zhengtong/internal/authz"
	"zhengtong/internal/clock"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/matter"
	"zhengtong/internal/tenancy"
	"zhengtong/internal/testkit"
)

func TestMain(m *testing.M) { os.Exit(testkit.RunMain(m)) }

// A country is founded through submission, review and publication; a second run finds nothing to do; and a change of
// the nation shows below at once where nobody has patched it, and after the patches were laid over it anew elsewhere
// (R-MGT-16).
func TestPublishPostgres(t *testing.T) {
	d := dbtest.Open(t, db.Postgres)
	tree := tenancy.NewTree(d)
	s, err := configuration.New(configuration.Config{DB: d, Clock: clock.System{}, Tree: tree, Projection: matter.NewProjection(d)})
	if err != nil {
		t.Fatal(err)
	}
	door, err := authz.New(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	s.UseAuthz(door)
	n, err := New(Size{Tenants: 5, Matters: 4, Every: 2})
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Publish(t.Context(), s, tree, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	if err := n.Publish(t.Context(), s, tree, func(int, int) { t.Error("a government is founded twice") }); err != nil {
		t.Fatal(err)
	}
	title := func(tenant Tenant) string {
		there, err := tree.ActAs(t.Context(), tenant.Code, "test")
		if err != nil {
			t.Fatal(err)
		}
		m, err := s.Current(there, MatterName(0))
		if err != nil {
			t.Fatal(tenant.Code, err)
		}
		return m.Spec.Title
	}
	for _, tenant := range n.Tenants {
		if got := title(tenant); got != Title(0) {
			t.Errorf("%s offers %q", tenant.Code, got)
		}
	}
	nationally, err := tree.ActAs(t.Context(), "national", "test")
	if err != nil {
		t.Fatal(err)
	}
	revision, err := Change(nationally, s, n.MatterChange(0, "（新）"), "改名")
	if err != nil {
		t.Fatal(err)
	}
	for _, tenant := range n.Tenants {
		if got := title(tenant) == Title(0)+"（新）"; got == n.Patches(tenant, 0) {
			t.Errorf("%s, patched %t, shows the new version: %t", tenant.Code, n.Patches(tenant, 0), got)
		}
	}
	if err := errors.Join(s.Republish(nationally, revision, nil), s.Refresh(t.Context())); err != nil {
		t.Fatal(err)
	}
	for _, tenant := range n.Tenants {
		if got := title(tenant); got != Title(0)+"（新）" {
			t.Errorf("after the patches were laid over it anew %s shows %q", tenant.Code, got)
		}
	}
}
