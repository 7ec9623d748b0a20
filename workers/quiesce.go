package workers

import (
	"context"
	"fmt"
	"time"
)

// Quiesce works until nothing is due by now and nothing is under way, in any
// process; it returns ctx's error when that does not come about in time. Jobs
// that wait for another attempt are under way.
func (w *Workers) Quiesce(ctx context.Context) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		moved, err := w.Pass(ctx)
		if ctx.Err() != nil {
			return fmt.Errorf("work is still under way: %w", ctx.Err())
		}
		if err == nil && moved == 0 {
			busy, err := w.dispatch.busy(ctx, w.config.Clock.Now())
			if err == nil && !busy {
				return nil
			}
		}
		if moved > 0 {
			continue
		}
		select { // a dependency may be away: look again
		case <-ctx.Done():
			return fmt.Errorf("work is still under way: %w", ctx.Err())
		case <-w.settled:
		case <-tick.C:
		}
	}
}

// Mover is a clock that can be moved forward; clock.Virtual is one.
type Mover interface {
	Now() time.Time
	Advance(ctx context.Context, to time.Time) error
}

// Advance moves the virtual clock to an instant by way of every instant in
// between at which something is due, and waits each time until it is handled:
// what happens on the way bears its own date, as it would have in real time.
func (w *Workers) Advance(ctx context.Context, by Mover, to time.Time) error {
	for {
		if err := w.Quiesce(ctx); err != nil {
			return err
		}
		next, err := w.dispatch.next(ctx, by.Now())
		if err != nil {
			return err
		}
		if next.IsZero() || !next.Before(to) {
			break
		}
		if err := by.Advance(ctx, next); err != nil {
			return err
		}
	}
	if err := by.Advance(ctx, to); err != nil {
		return err
	}
	return w.Quiesce(ctx)
}

// Lag is the age of the oldest event not yet relayed, for the metric of that name.
func (w *Workers) Lag(ctx context.Context) (time.Duration, error) {
	oldest, err := w.dispatch.oldest(ctx)
	if err != nil || oldest.IsZero() {
		return 0, err
	}
	return w.config.Clock.Now().Sub(oldest), nil
}
