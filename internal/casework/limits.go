package casework

import (
	"errors"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
)

// The rungs that every clock of a case has: a warning when one unit is left
// (T-21) and the expiry. Supervision adds its own to the clock.
const (
	RungWarning = "warning"
	RungExpiry  = "expiry"
)

func rungs() []deadline.Rung {
	return []deadline.Rung{deadline.RemainingRung(RungWarning, 1), deadline.ExpiryRung(RungExpiry)}
}

// startClock starts a clock today and sets its timers.
func (c *Change) startClock(kind deadline.Kind, party deadline.Party, limit deadline.Limit, owner uuid.UUID) (*Clock, error) {
	body, err := deadline.StartAt(kind, party, limit, c.now, c.live.Location, c.live.Calendar)
	if err != nil {
		return nil, err
	}
	return c.addClock(body, owner), nil
}

// startClockOn starts a clock by an event of another civil day (receipt, deemed acceptance).
func (c *Change) startClockOn(kind deadline.Kind, party deadline.Party, limit deadline.Limit, owner uuid.UUID, on deadline.Date) (*Clock, error) {
	body, err := deadline.Start(kind, party, limit, on, c.live.Calendar)
	if err != nil {
		return nil, err
	}
	return c.addClock(body, owner), nil
}

func (c *Change) addClock(body deadline.Clock, owner uuid.UUID) *Clock {
	clock := &Clock{row: row{fresh: true}, ID: c.service.newID(c.now), CaseID: c.kase.ID, Owner: owner, Body: body, CreatedAt: c.now}
	c.clocks = append(c.clocks, clock)
	c.settle(clock)
	return clock
}

// settle recomputes what follows from a clock's ledger: its due date, the dates
// shown on the case, and the instants at which its rungs fire.
func (c *Change) settle(clock *Clock) {
	due := clock.Body.DueAsOf(c.today, c.live.Calendar)
	clock.DueOn, clock.Provisional, clock.dirty = due.On, due.Provisional, true
	switch clock.Body.Kind {
	case deadline.Promised:
		c.kase.PromisedDue = due.On
	case deadline.Statutory:
		c.kase.StatutoryDue = due.On
	}
	for _, rung := range rungs() {
		c.setTimer(clock, rung)
	}
}

func (c *Change) setTimer(clock *Clock, rung deadline.Rung) {
	at, live := deadline.FireAt(clock.Body, rung, c.live.Calendar, c.live.Location, c.live.DueTime)
	timer := find(c.timers, func(t *Timer) bool { return t.ClockID == clock.ID && t.Rung == rung.ID })
	switch {
	case timer == nil && live:
		c.timers = append(c.timers, &Timer{row: row{fresh: true}, ID: c.service.newID(c.now), CaseID: c.kase.ID, ClockID: clock.ID,
			Rung: rung.ID, FireAt: clamp(at), State: timerWaiting})
	case timer == nil || timer.State == timerFired:
	case live:
		timer.FireAt, timer.State, timer.dirty = clamp(at), timerWaiting, true
	case timer.State != timerCancelled:
		timer.State, timer.dirty = timerCancelled, true
	}
}

// nearestDue is what lists sort by: the earliest due date of a live clock that
// binds the agency on the case as a whole.
func (c *Change) nearestDue() deadline.Date {
	var nearest deadline.Date
	for _, clock := range c.clocks {
		if clock.Owner != c.kase.ID || !clock.Body.Live() {
			continue
		}
		if nearest.IsZero() || clock.DueOn.Before(nearest) {
			nearest = clock.DueOn
		}
	}
	return nearest
}

// change applies f to a clock and settles it. A clock that has already ended is left alone.
func (c *Change) change(clock *Clock, f func(deadline.Clock) (deadline.Clock, error)) error {
	body, err := f(clock.Body)
	if err != nil {
		var refusal *problem.Error
		if errors.As(err, &refusal) && refusal.Reason == deadline.ReasonNotRunning {
			return nil
		}
		return err
	}
	clock.Body = body
	c.settle(clock)
	return nil
}

func (c *Change) meet(clock *Clock) error {
	if clock == nil {
		return nil
	}
	return c.change(clock, func(b deadline.Clock) (deadline.Clock, error) { return b.Meet(c.today, c.live.Calendar) })
}

func (c *Change) cancelClock(clock *Clock) error {
	return c.change(clock, func(b deadline.Clock) (deadline.Clock, error) { return b.Cancel(c.today) })
}

func (c *Change) eachOwned(owner uuid.UUID, f func(*Clock) error) error {
	for _, clock := range c.clocks {
		if clock.Owner == owner && clock.Body.StoppedOn.IsZero() {
			if err := f(clock); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Change) meetOwned(owner uuid.UUID) error   { return c.eachOwned(owner, c.meet) }
func (c *Change) cancelOwned(owner uuid.UUID) error { return c.eachOwned(owner, c.cancelClock) }

func (c *Change) expireOwned(owner uuid.UUID) error {
	return c.eachOwned(owner, func(clock *Clock) error {
		if clock.Body.State == deadline.Expired {
			return nil
		}
		return c.change(clock, func(b deadline.Clock) (deadline.Clock, error) { return b.Expire(c.today, c.live.Calendar) })
	})
}

// suspendAll suspends the case's promised and statutory clocks for a source, as
// its definition says; the statutory one only with a legal basis (invariant 5).
func (c *Change) suspendAll(promised, statutory bool, reason, basis, source string) error {
	var kinds []deadline.Kind
	if promised {
		kinds = append(kinds, deadline.Promised)
	}
	if statutory {
		kinds = append(kinds, deadline.Statutory)
	}
	for _, kind := range kinds {
		clock := c.caseClock(kind)
		if clock == nil || !clock.Body.Live() {
			continue
		}
		err := c.change(clock, func(b deadline.Clock) (deadline.Clock, error) {
			return b.Suspend(c.today, reason, basis, source, c.live.Calendar)
		})
		if problem.ReasonOf(err) == deadline.ReasonExpired {
			continue // past its due date, only its timer has not fired yet: nothing is left to suspend
		}
		if err != nil {
			return err
		}
		c.record("clock.suspended", map[string]any{"clock": string(kind), "reason": reason, "basis": basis})
	}
	return nil
}

// resumeAll ends what a source had suspended, as of a day.
func (c *Change) resumeAll(source string, on deadline.Date) error {
	for _, clock := range c.clocks {
		if clock.Owner != c.kase.ID || clock.Body.State != deadline.Suspended || !suspendedBy(clock.Body, source) {
			continue
		}
		err := c.change(clock, func(b deadline.Clock) (deadline.Clock, error) { return b.Resume(source, on) })
		if err != nil {
			return err
		}
		c.record("clock.resumed", map[string]any{"clock": string(clock.Body.Kind), "due_on": clock.DueOn.String()})
	}
	return nil
}

func suspendedBy(b deadline.Clock, source string) bool {
	for _, s := range b.Segments {
		if s.Source == source && s.To.IsZero() {
			return true
		}
	}
	return false
}
