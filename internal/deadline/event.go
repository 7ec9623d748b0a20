package deadline

import (
	"slices"
	"time"

	"zhengtong/internal/problem"
)

// The reasons (problem.Error.Reason, code CONFLICT) for which an event on a clock is refused.
const (
	ReasonNotRunning    = "clock_not_running"    // the clock is already met, expired or cancelled
	ReasonExpired       = "clock_expired"        // the due date has passed
	ReasonNotDue        = "clock_not_due"        // it expires only after its due date
	ReasonSuspended     = "clock_suspended"      // a suspended clock cannot expire
	ReasonTwice         = "suspension_twice"     // this source has already suspended the clock
	ReasonNoSuspension  = "suspension_not_found" // this source has no open suspension
	ReasonNoBasis       = "basis_required"       // a statutory suspension cites no basis
	ReasonOutOfOrder    = "date_out_of_order"    // the day lies before the event it follows
	ReasonBadLimit      = "limit_invalid"        // unknown unit or impossible number
	ReasonReservedCause = "reason_reserved"      // outage and calendar are not suspensions
)

func refuse(reason, format string, args ...any) error {
	return problem.New(problem.Conflict, reason, format, args...)
}

// Start begins a clock by an event on day on. Hour limits run from the opening of
// that day; use StartAt when the instant is known.
func Start(kind Kind, party Party, limit Limit, on Date, cal *Calendar) (Clock, error) {
	if err := limit.Validate(); err != nil {
		return Clock{}, refuse(ReasonBadLimit, "%v", err)
	}
	if on.IsZero() {
		return Clock{}, refuse(ReasonOutOfOrder, "期限没有起算日")
	}
	return Clock{
		Kind: kind, Party: party, Limit: limit, StartedOn: on, State: Running, CalendarDigest: cal.Digest(),
	}, nil
}

// StartAt begins a clock by an event at instant at, read in loc. It differs from
// Start only for hour limits.
func StartAt(kind Kind, party Party, limit Limit, at time.Time, loc *time.Location, cal *Calendar) (Clock, error) {
	c, err := Start(kind, party, limit, DateOf(at, loc), cal)
	if err == nil && limit.Unit == Hour {
		c.StartedAt = TimeOfDayAt(at, loc)
	}
	return c, err
}

// Suspend stops the clock from day on for source. Several sources may suspend it at
// once; the days are counted once (T-14). A statutory clock needs a legal basis
// (T-11, T-12, invariant 5).
func (c Clock) Suspend(on Date, reason, basis, source string, cal *Calendar) (Clock, error) {
	s := Segment{From: on, Reason: reason, Basis: basis, Source: source}
	if err := c.unexpired(on, cal); err != nil {
		return c, err
	}
	if c.Kind == Statutory && basis == "" {
		return c, refuse(ReasonNoBasis, "中止法定期限必须写明法律依据")
	}
	if s.floor() {
		return c, refuse(ReasonReservedCause, "%q 不能作为中止原因", reason)
	}
	if c.open(source) >= 0 {
		return c, refuse(ReasonTwice, "该程序已中止本期限")
	}
	c.Segments = append(slices.Clone(c.Segments), s)
	c.State = Suspended
	return c, nil
}

// Resume ends the suspension of source on day on. The clock runs again when no other
// source suspends it. Ending on the day it began shifts nothing (T-13).
func (c Clock) Resume(source string, on Date) (Clock, error) {
	i := c.open(source)
	if i < 0 {
		return c, refuse(ReasonNoSuspension, "该程序没有中止本期限")
	}
	if on.Before(c.Segments[i].From) {
		return c, refuse(ReasonOutOfOrder, "恢复日 %s 早于中止日 %s", on, c.Segments[i].From)
	}
	c.Segments = slices.Clone(c.Segments)
	c.Segments[i].To = on
	if c.State == Suspended && !slices.ContainsFunc(c.Segments, isOpen) {
		c.State = Running
	}
	return c, nil
}

// Extend lengthens an unexpired clock by n of its unit, counted from the current
// due date (T-16; 行政许可法 art. 42).
func (c Clock) Extend(n int, on Date, reason, basis string, cal *Calendar) (Clock, error) {
	if err := c.unexpired(on, cal); err != nil {
		return c, err
	}
	if n < 1 || n > maxN {
		return c, refuse(ReasonBadLimit, "延长数 %d 应为正数", n)
	}
	c.Extensions = append(slices.Clone(c.Extensions), Extension{N: n, On: on, Reason: reason, Basis: basis})
	return c, nil
}

// Meet records that the awaited act was done on day on. Done after the due date it
// leaves the clock expired and only ends its overdue.
func (c Clock) Meet(on Date, cal *Calendar) (Clock, error) {
	if c.State == Running && on.After(c.DueAsOf(on, cal).On) {
		c.State = Expired
	}
	return c.stop(on, Met)
}

// Cancel ends a clock that lost its object, as when the applicant withdraws. An
// expired clock stays expired.
func (c Clock) Cancel(on Date) (Clock, error) { return c.stop(on, Cancelled) }

// Expire records that the due date passed on or before day on. A suspended clock
// does not expire.
func (c Clock) Expire(on Date, cal *Calendar) (Clock, error) {
	switch due := c.DueAsOf(on, cal).On; {
	case c.State == Suspended:
		return c, refuse(ReasonSuspended, "期限中止期间不届满")
	case c.State != Running:
		return c, refuse(ReasonNotRunning, "期限已结束")
	case on.Before(due):
		return c, refuse(ReasonNotDue, "期限至 %s 方届满", due)
	}
	c.State = Expired
	return c, nil
}

func (c Clock) stop(on Date, to State) (Clock, error) {
	if !c.StoppedOn.IsZero() || !c.Live() && c.State != Expired {
		return c, refuse(ReasonNotRunning, "期限已结束")
	}
	if on.Before(c.StartedOn) {
		return c, refuse(ReasonOutOfOrder, "%s 早于起算日 %s", on, c.StartedOn)
	}
	c.Segments = slices.Clone(c.Segments)
	for i, s := range c.Segments {
		if isOpen(s) {
			c.Segments[i].To = later(on, s.From)
		}
	}
	if c.State != Expired {
		c.State = to
	}
	c.StoppedOn = on
	return c, nil
}

// unexpired returns an error unless the clock is live and day on lies within it.
func (c Clock) unexpired(on Date, cal *Calendar) error {
	if c.State == Expired {
		return refuse(ReasonExpired, "期限已届满")
	}
	if !c.Live() {
		return refuse(ReasonNotRunning, "期限已结束")
	}
	if on.Before(c.StartedOn) {
		return refuse(ReasonOutOfOrder, "%s 早于起算日 %s", on, c.StartedOn)
	}
	// Suspended on its last day, a clock may stand past its due date over a weekend.
	if due := c.DueAsOf(on, cal).On; c.State == Running && on.After(due) {
		return refuse(ReasonExpired, "期限已于 %s 届满", due)
	}
	return nil
}

// open returns the index of source's open suspension, or -1.
func (c Clock) open(source string) int {
	return slices.IndexFunc(c.Segments, func(s Segment) bool { return isOpen(s) && s.Source == source })
}

func isOpen(s Segment) bool { return s.To.IsZero() }
