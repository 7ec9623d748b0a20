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

// measure returns the length of a gap: its working days, or its calendar days for
// units that run through days off (T-13).
func (c *Calendar) measure(g gap, unit Unit) int {
	if unit.calendrical() {
		return g.to.Sub(g.from)
	}
	return c.WorkdaysBetween(g.from, g.to)
}
