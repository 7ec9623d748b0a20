package casework

import (
	"context"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// The states of a timer.
const (
	timerWaiting    = "waiting"
	timerDispatched = "dispatched"
	timerFired      = "fired"
	timerCancelled  = "cancelled"
)

// Fire handles a rung that a clock has reached: a warning, or the expiry with
// what law and flow attach to it. It is safe to call again: a fired or cancelled
// timer, or one whose clock has moved on, does nothing. With is added to the
// transaction (the job that asked is marked done in it).
func (s *Service) Fire(ctx context.Context, timer uuid.UUID, with func(*db.Batch)) error {
	ctx = asSystem(ctx)
	caseID, err := s.book.caseOf(ctx, "timer", timer)
	if err != nil {
		return err
	}
	d, err := s.open(ctx, caseID)
	if err != nil {
		return err
	}
	c := s.newChange(ctx, d)
	c.with = with
	t := find(c.timers, func(t *Timer) bool { return t.ID == timer })
	if t.State == timerFired || t.State == timerCancelled {
		return s.settleJob(ctx, with)
	}
	if t.FireAt.After(c.now) { // the clock was suspended or extended meanwhile: wait for the new instant
		t.State, t.dirty = timerWaiting, true
		return s.Commit(ctx, c)
	}
	t.State, t.dirty = timerFired, true
	clock := find(c.clocks, func(k *Clock) bool { return k.ID == t.ClockID })
	if t.Rung == RungWarning {
		c.quiet = true
		c.warn(clock)
		return s.Commit(ctx, c)
	}
	if err := c.expire(clock); err != nil {
		return err
	}
	return s.Commit(ctx, c)
}

// settleJob marks the job done when there is nothing else to write.
func (s *Service) settleJob(ctx context.Context, with func(*db.Batch)) error {
	if with == nil {
		return nil
	}
	b := s.store.db.NewBatch()
	with(b)
	return s.store.db.Run(ctx, b)
}

// warn announces that little time is left (T-21).
func (c *Change) warn(clock *Clock) {
	payload := c.clockPayload(clock)
	switch clock.Body.Kind {
	case deadline.Correction:
		c.record("correction.due_soon", payload)
	case deadline.Stage:
		c.record("task.due_soon", payload)
	default:
		c.record("clock.due_soon", payload)
	}
}

func (c *Change) clockPayload(clock *Clock) map[string]any {
	return map[string]any{"clock": string(clock.Body.Kind), "due_on": clock.DueOn.String(), "owner": clock.Owner.String(),
		"remaining": clock.Body.Remaining(c.today, c.live.Calendar), "overdue": clock.Body.Overdue(c.today, c.live.Calendar)}
}

// expire records that a clock ran out and does what follows: deemed acceptance,
// an expired correction, an overrun procedure, an expired wait.
func (c *Change) expire(clock *Clock) error {
	if !clock.Body.Live() {
		return nil
	}
	err := c.change(clock, func(b deadline.Clock) (deadline.Clock, error) { return b.Expire(c.today, c.live.Calendar) })
	if problem.ReasonOf(err) == deadline.ReasonNotDue || problem.ReasonOf(err) == deadline.ReasonSuspended {
		return nil
	}
	if err != nil {
		return err
	}
	c.record("clock.expired", c.clockPayload(clock))
	c.lapseExtensions(clock)
	switch clock.Body.Kind {
	case deadline.Acceptance:
		return c.acceptanceExpired()
	case deadline.Special:
		return c.specialExpired(clock)
	case deadline.Correction, deadline.Stage:
		return c.waitExpired(clock)
	}
	return nil
}

// lapseExtensions: asked for and not decided before the clock ran out (SM-09).
func (c *Change) lapseExtensions(clock *Clock) {
	for _, e := range c.extensions {
		if e.ClockID == clock.ID && e.Status == extensionRequested {
			e.Status, e.dirty = extensionLapsed, true
			c.record("extension.lapsed", map[string]any{"clock": string(clock.Body.Kind), "due_on": clock.DueOn.String()})
		}
	}
}

// acceptanceExpired: not accepted, refused or corrected in time, the application
// is deemed accepted from receipt (行政许可法 art. 32(4), T-05, R-REC-12).
func (c *Change) acceptanceExpired() error {
	if c.matter.Spec.AcceptanceWindow.OnExpiry != "deemed_accepted" || c.kase.State.Phase != workflow.PreAcceptance {
		return nil
	}
	return c.step(workflow.DeemAccept())
}

func (c *Change) specialExpired(clock *Clock) error {
	run := c.special(clock.Owner)
	if run == nil || !run.open() {
		return nil
	}
	return c.step(workflow.Occur(run.Token, "overrun"))
}

// waitExpired moves a wait whose time is over; a person's overdue task stays
// with the person (an overdue stage is a flag on its clock, SM-06).
func (c *Change) waitExpired(clock *Clock) error {
	task := c.task(clock.Owner)
	if task == nil || !task.Open() {
		return nil
	}
	if !c.waitsFor(task, "expired") {
		c.record("task.overdue", c.clockPayload(clock))
		return nil
	}
	if live := c.liveCorrection(); live != nil && clock.Body.Kind == deadline.Correction {
		live.Status, live.dirty = correctionExpired, true
		c.record("correction.expired", map[string]any{"sequence": live.Sequence})
	}
	return c.step(workflow.Occur(task.Token, "expired"))
}

// ReportAuto tells the flow that the job of an auto node has done its work, or
// could not. with is added to the transaction: the job's own completion and what
// it made. Reporting twice does nothing more.
func (s *Service) ReportAuto(ctx context.Context, caseID uuid.UUID, token string, done bool, payload map[string]any, with func(*db.Batch)) error {
	ctx = asSystem(ctx)
	d, err := s.open(ctx, caseID)
	if err != nil {
		return err
	}
	if d.openTask(token) == nil {
		return s.settleJob(ctx, with)
	}
	c := s.newChange(ctx, d)
	c.with = with
	event := "failed"
	if done {
		event = "done"
	}
	if payload != nil {
		c.record("licence.issued", payload)
	}
	if err := c.step(workflow.Occur(token, event)); err != nil {
		return err
	}
	return s.Commit(ctx, c)
}

// RecordBySystem appends an event that a worker caused (a licence made by hand, an
// archive filed) without moving the flow.
func (s *Service) RecordBySystem(ctx context.Context, caseID uuid.UUID, event string, payload map[string]any, with func(*db.Batch)) error {
	ctx = asSystem(ctx)
	d, err := s.open(ctx, caseID)
	if err != nil {
		return err
	}
	c := s.newChange(ctx, d)
	c.with = with
	c.record(event, payload)
	if event == "case.archived" {
		c.kase.ArchivedAt = c.now
		if err := c.step(workflow.Archive()); err != nil {
			return err
		}
	}
	return s.Commit(ctx, c)
}
