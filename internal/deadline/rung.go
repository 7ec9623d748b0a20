package deadline

import "time"

// Rung is a point of a clock at which something is to happen: a warning, the
// expiry, a card. Exactly one of Remaining, Expiry and Overdue is set.
type Rung struct {
	ID string `json:"id"`
	// Remaining k is reached at the start of the first day on which Remaining ≤ k.
	Remaining *int `json:"remaining,omitempty"`
	// Expiry is reached at the first instant after the due instant.
	Expiry bool `json:"expiry,omitempty"`
	// Overdue k ≥ 1 is reached at the start of the first day on which Overdue ≥ k.
	Overdue *int `json:"overdue,omitempty"`
}

// RemainingRung returns the rung at which at most k units remain (T-21).
func RemainingRung(id string, k int) Rung { return Rung{ID: id, Remaining: &k} }

// ExpiryRung returns the rung at which the clock expires.
func ExpiryRung(id string) Rung { return Rung{ID: id, Expiry: true} }

// OverdueRung returns the rung at which the clock is overdue by k units.
func OverdueRung(id string, k int) Rung { return Rung{ID: id, Overdue: &k} }

// Instant returns the due instant: the hour limit's own time, or time dueTime of the
// due date, 23:59:59 unless the tenant ends with office hours (T-04).
func (d Due) Instant(loc *time.Location, dueTime TimeOfDay) time.Time {
	if d.At != 0 {
		return d.On.EndOf(loc, d.At)
	}
	return d.On.EndOf(loc, dueTime)
}

// FireAt returns the instant at which the clock reaches the rung if nothing more
// happens to it. It is false while the clock is suspended, once it is met or
// cancelled, once an expired clock's act is done, and, for an expired clock, for
// rungs before it. A rung already passed has an instant in the past.
func FireAt(c Clock, r Rung, cal *Calendar, loc *time.Location, dueTime TimeOfDay) (time.Time, bool) {
	if c.State != Running && (c.State != Expired || !c.StoppedOn.IsZero()) {
		return time.Time{}, false
	}
	due := c.dueAsOf(forever, cal, false)
	switch {
	case r.Remaining != nil:
		return c.remainingAt(*r.Remaining, due, cal, loc), c.State == Running && *r.Remaining >= 0
	case r.Overdue != nil && *r.Overdue >= 1:
		return c.overdueAt(*r.Overdue, due, cal, loc), true
	case r.Expiry:
		return due.Instant(loc, dueTime).Add(time.Second), c.State == Running
	}
	return time.Time{}, false
}

// remainingAt returns the first instant at which at most k units remain.
func (c Clock) remainingAt(k int, due Due, cal *Calendar, loc *time.Location) time.Time {
	start := c.StartedOn.EndOf(loc, c.StartedAt)
	if k >= c.Total() {
		return start
	}
	var at time.Time
	if c.Limit.Unit == Hour {
		on, tod := cal.subSeconds(due.On, due.At, k*3600)
		at = on.EndOf(loc, tod)
	} else {
		at = c.firstDay(k, due, cal).StartOf(loc)
	}
	if at.Before(start) {
		return start
	}
	return at
}

// firstDay returns the first day since the last suspension on which Remaining ≤ k.
// Remaining does not grow without an event, so the days are searched by halving.
func (c Clock) firstDay(k int, due Due, cal *Calendar) Date {
	low, high := c.StartedOn, due.On
	for _, g := range c.gaps(forever) {
		low = later(low, g.to)
	}
	for low.Before(high) {
		mid := low.AddDays(high.Sub(low) / 2)
		if c.Remaining(mid, cal) <= k {
			high = mid
		} else {
			low = mid.AddDays(1)
		}
	}
	return low
}

func (c Clock) overdueAt(k int, due Due, cal *Calendar, loc *time.Location) time.Time {
	if c.Limit.Unit == Hour {
		on, tod := cal.AddHours(due.On, due.At, k)
		return on.EndOf(loc, tod)
	}
	return cal.Add(due.On, Limit{N: k, Unit: c.Limit.Unit}, false).StartOf(loc)
}
