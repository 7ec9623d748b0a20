package code

import (
	_ "embed" // divisions.tsv
	"slices"
	"strconv"
	"strings"
	"sync"
)

// divisions holds the county-level and higher codes of GB/T 2260 that were given up
// between 1981 and 2024: code, first year, year of retirement, name, codes that
// took its place. From https://github.com/yescallop/areacodes (CC0-1.0, LICENSE.areacodes).
//
//go:embed divisions.tsv
var divisions string

// Retired is a division code that is no longer given, but stays valid for what was done under it.
type Retired struct {
	Code       string
	Name       string
	From, To   int      // the first year, and the year in which it was given up
	Successors []string // codes of the divisions that it became; none where the register names none
}

// ValidIn reports whether the code was in use in a year.
func (r Retired) ValidIn(year int) bool { return r.From <= year && year <= r.To }

// RetiredDivision returns a code of the register of retired divisions.
func RetiredDivision(division string) (Retired, bool) {
	r, ok := retired()[division]
	return r, ok
}

// Successors are the codes in use that a retired division became, through all the changes since, sorted; nil for one that
// is not retired.
func Successors(division string) []string {
	var out []string
	seen := map[string]bool{division: true}
	for queue := retired()[division].Successors; len(queue) > 0; queue = queue[1:] {
		next := queue[0]
		if seen[next] {
			continue
		}
		seen[next] = true
		if r, gone := retired()[next]; gone {
			queue = append(queue, r.Successors...)
			continue
		}
		out = append(out, next)
	}
	slices.Sort(out)
	return out
}

// retired reads the register once.
var retired = sync.OnceValue(func() map[string]Retired {
	out := map[string]Retired{}
	for line := range strings.Lines(divisions) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		r := Retired{Code: fields[0], Name: fields[3]}
		r.From, _ = strconv.Atoi(fields[1]) // a test reads every line
		r.To, _ = strconv.Atoi(fields[2])
		if len(fields) > 4 {
			r.Successors = strings.Fields(fields[4])
		}
		out[r.Code] = r
	}
	return out
})
