package kind_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

// same fails unless what the writer wrote reads back as the same resource, metadata and document.
func same(t interface {
	Helper()
	Fatalf(string, ...any)
}, r *kind.Resource) {
	t.Helper()
	text := r.YAML()
	again, problems := kind.ReadFiles([]kind.File{{Path: "w.yaml", Content: text}})
	if len(again) != 1 {
		t.Fatalf("%s reads as %d resources:\n%s\n%s", r.Key(), len(again), problems, text)
	}
	for _, pair := range [][2]any{{r.Metadata.Tree(), again[0].Metadata.Tree()}, {tree(r.Doc), tree(again[0].Doc)}} {
		if want, got := kind.Canonical(pair[0]), kind.Canonical(pair[1]); !bytes.Equal(want, got) {
			t.Fatalf("%s was\n%s\nreads as\n%s\nfrom\n%s", r.Key(), want, got, text)
		}
	}
	if !bytes.Equal(again[0].YAML(), text) {
		t.Fatalf("%s is written in two ways", r.Key())
	}
}

func tree(doc map[string]any) any {
	if doc == nil {
		return map[string]any{}
	}
	return doc
}

// TestYAMLKeepsEveryResource writes and reads every shipped resource and every example (R-CFG-07).
func TestYAMLKeepsEveryResource(t *testing.T) {
	resources, problems, err := kind.ReadFS(tenants.FS(), ".")
	if err != nil || problems.HasErrors() {
		t.Fatal(err, problems)
	}
	for _, info := range kind.Kinds() {
		examples, _ := kind.ReadFiles([]kind.File{{Path: "e.yaml", Content: kind.Example(info.Name)}})
		resources = append(resources, examples...)
	}
	if len(resources) < 200 {
		t.Fatalf("only %d resources", len(resources))
	}
	for _, r := range resources {
		same(t, r)
	}
}

// TestYAMLKeepsAnyTree writes and reads random documents: texts that look like numbers, booleans, dates, keys and
// markers of YAML, texts of several lines, rare characters, numbers of any length, nested and empty lists and maps.
func TestYAMLKeepsAnyTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := map[string]any{"title": anyText().Draw(t, "title"), "tables": anyMap(3).Draw(t, "tables")}
		if rapid.Bool().Draw(t, "delete") {
			doc["$delete"] = []any{"spec.materials[ref=a]"}
		}
		same(t, &kind.Resource{APIVersion: kind.APIVersion, Kind: "FeeSchedule", Doc: doc, Metadata: kind.Metadata{Tenant: "431321", Name: "w",
			Labels: map[string]string{anyKey().Draw(t, "label"): anyText().Draw(t, "value")}, Locks: []kind.Lock{{Path: "spec.title", Mode: "fixed"}},
			Extends: &kind.Extends{Tenant: "430000", Name: "w"}, Effective: &kind.Effectivity{From: "2026-03-01"}}})
	})
}

var awkward = []string{"", " ", "a ", " a", "no", "NULL", "~", "0012", "1e3", "1_000", "0x1F", "12:30", "2026-03-01", "- a", "? a", "a: b", "a #b", "#", "&a", "*a", "!x",
	"|", ">", "%", "@", "`", "'", "\"", "\\", "{", "[a]", "a,b", "=1+1", "---", "...", "<<", "周𠮷", "（新办）", "e\u0301", "a\n", "a\nb", "a\n b\n", "\na", "a\n\n", "a \nb", "a\tb\nc",
	"on", "y", "N", "True", ".5", ".inf", "+1", "-1", "asset:a/b.pdf", "form.days > 30 && x == 'a'", "长" + strings.Repeat("文", 200)}

func anyText() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom(awkward), rapid.StringMatching(`[a-z0-9 :#,\[\]{}'"\\\n&*!|>%@-]{0,24}`), rapid.StringMatching(`[一-龥（），。0-9 ]{0,60}`))
}

func anyKey() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom([]string{"", "a", "no", "0", "1.5", "键", "a b", "-", "$x", "x-dictionary", "<<", "null", "#"}), rapid.StringMatching(`[a-z0-9:#,_ -]{1,10}`))
}

func anyMap(depth int) *rapid.Generator[map[string]any] {
	return rapid.MapOfN(anyKey(), anyValue(depth), 0, 5)
}

func anyValue(depth int) *rapid.Generator[any] {
	leaves := []*rapid.Generator[any]{rapid.Map(anyText(), func(s string) any { return s }), rapid.Just[any](nil), rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Map(rapid.Int64(), func(n int64) any { return json.Number(fmt.Sprint(n)) }), rapid.SampledFrom([]any{json.Number("3.3330000000000000001"), json.Number("1e400"), json.Number("-0")})}
	if depth == 0 {
		return rapid.OneOf(leaves...)
	}
	return rapid.OneOf(append(leaves, rapid.Map(rapid.SliceOfN(anyValue(depth-1), 0, 5), func(l []any) any { return l }),
		rapid.Map(anyMap(depth-1), func(m map[string]any) any { return m }))...)
}

// TestYAMLReadsLikeAPersonsFile shows the form: order of declaration, quoted codes, blocks, short things on one line.
func TestYAMLReadsLikeAPersonsFile(t *testing.T) {
	const want = `apiVersion: zhengtong/v1
kind: DocumentTemplate
metadata: {tenant: "431321", name: doc-receipt, labels: {theme: 餐饮}}
spec:
  title: 受理通知书
  class: notice
  layout:
    blocks:
      - paragraph: |-
          你单位于 {{case.submitted_on|date}} 提出的申请，
          经审查，决定予以受理。
      - {qr: case.no}
  output: pdf
  copies: [applicant, archive]
`
	resources, _ := kind.ReadFiles([]kind.File{{Path: "d.yaml", Content: []byte(want)}})
	if got := string(resources[0].YAML()); got != want {
		t.Errorf("written as\n%s", got)
	}
}
