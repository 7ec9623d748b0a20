package deadline

import "slices"

// AsStood returns the clock as its ledger stood when day on began: what happened on
// that day or later is taken back. A clock whose due date had passed by then has
// expired. Floors keep no day of their own and stay.
func (c Clock) AsStood(on Date, cal *Calendar) Clock {
	stopped := !c.StoppedOn.IsZero() && c.StoppedOn.Before(on)
	if stopped {
		return c
	}
	c.StoppedOn = Date{}
	c.Extensions = slices.DeleteFunc(slices.Clone(c.Extensions), func(e Extension) bool { return !e.On.Before(on) })
	c.Segments = slices.DeleteFunc(slices.Clone(c.Segments), func(s Segment) bool { return !s.floor() && !s.From.Before(on) })
	c.State = Running
	for i, s := range c.Segments {
		if s.floor() {
			continue
		}
		if !s.To.IsZero() && !s.To.Before(on) {
			c.Segments[i].To, s.To = Date{}, Date{}
		}
		if isOpen(s) {
			c.State = Suspended
		}
	}
	if c.State == Running && on.After(c.DueAsOf(on, cal).On) {
		c.State = Expired
	}
	return c
}
