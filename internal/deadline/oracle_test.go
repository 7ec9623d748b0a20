package deadline

import (
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// The oracle walks day by day over the rules themselves; it shares no table, no merge
// and no shift arithmetic with the code under test.
type oracle struct{ cal *Calendar }

func (o oracle) addWorkdays(d Date, n int) Date {
	for n > 0 {
		if d = d.AddDays(1); o.cal.rules(d) {
			n--
		}
	}
	return d
}

func (o oracle) workdaysBetween(s, r Date) int {
	n := 0
	for d := s.AddDays(1); !d.After(r); d = d.AddDays(1) {
		if o.cal.rules(d) {
			n++
		}
	}
	return n
}

// suspended reports whether d lies in any suspension (from, to] of c, open ones lasting.
func suspended(c Clock, d Date) bool {
	for _, s := range c.Segments {
		if d.After(s.From) && (isOpen(s) || !d.After(s.To)) {
			return true
		}
	}
	return false
}

// elapsed counts the working days in (start, on] that no suspension covers.
func (o oracle) elapsed(c Clock, on Date) int {
	n := 0
	for d := c.StartedOn.AddDays(1); !d.After(on); d = d.AddDays(1) {
		if o.cal.rules(d) && !suspended(c, d) {
			n++
		}
	}
	return n
}

// due is the last working day before the first counted day beyond the total.
func (o oracle) due(c Clock) Date {
	n, last := 0, c.StartedOn
	for d := c.StartedOn.AddDays(1); ; d = d.AddDays(1) {
		if !o.cal.rules(d) {
			continue
		}
		if !suspended(c, d) {
			n++
		}
		if n > c.Total() {
			return last
		}
		last = d
	}
}

func drawDate(t *rapid.T, name string) Date {
	return MustDate("2025-12-01").AddDays(rapid.IntRange(0, 500).Draw(t, name))
}

func TestAddWorkdaysAgreesWithCounting(t *testing.T) { // T-02
	cal := readCalendar(t)
	rapid.Check(t, func(t *rapid.T) {
		d, n := drawDate(t, "d"), rapid.IntRange(1, 300).Draw(t, "n")
		got := cal.AddWorkdays(d, n)
		if want := (oracle{cal}).addWorkdays(d, n); got != want {
			t.Fatalf("%s + %d = %s, want %s", d, n, got, want)
		}
		if between := cal.WorkdaysBetween(d, got); between != n {
			t.Fatalf("(%s, %s] holds %d working days, want %d", d, got, between, n)
		}
		if back := cal.AddWorkdays(got, -n); cal.Working(d) && back != d {
			t.Fatalf("%s + %d - %d = %s", d, n, n, back)
		}
	})
}

func TestWorkdaysBetweenAgreesWithCounting(t *testing.T) { // T-13
	cal := readCalendar(t)
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawDate(t, "a"), drawDate(t, "b")
		want := (oracle{cal}).workdaysBetween(a, b) - (oracle{cal}).workdaysBetween(b, a)
		if got := cal.WorkdaysBetween(a, b); got != want {
			t.Fatalf("(%s, %s] = %d, want %d", a, b, got, want)
		}
	})
}

// play drives a clock through drawn events on rising days and returns it with the last day.
func play(t *rapid.T, cal *Calendar, unit Unit) (Clock, Date) {
	on := drawDate(t, "start")
	c, err := Start(Promised, Agency, Limit{rapid.IntRange(1, 60).Draw(t, "n"), unit}, on, cal)
	if err != nil {
		t.Fatal(err)
	}
	for range rapid.IntRange(0, 8).Draw(t, "events") {
		on = on.AddDays(rapid.IntRange(0, 12).Draw(t, "gap"))
		source := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "source")
		next, err := c, error(nil)
		switch rapid.IntRange(0, 3).Draw(t, "event") {
		case 0, 1:
			next, err = c.Suspend(on, "专家评审", "", source, cal)
		case 2:
			next, err = c.Resume(source, on)
		case 3:
			next, err = c.Extend(rapid.IntRange(1, 20).Draw(t, "extra"), on, "案情复杂", "", cal)
		}
		if err == nil {
			c = next
		}
	}
	return c, on
}

// T-13, T-14, T-16: suspensions in any overlap and extensions in any order give the
// date that counting unsuspended working days gives.
func TestDueAgreesWithCounting(t *testing.T) {
	cal := readCalendar(t)
	rapid.Check(t, func(t *rapid.T) {
		c, last := play(t, cal, Workday)
		for source := range map[string]bool{"a": true, "b": true, "c": true} {
			if next, err := c.Resume(source, last); err == nil {
				c = next
			}
		}
		if got, want := c.Due(cal).On, (oracle{cal}).due(c); got != want {
			t.Fatalf("due %s, want %s: %+v", got, want, c)
		}
	})
}

// Invariant 4: elapsed + remaining = n + extensions, each counted on its own.
func TestElapsedAndRemaining(t *testing.T) {
	cal := readCalendar(t)
	rapid.Check(t, func(t *rapid.T) {
		c, last := play(t, cal, Workday)
		on := c.StartedOn.AddDays(rapid.IntRange(0, last.Sub(c.StartedOn)+30).Draw(t, "on"))
		elapsed := (oracle{cal}).elapsed(c, on)
		if elapsed > c.Total() {
			if got := c.Overdue(on, cal); c.State == Running && got != elapsed-c.Total() {
				t.Fatalf("overdue on %s is %d, want %d: %+v", on, got, elapsed-c.Total(), c)
			}
			elapsed = c.Total()
		}
		if got := c.Elapsed(on, cal); got != elapsed {
			t.Fatalf("elapsed on %s is %d, want %d: %+v", on, got, elapsed, c)
		}
		if got := c.Remaining(on, cal); got != c.Total()-elapsed {
			t.Fatalf("remaining on %s is %d, want %d: %+v", on, got, c.Total()-elapsed, c)
		}
	})
}

func TestElapsedAndRemainingInEveryUnit(t *testing.T) {
	cal := readCalendar(t)
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]Unit{Hour, Workday, Day, Month, Year}).Draw(t, "unit")
		c, _ := play(t, cal, unit)
		on := drawDate(t, "on")
		elapsed, remaining := c.Elapsed(on, cal), c.Remaining(on, cal)
		if elapsed < 0 || remaining < 0 || elapsed+remaining != c.Total() {
			t.Fatalf("%d + %d ≠ %d: %+v", elapsed, remaining, c.Total(), c)
		}
		due := c.Due(cal).On
		if c.State == Running && c.Remaining(due, cal) != 0 && unit != Hour {
			t.Fatalf("%d remain on the due date %s", c.Remaining(due, cal), due)
		}
	})
}

func TestOpenSuspensionShiftsDayByDay(t *testing.T) { // T-13
	cal := readCalendar(t)
	rapid.Check(t, func(t *rapid.T) {
		c, _ := Start(Promised, Agency, Limit{10, Workday}, drawDate(t, "start"), cal)
		s := c.StartedOn.AddDays(rapid.IntRange(0, 10).Draw(t, "s"))
		open, err := c.Suspend(s, "公示", "", "x", cal)
		if err != nil {
			t.Fatal(err)
		}
		r := s.AddDays(rapid.IntRange(0, 60).Draw(t, "r"))
		closed, err := open.Resume("x", r)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := open.DueAsOf(r, cal).On, closed.Due(cal).On; a != b {
			t.Fatalf("open as of %s is due %s, closed then %s", r, a, b)
		}
		if a, b := open.Remaining(r, cal), c.Remaining(s, cal); a != b {
			t.Fatalf("%d remain under suspension, %d when it began", a, b)
		}
	})
}

// Events return new values: the old one, and what shares its arrays, is untouched.
func TestEventsLeaveTheClockAlone(t *testing.T) {
	cal := readCalendar(t)
	rapid.Check(t, func(t *rapid.T) {
		c, on := play(t, cal, Workday)
		before, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.Suspend(on, "听证", "", "other", cal)
		_, _ = c.Resume("a", on)
		_, _ = c.Extend(3, on, "案情复杂", "", cal)
		_, _ = c.Meet(on, cal)
		_, _ = c.Cancel(on)
		after, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if string(before) != string(after) {
			t.Fatalf("%s became %s", before, after)
		}
		var back Clock
		if err := json.Unmarshal(after, &back); err != nil || !reflect.DeepEqual(back, c) {
			t.Fatalf("%+v came back as %+v (%v)", c, back, err)
		}
	})
}
