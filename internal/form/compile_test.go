package form

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"zhengtong/internal/deadline"
	"zhengtong/internal/expr"
	"zhengtong/internal/problem"
)

func specOf(t testing.TB, text string) Spec {
	t.Helper()
	var spec Spec
	if err := json.Unmarshal([]byte(text), &spec); err != nil {
		t.Fatal(err)
	}
	return spec
}

// schemaWith puts one property "x" into an otherwise good form.
func schemaWith(property string) string {
	return `{"schema": {"type": "object", "properties": {"x": ` + property + `}}}`
}

// What publication refuses in a form, and where (V-15, V-16, V-18).
func TestCompileProblems(t *testing.T) {
	cases := []struct {
		name, spec, path, code, message string
	}{
		{"no schema", `{}`, "$.schema", "V-15", "无法读取"},
		{"not an object", `{"schema": {"type": "string"}}`, "$.schema", "V-15", "对象"},
		{"mistyped keyword", schemaWith(`{"type": "string", "title": "x", "maxLenght": 3}`), "$.schema.properties.x.maxLenght", "V-15", "不支持关键字"},
		{"remote reference", schemaWith(`{"$ref": "https://example.org/x"}`), "$.schema.properties.x.$ref", "V-15", "$defs"},
		{"missing definition", schemaWith(`{"$ref": "#/$defs/y"}`), "$.schema.properties.x.$ref", "V-15", "不存在"},
		{"recursion", `{"schema": {"type": "object", "properties": {"x": {"$ref": "#/$defs/a"}}, "$defs": {
			"a": {"type": "object", "properties": {"b": {"$ref": "#/$defs/b"}}}, "b": {"type": "array", "items": {"$ref": "#/$defs/a"}}}}}`,
			"$.schema.$defs.b.items.$ref", "V-15", "成环"},
		{"no type", schemaWith(`{"title": "x"}`), "$.schema.properties.x.type", "V-15", "类型"},
		{"two types", schemaWith(`{"type": ["string", "integer"], "title": "x"}`), "$.schema.properties.x.type", "V-15", "一种类型"},
		{"list of anything", schemaWith(`{"type": "array", "title": "x"}`), "$.schema.properties.x.items", "V-15", "items"},
		{"unknown format", schemaWith(`{"type": "string", "title": "x", "format": "hostname"}`), "$.schema.properties.x.format", "V-15", "没有格式"},
		{"look-ahead (V-18)", schemaWith(`{"type": "string", "title": "x", "pattern": "^(?=a)"}`), "$.schema.properties.x.pattern", "V-18", "RE2"},
		{"flags a browser lacks", schemaWith(`{"type": "string", "title": "x", "pattern": "(?i)a"}`), "$.schema.properties.x.pattern", "V-18", "浏览器"},
		{"default against its schema", schemaWith(`{"type": "integer", "title": "x", "minimum": 1, "default": 0}`), "$.schema.properties.x.default", "V-15", "默认值"},
		{"wrong keyword value", schemaWith(`{"type": "string", "title": "x", "maxLength": -1}`), "$.schema.properties.x.maxLength", "V-15", "schema 有误"},
		{"a bound without bounds", schemaWith(`{"type": "number", "title": "x", "maximum": 1e999999999}`), "$.schema.properties.x.maximum", "V-15", "范围"},
		{"a name that no expression can write", `{"schema": {"type": "object", "properties": {"a-b": {"type": "string", "title": "x"}}}}`, "$.schema.properties.a-b", "V-15", "字段名"},
		{"unknown required field", `{"schema": {"type": "object", "required": ["y"], "properties": {"x": {"type": "string", "title": "x"}}}}`, "$.schema.required", "V-15", `"y"`},
		{"unknown field in a condition", `{"schema": {"type": "object", "properties": {"x": {"type": "string", "title": "x"}}, "if": {"properties": {"z": {"const": "1"}}}, "then": {"required": ["x"]}}}`,
			"$.schema.if.properties.z", "V-15", `"z"`},
		{"deep nesting", schemaWith(strings.Repeat(`{"type": "array", "title": "x", "items": `, 13) + `{"type": "string"}` + strings.Repeat("}", 13)), "", "V-15", "嵌套"},
		{"unknown dictionary", schemaWith(`{"type": "string", "title": "x", "x-dictionary": "nope"}`), "$.schema.properties.x.x-dictionary", "V-15", "字典"},
		{"unknown sensitive field", `{"schema": {"type": "object", "properties": {"phone": {"type": "string", "title": "x"}}}, "sensitive": ["pone"]}`, "$.sensitive[0]", "V-15", "没有字段"},
		{"unknown section field", `{"schema": {"type": "object", "properties": {"x": {"type": "string", "title": "x"}}}, "ui": {"sections": [{"fields": ["x", "y"]}]}}`, "$.ui.sections[0].fields[1]", "V-15", "没有字段"},
		{"unknown prefill field", `{"schema": {"type": "object", "properties": {"x": {"type": "string", "title": "x"}}}, "prefill": [{"field": "y"}]}`, "$.prefill[0].field", "V-15", "没有字段"},
		{"a required field that may hide", `{"schema": {"type": "object", "required": ["x"], "properties": {"x": {"type": "string", "title": "x"}, "y": {"type": "boolean", "title": "y", "default": false}}}, "ui": {"sections": [{"fields": ["x"], "show_when": "form.y"}]}}`,
			"$.ui.sections[0].fields[0]", "V-15", "隐藏"},
		{"rule on an unknown field", `{"schema": {"type": "object", "required": ["days"], "properties": {"days": {"type": "integer", "title": "x"}}}, "rules": [{"id": "r", "message": "m", "expr": "form.dyas > 1"}]}`, "$.rules[0].expr", "V-16", "没有字段"},
		{"rule on an optional field", `{"schema": {"type": "object", "properties": {"days": {"type": "integer", "title": "x"}}}, "rules": [{"id": "r", "message": "m", "expr": "form.days > 1"}]}`, "$.rules[0].expr", "V-16", "has()"},
		{"rule without an id", `{"schema": {"type": "object", "properties": {}}, "rules": [{"message": "m", "expr": "true"}]}`, "$.rules[0].id", "V-15", "id"},
	}
	for _, c := range cases {
		f, problems := Compile(specOf(t, c.spec), Options{CodeSets: map[string][]string{"kinds": {"a"}}})
		if f != nil {
			t.Errorf("%s: compiled", c.name)
			continue
		}
		found := false
		for _, p := range problems {
			found = found || (p.Path == c.path || c.path == "") && p.Code == c.code && strings.Contains(p.String(), c.message)
		}
		if !found {
			t.Errorf("%s: want %s %s %s, got\n%s", c.name, c.path, c.code, c.message, problems)
		}
	}
}

func TestCompileWarnsOfMissingTitles(t *testing.T) {
	f, problems := Compile(specOf(t, schemaWith(`{"type": "string"}`)), Options{})
	if f == nil || len(problems) != 1 || problems[0].Code != "V-48" || problems[0].Severity != problem.SeverityWarning {
		t.Errorf("%v %s", f != nil, problems)
	}
}

// The type that expressions see follows the schema: required and default decide what
// is optional, allOf and $ref add fields.
func TestType(t *testing.T) {
	f := compileForm(t, specOf(t, `{"schema": {"type": "object", "required": ["a", "n"], "properties": {
		"a": {"type": "string", "enum": ["x", "y"], "title": "A"}, "b": {"type": "integer", "default": 3, "title": "B"}, "c": {"$ref": "#/$defs/row"},
		"n": {"type": ["string", "null"], "title": "N"}, "s": {"type": "array", "title": "S", "uniqueItems": true, "items": {"type": "string", "enum": ["p", "q"]}},
		"m": {"type": "object", "title": "M", "additionalProperties": {"type": "number"}}},
		"allOf": [{"$ref": "#/$defs/more"}],
		"$defs": {"row": {"type": "object", "required": ["on"], "properties": {"on": {"type": "string", "format": "date", "title": "O"}}},
			"more": {"required": ["z"], "properties": {"z": {"type": "boolean", "title": "Z"}}}}}}`), Options{})
	cases := []struct {
		path     string
		kind     expr.Kind
		optional bool
	}{
		{"a", expr.KindString, false}, {"b", expr.KindInt, false}, {"c", expr.KindObject, true}, {"c.on", expr.KindDate, false},
		{"n", expr.KindString, true}, {"s", expr.KindList, true}, {"m", expr.KindMap, true}, {"z", expr.KindBool, false},
	}
	for _, c := range cases {
		field, ok := f.Type().Field(c.path)
		if !ok || field.Type.Kind != c.kind || field.Optional != c.optional {
			t.Errorf("%s: %+v (%v)", c.path, field, ok)
		}
	}
	if s, _ := f.Type().Field("s"); s.Type.MaxSize != 2 || !reflect.DeepEqual(s.Type.Elem.Enum, []string{"p", "q"}) {
		t.Errorf("s: %+v", s.Type)
	}
}

func TestApplyDefaults(t *testing.T) {
	f := compileForm(t, specOf(t, `{"schema": {"type": "object", "properties": {
		"online": {"type": "boolean", "default": false, "title": "x"}, "rate": {"type": "number", "default": 1.50, "title": "x"},
		"agent": {"type": "object", "title": "x", "properties": {"kind": {"type": "string", "default": "self", "title": "x"}}},
		"rows": {"type": "array", "title": "x", "items": {"type": "object", "properties": {"n": {"type": "integer", "default": 1, "title": "x"}}}},
		"tags": {"type": "array", "title": "x", "default": ["a"], "items": {"type": "string"}}}}}`), Options{})
	in := Data{"rows": []any{map[string]any{}, map[string]any{"n": int64(5)}}, "online": true}
	got := f.ApplyDefaults(in)
	want := Data{"online": true, "rate": expr.MustDecimal("1.5"), "tags": []any{"a"}, "rows": []any{map[string]any{"n": int64(1)}, map[string]any{"n": int64(5)}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if !reflect.DeepEqual(in, Data{"rows": []any{map[string]any{}, map[string]any{"n": int64(5)}}, "online": true}) {
		t.Errorf("the data given were changed: %v", in)
	}
	got["tags"].([]any)[0] = "b"
	if again := f.ApplyDefaults(Data{}); again["tags"].([]any)[0] != "a" {
		t.Error("a default is shared between forms")
	}
	if agent := f.ApplyDefaults(Data{"agent": map[string]any{}})["agent"]; !reflect.DeepEqual(agent, map[string]any{"kind": "self"}) {
		t.Errorf("agent: %v", agent)
	}
}

const sectionForm = `{"schema": {"type": "object", "required": ["kind", "days"], "properties": {
	"kind": {"type": "string", "enum": ["firm", "person"], "title": "类型"}, "days": {"type": "integer", "minimum": 1, "title": "天数"},
	"licence": {"type": "string", "title": "执照"}, "area": {"type": "number", "title": "面积"}},
	"if": {"properties": {"kind": {"const": "firm"}}, "required": ["kind"]}, "then": {"required": ["licence"]}},
	"ui": {"sections": [{"title": "一", "fields": ["kind", "days"]}, {"title": "二", "fields": ["licence"], "show_when": "form.kind == 'firm'"}]},
	"rules": [{"id": "long", "expr": "form.days <= 30 || has(form.area) && form.area < 100", "message": "过长"}]}`

// R-APP-10: the applicant's type switches the form. R-APP-03: a draft is saved at any point.
func TestSectionsAndDrafts(t *testing.T) {
	f := compileForm(t, specOf(t, sectionForm), Options{})
	shown := func(d Data, want ...expr.Truth) {
		t.Helper()
		if got, err := f.Visible(d, Circumstances{}); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%v shows %v (%v), want %v", d, got, err, want)
		}
	}
	shown(Data{}, expr.True, expr.Unknown)
	shown(Data{"kind": "firm"}, expr.True, expr.True)
	shown(Data{"kind": "person"}, expr.True, expr.False)

	drafts := []struct {
		data Data
		want string
	}{
		{Data{}, ""}, {Data{"kind": "firm"}, ""}, {Data{"days": int64(0)}, "$.days minimum"},
		{Data{"days": int64(31)}, ""}, // the area may still come
		{Data{"days": int64(31), "area": expr.NewDecimal(100)}, "$ rule:long"},
		{Data{"colour": "red"}, "$.colour unknown_field"},
	}
	for _, c := range drafts {
		if got := summary(f.ValidateDraft(c.data, Circumstances{})); got != c.want {
			t.Errorf("draft %v: %s, want %s", c.data, got, c.want)
		}
	}
	complete := f.Validate(Data{"kind": "firm", "days": int64(31)}, Circumstances{})
	if got := summary(complete); got != "$.licence required" {
		t.Errorf("complete: %s", got) // the rule waits until the schema is satisfied
	}
	if got := summary(f.Validate(Data{"kind": "person", "days": int64(31)}, Circumstances{})); got != "$ rule:long" {
		t.Errorf("complete: %s", got)
	}
}

func summary(problems problem.List) string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Path+" "+p.Code)
	}
	return strings.Join(out, ", ")
}

func TestMessagesNameTheField(t *testing.T) {
	f := compileForm(t, specOf(t, sectionForm), Options{})
	problems := f.Validate(Data{"kind": "club", "days": int64(0)}, Circumstances{})
	var got []string
	for _, p := range problems {
		got = append(got, p.Message)
	}
	if want := "“天数”不得小于 1|“类型”不在可选范围内"; strings.Join(got, "|") != want {
		t.Errorf("%v", got)
	}
}

// An id card's holder must have been born by the day of application (Part 4).
func TestBirthInTheFuture(t *testing.T) {
	f := compileForm(t, specOf(t, schemaWith(`{"type": "string", "format": "cn-id-card", "title": "证件"}`)), Options{})
	data := Data{"x": "431321199003070013"}
	if got := summary(f.Validate(data, Circumstances{Today: deadline.MustDate("1990-03-06")})); got != "$.x format" {
		t.Error(got)
	}
	if got := summary(f.Validate(data, Circumstances{Today: deadline.MustDate("1990-03-07")})); got != "" {
		t.Error(got)
	}
}

// Values without a declared size are held to the platform's, on which the cost proofs of expressions rest.
func TestPlatformSizes(t *testing.T) {
	f := compileForm(t, specOf(t, schemaWith(`{"type": "array", "title": "x", "items": {"type": "string"}}`)), Options{})
	long := Data{"x": []any{strings.Repeat("长", expr.MaxText+1)}}
	if got := summary(f.Validate(long, Circumstances{})); got != "$.x[0] maxLength" {
		t.Error(got)
	}
	many := make([]any, expr.MaxItems+1)
	for i := range many {
		many[i] = fmt.Sprint(i)
	}
	if got := summary(f.Validate(Data{"x": many}, Circumstances{})); got != "$.x maxItems" {
		t.Error(got)
	}
}

func BenchmarkValidate(b *testing.B) {
	f := compileForm(b, specOf(b, sectionForm), Options{})
	data := Data{"kind": "firm", "days": int64(3), "licence": "x", "area": expr.NewDecimal(3)}
	b.ReportAllocs()
	for b.Loop() {
		if problems := f.Validate(data, Circumstances{}); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}
