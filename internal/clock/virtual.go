package clock

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// ErrBackwards is returned when a virtual clock is asked to go back. Events,
// due dates and hashes already written carry the later instant.
var ErrBackwards = errors.New("the virtual clock only moves forward")

// ErrNoInstant is returned by Refresh when the store has lost its instant,
// which only happens when somebody changed the database by hand.
var ErrNoInstant = errors.New("the database holds no virtual instant")

// Store keeps the instant of a virtual clock. Load reports false when the
// database has never run on virtual time; Save must refuse nothing but I/O
// failures, for monotony is checked here.
type Store interface {
	Load(ctx context.Context) (time.Time, bool, error)
	Save(ctx context.Context, at time.Time) error
}

// Virtual is a clock that stands still except when it is advanced, so that
// the same script always meets the same instants. Its instant lives in a
// Store: a restart continues where the clock stood, and a second process (a
// worker) follows it through Refresh.
type Virtual struct {
	store Store

	moving sync.Mutex // held while an advance is saved, so that advances are serial
	mu     sync.RWMutex
	now    time.Time
}

// OpenVirtual resumes the clock kept in store, or starts it at start when the
// store is new. A zero start with a new store is an error: a virtual clock
// must be told when it begins.
func OpenVirtual(ctx context.Context, store Store, start time.Time) (*Virtual, error) {
	at, found, err := store.Load(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the virtual clock: %w", err)
	}
	if found {
		return &Virtual{store: store, now: trim(at)}, nil
	}
	if start.IsZero() {
		return nil, errors.New("a new virtual clock needs a start instant")
	}
	if err := store.Save(ctx, trim(start)); err != nil {
		return nil, fmt.Errorf("start the virtual clock: %w", err)
	}
	return &Virtual{store: store, now: trim(start)}, nil
}

// Now returns the instant at which the clock stands.
func (v *Virtual) Now() time.Time {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.now
}

// Advance saves and then shows the instant to. Advancing to the present
// instant does nothing; going back returns ErrBackwards. When saving fails
// the clock has not moved.
func (v *Virtual) Advance(ctx context.Context, to time.Time) error {
	v.moving.Lock()
	defer v.moving.Unlock()
	to = trim(to)
	now := v.Now()
	switch {
	case to.Equal(now):
		return nil
	case to.Before(now):
		return fmt.Errorf("%w: it is %s, asked for %s", ErrBackwards, now.Format(time.RFC3339), to.Format(time.RFC3339))
	}
	if err := v.store.Save(ctx, to); err != nil {
		return fmt.Errorf("advance the virtual clock: %w", err)
	}
	v.show(to)
	return nil
}

// Refresh reads the instant again and follows it when another process has
// advanced it; it never goes back.
func (v *Virtual) Refresh(ctx context.Context) error {
	at, found, err := v.store.Load(ctx)
	if err != nil {
		return fmt.Errorf("read the virtual clock: %w", err)
	}
	if !found {
		return ErrNoInstant
	}
	v.show(trim(at))
	return nil
}

func (v *Virtual) show(at time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if at.After(v.now) {
		v.now = at
	}
}
