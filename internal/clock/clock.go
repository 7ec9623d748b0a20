// Package clock is where all time in Zhengtong comes from.
//
// Services take a Clock; pure cores take the instant as an argument. Three
// clocks exist: System (production), Manual (tests) and Virtual, whose instant
// is kept in the database so that a demonstration or a drill can move a whole
// installation through weeks of legal deadlines (docs/architecture.md, virtual time).
package clock

import (
	"sync"
	"time"
)

// Clock tells the present instant, in UTC with microsecond precision: what
// both databases store and read back unchanged.
type Clock interface {
	Now() time.Time
}

// System is the wall clock of the machine.
type System struct{}

// Now returns the machine's time.
func (System) Now() time.Time { return trim(time.Now()) }

// Manual is a clock for tests: it stands still until told otherwise. The zero
// value stands at the zero time. It is safe for concurrent use.
type Manual struct {
	mu  sync.RWMutex
	now time.Time
}

// NewManual returns a clock that stands at start.
func NewManual(start time.Time) *Manual { return &Manual{now: trim(start)} }

// Now returns the instant at which the clock stands.
func (m *Manual) Now() time.Time {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.now
}

// Set moves the clock to t, forwards or backwards.
func (m *Manual) Set(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = trim(t)
}

// Add moves the clock by d and returns the new instant.
func (m *Manual) Add(d time.Duration) time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = trim(m.now.Add(d))
	return m.now
}

func trim(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
