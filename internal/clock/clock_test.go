package clock_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zhengtong/internal/clock"
)

type memoryStore struct {
	mu    sync.Mutex
	at    time.Time
	found bool
	fail  error
}

func (s *memoryStore) Load(context.Context) (time.Time, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at, s.found, s.fail
}

func (s *memoryStore) Save(_ context.Context, at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	s.at, s.found = at, true
	return nil
}

var start = time.Date(2025, 9, 26, 1, 0, 0, 0, time.UTC)

func TestVirtualStandsStillUntilAdvanced(t *testing.T) {
	store := &memoryStore{}
	v, err := clock.OpenVirtual(t.Context(), store, start)
	if err != nil {
		t.Fatal(err)
	}
	if first, second := v.Now(), v.Now(); !first.Equal(start) || !second.Equal(first) {
		t.Fatalf("now is %s then %s, want %s", first, second, start)
	}
	next := start.Add(36 * time.Hour)
	if err := v.Advance(t.Context(), next); err != nil {
		t.Fatal(err)
	}
	if !v.Now().Equal(next) || !store.at.Equal(next) {
		t.Fatalf("shown %s, kept %s, want %s", v.Now(), store.at, next)
	}
}

func TestVirtualResumesWhereItStood(t *testing.T) {
	store := &memoryStore{at: start.Add(time.Hour), found: true}
	v, err := clock.OpenVirtual(t.Context(), store, start)
	if err != nil {
		t.Fatal(err)
	}
	if !v.Now().Equal(start.Add(time.Hour)) {
		t.Fatalf("a restart must not reset the clock: %s", v.Now())
	}
}

func TestVirtualFollowsAnotherProcess(t *testing.T) {
	store := &memoryStore{at: start, found: true}
	server, err := clock.OpenVirtual(t.Context(), store, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	worker, err := clock.OpenVirtual(t.Context(), store, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Advance(t.Context(), start.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := worker.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !worker.Now().Equal(server.Now()) {
		t.Fatalf("worker at %s, server at %s", worker.Now(), server.Now())
	}
}

func TestVirtualRefusals(t *testing.T) {
	if _, err := clock.OpenVirtual(t.Context(), &memoryStore{}, time.Time{}); err == nil {
		t.Error("a new clock without a start must be refused")
	}
	store := &memoryStore{}
	v, err := clock.OpenVirtual(t.Context(), store, start)
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Advance(t.Context(), start.Add(-time.Second)); !errors.Is(err, clock.ErrBackwards) {
		t.Errorf("backwards: %v", err)
	}
	store.fail = errors.New("disk full")
	if err := v.Advance(t.Context(), start.Add(time.Second)); err == nil || !v.Now().Equal(start) {
		t.Errorf("an unsaved advance must not show: %v at %s", err, v.Now())
	}
	store.fail, store.found = nil, false
	if err := v.Refresh(t.Context()); !errors.Is(err, clock.ErrNoInstant) {
		t.Errorf("lost instant: %v", err)
	}
}

// Whatever is asked for, the clock never goes back and always shows what it kept.
func TestVirtualIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		store := &memoryStore{}
		v, err := clock.OpenVirtual(context.Background(), store, start)
		if err != nil {
			t.Fatal(err)
		}
		for _, offset := range rapid.SliceOf(rapid.Int64Range(-1e6, 1e6)).Draw(t, "offsets") {
			before := v.Now()
			to := start.Add(time.Duration(offset) * time.Second)
			err := v.Advance(context.Background(), to)
			if to.Before(before) != errors.Is(err, clock.ErrBackwards) {
				t.Fatalf("from %s to %s: %v", before, to, err)
			}
			if v.Now().Before(before) || !v.Now().Equal(store.at) {
				t.Fatalf("shown %s, kept %s, was %s", v.Now(), store.at, before)
			}
		}
	})
}

func TestClocksCutToMicroseconds(t *testing.T) {
	odd := time.Date(2025, 1, 2, 3, 4, 5, 123456789, time.FixedZone("CST", 8*3600))
	want := time.Date(2025, 1, 1, 19, 4, 5, 123456000, time.UTC)
	if got := clock.NewManual(odd).Now(); !got.Equal(want) || got.Location() != time.UTC {
		t.Errorf("manual: %s, want %s", got, want)
	}
	if n := (clock.System{}).Now().Nanosecond() % 1000; n != 0 {
		t.Errorf("system clock keeps %d ns", n)
	}
}
