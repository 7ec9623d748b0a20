package kind

import (
	"fmt"
	"slices"
	"strings"
)

// validate checks that the schema is an object schema and that every named field
// exists (V-15, V-16), beside what checkSchema does. The full JSON Schema check, with
// the labels, is that of internal/form, which owns the compiler.
func (f *Form) validate(v *visit) {
	if f.Schema["type"] != "object" {
		v.fail("schema", "V-15", "type: object", "表单的 JSON Schema 应为 object")
	}
	properties, _ := f.Schema["properties"].(map[string]any)
	if len(properties) == 0 {
		v.fail("schema", "V-15", "", "表单没有字段")
	}
	f.validateSchema(v, "schema", f.Schema, 0)
	checkSchema(v, "schema", f.Schema)
	for i, path := range f.Sensitive {
		f.needField(v, at("sensitive", i), path)
	}
	for i, p := range f.Prefill {
		f.needField(v, at("prefill", i)+".field", p.Field)
		if p.Source == "" && !slices.Contains(PrefillRoots(), p.From) {
			v.fail(at("prefill", i)+".from", "V-16", suggest(p.From, PrefillRoots()), "没有可预填的内容 %q；取自数据服务的须写 source", p.From)
		}
	}
	if f.Dedupe != nil {
		for i, key := range f.Dedupe.Keys {
			f.needField(v, at("dedupe.keys", i), key)
		}
	}
	for _, member := range sortedKeys(anyMap(f.SectionsByMember)) {
		for i, key := range f.SectionsByMember[member] {
			f.needField(v, at("sections_by_member."+member, i), key)
		}
	}
	if f.UI != nil {
		f.validateSections(v, properties)
	}
}

// validateSections checks that sections name fields, none twice, and warns of fields no section shows.
func (f *Form) validateSections(v *visit, properties map[string]any) {
	shown := map[string]bool{}
	for i, section := range f.UI.Sections {
		for j, key := range section.Fields {
			place := at(at("ui.sections", i)+".fields", j)
			f.needField(v, place, key)
			if shown[key] {
				v.fail(place, "V-15", "", "字段 %q 出现在两节中", key)
			}
			shown[key] = true
		}
	}
	for _, name := range sortedKeys(properties) {
		if !shown[name] {
			v.warn("schema.properties."+name, "V-15", "加入 ui.sections", "字段 %q 不在任何一节中", name)
		}
	}
}

// validateSchema walks the properties: `required` names some of them.
func (f *Form) validateSchema(v *visit, path string, schema map[string]any, depth int) {
	if depth > MaxDepth {
		return
	}
	properties, _ := schema["properties"].(map[string]any)
	if required, ok := schema["required"].([]any); ok && properties != nil && schema["type"] == "object" {
		for i, name := range required {
			if _, known := properties[scalarText(name)]; !known {
				v.fail(at(path+".required", i), "V-15", suggest(scalarText(name), sortedKeys(properties)), "required 中的 %q 不是字段", scalarText(name))
			}
		}
	}
	for _, name := range sortedKeys(properties) {
		property, ok := properties[name].(map[string]any)
		place := fmt.Sprintf("%s.properties[%q]", path, name)
		if !ok {
			v.fail(place, "V-15", "", "字段 %q 的定义应为映射", name)
			continue
		}
		f.validateSchema(v, place, property, depth+1)
	}
	if items, ok := schema["items"].(map[string]any); ok {
		f.validateSchema(v, path+".items", items, depth+1)
	}
}

// needField reports a path that is not a field of the form (V-15).
func (f *Form) needField(v *visit, place, path string) {
	schema := f.Schema
	for _, name := range strings.Split(path, ".") {
		properties, _ := schema["properties"].(map[string]any)
		next, ok := f.resolve(properties[name])
		if !ok {
			v.fail(place, "V-15", suggest(name, sortedKeys(properties)), "表单中没有字段 %q", path)
			return
		}
		schema = next
	}
}

// resolve follows a reference to a definition of this form; false when it is no schema or leads nowhere.
func (f *Form) resolve(property any) (map[string]any, bool) {
	definitions, _ := f.Schema["$defs"].(map[string]any)
	schema, ok := property.(map[string]any)
	for range len(definitions) + 1 {
		name, refers := strings.CutPrefix(scalarText(schema["$ref"]), "#/$defs/")
		if !refers {
			return schema, ok
		}
		schema, ok = definitions[name].(map[string]any)
	}
	return nil, false // in a circle, which the form's compiler reports
}
