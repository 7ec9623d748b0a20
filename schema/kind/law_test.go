package kind_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"zhengtong/schema/kind"
)

// paths lists the leaves of a document with the keys of its lists, each once.
func paths(doc map[string]any) []string {
	var out []string
	leaves(doc, "spec", func(path string) { out = append(out, path) })
	for name, key := range map[string]string{"channels": "=", "materials": "ref", "themes": "="} {
		list, _ := doc[name].([]any)
		for _, item := range list {
			path := kind.Path{{Name: "spec"}, {Name: name}, {Key: key, Value: text(item, key)}}
			out = append(out, path.String())
		}
	}
	slices.Sort(out)
	return out
}

func text(item any, key string) string {
	if m, ok := item.(map[string]any); ok {
		item = m[key]
	}
	word, _ := item.(string)
	return word
}

// R-CFG-05: at every depth each value, each element of a list and each thing that was taken away says which tenant of
// the chain did so, and what is not there says nothing else.
func TestProvenanceOfEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chain := []string{"430000", "431300", "431321"}
		effective := kind.Root(matter(t, chain[0], ""))
		for i, tenant := range chain[1:] {
			patch := matter(t, tenant, chain[i])
			var gone string
			if there := paths(effective.Resource.Doc); len(there) > 0 && rapid.Bool().Draw(t, "deletes") {
				gone = rapid.SampledFrom(there).Draw(t, "gone")
				again := slices.ContainsFunc(paths(patch.Doc), func(path string) bool { return strings.HasPrefix(path, gone) })
				if again || kind.CheckPath("Matter", gone) != nil {
					gone = ""
				} else {
					patch.Doc["$delete"] = []any{gone}
				}
			}
			merged, problems := kind.Merge(effective, patch)
			if problems.HasErrors() {
				t.Fatal(problems)
			}
			if gone != "" {
				if by := merged.Provenance["$delete:"+gone]; by != tenant && !slices.Contains(paths(merged.Resource.Doc), gone) {
					t.Fatalf("%s was deleted by %s, recorded as %q: %v", gone, tenant, by, merged.Provenance)
				}
			}
			effective = merged
		}
		for key, tenant := range effective.Provenance {
			if !slices.Contains(chain, tenant) {
				t.Fatalf("%s comes from %q", key, tenant)
			}
			path, deleted := kind.Deleted(key)
			parsed, err := kind.ParsePath(path)
			if err != nil {
				t.Fatal(err)
			}
			if _, there := kind.Lookup(map[string]any{"spec": effective.Resource.Doc}, parsed); there == deleted {
				t.Fatalf("%s: there %t, recorded as deleted %t", path, there, deleted)
			}
		}
		for _, path := range paths(effective.Resource.Doc) {
			parsed, _ := kind.ParsePath(path)
			own := false
			for key := range effective.Provenance {
				own = own || strings.HasPrefix(key, parsed.String())
			}
			if !own && effective.Provenance.Of(path) == "" {
				t.Fatalf("%s comes from nowhere: %v", path, effective.Provenance)
			}
		}
	})
}

// What each lock mode lets through, against what it means said plainly: a set of words shrinks, grows, is chosen from, is equal.
func TestLockModesMeanWhatTheySay(t *testing.T) {
	words := []string{"web", "window", "mobile", "terminal"}
	draw := func(t *rapid.T, name string) []any {
		var out []any
		for _, w := range rapid.SliceOfNDistinct(rapid.SampledFrom(words), 1, len(words), rapid.ID[string]).Draw(t, name) {
			out = append(out, w)
		}
		return out
	}
	subset := func(a, b []any) bool {
		return !slices.ContainsFunc(a, func(x any) bool { return !slices.Contains(b, x) })
	}
	rapid.Check(t, func(t *rapid.T) {
		mode := rapid.SampledFrom([]string{"fixed", "shrink", "append", "enum"}).Draw(t, "mode")
		parent, child := matter(t, "430000", ""), matter(t, "431321", "430000")
		above, mine := draw(t, "above"), draw(t, "mine")
		parent.Doc["channels"], child.Doc["channels"] = above, mine
		parent.Metadata.Locks = []kind.Lock{{Path: "spec.channels", Mode: mode}}
		var gone []any
		for _, w := range above {
			if !slices.Contains(mine, w) && rapid.Bool().Draw(t, "delete") {
				gone = append(gone, `spec.channels[=`+w.(string)+`]`)
			}
		}
		if len(gone) > 0 && mode != "enum" {
			child.Doc["$delete"] = gone
		}
		merged, problems := kind.Merge(kind.Root(parent), child)
		now, _ := merged.Resource.Doc["channels"].([]any)
		allowed := map[string]bool{"fixed": subset(now, above) && subset(above, now), "shrink": subset(now, above), "append": subset(above, now),
			"enum": subset(mine, above)}[mode]
		if allowed == problems.HasErrors() {
			t.Fatalf("%s: above %v, patch %v without %v makes %v: %v", mode, above, mine, gone, now, problems)
		}
		// What the lock refuses is what Drop takes out of the patch, and then it passes.
		if problems.HasErrors() {
			doc, dropped := kind.Drop(child.Doc, problems)
			if !dropped {
				t.Fatalf("%s: nothing dropped for %v", mode, problems)
			}
			rest := *child
			rest.Doc = doc
			if _, still := kind.Merge(kind.Root(parent), &rest); still.HasErrors() {
				t.Fatalf("%s: still in conflict: %v", mode, still)
			}
		}
	})
}
