package expr

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/cel-go/common"

	"zhengtong/internal/problem"
)

// problemAt makes a positioned problem; lines and columns count from 1 within the expression.
func problemAt(at common.Location, severity problem.Severity, code, hint, format string, args ...any) problem.Problem {
	return problem.Problem{
		Line: max(at.Line(), 1), Column: max(at.Column(), 0) + 1, Code: code, Severity: severity,
		Message: fmt.Sprintf(format, args...), Hint: hint,
	}
}

// Hint proposes the candidate nearest to a mistyped name: at most a third of its
// characters may differ, two at least.
func Hint(name string, candidates []string) string {
	best, distance := "", max(2, len(name)/3)+1
	for _, c := range candidates {
		if d := editDistance(name, c); d < distance {
			best, distance = c, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("是否想写 %q？", best)
}

// editDistance is Levenshtein's, by characters.
func editDistance(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range to {
			cost := diagonal
			if r != s {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}

// joined lists values for a message, shortened.
func joined(values []string) string {
	const most = 8
	if len(values) > most {
		return strings.Join(values[:most], "、") + " 等"
	}
	return strings.Join(values, "、")
}

func nodeNames(nodes map[string][]string) []string { return slices.Sorted(maps.Keys(nodes)) }

// At returns the problems of an expression with the path of the field that holds it.
func At(problems problem.List, path string) problem.List {
	out := slices.Clone(problems)
	for i := range out {
		out[i].Path = path
	}
	return out
}
