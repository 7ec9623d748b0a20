package kind

import (
	"regexp"
	"strconv"
	"strings"
)

var numberToken = regexp.MustCompile(`\{([a-z_][a-z0-9_]*)(?::(\d{1,2}))?\}`)

// fixedWidths are the number tokens of domain part 3.2.2 with the width they must state; 0 states none, -1 any.
func fixedWidths() map[string]int {
	return map[string]int{"yyyy": 0, "yy": 0, "yyyymm": 0, "yymmdd": 0, "yyyymmdd": 0, "dept": 0,
		"division": 6, "prov": 2, "city": 2, "county": 2, "org": 9, "matter_seq": 4, "seq": -1, "check": 1}
}

// checkPattern checks a number pattern (V-35): known tokens with their widths, a
// sequence wide enough (a mapped token such as a credit code may take its place), a check digit exactly when an algorithm is named, no
// mapped token unused.
func checkPattern(v *visit, path, pattern string, mapped map[string]string, check string) {
	used := map[string]bool{}
	for _, m := range numberToken.FindAllStringSubmatch(pattern, -1) {
		name, width := m[1], 0
		if m[2] != "" {
			width, _ = strconv.Atoi(m[2])
		}
		want, known := fixedWidths()[name]
		_, isMapped := mapped[name]
		switch {
		case isMapped && width == 0:
			v.fail(path, "V-35", "写成 {"+name+":宽度}", "记号 {%s} 缺少宽度", name)
		case !known && !isMapped:
			v.fail(path, "V-35", suggest(name, tokenNames(mapped)), "未知记号 {%s}", name)
		case known && want > 0 && width != want:
			v.fail(path, "V-35", "", "记号 {%s} 的宽度应为 %d", name, want)
		case known && want < 0 && (width < 3 || width > 12):
			v.fail(path, "V-35", "如 {seq:6}", "流水号宽度应为 3 至 12")
		}
		used[name] = true
	}
	if rest := numberToken.ReplaceAllString(pattern, ""); strings.ContainsAny(rest, "{}") {
		v.fail(path, "V-35", "", "花括号不成对或记号有误：%s", rest)
	}
	if !used["seq"] && len(mapped) == 0 {
		v.fail(path, "V-35", "加入 {seq:6}", "样式没有流水号")
	}
	if hasAlgorithm := check != "" && check != "none"; used["check"] != hasAlgorithm {
		v.fail(path, "V-35", "", "{check:1} 与 check 算法应同时出现")
	}
	for _, name := range sortedKeys(anyMap(mapped)) {
		if !used[name] {
			v.fail(path, "V-35", "", "map 中的 %q 没有用在样式里", name)
		}
	}
}

func tokenNames(mapped map[string]string) []string {
	var names []string
	for name := range fixedWidths() {
		names = append(names, name)
	}
	for name := range mapped {
		names = append(names, name)
	}
	return names
}

// anyMap views a map's keys for sorting.
func anyMap[V any](m map[string]V) map[string]any {
	out := make(map[string]any, len(m))
	for k := range m {
		out[k] = nil
	}
	return out
}

// at writes the path of a list element.
func at(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }
