package tenants_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"zhengtong/internal/document/layout"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

// TestPacksAreClean reads every pack as one change: no error, and no warning but
// that a material comes without a sample (V-14).
func TestPacksAreClean(t *testing.T) {
	resources, problems := read(t)
	for _, p := range problems {
		if p.Code != "V-14" {
			t.Errorf("%s", p)
		}
	}
	if len(resources) < 150 {
		t.Errorf("only %d resources read", len(resources))
	}
}

// TestEveryTemplateHasItsLayout finds the file of every document and licence and
// checks that it shows nothing its template does not declare (V-37).
func TestEveryTemplateHasItsLayout(t *testing.T) {
	resources, _ := read(t)
	used := map[string]bool{}
	for _, r := range resources {
		switch spec := r.Spec.(type) {
		case *kind.DocumentTemplate:
			l := load(t, r, spec.File, used)
			if list := layout.Check(l, spec.Fields); len(list) > 0 {
				t.Errorf("%s: %s", r.Key(), list)
			}
			if drawn := slices.ContainsFunc(l.Blocks, func(b layout.Block) bool { return b.Seal != nil }); drawn != (spec.Seal != nil) {
				t.Errorf("%s: seal declared %v, drawn %v", r.Key(), spec.Seal != nil, drawn)
			}
		case *kind.LicenceType:
			checkLicence(t, r, load(t, r, spec.Template.File, used), spec)
			if spec.Lifecycle != nil && spec.Lifecycle.Upgrade != nil {
				checkLicence(t, r, load(t, r, spec.Lifecycle.Upgrade.ToTemplate, used), spec)
			}
		}
	}
	files, err := kind.Files(tenants.FS(), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.Contains(f.Path, "/templates/") && !used[f.Path] {
			t.Errorf("%s is used by no template", f.Path)
		}
	}
}

// checkLicence allows a licence's own fields and its number, title and end.
func checkLicence(t *testing.T, r *kind.Resource, l layout.Layout, spec *kind.LicenceType) {
	known := []string{"licence.no", "licence.title", "licence.valid_to"}
	for _, f := range spec.Fields {
		known = append(known, f.Name)
	}
	for _, path := range layout.Placeholders(l) {
		if !slices.Contains(known, path) {
			t.Errorf("%s: the layout shows %q, which is no field", r.Key(), path)
		}
	}
}

// TestCountyStandsOnProvince merges the food matter of the county over the
// province's: every lock holds, and each value tells where it comes from (R-CFG-05).
func TestCountyStandsOnProvince(t *testing.T) {
	resources, _ := read(t)
	province, county := find(t, resources, "430000/Matter/food-business-licence"), find(t, resources, "431321/Matter/food-business-licence")
	merged, problems := kind.Merge(kind.Root(province), county)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	whole, problems := merged.Resource.Complete()
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	matter, ok := whole.Spec.(*kind.Matter)
	if !ok || matter.PromisedLimit.N != 5 || matter.StatutoryLimit.N != 10 || matter.Abstract {
		t.Errorf("effective matter: %+v", whole.Spec)
	}
	for path, tenant := range map[string]string{
		"spec.promised_limit.n":                          "431321",
		"spec.promised_limit.unit":                       "430000",
		"spec.materials[ref=safety-rules].required":      "430000",
		"spec.guide.phone":                               "431321",
		"spec.special_procedures[=food-site-inspection]": "431321",
	} {
		if got := merged.Provenance.Of(path); got != tenant {
			t.Errorf("%s comes from %q, want %q", path, got, tenant)
		}
	}
}

// TestCountyCalendarRestatesTheNation shows that restating a parent's value is allowed, day by day.
func TestCountyCalendarRestatesTheNation(t *testing.T) {
	resources, _ := read(t)
	merged, problems := kind.Merge(kind.Root(find(t, resources, "national/Calendar/default")), find(t, resources, "431321/Calendar/default"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	whole, problems := merged.Resource.Complete()
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	days := whole.Spec.(*kind.Calendar).Days()
	for day, working := range map[string]bool{"2026-02-14": true, "2026-02-18": false, "2026-09-20": true, "2026-10-07": false, "2013-05-02": true} {
		if got, ok := days[day]; !ok || got != working {
			t.Errorf("%s working: %v, want %v", day, got, working)
		}
	}
}

func read(t *testing.T) ([]*kind.Resource, problem.List) {
	t.Helper()
	resources, problems, err := kind.ReadFS(tenants.FS(), ".")
	if err != nil {
		t.Fatal(err)
	}
	return resources, problems
}

func find(t *testing.T, resources []*kind.Resource, key string) *kind.Resource {
	t.Helper()
	for _, r := range resources {
		if r.Key() == key {
			return r
		}
	}
	t.Fatalf("no resource %s", key)
	return nil
}

// load reads the layout that a resource names.
func load(t *testing.T, r *kind.Resource, name string, used map[string]bool) layout.Layout {
	t.Helper()
	path, ok := kind.LayoutPath(r.File, name, func(p string) bool {
		_, err := fs.Stat(tenants.FS(), p)
		return err == nil
	})
	if !ok {
		t.Errorf("%s: no file %s", r.Key(), name)
		return layout.Layout{}
	}
	used[path] = true
	content, err := fs.ReadFile(tenants.FS(), path)
	if err != nil {
		t.Fatal(err)
	}
	l, problems := layout.Decode(content)
	if len(problems) > 0 {
		t.Errorf("%s: %s", path, problems)
	}
	return l
}
