package kind_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"zhengtong/schema/kind"
)

// TestSchemasAgreeWithReading spoils every example in every place: a field left out, one
// too many, a value of another form, a word that is none. Whatever a kind's JSON Schema
// refuses, reading refuses; and a field too many or of another form escapes neither.
func TestSchemasAgreeWithReading(t *testing.T) {
	for _, info := range kind.Kinds() {
		t.Run(info.Name, func(t *testing.T) {
			schema := compiled(t, info)
			resources, _ := kind.ReadFiles([]kind.File{{Path: "a.yaml", Content: kind.Example(info.Name)}})
			r := resources[0]
			metadata := map[string]any{"tenant": r.Metadata.Tenant, "name": r.Metadata.Name}
			if e := r.Metadata.Extends; e != nil {
				metadata["extends"] = map[string]any{"tenant": e.Tenant, "name": e.Name}
			}
			text, err := json.Marshal(map[string]any{"apiVersion": r.APIVersion, "kind": r.Kind, "metadata": metadata, "spec": r.Doc})
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(decode(t, text)); err != nil {
				t.Fatalf("the example: %v", err)
			}
			spoil(decode(t, text), "$", func(document any, what, place string) {
				text, err := json.Marshal(document)
				if err != nil {
					t.Fatal(err)
				}
				_, problems := kind.ReadFiles([]kind.File{{Path: "a.yaml", Content: text}})
				bySchema, byReading := schema.Validate(decode(t, text)) != nil, problems.HasErrors()
				if bySchema && !byReading {
					t.Errorf("%s at %s: only the schema refuses", what, place)
				}
				form := problems.Has("V-01") && (what == "another form" || what == "a field too many")
				if form && !bySchema && !strings.Contains(problems.String(), "重复") {
					t.Errorf("%s at %s: the schema accepts what reading refuses:\n%s", what, place, problems)
				}
			})
		})
	}
}

func compiled(t *testing.T, info kind.Info) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("kind.json", decode(t, kind.Canonical(info.Schema()))); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("kind.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// spoil tries one mistake after the other; the document is whole again in between.
func spoil(document any, _ string, try func(document any, what, place string)) {
	var walk func(value any, place string, set func(any))
	walk = func(value any, place string, set func(any)) {
		switch v := value.(type) {
		case map[string]any:
			for name, inner := range v {
				walk(inner, place+"."+name, func(x any) { v[name] = x })
				delete(v, name)
				try(document, "a field left out", place+"."+name)
				v[name] = inner
			}
			v["no_such_field"] = "x"
			try(document, "a field too many", place)
			delete(v, "no_such_field")
			set([]any{v})
			try(document, "another form", place)
		case []any:
			for i, inner := range v {
				walk(inner, place+"[]", func(x any) { v[i] = x })
			}
			set(map[string]any{"x": v})
			try(document, "another form", place)
		case string:
			for _, word := range []string{"No such word!", ""} {
				set(word)
				try(document, "another word", place)
			}
			set(map[string]any{"x": v})
			try(document, "another form", place)
		default:
			set("x")
			try(document, "another form", place)
		}
		set(value)
	}
	walk(document, "$", func(any) {})
}
