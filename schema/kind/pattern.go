package kind

import (
	"slices"
	"strconv"

	"zhengtong/internal/code"
)

// The narrowest and widest sequence a number may have.
const minSeqWidth, maxSeqWidth = 3, 12

// checkPattern checks a number pattern (V-35): tokens and widths (internal/code), a
// sequence wide enough (a mapped token such as a credit code may take its place), a
// check character exactly when an algorithm is named, no mapped token unused.
func checkPattern(v *visit, path, text string, mapped map[string]string, check string) {
	widths := map[string]int{}
	for name := range mapped {
		widths[name] = 0 // the width is the one written in the pattern
	}
	pattern, err := code.ParsePattern(text, widths)
	if err != nil {
		for _, each := range unjoin(err) {
			v.fail(path, "V-35", "", "%s", each)
		}
		return
	}
	used := pattern.Tokens()
	switch width := pattern.SeqWidth(); {
	case width == 0 && len(mapped) == 0:
		v.fail(path, "V-35", "加入 {seq:6}", "样式没有流水号")
	case width != 0 && (width < minSeqWidth || width > maxSeqWidth):
		v.fail(path, "V-35", "如 {seq:6}", "流水号宽度应为 %d 至 %d", minSeqWidth, maxSeqWidth)
	}
	if named := check != "" && check != string(code.CheckNone); slices.Contains(used, "check") != named {
		v.fail(path, "V-35", "", "{check:1} 与 check 算法应同时出现")
	}
	for _, name := range sortedKeys(anyMap(mapped)) {
		if !slices.Contains(used, name) {
			v.fail(path, "V-35", "", "map 中的 %q 没有用在样式里", name)
		}
	}
}

// unjoin takes joined errors apart.
func unjoin(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
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
