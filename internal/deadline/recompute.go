package deadline

import "slices"

// Outage extends the clock of an applicant or a payer when an outage lasting from
// one day to another touches its last day: it then ends at the end of the next working
// day after recovery (T-26). It reports whether the clock was extended. Agency and third
// parties' clocks do not move. A clock that expired on the touched day runs again.
func (c Clock) Outage(from, to Date, source string, cal *Calendar) (Clock, bool) {
	revivable := c.State == Expired && c.StoppedOn.IsZero()
	if c.Party != Applicant && c.Party != Payer || c.State != Running && !revivable {
		return c, false
	}
	due := c.dueAsOf(forever, cal, false).On
	if due.Before(from) || due.After(to) {
		return c, false
	}
	c.State = Running
	return c.withFloor(Segment{From: due, To: cal.NextWorkday(to), Reason: ReasonOutage, Source: source}), true
}

// Recompute carries a clock over to a newly published calendar on day on; before is the
// due date it had. Agency dates follow the calendar either way. An applicant's, payer's
// or third party's date takes the later of old and new (T-20). The result is the clock,
// now naming the calendar's digest, and its due date.
func (c Clock) Recompute(before, on Date, cal *Calendar) (Clock, Due) {
	c.CalendarDigest = cal.Digest()
	due := c.Due(cal)
	if c.Party != Agency && due.On.Before(before) {
		c = c.withFloor(Segment{From: on, To: before, Reason: ReasonCalendar, Source: cal.Digest()})
		due = c.Due(cal)
	}
	return c, due
}

func (c Clock) withFloor(s Segment) Clock {
	s.After = len(c.Extensions)
	c.Segments = append(slices.Clone(c.Segments), s)
	return c
}
