package workflow

import (
	"fmt"
	"slices"

	"zhengtong/internal/problem"
)

// addHint appends an error with a hint.
func addHint(ps *problem.List, path, code, hint, format string, args ...any) {
	ps.Add(path, code, format, args...)
	(*ps)[len(*ps)-1].Hint = hint
}

// didYouMean answers `did you mean "review"?` for the known word nearest to a
// mistyped one, "" when none is near.
func didYouMean(word string, known []string) string {
	best, at := max(3, len([]rune(word))/3+1), ""
	for _, k := range slices.Sorted(slices.Values(known)) {
		if d := distance(word, k); d < best && k != word {
			best, at = d, k
		}
	}
	if at == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", at)
}

// distance is the Levenshtein distance in characters.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range y {
			cost := diagonal
			if r != s {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}

// words turns typed constants into plain words.
func words[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}
