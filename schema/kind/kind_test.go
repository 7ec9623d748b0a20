package kind_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// TestEveryKindHasAnExample reads the example of each of the 44 kinds without a remark,
// accepts it by the kind's JSON Schema, and gets it back from canonical JSON.
func TestEveryKindHasAnExample(t *testing.T) {
	if n := len(kind.Kinds()); n != 44 {
		t.Errorf("%d kinds, want 44", n)
	}
	for _, info := range kind.Kinds() {
		t.Run(info.Name, func(t *testing.T) {
			text := kind.Example(info.Name)
			resources, problems := kind.ReadFiles([]kind.File{{Path: info.Name + ".yaml", Content: text}})
			if len(problems) > 0 || len(resources) != 1 {
				t.Fatalf("%d resources, problems:\n%s", len(resources), problems)
			}
			r := resources[0]
			if !r.IsPatch() {
				checkSchema(t, info, r)
				checkRoundTrip(t, r)
			}
		})
	}
}

// checkSchema validates a resource against the schema of its kind with an independent validator.
func checkSchema(t *testing.T, info kind.Info, r *kind.Resource) {
	t.Helper()
	schema := compiled(t, info)
	document := map[string]any{"apiVersion": r.APIVersion, "kind": r.Kind,
		"metadata": map[string]any{"tenant": r.Metadata.Tenant, "name": r.Metadata.Name}, "spec": decode(t, r.Canonical())}
	if err := schema.Validate(document); err != nil {
		t.Errorf("the schema refuses the example: %v", err)
	}
	document["spec"].(map[string]any)["no_such_field"] = "x"
	if schema.Validate(document) == nil {
		t.Error("the schema accepts an unknown field")
	}
}

func decode(t *testing.T, text []byte) any {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// checkRoundTrip completes a resource, stores it and reads it back: same bytes, same digest, nothing left to fill in.
func checkRoundTrip(t *testing.T, r *kind.Resource) {
	t.Helper()
	whole, problems := r.Complete()
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	back, err := kind.FromCanonical(r.Kind, r.Metadata, whole.Canonical())
	if err != nil {
		t.Fatal(err)
	}
	if back.Digest() != whole.Digest() {
		t.Error("digest changed on the way through storage")
	}
	again, problems := back.Complete()
	if problems.HasErrors() || again.Digest() != whole.Digest() {
		t.Errorf("completing twice changes the document: %s", problems)
	}
}

// TestPositionFindsByIndexAndByKey places both kinds of path (style: file:line:col).
func TestPositionFindsByIndexAndByKey(t *testing.T) {
	resources, _ := kind.ReadFiles([]kind.File{{Path: "flow.yaml", Content: kind.Example("Workflow")}})
	r := resources[0]
	for path, want := range map[string][2]int{
		"$.spec.start":                               {6, 10},
		"$.spec.nodes[1].id":                         {17, 11},
		"spec.nodes[id=decide].id":                   {17, 11},
		"spec.nodes[id=decide].actions[id=grant].to": {24, 77},
		"spec.nodes[id=decide].no_such":              {17, 7},
		"spec.no_such":                               {1, 1},
		"$.metadata.tenant":                          {3, 20},
	} {
		if line, column := r.Position(path); [2]int{line, column} != want {
			t.Errorf("%s is at %d:%d, want %v", path, line, column, want)
		}
	}
}

// TestReferencesAndExpressions lists what a linker must look up, late names left out.
func TestReferencesAndExpressions(t *testing.T) {
	resources, _ := kind.ReadFiles([]kind.File{{Path: "m.yaml", Content: kind.Example("Matter")}, {Path: "t.yaml", Content: kind.Example("SealPolicy")}})
	var refs []string
	for _, r := range resources {
		for _, ref := range kind.References(r) {
			refs = append(refs, ref.Path+" "+ref.Kind+strings.Join(append([]string{""}, ref.Or...), "|")+" "+ref.Name)
		}
	}
	all := strings.Join(refs, "\n")
	for _, want := range []string{"$.spec.materials[1].ref Material traffic-plan", "$.spec.documents.grant DocumentTemplate doc-grant",
		"$.spec.extension.approver_role Role chief", "$.spec.usable_on[1] DocumentTemplate|LicenceType food-business-licence"} {
		if !strings.Contains(all, want) {
			t.Errorf("no reference %q in\n%s", want, all)
		}
	}
	expressions := kind.Expressions(resources[0])
	if len(expressions) != 1 || expressions[0] != (kind.Expression{Path: "$.spec.materials[1].required_when", Context: "form", Source: "form.days > 30"}) {
		t.Errorf("expressions: %+v", expressions)
	}
}

// TestOrderedInputs derives the order of fee inputs from their use; a circle is refused.
func TestOrderedInputs(t *testing.T) {
	f := kind.FeeSchedule{Inputs: map[string]string{"a": "b + c.a", "b": "c * dec('a')", "c": "form.a"}}
	ordered, err := f.OrderedInputs()
	if err != nil || ordered[0].Name != "c" || ordered[1].Name != "b" || ordered[2].Name != "a" {
		t.Errorf("%v %v", ordered, err)
	}
	f.Inputs["c"] = "a"
	if _, err := f.OrderedInputs(); err == nil {
		t.Error("a circle is accepted")
	}
}

// TestNumbersKeepTheirText: no number passes through float64 (domain part 3.1).
func TestNumbersKeepTheirText(t *testing.T) {
	text := strings.Replace(string(kind.Example("FeeSchedule")), "area_sqm: 12.5", "area_sqm: 3.3330000000000000001", 1)
	resources, _ := kind.ReadFiles([]kind.File{{Path: "f.yaml", Content: []byte(text)}})
	fee := resources[0].Spec.(*kind.FeeSchedule)
	if got := fee.Tests[0].Form["area_sqm"]; got != json.Number("3.3330000000000000001") {
		t.Errorf("area is %v", got)
	}
}

// FuzzReadFiles: whatever is written, reading returns; what it accepts, canonical JSON keeps.
func FuzzReadFiles(f *testing.F) {
	for _, info := range kind.Kinds() {
		f.Add(kind.Example(info.Name))
	}
	f.Add([]byte("a: &a [*a, *a]\n"))
	f.Add([]byte("--- !!binary aGVsbG8=\n...\n%YAML 1.1\n---\n? [x]\n: {<<: {a: 1}}\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		resources, problems := kind.ReadFiles([]kind.File{{Path: "fuzz.yaml", Content: content}})
		for _, p := range problems {
			if p.File != "fuzz.yaml" || p.Line < 1 || p.Column < 1 || p.Code == "" || p.Message == "" {
				t.Fatalf("a problem without place, code or message: %+v", p)
			}
		}
		if problems.HasErrors() {
			return
		}
		for _, r := range resources {
			again, err := kind.FromCanonical(r.Kind, r.Metadata, mustComplete(t, r).Canonical())
			if err != nil && !r.IsPatch() {
				t.Fatalf("accepted, but not from canonical JSON: %v", err)
			}
			if err == nil && again.Kind != r.Kind {
				t.Fatal("kind changed")
			}
		}
	})
}

func mustComplete(t *testing.T, r *kind.Resource) *kind.Resource {
	t.Helper()
	whole, problems := r.Complete()
	if problems.HasErrors() && !r.IsPatch() && r.Metadata.Pack == "" {
		t.Fatalf("accepted by the reader, refused when completed:\n%s", problem.List(problems))
	}
	return whole
}
