package deadline

import "math"

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

// stage is an extension or a floor; the due date is folded over them in the order in
// which they were made.
type stage struct {
	on        Date
	extension *Extension
	floor     Segment // when extension is nil
}

func (c Clock) stages() []stage {
	var out []stage
	for granted := range len(c.Extensions) + 1 {
		if granted > 0 {
			e := &c.Extensions[granted-1]
			out = append(out, stage{on: e.On, extension: e})
		}
		for _, s := range c.Segments {
			if s.floor() && s.After == granted {
				out = append(out, stage{on: s.From, floor: s})
			}
		}
	}
	return out
}

// fold carries the due date through start, suspensions, extensions and floors.
type fold struct {
	clock Clock
	cal   *Calendar
	gaps  []gap
	on    Date
	at    TimeOfDay
	past  Date // suspensions up to this day are already in on
	note  *notes
}

func (c Clock) dueAsOf(asOf Date, cal *Calendar, explain bool) Due {
	f := fold{clock: c, cal: cal, gaps: c.gaps(asOf), on: c.StartedOn, at: c.StartedAt, past: c.StartedOn}
	if explain {
		f.note = &notes{cal: cal, clock: c}
	}
	f.add(c.Limit.N)
	f.note.start(f.on, f.at)
	for _, s := range c.stages() {
		f.shift(s.on)
		f.roll()
		f.apply(s)
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

func (f *fold) apply(s stage) {
	if s.extension != nil {
		before := f.on
		f.add(s.extension.N)
		f.note.extension(*s.extension, before, f.on)
		return
	}
	if f.on.Before(s.floor.To) {
		f.on, f.at = s.floor.To, EndOfDay
		f.note.floor(s.floor)
	}
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
	for _, g := range f.gaps {
		if part := (gap{later(g.from, f.past), earlier(g.to, to)}); part.from.Before(part.to) {
			f.shiftBy(part)
		}
	}
	f.past = to
}

func (f *fold) shiftBy(g gap) {
	// A suspension begun after the limit ran out, but before the working day to which it
	// rolled, shifts that working day.
	if !g.from.Before(f.on) {
		f.roll()
	}
	before, n := f.on, f.cal.measure(g, f.clock.Limit.Unit)
	if n == 0 {
		return
	}
	if f.clock.Limit.Unit.calendrical() {
		f.on = f.on.AddDays(n)
	} else {
		f.on = f.cal.AddWorkdays(f.on, n)
	}
	f.note.shift(g, n, before, f.on)
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
