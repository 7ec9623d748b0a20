package kind

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"zhengtong/internal/problem"
)

// conform checks a value against its declaration. The field is nil for the root.
func (v *visit) conform(sh *shape, f *field, value any, at Path) {
	if value == nil {
		if f == nil {
			v.report(problem.SeverityError, at, false, "V-01", at[len(at)-1].Name+" 缺失", "")
		}
		return
	}
	if text, ok := value.(string); ok && v.pack && strings.Contains(text, "${param.") {
		return
	}
	switch sh.form {
	case formObject:
		v.object(sh, f, value, at)
	case formList:
		v.list(sh, f, value, at)
	case formDict:
		v.dict(sh, f, value, at)
	case formText:
		v.text(f, value, at)
	case formInteger:
		v.integer(f, value, at)
	case formBool:
		if _, ok := value.(bool); !ok {
			v.wrong(at, "true 或 false", value)
		}
	}
}

// wrong reports a value of another form than declared.
func (v *visit) wrong(at Path, want string, got any) {
	v.report(problem.SeverityError, at, false, "V-01", fmt.Sprintf("应为%s，写成了%s", want, formName(got)), "")
}

func formName(value any) string {
	switch x := value.(type) {
	case map[string]any:
		return "映射"
	case []any:
		return "列表"
	case bool:
		return "布尔值"
	case json.Number:
		return "数字 " + string(x)
	case nil:
		return "空值"
	}
	return "文本"
}

// object checks the fields of a declared map.
func (v *visit) object(sh *shape, f *field, value any, at Path) {
	doc, ok := value.(map[string]any)
	if !ok {
		if f != nil && f.short != "" && f.short != "*" && isScalar(value) {
			short := sh.field(f.short)
			v.conform(short.shape, short, value, at)
			return
		}
		v.wrong(at, "映射", value)
		return
	}
	for _, name := range sortedKeys(doc) {
		if name == deleteKey && len(at) == 1 && at.under("spec") {
			continue
		}
		field := sh.field(name)
		if field == nil {
			v.report(problem.SeverityError, at.child(name), true, "V-01", fmt.Sprintf("未知字段 %q", name), suggest(name, sh.names()))
			continue
		}
		v.conform(field.shape, field, doc[name], at.child(name))
	}
	v.required(sh, doc, at)
	v.alternatives(sh, doc, at)
}

func isScalar(value any) bool {
	switch value.(type) {
	case string, bool, json.Number:
		return true
	}
	return false
}

// required reports missing fields (V-13). The root of a patch may leave fields to its parent.
func (v *visit) required(sh *shape, doc map[string]any, at Path) {
	if at.under("spec") && (v.partial || len(at) == 1 && doc["abstract"] == true) {
		return // a patch leaves fields to its parent, an abstract base to its children
	}
	for _, field := range sh.fields {
		if field.required && doc[field.name] == nil && field.def == "" {
			code := cmp.Or(field.missing, "V-13")
			if at.under("metadata") {
				code = "V-01"
			}
			v.report(problem.SeverityError, at.child(field.name), false, code, fmt.Sprintf("缺少必填字段 %q", field.name), field.doc)
		}
	}
}

// alternatives checks fields that exclude each other.
func (v *visit) alternatives(sh *shape, doc map[string]any, at Path) {
	groups := map[string][]string{}
	var order []*field
	for _, field := range sh.fields {
		if field.alt == "" {
			continue
		}
		if !slices.ContainsFunc(order, sameGroup(field.alt)) {
			order = append(order, field)
		}
		if doc[field.name] != nil {
			groups[field.alt] = append(groups[field.alt], field.name)
		}
	}
	for _, first := range order {
		given := groups[first.alt]
		switch {
		case len(given) > 1:
			v.report(problem.SeverityError, at.child(given[1]), false, first.codeOr("V-01"), strings.Join(given, " 与 ")+" 只能写一个", "")
		case len(given) == 0 && first.altRequired && !v.partial:
			v.report(problem.SeverityError, at, false, "V-13", "必须写明其中一项："+strings.Join(sh.alternativesOf(first.alt), "、"), "")
		}
	}
}

// list checks each element; keyed lists may not repeat a key, sets not a value.
func (v *visit) list(sh *shape, f *field, value any, at Path) {
	items, ok := value.([]any)
	if !ok {
		if f != nil && f.short == "*" && isScalar(value) {
			v.conform(sh.elem, f, value, at)
			return
		}
		v.wrong(at, "列表", value)
		return
	}
	seen := map[string]bool{}
	for i, item := range items {
		if v.full() {
			return
		}
		if item == nil {
			v.report(problem.SeverityError, at.at(i), false, "V-01", "列表中有空项", "")
			continue
		}
		v.conform(sh.elem, f, item, at.at(i))
		key := ""
		switch {
		case f != nil && f.mergeKey != "":
			key = keyOf(item, f.mergeKey)
		case f != nil && f.mergeSet:
			key = scalarText(item)
		}
		if key != "" && seen[key] {
			place := at.at(i)
			if f.mergeKey != "" {
				place = place.child(f.mergeKey)
			}
			v.report(problem.SeverityError, place, false, "V-02", fmt.Sprintf("%q 重复", key), "")
		}
		seen[key] = true
	}
}

// dict checks each value of a map with free keys.
func (v *visit) dict(sh *shape, f *field, value any, at Path) {
	doc, ok := value.(map[string]any)
	if !ok {
		v.wrong(at, "映射", value)
		return
	}
	for _, name := range sortedKeys(doc) {
		if v.full() {
			return
		}
		v.conform(sh.elem, f, doc[name], at.child(name))
	}
}

// text checks a string against its closed list, format and kind of name.
func (v *visit) text(f *field, value any, at Path) {
	text, ok := value.(string)
	if number, isNumber := value.(json.Number); isNumber && f != nil && f.format == "decimal" {
		text, ok = string(number), true
	}
	if !ok {
		hint := ""
		if isScalar(value) {
			hint = "加引号"
		}
		v.report(problem.SeverityError, at, false, "V-01", "应为文本，写成了"+formName(value), hint)
		return
	}
	if f == nil {
		return
	}
	if !f.allows(text) {
		v.report(problem.SeverityError, at, false, f.codeOr("V-01"), fmt.Sprintf("%q 不是允许的值", text), enumHint(text, f.enum))
		return
	}
	if code, message := checkFormat(f.format, text); code != "" {
		v.report(problem.SeverityError, at, false, code, message, "")
	}
	if len(f.refs) > 0 && !isLateName(text) && !slices.Contains(f.notRefs, text) && !resourceName.MatchString(text) {
		v.report(problem.SeverityError, at, false, "V-01", fmt.Sprintf("%q 不是资源名称", text), "引用 "+strings.Join(f.refs, " 或 ")+" 的 metadata.name")
	}
	if f.expr != "" && strings.TrimSpace(text) == "" {
		v.report(problem.SeverityError, at, false, "V-17", "表达式为空", "")
	}
}

// isLateName reports a value that is resolved at run time ($matter.implementing_department).
func isLateName(text string) bool { return strings.HasPrefix(text, "$") }

func enumHint(text string, enum []string) string {
	if hint := suggest(text, enum); hint != "" {
		return hint
	}
	if len(enum) <= 12 {
		return "可用：" + strings.Join(enum, "、")
	}
	return ""
}

// integer checks a whole number and its bounds.
func (v *visit) integer(f *field, value any, at Path) {
	number, ok := value.(json.Number)
	if !ok {
		hint := ""
		if _, text := value.(string); text {
			hint = "去掉引号"
		}
		v.report(problem.SeverityError, at, false, "V-01", "应为整数，写成了"+formName(value), hint)
		return
	}
	n, err := strconv.ParseInt(string(number), 10, 64)
	if err != nil {
		v.report(problem.SeverityError, at, false, "V-01", fmt.Sprintf("应为整数，写成了 %s", number), "")
		return
	}
	if f == nil {
		return
	}
	if low, err := strconv.ParseInt(f.min, 10, 64); err == nil && n < low {
		v.report(problem.SeverityError, at, false, f.codeOr("V-01"), fmt.Sprintf("%d 小于 %s", n, f.min), "")
	}
	if high, err := strconv.ParseInt(f.max, 10, 64); err == nil && n > high {
		v.report(problem.SeverityError, at, false, f.codeOr("V-01"), fmt.Sprintf("%d 大于 %s", n, f.max), "")
	}
}

// codeOr is the publish check that the field belongs to, or a general one.
func (f *field) codeOr(general string) string {
	if f.code != "" {
		return f.code
	}
	return general
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func sameGroup(group string) func(*field) bool {
	return func(f *field) bool { return f.alt == group }
}
