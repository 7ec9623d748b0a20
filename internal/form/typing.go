package form

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"zhengtong/internal/expr"
	"zhengtong/internal/problem"
)

// Limits of a schema.
const (
	maxSchemaBytes  = 256 << 10
	maxSchemaDepth  = 12
	maxSchemaFields = 500
)

// typing derives the type of a form's data from its schema, and refuses what the
// platform gives no meaning to.
type typing struct {
	root     map[string]any
	codeSets map[string][]string
	problems problem.List
	fields   int
	// open are the $refs being followed, to find cycles.
	open []string
}

// node is one schema with its place.
type node struct {
	path  string
	m     map[string]any
	depth int
}

func (n node) text(key string) string { s, _ := n.m[key].(string); return s }

func (n node) object(key string) (node, bool) {
	m, ok := n.m[key].(map[string]any)
	return node{n.path + "." + key, m, n.depth + 1}, ok
}

func (n node) list(key string) []any { l, _ := n.m[key].([]any); return l }

func (n node) size(key string) int {
	num, ok := n.m[key].(json.Number)
	if !ok {
		return 0
	}
	i, _ := strconv.Atoi(num.String())
	return i
}

// texts returns the strings of a list keyword; others are left to the metaschema.
func (n node) texts(key string) []string {
	var out []string
	for _, v := range n.list(key) {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func (t *typing) refuse(n node, key, format string, args ...any) {
	path := n.path
	if key != "" {
		path += "." + key
	}
	t.problems.Add(path, "V-15", format, args...)
}

var opaque = expr.Object(nil)

// schema returns the type of n; opaque after a problem.
func (t *typing) schema(n node) *expr.Type {
	if n.depth > maxSchemaDepth {
		t.refuse(n, "", "嵌套超过 %d 层", maxSchemaDepth)
		return opaque
	}
	if ref := n.text("$ref"); ref != "" {
		return t.reference(n, ref)
	}
	t.checkKeywords(n)
	switch t.kind(n) {
	case "string":
		return t.str(n)
	case "number":
		return expr.Number()
	case "integer":
		return expr.Int()
	case "boolean":
		return expr.Bool()
	case "array":
		return t.array(n)
	case "object":
		return t.object(n)
	default:
		return opaque
	}
}

// kind is the one type of n besides null.
func (t *typing) kind(n node) string {
	switch v := n.m["type"].(type) {
	case string:
		return v
	case []any:
		rest := slices.DeleteFunc(n.texts("type"), func(s string) bool { return s == "null" })
		if len(rest) == 1 {
			return rest[0]
		}
		t.refuse(n, "type", "须为一种类型（可另加 null）")
		return ""
	}
	switch {
	case n.m["properties"] != nil:
		return "object"
	case n.m["items"] != nil:
		return "array"
	}
	t.refuse(n, "type", "须写明类型")
	return ""
}

func (t *typing) reference(n node, ref string) *expr.Type {
	target, ok := t.lookup(ref)
	switch {
	case !ok:
		t.refuse(n, "$ref", "只能引用本表单的 #/$defs/…，%q 不存在", ref)
		return opaque
	case slices.Contains(t.open, ref):
		t.refuse(n, "$ref", "引用成环：%s", strings.Join(append(t.open, ref), " → "))
		return opaque
	}
	t.open = append(t.open, ref)
	defer func() { t.open = t.open[:len(t.open)-1] }()
	return t.schema(node{"$.schema.$defs." + strings.TrimPrefix(ref, "#/$defs/"), target, n.depth + 1})
}

func (t *typing) lookup(ref string) (map[string]any, bool) {
	name, ok := strings.CutPrefix(ref, "#/$defs/")
	defs, _ := t.root["$defs"].(map[string]any)
	target, found := defs[name].(map[string]any)
	return target, ok && found
}

func (t *typing) str(n node) *expr.Type {
	if n.text("format") == "date" {
		return expr.DateType()
	}
	out := &expr.Type{Kind: expr.KindString, Format: n.text("format"), MaxSize: n.size("maxLength")}
	switch {
	case n.m["enum"] != nil:
		out.Enum = n.texts("enum")
	case n.text("const") != "":
		out.Enum = []string{n.text("const")}
	case n.text("x-dictionary") != "" && t.codeSets != nil:
		codes, ok := t.codeSets[n.text("x-dictionary")]
		if !ok {
			t.refuse(n, "x-dictionary", "没有字典 %q", n.text("x-dictionary"))
		}
		out.Enum, out.Dictionary = codes, true
	}
	return out
}

func (t *typing) array(n node) *expr.Type {
	items, ok := n.object("items")
	if !ok {
		t.refuse(n, "items", "数组须写明 items")
		return expr.ListOf(opaque)
	}
	out := expr.ListOf(t.schema(items))
	out.MaxSize = n.size("maxItems")
	if unique, _ := n.m["uniqueItems"].(bool); unique && out.MaxSize == 0 {
		out.MaxSize = len(out.Elem.Enum)
	}
	return out
}

func (t *typing) object(n node) *expr.Type {
	if format := n.text("format"); format != "" && format != polygonFormat {
		t.refuse(n, "format", "对象没有格式 %q", format)
	}
	fields := map[string]expr.Field{}
	t.collect(n, fields)
	if more, ok := n.object("additionalProperties"); ok {
		if len(fields) > 0 {
			t.refuse(n, "additionalProperties", "对象或写明 properties，或以 additionalProperties 为各值的类型，不可兼有")
		}
		return expr.MapOf(t.schema(more))
	}
	if n.m["properties"] == nil && len(fields) == 0 {
		return opaque // a value that expressions do not look into, such as a polygon
	}
	out := expr.Object(fields)
	t.checkConditions(n, out)
	return out
}

// collect gathers the fields of n and of the schemas it includes by allOf.
func (t *typing) collect(n node, fields map[string]expr.Field) {
	properties, _ := n.object("properties")
	for _, name := range slices.Sorted(maps.Keys(properties.m)) {
		child, ok := properties.object(name)
		if !ok {
			t.refuse(properties, name, "须为一个 schema 对象")
			continue
		}
		if !isName(name) {
			t.refuse(properties, name, "字段名须由字母、数字、下划线组成并以字母开头")
		}
		if t.fields++; t.fields == maxSchemaFields+1 {
			t.refuse(n, "properties", "字段超过 %d 个", maxSchemaFields)
		}
		if t.fields > maxSchemaFields {
			return
		}
		fields[name] = t.field(child)
	}
	for i, part := range n.list("allOf") {
		if m, ok := part.(map[string]any); ok && m["if"] == nil {
			t.include(node{n.path + ".allOf[" + strconv.Itoa(i) + "]", m, n.depth + 1}, fields)
		}
	}
	for _, name := range n.texts("required") {
		f, ok := fields[name]
		if !ok {
			t.refuse(n, "required", "必填字段 %q 未在 properties 中声明", name)
			continue
		}
		f.Optional = f.Optional && nullable(t.resolve(n, name))
		fields[name] = f
	}
}

// include takes the fields of one member of allOf, following its $ref.
func (t *typing) include(n node, fields map[string]expr.Field) {
	if ref := n.text("$ref"); ref != "" {
		target, ok := t.lookup(ref)
		if !ok || slices.Contains(t.open, ref) {
			t.reference(n, ref) // reports the problem
			return
		}
		t.open = append(t.open, ref)
		defer func() { t.open = t.open[:len(t.open)-1] }()
		n.m = target
	}
	t.collect(n, fields)
}

// resolve returns the schema of a declared property, or an empty one.
func (t *typing) resolve(n node, name string) map[string]any {
	properties, _ := n.object("properties")
	child, _ := properties.object(name)
	return child.m
}

func nullable(schema map[string]any) bool {
	return slices.Contains(node{m: schema}.texts("type"), "null")
}

func (t *typing) field(n node) expr.Field {
	out := expr.Field{Type: t.schema(n), Title: n.text("title")}
	if v, ok := n.m["default"]; ok {
		out.Default = t.defaultValue(n, out.Type, v)
	}
	out.Optional = out.Default == nil || nullable(n.m)
	if out.Title == "" && n.text("$ref") == "" {
		t.problems.Warn(n.path, "V-48", "字段没有显示名称（title）")
	}
	return out
}

// isName reports whether a field name can be written in an expression.
func isName(s string) bool {
	for i, c := range []byte(s) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != ""
}
