package configuration_test

import (
	"testing"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/schema/kind"
)

// belowTheCity are the shipped packs with a county that extends its city's matter, which the city leaves as the province has it.
func belowTheCity(t *testing.T) []kind.File {
	t.Helper()
	files := packs(t, "national", "hunan")
	for i, f := range files {
		if f.Path == countyMatter {
			files[i] = edited(t, countyMatter, `extends: {tenant: "430000"`, `extends: {tenant: "431300"`)
		}
	}
	return files
}

// cityMatter is the city's patch of the province's matter, with an acceptance window of so many days.
func cityMatter(days string) kind.File {
	return kind.File{Path: "matter.yaml", Content: []byte(`apiVersion: zhengtong/v1
kind: Matter
metadata: {tenant: "431300", name: food-business-licence, extends: {tenant: "430000", name: food-business-licence}}
spec: {acceptance_window: {n: ` + days + `}}
`)}
}

// R-MGT-16: a tenant that begins to patch what those below patch already over a tenant further above is followed by them, in
// the plan and after publication; and when it ends its patch they stand on what is further above again.
func TestANewLayerInBetween(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openWith(t, d, belowTheCity(t))
		window := func() int {
			t.Helper()
			m, err := o.Current(o.as(t, "visitor", "431321"), "food-business-licence")
			if err != nil {
				t.Fatal(err)
			}
			return m.Spec.AcceptanceWindow.N
		}
		if window() != 5 {
			t.Fatalf("the county began with %d days", window())
		}
		for i, step := range []struct {
			in   configuration.Submission
			want int
		}{
			{configuration.Submission{Message: "市里缩短", Files: []kind.File{cityMatter("4")}}, 4},
			{configuration.Submission{Message: "市里再缩短", Files: []kind.File{cityMatter("3")}}, 3},
			{configuration.Submission{Message: "市里不再另定", Deletes: []configuration.Key{{Kind: "Matter", Name: "food-business-licence"}}}, 5},
		} {
			c := o.through(t, "431300", step.in)
			if len(c.Plan.Tenants) != 2 || c.Plan.Tenants[1].Tenant != "431321" || !c.Plan.Tenants[1].Entries[0].Inherited ||
				c.Plan.Tenants[1].Entries[0].Fields[0].Path != "spec.acceptance_window.n" {
				t.Errorf("step %d plans %+v", i, c.Plan.Tenants)
			}
			o.republish(t, "431300")
			if p := o.progress(t, "431300", c.Revisions["431300"]); p != (configuration.Progress{Concerned: 1, Done: 1}) {
				t.Errorf("step %d: %+v", i, p)
			}
			if window() != step.want {
				t.Errorf("step %d: the county has %d days, want %d", i, window(), step.want)
			}
		}
	})
}

// A county that names the province stays on the province's matter: what the city says in between is not its own to follow.
func TestALayerThatIsPassedBy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		c := o.through(t, "431300", configuration.Submission{Message: "市里缩短", Files: []kind.File{cityMatter("4")}})
		o.republish(t, "431300")
		if len(c.Plan.Tenants) != 1 || o.progress(t, "431300", 2) != (configuration.Progress{}) {
			t.Errorf("%+v, %+v", c.Plan.Tenants, o.progress(t, "431300", 2))
		}
		if _, revision := o.newest(t, "431321"); revision != 1 {
			t.Errorf("the county was published anew: %d", revision)
		}
	})
}
