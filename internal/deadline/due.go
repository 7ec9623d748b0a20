package deadline

import (
	"math"
	"slices"
)

// forever is an as-of day after every segment.
var forever = Date{day: math.MaxInt32}

// Due returns when the clock runs out, with the derivation. Closed suspensions
// count in full; an open one counts nothing yet, so the date is the earliest
// possible. Use DueAsOf to see it shift day by day.
func (c Clock) Due(cal *Calendar) Due { return c.dueAsOf(forever, cal, true) }

// DueAsOf returns when the clock runs out as seen on day on: only the part of each
// suspension up to on counts, open ones included. It has no derivation.
func (c Clock) DueAsOf(on Date, cal *Calendar) Due { return c.dueAsOf(on, cal, false) }

// ExplainAsOf is DueAsOf with the derivation.
func (c Clock) ExplainAsOf(on Date, cal *Calendar) Due { return c.dueAsOf(on, cal, true) }

// stage is an extension or a floor; the due date is folded over them in order.
type stage struct {
	on    Date
	n     int     // extension
	floor Segment // when n is 0
}

func (c Clock) stages() []stage {
	var out []stage
	for _, s := range c.Segments {
		if s.floor() {
			out = append(out, stage{on: s.From, floor: s})
		}
	}
	for _, e := range c.Extensions {
		out = append(out, stage{on: e.On, n: e.N})
	}
	// Floors come first on equal days: an extension granted first would have moved the
	// due date, and so the floor's day, past itself.
	slices.SortStableFunc(out, func(a, b stage) int { return a.on.Compare(b.on) })
	return out
}

// fold carries the due date through start, suspensions, extensions and floors.
type fold struct {
	clock Clock
	cal   *Calendar
	gaps  []gap
	asOf  Date
	on    Date
	at    TimeOfDay
	past  Date // suspensions up to this day are already in on
	note  *notes
}

func (c Clock) dueAsOf(asOf Date, cal *Calendar, explain bool) Due {
	f := fold{clock: c, cal: cal, gaps: c.gaps(asOf), asOf: asOf, on: c.StartedOn, at: c.StartedAt, past: c.StartedOn}
	if explain {
		f.note = &notes{cal: cal}
	}
	f.add(c.Limit.N)
	f.note.start(c, f.on, f.at)
	for _, s := range c.stages() {
		f.shift(s.on)
		f.roll()
		if s.n > 0 {
			before := f.on
			f.add(s.n)
			f.note.extension(c.Limit.Unit, s, before, f.on)
		} else if f.on.Before(s.floor.To) {
			f.on, f.at = s.floor.To, EndOfDay
			f.note.floor(s.floor)
		}
	}
	f.shift(asOf)
	f.roll()
	due := Due{On: f.on, Provisional: cal.Provisional(f.on)}
	if c.Limit.Unit == Hour {
		due.At = f.at
	}
	due.Explain = f.note.finish(due)
	return due
}

func (f *fold) add(n int) {
	if f.clock.Limit.Unit == Hour {
		f.on, f.at = f.cal.AddHours(f.on, f.at, n)
		return
	}
	f.on = f.cal.Add(f.on, Limit{N: n, Unit: f.clock.Limit.Unit}, false)
}

// shift moves the due date by the suspended time in (past, to] (T-13).
func (f *fold) shift(to Date) {
	if !to.After(f.past) {
		return
	}
	n := f.cal.suspended(f.gaps, f.past, to, f.clock.Limit.Unit)
	f.past = to
	if n == 0 {
		return
	}
	before := f.on
	if f.clock.Limit.Unit.calendrical() {
		f.on = f.on.AddDays(n)
	} else {
		f.on = f.cal.AddWorkdays(f.on, n)
	}
	f.note.shift(f, n, before)
}

// roll moves a due date off a day off (T-02). Counting working days ends on one by
// itself, except a limit of zero.
func (f *fold) roll() {
	if f.clock.NoRoll && f.clock.Limit.Unit.calendrical() || f.cal.Working(f.on) {
		return
	}
	before := f.on
	f.on = f.cal.Roll(f.on)
	f.note.roll(before, f.on)
}
