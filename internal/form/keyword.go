package form

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"zhengtong/internal/expr"
	"zhengtong/internal/problem"
)

// keywords are those of JSON Schema 2020-12 that a form may use; both validators,
// ours and the browser's, implement them alike. Others are refused, so that a
// mistyped keyword cannot pass as an unknown one. Names that begin with x- are free.
var keywords = strings.Fields(`$schema $defs $ref $comment title description type enum const default examples deprecated
	readOnly writeOnly format pattern minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf
	properties required additionalProperties minProperties maxProperties dependentRequired items minItems maxItems
	uniqueItems contains minContains maxContains allOf anyOf oneOf not if then else`)

// unportable finds what RE2 and the browser's engine read differently: inline flags,
// \A and \z, quoting, POSIX classes, named groups of either kind.
var unportable = regexp.MustCompile(`\(\?[^:]|\\[AzZQECXpP]|\[\[:`)

func (t *typing) checkKeywords(n node) {
	for _, key := range slices.Sorted(maps.Keys(n.m)) {
		if !strings.HasPrefix(key, "x-") && !slices.Contains(keywords, key) {
			t.refuse(n, key, "表单不支持关键字 %q", key)
		}
	}
	if pattern, ok := n.m["pattern"].(string); ok {
		t.checkPattern(n, pattern)
	}
	if format := n.text("format"); format != "" && format != polygonFormat && textFormats[format].valid == nil {
		t.problems = append(t.problems, problem.Problem{Path: n.path + ".format", Code: "V-15", Severity: problem.SeverityError,
			Message: "没有格式 " + strconv.Quote(format), Hint: "可用：" + strings.Join(slices.Sorted(maps.Keys(textFormats)), "、")})
	}
	t.checkNumbers(n)
}

// checkPattern holds a pattern to RE2 (V-18) and to what a browser reads alike.
func (t *typing) checkPattern(n node, pattern string) {
	if _, err := regexp.Compile(pattern); err != nil {
		t.problems.Add(n.path+".pattern", "V-18", "正则表达式不是 RE2：%v", err)
	} else if unportable.MatchString(pattern) {
		t.problems.Add(n.path+".pattern", "V-18", "正则表达式含浏览器读法不同的写法（如 (?i)、\\A、\\p{…}、[[:alpha:]]）")
	}
}

// checkNumbers keeps numeric keywords within the range of decimals: 1e999999 as a
// bound would cost a validator gigabytes.
func (t *typing) checkNumbers(n node) {
	for _, key := range []string{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
		"minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains"} {
		if num, ok := n.m[key].(json.Number); ok {
			if _, err := expr.ParseDecimal(num.String()); err != nil {
				t.refuse(n, key, "数值超出范围")
			}
		}
	}
}

// checkConditions follows the schemas that only restrict (if, then, else, anyOf,
// oneOf, not, allOf): the fields they name must be declared by the object itself.
func (t *typing) checkConditions(n node, object *expr.Type) {
	for _, key := range []string{"if", "then", "else", "not"} {
		if part, ok := n.object(key); ok {
			t.checkRestriction(part, object)
		}
	}
	for _, key := range []string{"anyOf", "oneOf", "allOf"} {
		for i, v := range n.list(key) {
			if m, ok := v.(map[string]any); ok {
				t.checkRestriction(node{n.path + "." + key + "[" + strconv.Itoa(i) + "]", m, n.depth + 1}, object)
			}
		}
	}
	dependent, _ := n.object("dependentRequired")
	for name := range dependent.m {
		t.mustKnow(dependent, name, object)
		for _, other := range dependent.texts(name) {
			t.mustKnow(dependent, other, object)
		}
	}
}

func (t *typing) checkRestriction(n node, object *expr.Type) {
	if n.depth > maxSchemaDepth {
		t.refuse(n, "", "嵌套超过 %d 层", maxSchemaDepth)
		return
	}
	if n.text("$ref") != "" {
		return // included fields were collected; its own conditions are checked where it is typed
	}
	t.checkKeywords(n)
	for _, name := range n.texts("required") {
		t.mustKnow(n, name, object)
	}
	properties, _ := n.object("properties")
	for _, name := range slices.Sorted(maps.Keys(properties.m)) {
		child, ok := properties.object(name)
		if !ok || !t.mustKnow(properties, name, object) {
			continue
		}
		switch inner := object.Fields[name].Type; inner.Kind {
		case expr.KindObject:
			t.checkRestriction(child, inner)
		default:
			t.checkKeywords(child)
		}
	}
	t.checkConditions(n, object)
}

func (t *typing) mustKnow(n node, name string, object *expr.Type) bool {
	_, ok := object.Fields[name]
	if !ok && object.Fields != nil {
		t.refuse(n, name, "字段 %q 未在 properties 中声明", name)
	}
	return ok
}
