package kind

import (
	"fmt"
	"strings"
)

// checkSchema holds a JSON Schema inside a spec to what every place that reads it can
// stand: patterns are RE2 and cheap to backtrack (V-18), references stay inside the
// document (V-15), texts for people hold no markup (V-48).
func checkSchema(v *visit, path string, schema any) {
	switch s := schema.(type) {
	case []any:
		for i, e := range s {
			checkSchema(v, at(path, i), e)
		}
	case map[string]any:
		for _, name := range sortedKeys(s) {
			place := member(path, name)
			text, ok := s[name].(string)
			if !ok {
				checkSchema(v, place, s[name])
				continue
			}
			switch name {
			case "pattern":
				checkPatternText(v, place, text)
			case "$ref", "$dynamicRef":
				if !strings.HasPrefix(text, "#") {
					v.fail(place, "V-15", "只可引用本表单内的 #/…", "不得引用外部的 JSON Schema")
				}
			case "title", "description":
				if hasMarkup(text) {
					v.fail(place, "V-48", "", "字段的文字中不得含 HTML 标签")
				}
			}
		}
	}
}

func checkPatternText(v *visit, place, pattern string) {
	switch {
	case !isRegexp(pattern):
		v.fail(place, "V-18", "RE2 不支持环视和反向引用", "正则表达式有误：%s", pattern)
	case backtracks(pattern):
		v.fail(place, "V-18", "不要在重复之内再重复同样的字符，如把 (a+)+ 写成 a+", "正则表达式 %s 在浏览器中可能耗时无限", pattern)
	}
}

// SchemaField finds the field that a path such as "legal_entity.name" means in a JSON
// Schema of what a service answers: the first part names the answer, the rest the field
// in it. It returns the name looked for and the names that there are where it failed.
func SchemaField(schema map[string]any, path string) (name string, known []string, ok bool) {
	_, rest, dotted := strings.Cut(path, ".")
	if !dotted {
		rest = path
	}
	for _, name := range strings.Split(rest, ".") {
		properties, _ := schema["properties"].(map[string]any)
		next, found := properties[name].(map[string]any)
		if !found {
			return name, sortedKeys(properties), false
		}
		schema = next
	}
	return rest, nil, true
}

// member is the path of a field of a free tree; a name that is no plain word is quoted.
func member(path, name string) string {
	if variableName.MatchString(name) {
		return path + "." + name
	}
	return fmt.Sprintf("%s[%q]", path, name)
}

// PersonalField reports a field of a JSON Schema that holds personal data, by its name or format.
func PersonalField(schema map[string]any, name string) bool {
	properties, _ := schema["properties"].(map[string]any)
	return isPersonal(name) || isPersonalFormat(properties[name])
}
