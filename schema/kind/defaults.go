package kind

import (
	"encoding/json"
	"maps"
)

// withDefaults returns a copy of a spec's document with every declared default
// filled in, then those that depend on other fields. Nested objects that are
// absent and have no default of their own stay absent.
func withDefaults(info Info, doc map[string]any) map[string]any {
	full, _ := fillDefaults(info.shape, doc).(map[string]any)
	if full == nil {
		full = map[string]any{}
	}
	if d, ok := info.New().(interface{ defaults(map[string]any) }); ok {
		d.defaults(full)
	}
	return full
}

// fillDefaults copies a tree, adding defaults to its declared objects.
func fillDefaults(sh *shape, tree any) any {
	switch node := tree.(type) {
	case map[string]any:
		return fillObject(sh, node)
	case []any:
		out := make([]any, len(node))
		for i, e := range node {
			out[i] = e
			if sh != nil && sh.elem != nil {
				out[i] = fillDefaults(sh.elem, e)
			}
		}
		return out
	}
	return tree
}

func fillObject(sh *shape, node map[string]any) any {
	out := maps.Clone(node)
	delete(out, deleteKey)
	if sh == nil {
		return out
	}
	switch sh.form {
	case formDict:
		for name, value := range out {
			out[name] = fillDefaults(sh.elem, value)
		}
	case formObject:
		for _, f := range sh.fields {
			if value, given := out[f.name]; given {
				out[f.name] = fillDefaults(f.shape, value)
			} else if f.def != "" {
				out[f.name] = fillDefaults(f.shape, f.defaultValue())
			}
		}
	}
	return out
}

// defaultValue is the tree of a `default` tag: JSON for objects and lists, otherwise the scalar.
func (f *field) defaultValue() any {
	switch f.shape.form {
	case formBool:
		return f.def == "true"
	case formInteger:
		return json.Number(f.def)
	case formText:
		return f.def
	}
	tree, err := ParseJSON([]byte(f.def))
	if err != nil {
		panic("kind: default of " + f.name + " is not JSON: " + f.def)
	}
	return tree
}
