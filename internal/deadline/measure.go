package deadline

import "time"

// Remaining returns how many units are left at the end of day on, 0 to Total: 0 on
// the due date, 1 on the working day before it. Hours and months count as left when begun.
func (c Clock) Remaining(on Date, cal *Calendar) int {
	on = c.within(on)
	return c.remaining(on, EndOfDay, c.DueAsOf(on, cal), cal)
}

// RemainingAt is Remaining at an instant; it differs only for hour limits.
func (c Clock) RemainingAt(at time.Time, loc *time.Location, cal *Calendar) int {
	on, tod := DateOf(at, loc), TimeOfDayAt(at, loc)
	if in := c.within(on); in != on {
		return c.Remaining(in, cal)
	}
	return c.remaining(on, tod, c.DueAsOf(on, cal), cal)
}

// Elapsed returns how many units are used up at the end of day on. While the clock is
// unexpired, Elapsed + Remaining = Total (invariant 4).
func (c Clock) Elapsed(on Date, cal *Calendar) int { return c.Total() - c.Remaining(on, cal) }

// Overdue returns how many units the due date lies behind day on, 0 while it does not.
// It stops growing on the day the act was done. Months and years count when completed.
func (c Clock) Overdue(on Date, cal *Calendar) int {
	on = c.within(on)
	due := c.DueAsOf(on, cal)
	if !on.After(due.On) || c.State == Cancelled || c.State == Met {
		return 0
	}
	switch c.Limit.Unit {
	case Hour:
		return cal.secondsBetween(due.On, due.At, on, EndOfDay) / 3600
	case Workday:
		return cal.WorkdaysBetween(due.On, on)
	case Month:
		return wholeMonths(due.On, on)
	case Year:
		return wholeMonths(due.On, on) / 12
	}
	return on.Sub(due.On)
}

// within cuts a day to the clock's life: from its start to the day it stopped.
func (c Clock) within(on Date) Date {
	if !c.StoppedOn.IsZero() {
		on = earlier(on, c.StoppedOn)
	}
	return later(on, c.StartedOn)
}

func (c Clock) remaining(on Date, at TimeOfDay, due Due, cal *Calendar) int {
	n := 0
	switch c.Limit.Unit {
	case Hour:
		n = ceilDiv(cal.secondsBetween(on, at, due.On, due.At), 3600)
	case Workday:
		n = cal.WorkdaysBetween(on, due.On)
	case Month:
		n = begunMonths(on, due.On)
	case Year:
		n = ceilDiv(begunMonths(on, due.On), 12)
	default:
		n = due.On.Sub(on)
	}
	return min(max(n, 0), c.Total())
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// wholeMonths returns the largest n for which a plus n months is not after b; 0 when b is before a.
func wholeMonths(a, b Date) int {
	if b.Before(a) {
		return 0
	}
	ay, am, _ := a.Civil()
	by, bm, _ := b.Civil()
	n := (by-ay)*12 + int(bm-am)
	if a.AddMonths(n).After(b) {
		n--
	}
	return n
}

// begunMonths returns the smallest n for which a plus n months is not before b.
func begunMonths(a, b Date) int {
	n := wholeMonths(a, b)
	if a.AddMonths(n).Before(b) {
		n++
	}
	return n
}
