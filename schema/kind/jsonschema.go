package kind

import (
	"encoding/json"
	"reflect"
	"strings"
)

// jsonSchema writes the schema of a whole resource: envelope and spec. Shared
// parts are under $defs. Extensions: x-merge (list rule), x-ref (kinds a name may
// be of), x-expression (context of a CEL text), x-lock (the usual lock).
func jsonSchema(info Info) map[string]any {
	w := schemaWriter{defs: map[string]any{}}
	spec := w.shape(info.shape)
	metadata := w.shape(catalog().metadata)
	return map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id":     "urn:zhengtong:kind:" + info.Name,
		"title":   info.Title,
		"type":    "object",
		"properties": map[string]any{
			"apiVersion": map[string]any{"const": APIVersion},
			"kind":       map[string]any{"const": info.Name},
			"metadata":   metadata,
			"spec":       spec,
		},
		"required":             []any{"apiVersion", "kind", "metadata", "spec"},
		"additionalProperties": false,
		"$defs":                w.defs,
	}
}

// schemaWriter collects the definitions of structs as they are met.
type schemaWriter struct{ defs map[string]any }

// shape writes the schema of a shape without its field's rules.
func (w schemaWriter) shape(sh *shape) map[string]any {
	switch sh.form {
	case formText:
		return map[string]any{"type": "string"}
	case formInteger:
		return map[string]any{"type": "integer"}
	case formBool:
		return map[string]any{"type": "boolean"}
	case formList:
		return map[string]any{"type": "array", "items": w.shape(sh.elem)}
	case formDict:
		return map[string]any{"type": "object", "additionalProperties": w.shape(sh.elem)}
	case formObject:
		name := sh.typ.Name()
		if _, done := w.defs[name]; !done {
			w.defs[name] = true // marks the definition as begun
			w.defs[name] = w.object(sh)
		}
		return map[string]any{"$ref": "#/$defs/" + name}
	}
	return map[string]any{}
}

// object writes a struct: fields, required ones, alternatives.
func (w schemaWriter) object(sh *shape) map[string]any {
	properties := map[string]any{}
	var required []any
	for _, f := range sh.fields {
		properties[f.name] = w.field(f)
		if f.required && f.def == "" {
			required = append(required, f.name)
		}
	}
	out := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 && sh.typ != reflect.TypeFor[Matter]() {
		out["required"] = required // a Matter's depend on abstract, bundle_only and item_type
	}
	if all := w.alternatives(sh); len(all) > 0 {
		out["allOf"] = all
	}
	return out
}

// alternatives writes oneOf for each group that needs exactly one of its fields.
func (w schemaWriter) alternatives(sh *shape) []any {
	var all []any
	done := map[string]bool{}
	for _, f := range sh.fields {
		if f.alt == "" || !f.altRequired || done[f.alt] {
			continue
		}
		done[f.alt] = true
		var one []any
		for _, name := range sh.alternativesOf(f.alt) {
			one = append(one, map[string]any{"required": []any{name}})
		}
		all = append(all, map[string]any{"oneOf": one})
	}
	return all
}

// field writes one property with its description, default and rules.
func (w schemaWriter) field(f *field) map[string]any {
	value := w.shape(f.shape)
	w.scalarRules(f, scalarSchema(value))
	out := value
	if f.short != "" && f.shape.form == formObject {
		out = map[string]any{"anyOf": []any{map[string]any{"type": "string"}, value}}
	} else if f.short == "*" {
		out = map[string]any{"anyOf": []any{value["items"], value}}
	} else if f.short != "" {
		value["items"] = map[string]any{"anyOf": []any{map[string]any{"type": "string"}, value["items"]}}
	}
	if !f.required {
		out = orNull(out)
	}
	if f.doc != "" {
		out["description"] = f.doc
	}
	if f.def != "" {
		out["default"] = f.defaultValue()
	}
	if rule := f.mergeRule(); rule != "" {
		out["x-merge"] = rule
	}
	if f.lock != "" {
		out["x-lock"] = f.lock
	}
	return out
}

// orNull also accepts null, which means "not given" and, in a patch, "none".
func orNull(s map[string]any) map[string]any {
	if choices, ok := s["anyOf"].([]any); ok {
		s["anyOf"] = append(choices, map[string]any{"type": "null"})
		return s
	}
	name, ok := s["type"].(string)
	if !ok {
		if len(s) == 0 {
			return s
		}
		return map[string]any{"anyOf": []any{s, map[string]any{"type": "null"}}}
	}
	s["type"] = []any{name, "null"}
	if values, ok := s["enum"].([]any); ok {
		s["enum"] = append(values, nil)
	}
	return s
}

// mergeRule is how a list is merged, in words of the contract: "key=id", "set", "replace", or "" when it is no list.
func (f *field) mergeRule() string {
	switch {
	case f.mergeKey != "":
		return "key=" + f.mergeKey
	case f.mergeSet:
		return "set"
	case f.shape.form == formList:
		return "replace"
	}
	return ""
}

// scalarSchema finds the schema of the scalars inside lists and maps.
func scalarSchema(s map[string]any) map[string]any {
	for {
		next, ok := s["items"].(map[string]any)
		if !ok {
			next, ok = s["additionalProperties"].(map[string]any)
		}
		if !ok {
			return s
		}
		s = next
	}
}

func (w schemaWriter) scalarRules(f *field, out map[string]any) {
	if len(f.enum) > 0 && !strings.Contains(strings.Join(f.enum, ","), "*") {
		values := make([]any, len(f.enum))
		for i, e := range f.enum {
			values[i] = e
		}
		out["enum"] = values
	}
	if f.format != "" {
		out["x-format"] = f.format
	}
	if f.min != "" {
		out["minimum"] = json.Number(f.min)
	}
	if f.max != "" {
		out["maximum"] = json.Number(f.max)
	}
	if len(f.refs) > 0 {
		refs := make([]any, len(f.refs))
		for i, r := range f.refs {
			refs[i] = r
		}
		out["x-ref"] = refs
	}
	if f.expr != "" {
		out["x-expression"] = f.expr
	}
}
