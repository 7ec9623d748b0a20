package kind

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
)

// jsonSchema writes the schema of a whole resource: envelope and spec. Shared
// parts are under $defs; those of a patch, which may leave anything to its parent, end in
// ".patch". Extensions: x-merge (list rule), x-ref (kinds a name may be of), x-format (a
// form that a pattern cannot say whole), x-expression (context of a CEL text), x-lock (the
// usual lock). What it accepts publication may still refuse; what it refuses is wrong,
// except that a pack's resources are not looked into, for ${param.x} may stand anywhere.
func jsonSchema(info Info) map[string]any {
	defs := map[string]any{}
	whole, patch := schemaWriter{defs: defs}, schemaWriter{defs: defs, patch: true}
	metadata := whole.shape(catalog().metadata)
	spec := []any{whole.shape(info.shape)}
	if required := requiredNames(info.shape); info.shape.typ == reflect.TypeFor[Matter]() { // an abstract one leaves all to its children
		delete(defs["Matter"].(map[string]any), "required")
		spec = append(spec, when(hasTrue("abstract"), nil, map[string]any{"required": required}))
	}
	return map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id":     "urn:zhengtong:kind:" + info.Name,
		"title":   info.Title,
		"type":    "object",
		"properties": map[string]any{
			"apiVersion": map[string]any{"const": APIVersion},
			"kind":       map[string]any{"const": info.Name},
			"metadata":   metadata,
			"spec":       map[string]any{"type": "object"},
		},
		"required":             []any{"apiVersion", "kind", "metadata", "spec"},
		"additionalProperties": false,
		"allOf": []any{when(inMetadata("pack"), nil, when(inMetadata("extends"),
			properties("spec", patch.shape(info.shape)), properties("spec", map[string]any{"allOf": spec})))},
		"$defs": defs,
	}
}

// when is a condition; a nil branch asks nothing.
func when(condition, then, otherwise map[string]any) map[string]any {
	out := map[string]any{"if": condition}
	if then != nil {
		out["then"] = then
	}
	if otherwise != nil {
		out["else"] = otherwise
	}
	return out
}

func properties(name string, schema map[string]any) map[string]any {
	return map[string]any{"properties": map[string]any{name: schema}}
}

func inMetadata(name string) map[string]any {
	return properties("metadata", map[string]any{"type": "object", "required": []any{name}})
}

func hasTrue(name string) map[string]any {
	out := properties(name, map[string]any{"const": true})
	out["required"] = []any{name}
	return out
}

// requiredNames lists the fields of an object that must be written.
func requiredNames(sh *shape) []any {
	var out []any
	for _, f := range sh.fields {
		if f.required && f.def == "" {
			out = append(out, f.name)
		}
	}
	return out
}

// schemaWriter collects the definitions of structs as they are met.
type schemaWriter struct {
	defs  map[string]any
	patch bool // nothing is required
}

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
		if w.patch {
			name += ".patch"
		}
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
	for _, f := range sh.fields {
		properties[f.name] = w.field(f)
	}
	out := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if w.patch {
		if _, kind := KindInfo(sh.typ.Name()); kind {
			properties[deleteKey] = map[string]any{"type": "array", "items": map[string]any{"type": "string"}, "description": "不要上级的这些部分：路径，如 spec.materials[ref=plan]"}
		}
		return out
	}
	if required := requiredNames(sh); len(required) > 0 {
		out["required"] = required
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
	var words []any
	prefixes := ""
	for _, e := range f.enum {
		if prefix, wild := strings.CutSuffix(e, "*"); wild {
			prefixes += "|" + regexp.QuoteMeta(prefix) + ".+"
		} else {
			words = append(words, e)
		}
	}
	switch {
	case prefixes != "":
		for _, word := range words {
			prefixes += "|" + regexp.QuoteMeta(word.(string))
		}
		out["pattern"], out["examples"] = "^("+prefixes[1:]+")$", words
	case len(words) > 0:
		out["enum"] = words
	}
	if f.format != "" {
		out["x-format"] = f.format
		if pattern := formatPattern(f.format); pattern != "" {
			out["pattern"] = pattern
		}
		if f.format == "decimal" {
			out["type"] = []any{"string", "number"}
		}
	}
	if len(f.refs) > 0 && f.format == "" && len(f.notRefs) == 0 {
		out["pattern"] = `^(\$.+|[a-z0-9-]{1,63})$`
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
