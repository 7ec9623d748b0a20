package kind_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"zhengtong/schema/kind"
)

// authored is a resource as an authored tree.
func authored(t interface{ Fatal(...any) }, text string) map[string]any {
	resources, problems := kind.ReadFiles([]kind.File{{Path: "m.yaml", Content: []byte("apiVersion: zhengtong/v1\nkind: Matter\n" + text)}})
	if problems.HasErrors() {
		t.Fatal(problems, text)
	}
	return map[string]any{"metadata": resources[0].Metadata.Tree(), "spec": resources[0].Doc}
}

func canonical(tree map[string]any) string { return string(kind.Canonical(tree)) }

// reconcileBase is what the examples below edit.
const reconcileBase = `metadata: {tenant: "430000", name: m, locks: [{path: spec.title, mode: fixed}], labels: {theme: 餐饮}}
spec:
  abstract: true
  title: 许可
  promised_limit: {n: 8, unit: workday}
  channels: [web, window]
  materials: [{ref: a, required: true}, {ref: b, required: true}, {ref: c, required: true}]
  results: [{licence_type: x}]
  guide: {address: 甲, hours: 乙, phone: "1", complaint: 丁}
`

// SM-04, R-CFG-05: fields that differ are merged by the key that each list declares; those that both changed are named,
// with what they were and what each made of them, and so are parts that mean something only together.
func TestReconcile(t *testing.T) {
	for name, c := range map[string]struct {
		theirs, mine string // replacements: old => new
		want         string // replacements that give the merged document
		clashes      []string
	}{
		"different fields":               {`n: 8 => n: 7`, `phone: "1" => phone: "2"`, "n: 8 => n: 7; phone: \"1\" => phone: \"2\"", nil},
		"different elements":             {`{ref: a, required: true} => {ref: a, required: false}`, `{ref: b, required: true}, => `, `{ref: a, required: true}, {ref: b, required: true}, => {ref: a, required: false},`, nil},
		"different fields of an element": {`{ref: a, required: true} => {ref: a, required: true, copies: 2}`, `{ref: a, required: true} => {ref: a, required: false}`, `{ref: a, required: true} => {ref: a, required: false, copies: 2}`, nil},
		"new elements on both sides":     {`{ref: c, required: true} => {ref: c, required: true}, {ref: z}`, `{ref: c, required: true} => {ref: c, required: true}, {ref: d}`, `{ref: c, required: true} => {ref: c, required: true}, {ref: d}, {ref: z}`, nil},
		"members of a set":               {`[web, window] => [web, window, mobile]`, `[web, window] => [web]`, `[web, window] => [web, mobile]`, nil},
		"an order, and a new element":    {`[web, window] => [window, web]`, `[web, window] => [web, mobile, window]`, `[web, window] => [window, web, mobile]`, nil},
		"head and body":                  {`labels: {theme: 餐饮} => labels: {theme: 食品}`, `title: 许可 => title: 经营许可`, `labels: {theme: 餐饮} => labels: {theme: 食品}; title: 许可 => title: 经营许可`, nil},
		"the same edit twice":            {`n: 8 => n: 7`, `n: 8 => n: 7`, `n: 8 => n: 7`, nil},
		"one field":                      {`n: 8 => n: 7`, `n: 8 => n: 6`, `n: 8 => n: 6`, []string{"spec.promised_limit.n"}},
		"a number and its unit":          {`n: 8 => n: 7`, `unit: workday => unit: day`, `unit: workday => unit: day`, []string{"spec.promised_limit.n", "spec.promised_limit.unit"}},
		"taken away and changed":         {`{ref: b, required: true}, => `, `{ref: b, required: true} => {ref: b, required: false}`, `{ref: b, required: true} => {ref: b, required: false}`, []string{"spec.materials[ref=b]"}},
		"alternatives":                   {`{ref: a, required: true} => {ref: a, required_when: form.x}`, `{ref: a, required: true} => {ref: a, required: false}`, `{ref: a, required: true} => {ref: a, required: false}`, []string{"spec.materials[ref=a].required", "spec.materials[ref=a].required_when"}},
		"a list that is replaced whole":  {`results: [{licence_type: x}] => results: [{licence_type: y}]`, `results: [{licence_type: x}] => results: [{document: d}]`, `results: [{licence_type: x}] => results: [{document: d}]`, []string{"spec.results"}},
		"two orders":                     {`{ref: a, required: true}, {ref: b, required: true}, {ref: c, required: true} => {ref: b, required: true}, {ref: a, required: true}, {ref: c, required: true}`, `{ref: a, required: true}, {ref: b, required: true}, {ref: c, required: true} => {ref: a, required: true}, {ref: c, required: true}, {ref: b, required: true}`, `{ref: b, required: true}, {ref: c, required: true} => {ref: c, required: true}, {ref: b, required: true}`, []string{"spec.materials"}},
		"a lock":                         {`{path: spec.title, mode: fixed} => {path: spec.title, mode: free}`, `{path: spec.title, mode: fixed} => {path: spec.title, mode: append}`, `{path: spec.title, mode: fixed} => {path: spec.title, mode: append}`, []string{"metadata.locks[path=spec.title].mode"}},
	} {
		t.Run(name, func(t *testing.T) {
			base, theirs, mine := authored(t, reconcileBase), authored(t, replaced(t, reconcileBase, c.theirs)), authored(t, replaced(t, reconcileBase, c.mine))
			before := canonical(base) + canonical(theirs) + canonical(mine)
			merged, edits := kind.Reconcile("Matter", base, theirs, mine)
			if want := canonical(authored(t, replaced(t, reconcileBase, c.want))); canonical(merged) != want {
				t.Errorf("merged\n%s, want\n%s", canonical(merged), want)
			}
			var clashes []string
			for _, e := range edits {
				if e.Clash {
					clashes = append(clashes, e.Path)
				}
			}
			if slices.Sort(clashes); !slices.Equal(clashes, c.clashes) || len(edits) == 0 {
				t.Errorf("%+v, want clashes at %v", edits, c.clashes)
			}
			if canonical(base)+canonical(theirs)+canonical(mine) != before {
				t.Error("merging changed a document")
			}
		})
	}
}

func replaced(t *testing.T, text, replacements string) string {
	t.Helper()
	for _, r := range strings.Split(replacements, "; ") {
		old, replacement, ok := strings.Cut(r, " => ")
		if !ok || !strings.Contains(text, old) {
			t.Fatalf("no %q in the base", old)
		}
		text = strings.Replace(text, old, replacement, 1)
	}
	return text
}

// A value that one edit takes away from the parent's and the other goes on changing is a clash.
func TestReconcileDeletions(t *testing.T) {
	patch := `metadata: {tenant: "431321", name: m, extends: {tenant: "430000", name: m}}
spec: {title: 许可, materials: [{ref: a, required: true}]%s}
`
	base := authored(t, fmt.Sprintf(patch, ""))
	theirs := authored(t, fmt.Sprintf(patch, `, $delete: ["spec.materials[ref=b]", spec.guide]`))
	mine := authored(t, fmt.Sprintf(patch, `, guide: {phone: "2"}, $delete: [spec.remedies]`))
	merged, edits := kind.Reconcile("Matter", base, theirs, mine)
	clashes := 0
	for _, e := range edits {
		if e.Clash {
			clashes++
		}
	}
	if clashes != 2 || len(merged["spec"].(map[string]any)["$delete"].([]any)) != 3 {
		t.Errorf("%+v, %s", edits, canonical(merged))
	}
}

// act is one edit of a document.
type act struct {
	place string // acts at different places are disjoint
	do    func(spec map[string]any)
}

// acts draws edits at places that differ, no two of which touch the same value.
func acts(t *rapid.T) []act {
	n := func() json.Number { return json.Number(fmt.Sprint(rapid.IntRange(10, 99).Draw(t, "n"))) }
	element := func(spec map[string]any, ref string) map[string]any {
		for _, m := range spec["materials"].([]any) {
			if m := m.(map[string]any); m["ref"] == ref {
				return m
			}
		}
		return nil
	}
	number, copies, word := n(), n(), fmt.Sprint(n())
	all := []act{
		{"title", func(spec map[string]any) { spec["title"] = word }},
		{"limit", func(spec map[string]any) { spec["promised_limit"].(map[string]any)["n"] = number }},
		{"phone", func(spec map[string]any) { spec["guide"].(map[string]any)["phone"] = word }},
		{"hours", func(spec map[string]any) { delete(spec["guide"].(map[string]any), "hours") }},
		{"visits", func(spec map[string]any) { spec["visits"] = number }},
		{"results", func(spec map[string]any) { spec["results"] = []any{map[string]any{"document": "d" + word}} }},
		{"mobile", func(spec map[string]any) { spec["channels"] = append(spec["channels"].([]any), "mobile") }},
		{"window", func(spec map[string]any) {
			spec["channels"] = slices.DeleteFunc(spec["channels"].([]any), func(c any) bool { return c == "window" })
		}},
		{"a.copies", func(spec map[string]any) { element(spec, "a")["copies"] = copies }},
		{"a.required", func(spec map[string]any) { element(spec, "a")["required"] = false }},
		{"b", func(spec map[string]any) {
			spec["materials"] = slices.DeleteFunc(spec["materials"].([]any), func(m any) bool { return m.(map[string]any)["ref"] == "b" })
		}},
		{"y", func(spec map[string]any) {
			spec["materials"] = append(spec["materials"].([]any), map[string]any{"ref": "y"})
		}},
		{"z", func(spec map[string]any) {
			spec["materials"] = append([]any{map[string]any{"ref": "z", "copies": copies}}, spec["materials"].([]any)...)
		}},
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(all), 2, 8, func(a act) string { return a.place }).Draw(t, "acts")
}

// SM-04: merging disjoint edits commutes, clashes nowhere, and is what making both edits one after the other gives.
func TestReconcileLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chosen := acts(t)
		cut := rapid.IntRange(0, len(chosen)).Draw(t, "cut")
		made := func(list ...act) map[string]any {
			tree := authored(t, reconcileBase)
			for _, a := range list {
				a.do(tree["spec"].(map[string]any))
			}
			return tree
		}
		base, left, right, both := made(), made(chosen[:cut]...), made(chosen[cut:]...), made(chosen...)
		merged, edits := kind.Reconcile("Matter", base, left, right)
		other, _ := kind.Reconcile("Matter", base, right, left)
		if canonical(merged) != canonical(other) {
			t.Fatalf("it matters whose edit is whose:\n%s\n%s", canonical(merged), canonical(other))
		}
		for _, e := range edits {
			if e.Clash {
				t.Fatalf("a clash: %+v", e)
			}
		}
		if unordered(merged) != unordered(both) {
			t.Fatalf("merged\n%s, made one after the other\n%s", canonical(merged), canonical(both))
		}
		again, _ := kind.Reconcile("Matter", left, merged, left)
		if canonical(again) != canonical(merged) {
			t.Fatalf("who edits nothing changes something:\n%s\n%s", canonical(again), canonical(merged))
		}
	})
}

// unordered is a document without the order of its keyed lists: edits made one after the other put new elements last.
func unordered(tree map[string]any) string {
	spec := tree["spec"].(map[string]any)
	for _, name := range []string{"channels", "materials"} {
		list := slices.Clone(spec[name].([]any))
		slices.SortFunc(list, func(a, b any) int { return strings.Compare(string(kind.Canonical(a)), string(kind.Canonical(b))) })
		spec[name] = list
	}
	return canonical(tree)
}
