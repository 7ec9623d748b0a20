package kind_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"zhengtong/schema/kind"
)

// matter draws a matter of one tenant from a small stock of values, so that layers collide often.
func matter(t *rapid.T, tenant, parent string) *kind.Resource {
	var b strings.Builder
	extends := ""
	if parent != "" {
		extends = fmt.Sprintf(`, extends: {tenant: "%s", name: m}`, parent)
	}
	fmt.Fprintf(&b, "apiVersion: zhengtong/v1\nkind: Matter\nmetadata: {tenant: %q, name: m%s}\nspec:\n  abstract: true\n", tenant, extends)
	line := func(format string, args ...any) {
		if rapid.Bool().Draw(t, "has") {
			fmt.Fprintf(&b, "  "+format+"\n", args...)
		}
	}
	some := func(words ...string) string {
		return strings.Join(rapid.SliceOfNDistinct(rapid.SampledFrom(words), 1, len(words), rapid.ID[string]).Draw(t, "words"), ", ")
	}
	line("title: 事项%d", rapid.IntRange(1, 3).Draw(t, "title"))
	line("promised_limit: {n: %d, unit: workday}", rapid.IntRange(1, 9).Draw(t, "n"))
	line("channels: [%s]", some("web", "window", "mobile"))
	line("materials: [%s]", some("{ref: a, required: true}", "{ref: b, copies: 2}", "{ref: c, required_when: form.x}"))
	line("themes: [%s]", some("餐饮", "建设"))
	line("results: [%s]", some("{licence_type: x}", "{document: y}"))
	line("guide: {address: 甲, hours: 乙, phone: %q, complaint: 丁}", some("1", "2"))
	line("remedies: {litigation: null}")
	resources, problems := kind.ReadFiles([]kind.File{{Path: tenant + ".yaml", Content: []byte(b.String())}})
	if problems.HasErrors() {
		t.Fatalf("%s\n%s", problems, &b)
	}
	return resources[0]
}

// TestMergeLaws: an empty patch and a patch that restates change nothing; what a
// patch sets is what holds, unless lists unite; every value has a provenance; the
// layers themselves are left as they were (R-CFG-05).
func TestMergeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parent, child := matter(t, "430000", ""), matter(t, "431321", "430000")
		before, patch := parent.Digest(), child.Digest()
		root := kind.Root(parent)
		merged, problems := kind.Merge(root, child)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if parent.Digest() != before || child.Digest() != patch {
			t.Fatal("merging changed a layer")
		}
		again, _ := kind.Merge(merged, as(child, "431322"))
		if again.Resource.Digest() != merged.Resource.Digest() {
			t.Fatal("laying the same patch on top once more changes the document")
		}
		restated := *parent
		restated.Metadata = child.Metadata
		same, _ := kind.Merge(root, &restated)
		if same.Resource.Digest() != before {
			t.Fatal("restating changes the document")
		}
		for path, tenant := range same.Provenance {
			if tenant != "430000" {
				t.Fatalf("restating claims %s", path)
			}
		}
		if title := child.Title(); title != "" && (merged.Resource.Title() != title) {
			t.Fatalf("title %q, want %q", merged.Resource.Title(), title)
		}
		leaves(merged.Resource.Doc, "spec", func(path string) {
			if merged.Provenance.Of(path) == "" {
				t.Fatalf("%s comes from nowhere: %v", path, merged.Provenance)
			}
		})
	})
}

// as is a resource of another tenant with the same document.
func as(r *kind.Resource, tenant string) *kind.Resource {
	out := *r
	out.Metadata.Tenant = tenant
	return &out
}

// leaves calls visit with the path of every field outside lists.
func leaves(doc map[string]any, path string, visit func(string)) {
	for name, value := range doc {
		here := path + "." + name
		if inner, ok := value.(map[string]any); ok && len(inner) > 0 {
			leaves(inner, here, visit)
			continue
		}
		if _, list := value.([]any); !list {
			visit(here)
		}
	}
}

// TestLocksAreMonotone: under tighten no chain of patches ends above the first limit;
// under fixed none ends with another title (model invariant 19).
func TestLocksAreMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parent := matter(t, "430000", "")
		parent.Metadata.Locks = []kind.Lock{{Path: "spec.promised_limit", Mode: "tighten"}, {Path: "spec.title", Mode: "fixed"}}
		first := limit(parent.Doc)
		effective := kind.Root(parent)
		tenants := []string{"431300", "431321", "431321100"}
		above := "430000"
		for _, tenant := range tenants {
			merged, problems := kind.Merge(effective, matter(t, tenant, above))
			if problems.HasErrors() {
				return // refused: nothing is published
			}
			effective, above = merged, tenant
		}
		if last := limit(effective.Resource.Doc); first != "" && last > first {
			t.Fatalf("limit rose from %s to %s", first, last)
		}
		if effective.Resource.Title() != parent.Title() {
			t.Fatal("the fixed title changed")
		}
	})
}

// limit is the digit of the promised limit, "" when there is none.
func limit(doc map[string]any) string {
	value, ok := kind.Lookup(doc, kind.Path{{Name: "promised_limit"}, {Name: "n"}})
	if !ok {
		return ""
	}
	return fmt.Sprint(value)
}

// TestPathsReadBack: what String writes, ParsePath reads.
func TestPathsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var path kind.Path
		for range rapid.IntRange(1, 5).Draw(t, "length") {
			text := rapid.StringMatching(`[a-z."\]\[=\\ 甲]{1,6}`).Draw(t, "text")
			switch rapid.IntRange(0, 2).Draw(t, "form") {
			case 0:
				path = append(path, kind.Segment{Name: text})
			case 1:
				path = append(path, kind.Segment{Index: rapid.IntRange(0, 99).Draw(t, "index")})
			default:
				path = append(path, kind.Segment{Key: "id", Value: text})
			}
		}
		back, err := kind.ParsePath(path.String())
		if err != nil || back.String() != path.String() || len(back) != len(path) {
			t.Fatalf("%s read back as %s: %v", path, back, err)
		}
	})
}
