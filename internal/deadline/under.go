package deadline

import "slices"

// Late reports whether the act came after the due date, or has not come by the end of
// day today although the clock runs. An act on a day that does not count is not late.
func (c Clock) Late(today Date, cal *Calendar) bool {
	on := today
	if !c.StoppedOn.IsZero() {
		on = c.StoppedOn
	}
	rests := slices.ContainsFunc(c.Segments, func(s Segment) bool {
		return !s.floor() && !s.From.After(on) && (isOpen(s) || !s.To.Before(on) && !c.StoppedOn.IsZero())
	})
	return !rests && on.After(c.DueAsOf(on, cal).On)
}

// Rests are the suspensions of the ledger.
func (c Clock) Rests() []Segment {
	return slices.DeleteFunc(slices.Clone(c.Segments), Segment.floor)
}

// Under is the same ledger under another limit or calendar, as of day today, with
// rests as the suspensions that were tried, granted or not: what happened stays on its
// day, and the due date and the state follow anew. What was tried when the clock would
// have stopped or expired already is left out.
func (c Clock) Under(limit Limit, rests []Segment, today Date, cal *Calendar) Clock {
	c.Limit, c.CalendarDigest = limit, cal.Digest()
	c.Segments = slices.DeleteFunc(slices.Clone(c.Segments), func(s Segment) bool { return !s.floor() })
	for _, s := range rests {
		if stop := c.StoppedOn; !stop.IsZero() {
			if s.From.After(stop) {
				continue
			}
			if isOpen(s) || s.To.After(stop) {
				s.To = stop
			}
		}
		c.Segments = append(c.Segments, s)
	}
	for _, on := range c.days() {
		if stood := c.AsStood(on, cal); stood.State == Expired {
			c.Segments, c.Extensions = stood.Segments, stood.Extensions
			break
		}
	}
	switch {
	case c.State == Cancelled:
	case c.Late(today, cal):
		c.State = Expired
	case !c.StoppedOn.IsZero():
		c.State = Met
	case slices.ContainsFunc(c.Segments, isOpen):
		c.State = Suspended
	default:
		c.State = Running
	}
	return c
}

// days are those on which the ledger was written, in order.
func (c Clock) days() []Date {
	var days []Date
	for _, s := range c.Rests() {
		days = append(days, s.From)
	}
	for _, e := range c.Extensions {
		days = append(days, e.On)
	}
	slices.SortFunc(days, Date.Compare)
	return days
}
