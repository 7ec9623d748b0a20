package configuration

import (
	"maps"
	"testing"

	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

// country is the shipped packs with a county that patches every matter it inherits: some patches name nothing, some name
// another matter or another form.
func country(t *testing.T) *Set {
	t.Helper()
	files, err := kind.Files(tenants.FS(), ".")
	if err != nil {
		t.Fatal(err)
	}
	layers, problems := Read(files)
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	above := NewSet(layers...).view("431300")
	add := func(kindName, name string, extends *kind.Extends, doc map[string]any) {
		layers = append(layers, newLayer(&kind.Resource{APIVersion: kind.APIVersion, Kind: kindName,
			Metadata: kind.Metadata{Tenant: "431399", Name: name, Extends: extends}, Doc: doc}, nil, nil))
	}
	add("Tenant", "431399", nil, map[string]any{"title": "试验县", "level": "county", "division_code": "431399", "parent": "431300", "timezone": "Asia/Shanghai"})
	matters, forms := above.All("Matter"), above.All("Form")
	for i, f := range matters {
		doc := map[string]any{"transition_note": "试验"}
		switch i % 4 {
		case 1:
			doc["prerequisites"] = []any{map[string]any{"matter": matters[(i+1)%len(matters)].Resource.Metadata.Name}}
		case 2:
			doc["form"] = forms[i%len(forms)].Resource.Metadata.Name
		}
		add("Matter", f.Resource.Metadata.Name, &kind.Extends{Tenant: "431300", Name: f.Resource.Metadata.Name}, doc)
	}
	return NewSet(layers...)
}

// Looking only where something can have changed finds the same matters as looking at everything, whatever has changed.
func TestTouchingIsExact(t *testing.T) {
	set := country(t)
	looked, few := 0, 0
	for _, origin := range []string{"national", "430000", "431300", "431399"} {
		for _, kindName := range pinnedKinds {
			for _, name := range set.names(origin, kindName) {
				changed := map[string]bool{Key{Tenant: origin, Kind: kindName, Name: name}.String(): true}
				touching := newTouching(changed)
				touching.shift(set, origin, "431399")
				for _, tenant := range []string{"431399", "431321", "431300", "430000", "national"} {
					v := set.view(tenant)
					if _, ok := touching.standsOn(v); ok {
						few++
					}
					want := map[string]string{}
					for _, f := range v.All("Matter") {
						if touches(v, f, touching.changed, map[string]bool{}, map[string]bool{}) {
							want[f.Resource.Metadata.Name] = f.Resource.Title()
						}
					}
					looked += len(want)
					if got := touching.matters(v); !maps.Equal(got, want) {
						t.Errorf("%s/%s/%s in %s: %v, want %v", origin, kindName, name, tenant, got, want)
					}
				}
			}
		}
	}
	if looked == 0 || few == 0 {
		t.Errorf("%d matters were touched, %d views were looked at in part", looked, few)
	}
}
