package tenants_test

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

// editorSchema is the generated schema of any resource, with those of all kinds, as an editor reads the files.
func editorSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	folder, err := filepath.Abs("../docs/kinds")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(folder, "resource.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// documents reads a file of YAML as an editor does: plain values.
func documents(t *testing.T, name string, text []byte) []map[string]any {
	t.Helper()
	var out []map[string]any
	for decoder := yaml.NewDecoder(bytes.NewReader(text)); ; {
		var document map[string]any
		switch err := decoder.Decode(&document); {
		case errors.Is(err, io.EOF):
			return out
		case err != nil:
			t.Fatalf("%s: %v", name, err)
		case document != nil:
			out = append(out, document)
		}
	}
}

// The JSON Schemas accept every resource that is shipped, patches included, so that an
// editor that checks by them marks nothing that publication would take.
func TestSchemasAcceptThePacks(t *testing.T) {
	files, err := kind.Files(tenants.FS(), ".")
	if err != nil {
		t.Fatal(err)
	}
	schema := editorSchema(t)
	checked := 0
	for _, file := range files {
		if file.Digest != "" {
			continue // an asset is never read as YAML
		}
		if strings.Contains(file.Path, "templates/") && !strings.Contains(file.Path, "national/templates.yaml") || strings.HasPrefix(file.Path, "demo/") {
			continue // layouts and accounts are no resources
		}
		for i, document := range documents(t, file.Path, file.Content) {
			checked++
			if err := schema.Validate(document); err != nil {
				t.Errorf("%s, document %d: %v", file.Path, i+1, err)
			}
		}
	}
	if checked < 150 {
		t.Errorf("only %d resources", checked)
	}
	for _, wrong := range []map[string]any{
		{"apiVersion": "zhengtong/v1", "kind": "Mater"},
		{"apiVersion": "zhengtong/v1", "kind": "Role", "metadata": map[string]any{"tenant": "431321", "name": "x"}, "spec": map[string]any{"title": "x"}},
	} {
		if schema.Validate(wrong) == nil {
			t.Errorf("accepted: %v", wrong)
		}
	}
}
