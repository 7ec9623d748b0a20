package configuration_test

import (
	"testing"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// SM-01: a tenant is suspended and resumed by its administrator, from the right state only; publications leave the state alone.
func TestStatesOfATenant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		admin, author, visitor := o.as(t, "guanli", "431321", "tenant-admin"), o.as(t, "bianzhi", "431321", "config-author"), o.as(t, "visitor", "431321")
		refused := func(err error, code problem.Code, reason string) {
			t.Helper()
			if problem.CodeOf(err) != code || problem.ReasonOf(err) != reason {
				t.Errorf("%v, want %s %s", err, code, reason)
			}
		}
		_, err := o.SuspendTenant(author, "检修")
		refused(err, problem.Forbidden, "permission")
		_, err = o.SuspendTenant(admin, " ")
		refused(err, problem.Validation, "")
		_, err = o.ResumeTenant(admin, "")
		refused(err, problem.Conflict, "tenant_active")
		_, err = o.ActivateTenant(admin, "")
		refused(err, problem.Conflict, "tenant_active")
		row, err := o.SuspendTenant(admin, "检修")
		if err != nil || row.Status != tenancy.Suspended {
			t.Fatal(row.Status, err)
		}
		_, err = o.Current(visitor, food)
		refused(err, problem.Conflict, "tenant_suspended")
		if _, open, err := o.Shown(visitor, food); open || err != nil {
			t.Errorf("shown: open %t, %v", open, err)
		}
		o.through(t, "431321", configuration.Submission{Message: "提速", Files: []kind.File{edited(t, countyMatter, "promised_limit: {n: 5", "promised_limit: {n: 4")}})
		if row, _ := o.tree.Get("431321"); row.Status != tenancy.Suspended {
			t.Errorf("a publication made it %s", row.Status)
		}
		other, err := tenancy.LoadTree(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		if row, err = o.ResumeTenant(admin, "检修完毕"); err != nil || row.Status != tenancy.Active {
			t.Fatal(row.Status, err)
		}
		if err := other.Follow(t.Context(), []string{"431321"}); err != nil {
			t.Fatal(err)
		}
		if row, _ := other.Get("431321"); row.Status != tenancy.Active {
			t.Errorf("another node sees %s", row.Status)
		}
		if _, err := o.Current(visitor, food); err != nil {
			t.Error(err)
		}
	})
}

// How a tenant begins is read once: what it says of its activation later changes nothing, nor does a publication.
func TestActivationIsReadOnce(t *testing.T) {
	o := openOffice(t, dbtest.Open(t, db.SQLite))
	text := func(title, activation string) kind.File {
		return kind.File{Path: "t.yaml", Content: []byte("apiVersion: " + kind.APIVersion + "\nkind: Tenant\nmetadata: {tenant: \"431322\", name: \"431322\"}\nspec: {title: " +
			title + ", level: county, division_code: \"431322\", parent: \"431300\"" + activation + "}\n")}
	}
	for _, step := range []struct{ title, activation, want string }{
		{"新化县", ", activation: explicit", tenancy.Draft},
		{"新化", "", tenancy.Draft},
		{"新化县", ", activation: on_publication", tenancy.Draft},
	} {
		if err := o.Found(t.Context(), "建立", text(step.title, step.activation)); err != nil {
			t.Fatal(err)
		}
		if row, _ := o.tree.Get("431322"); row.Status != step.want || row.Title != step.title {
			t.Errorf("%+v: %s %s", step, row.Title, row.Status)
		}
	}
	if err := o.Found(t.Context(), "再立", kind.File{Path: "t.yaml", Content: []byte("apiVersion: " + kind.APIVersion +
		"\nkind: Tenant\nmetadata: {tenant: \"431381\", name: \"431381\"}\nspec: {title: 冷水江, level: county, division_code: \"431322\", parent: \"431300\", code_change: {since: \"2026-01-01\", basis: 批复}}\n")}); problem.CodeOf(err) != problem.Validation {
		t.Errorf("a draft's division code for another tenant: %v", err)
	}
}
