package casework

import (
	"context"
	"errors"
	"fmt"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
)

// recomputePage is how many cases one job carries over to a new calendar.
const recomputePage = 100

// RecomputeClocks is the handler of configuration.JobCalendar: it carries the open
// clocks of the acting tenant's cases over to the calendar in force, a page of cases
// after one at a time (T-20). A case whose dates move gets one event that names old and
// new dates and the calendar; agencies' dates follow the calendar, everybody else's take
// the later of both. A case that is carried over already is left alone, so that doing
// it again changes nothing. with adds the job's own statement; the next page is a job
// of its own, and comes whatever becomes of single cases of this one.
func (s *Service) RecomputeClocks(ctx context.Context, after uuid.UUID, with func(*db.Batch)) error {
	return s.recomputePage(ctx, after, recomputePage, with)
}

func (s *Service) recomputePage(ctx context.Context, after uuid.UUID, size int, with func(*db.Batch)) error {
	ctx = asSystem(ctx)
	live, err := s.configuration.Live(ctx)
	if err != nil {
		return err
	}
	page, err := s.store.casesWithClocks(ctx, after, size)
	if err != nil {
		return err
	}
	if len(page) == size {
		if err := s.store.nextRecompute(ctx, live.Calendar.Digest(), page[len(page)-1], clamp(s.clock.Now())); err != nil {
			return err
		}
	}
	var failures []error
	for _, id := range page {
		if err := s.recompute(ctx, id); err != nil {
			failures = append(failures, fmt.Errorf("case %s: %w", id, err))
		}
	}
	if err := errors.Join(failures...); err != nil {
		return err
	}
	return s.settleJob(ctx, with)
}

// recompute carries the open clocks of one case over to the calendar in force.
func (s *Service) recompute(ctx context.Context, id uuid.UUID) error {
	d, err := s.open(ctx, id)
	if err != nil {
		return err
	}
	c := s.newChange(ctx, d)
	calendar := d.live.Calendar
	carried := false
	var moved []any
	for _, clock := range c.clocks {
		if !clock.Body.Live() || clock.Body.CalendarDigest == calendar.Digest() {
			continue
		}
		before, provisional := clock.DueOn, clock.Provisional
		clock.Body, _ = clock.Body.Recompute(before, c.today, calendar)
		c.settle(clock)
		c.carryDue(clock)
		carried = true
		if clock.Body.State == deadline.Running && (clock.DueOn != before || clock.Provisional != provisional) {
			moved = append(moved, map[string]any{"clock": string(clock.Body.Kind), "owner": clock.Owner.String(), "before": before.String(),
				"due_on": clock.DueOn.String(), "provisional": clock.Provisional})
		}
	}
	if !carried {
		return nil
	}
	c.quiet = len(moved) == 0 // nobody's date is another
	if !c.quiet {
		c.record("case.due_changed", map[string]any{"calendar": calendar.Digest(), "clocks": moved})
	}
	return s.Commit(ctx, c)
}

// carryDue copies a clock's date to what shows it: the task or correction that it runs for.
func (c *Change) carryDue(clock *Clock) {
	if task := c.task(clock.Owner); task != nil && task.Open() && !task.DueOn.IsZero() {
		task.DueOn, task.dirty = clock.DueOn, true
		if live := c.liveCorrection(); live != nil && clock.Body.Kind == deadline.Correction {
			live.DueOn, live.dirty = clock.DueOn, true
		}
	}
	if run := c.special(clock.Owner); run != nil && run.open() {
		run.ExpectedOn, run.dirty = clock.DueOn, true
	}
}
