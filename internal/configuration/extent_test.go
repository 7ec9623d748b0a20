package configuration

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

// What a government above changes is found in a tenant below by looking within its extent as by looking at all of it:
// the same conflicts, the same entries to write. Every field of every resource above is left out once.
func TestExtentIsEnough(t *testing.T) {
	files, err := kind.Files(tenants.FS(), ".")
	if err != nil {
		t.Fatal(err)
	}
	layers, problems := Read(files)
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	before := NewSet(layers...)
	conflicts, entries := 0, 0
	for tenant, origins := range map[string][]string{"431321": {"430000"}, "450721": {"450000"}} {
		current := map[string]storedEntry{}
		for _, l := range before.declared(tenant) {
			e := entryWrite{key: l.key(), layer: l, resolution: before.resolve(l)}
			current[l.key().local()] = storedEntry{authored: l.Digest, effective: e.effective()}
		}
		for i, l := range layers {
			origin := l.Resource.Metadata.Tenant
			if !slices.Contains(origins, origin) || !pinnedKind(l.Resource.Kind) || l.Resource.Metadata.Pack != "" {
				continue
			}
			for _, field := range sortedKeys(l.Resource.Doc) {
				doc := maps.Clone(l.Resource.Doc)
				delete(doc, field)
				edited := slices.Clone(layers)
				edited[i] = l.with(doc)
				whole, part := NewSet(edited...), NewSet(edited...)
				all, apart := whole.conflicts(tenant)
				within := part.extentOf(origin, tenant, newTouching(map[string]bool{l.Resource.Key(): true}))
				some, apartToo := part.conflictsWithin(tenant, within)
				at := fmt.Sprintf("%s without %s, in %s", l.Resource.Key(), field, tenant)
				if apart != apartToo || fmt.Sprint(keysOf(all)) != fmt.Sprint(keysOf(some)) {
					t.Fatalf("%s: %v %t, within the extent %v %t", at, keysOf(all), apart, keysOf(some), apartToo)
				}
				want, got := whole.differences(tenant, current, nil), part.differences(tenant, current, within)
				if len(want) != len(got) {
					t.Fatalf("%s: %d entries, within the extent %d", at, len(want), len(got))
				}
				conflicts, entries = conflicts+len(all), entries+len(want)
			}
		}
	}
	if conflicts == 0 || entries == 0 {
		t.Errorf("%d conflicts and %d entries compared", conflicts, entries)
	}
	t.Log(conflicts, "conflicts,", entries, "entries")
}

// keysOf are the places and codes of conflicts.
func keysOf(list []conflict) []string {
	var out []string
	for _, c := range list {
		for _, p := range c.problems {
			out = append(out, fmt.Sprint(c.key, p.Path, p.Code))
		}
	}
	slices.Sort(out)
	return out
}
