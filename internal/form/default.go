package form

import (
	"maps"
	"slices"

	"zhengtong/internal/expr"
)

// ApplyDefaults returns d with the declared defaults in the place of absent fields, in
// nested objects and list items too. An absent object is created only by a default of
// its own. d is not changed.
func (f *Form) ApplyDefaults(d Data) Data { return Defaults(f.typ, d) }

// Defaults is ApplyDefaults for any object type.
func Defaults(t *expr.Type, d Data) Data {
	out, _ := withDefaults(t, d).(map[string]any)
	return out
}

func withDefaults(t *expr.Type, v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := maps.Clone(v)
		if out == nil {
			out = map[string]any{}
		}
		if t == nil || t.Kind != expr.KindObject {
			return out
		}
		for name, field := range t.Fields {
			if item, ok := out[name]; ok {
				out[name] = withDefaults(field.Type, item)
			} else if field.Default != nil {
				out[name] = clone(field.Default)
			}
		}
		return out
	case []any:
		out := slices.Clone(v)
		for i, item := range out {
			out[i] = withDefaults(element(t), item)
		}
		return out
	default:
		return v
	}
}

// clone copies maps and lists; the leaves are immutable.
func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, item := range v {
			out[key] = clone(item)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = clone(item)
		}
		return out
	default:
		return v
	}
}
