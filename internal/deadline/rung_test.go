package deadline

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func mustStart(t testing.TB, kind Kind, party Party, l Limit, on string, cal *Calendar) Clock {
	t.Helper()
	c, err := Start(kind, party, l, MustDate(on), cal)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func stamp(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04:05", s, shanghai)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestFireAt(t *testing.T) { // T-04, T-21
	cal := readCalendar(t)
	c := mustStart(t, Promised, Agency, Limit{10, Workday}, "2026-02-09", cal) // due 2026-02-28
	for _, v := range []struct {
		rung Rung
		end  TimeOfDay
		want string
	}{
		{RemainingRung("warn", 1), EndOfDay, "2026-02-27 00:00:00"},
		{RemainingRung("due", 0), EndOfDay, "2026-02-28 00:00:00"},
		{RemainingRung("start", 10), EndOfDay, "2026-02-09 00:00:00"},
		{RemainingRung("before", 99), EndOfDay, "2026-02-09 00:00:00"},
		{RemainingRung("festival", 6), EndOfDay, "2026-02-13 00:00:00"},
		{ExpiryRung("expire"), EndOfDay, "2026-03-01 00:00:00"},
		{ExpiryRung("expire"), 17*3600 + 30*60, "2026-02-28 17:30:01"},
		{OverdueRung("red", 1), EndOfDay, "2026-03-02 00:00:00"},
		{OverdueRung("red", 3), EndOfDay, "2026-03-04 00:00:00"},
	} {
		at, ok := FireAt(c, v.rung, cal, shanghai, v.end)
		if !ok || !at.Equal(stamp(t, v.want)) {
			t.Errorf("%s fires at %s (%t), want %s", v.rung.ID, at, ok, v.want)
		}
	}
	if _, ok := FireAt(c, Rung{ID: "empty"}, cal, shanghai, EndOfDay); ok {
		t.Error("an empty rung fires")
	}
}

func TestStoppedClocksDoNotFire(t *testing.T) {
	cal := readCalendar(t)
	c := mustStart(t, Promised, Agency, Limit{10, Workday}, "2026-02-09", cal)
	suspended, _ := c.Suspend(MustDate("2026-02-11"), "现场踏勘", "", "s", cal)
	met, _ := c.Meet(MustDate("2026-02-11"), cal)
	cancelled, _ := c.Cancel(MustDate("2026-02-11"))
	expired, err := c.Expire(MustDate("2026-03-01"), cal)
	if err != nil {
		t.Fatal(err)
	}
	late, err := expired.Meet(MustDate("2026-03-03"), cal)
	if err != nil {
		t.Fatal(err)
	}
	rungs := []Rung{RemainingRung("warn", 1), ExpiryRung("expire"), OverdueRung("red", 3)}
	for name, v := range map[string]struct {
		clock Clock
		fires [3]bool
	}{
		"running": {c, [3]bool{true, true, true}}, "suspended": {clock: suspended}, "met": {clock: met}, "cancelled": {clock: cancelled},
		"expired": {expired, [3]bool{false, false, true}}, "met late": {clock: late},
	} {
		for i, r := range rungs {
			if _, ok := FireAt(v.clock, r, cal, shanghai, EndOfDay); ok != v.fires[i] {
				t.Errorf("%s: %s fires %t, want %t", name, r.ID, ok, v.fires[i])
			}
		}
	}
}

// A rung fires at the start of the first day, since the last resumption, on which its condition holds.
func TestFireAtAgreesWithCounting(t *testing.T) {
	cal := readCalendar(t)
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]Unit{Workday, Day, Month}).Draw(t, "unit")
		c, _ := play(t, cal, unit)
		k := rapid.IntRange(1, 20).Draw(t, "k")
		at, ok := FireAt(c, RemainingRung("r", k), cal, shanghai, EndOfDay)
		if ok != (c.State == Running) {
			t.Fatalf("fires %t in state %s", ok, c.State)
		}
		if !ok {
			return
		}
		if k < c.Total() {
			day := c.StartedOn
			for _, g := range c.gaps(forever) {
				day = later(day, g.to)
			}
			for c.Remaining(day, cal) > k {
				day = day.AddDays(1)
			}
			if !at.Equal(day.StartOf(shanghai)) {
				t.Fatalf("remaining %d fires at %s, want %s: %+v", k, at, day, c)
			}
		}
		over, _ := FireAt(c, OverdueRung("o", k), cal, shanghai, EndOfDay)
		day := DateOf(over, shanghai)
		if c.Overdue(day, cal) < k || c.Overdue(day.AddDays(-1), cal) >= k {
			t.Fatalf("overdue %d fires on %s", k, day)
		}
	})
}
