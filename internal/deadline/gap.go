package deadline

import "slices"

// gap is a stretch of suspended days (from, to]: the first day excluded, the last included.
type gap struct{ from, to Date }

// gaps returns the suspensions as known on asOf, cut to the clock's life, merged and
// in order (T-14). Suspensions that meet on one day are joined.
func (c Clock) gaps(asOf Date) []gap {
	var out []gap
	for _, s := range c.Segments {
		if s.floor() || isOpen(s) && asOf == forever {
			continue
		}
		to := s.To
		if isOpen(s) {
			to = asOf
		}
		g := gap{later(s.From, c.StartedOn), earlier(to, asOf)}
		if g.from.Before(g.to) {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b gap) int { return a.from.Compare(b.from) })
	merged := out[:0]
	for _, g := range out {
		if n := len(merged); n > 0 && !g.from.After(merged[n-1].to) {
			merged[n-1].to = later(merged[n-1].to, g.to)
			continue
		}
		merged = append(merged, g)
	}
	return merged
}

// suspended counts the suspended time in (from, to]: working days, or calendar days
// for units that run through days off (T-13).
func (c *Calendar) suspended(gaps []gap, from, to Date, unit Unit) int {
	n := 0
	for _, g := range gaps {
		a, b := later(g.from, from), earlier(g.to, to)
		if !a.Before(b) {
			continue
		}
		if unit.calendrical() {
			n += b.Sub(a)
		} else {
			n += c.WorkdaysBetween(a, b)
		}
	}
	return n
}
