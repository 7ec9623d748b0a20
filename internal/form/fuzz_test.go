package form

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// FuzzCompile: whatever a form says, compiling it returns; a form that is refused has a
// problem at a place, and one that is accepted judges any data.
func FuzzCompile(f *testing.F) {
	files, err := filepath.Glob("testdata/cases/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var c struct{ Spec json.RawMessage }
		if err := json.Unmarshal(text, &c); err != nil || c.Spec == nil {
			f.Fatalf("%s: %v", file, err)
		}
		f.Add([]byte(c.Spec), []byte(`{"area_sqm": 1e400, "agent": []}`))
	}
	f.Add([]byte(`{"schema": {"type": "object", "properties": {"a": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"type": "object", "properties": {"a": {"$ref": "#/$defs/a"}}}}}}`), []byte(`{}`))
	f.Add([]byte(`{"schema": {"type": "object", "properties": {"a": {"type": "number", "title": "a", "multipleOf": 1e-300, "minimum": 1e300}}}}`), []byte(`{"a": 1}`))
	f.Fuzz(func(t *testing.T, spec, data []byte) {
		var declared Spec
		if json.Unmarshal(spec, &declared) != nil {
			return
		}
		compiled, problems := Compile(declared, Options{})
		if (compiled == nil) != problems.HasErrors() {
			t.Fatalf("form %t with problems:\n%s", compiled != nil, problems)
		}
		for _, p := range problems {
			if p.Path == "" || p.Code == "" || p.Message == "" {
				t.Fatalf("a problem without place, code or message: %+v", p)
			}
		}
		if compiled == nil {
			return
		}
		if d, err := compiled.Decode(data); err == nil {
			compiled.Validate(compiled.ApplyDefaults(d), Circumstances{})
			compiled.ValidateDraft(d, Circumstances{})
		}
	})
}
