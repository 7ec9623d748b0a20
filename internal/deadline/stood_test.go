package deadline

import (
	"testing"

	"pgregory.net/rapid"
)

// What AsStood takes back of a ledger is what was entered on the day or later: the
// clock reads as the one that was kept when the day began.
func TestAsStoodIsTheClockOfThatMorning(t *testing.T) {
	cal := readCalendar(t)
	rapid.Check(t, func(t *rapid.T) {
		begun := MustDate("2026-01-05").AddDays(rapid.IntRange(0, 200).Draw(t, "start"))
		c, err := Start(Statutory, Agency, Limit{rapid.IntRange(1, 30).Draw(t, "n"), rapid.SampledFrom([]Unit{Workday, Day}).Draw(t, "unit")}, begun, cal)
		if err != nil {
			t.Fatal(err)
		}
		last := begun.AddDays(rapid.IntRange(1, 60).Draw(t, "days"))
		mornings := map[Date]Clock{}
		for on := begun; !on.After(last); on = on.AddDays(1) {
			mornings[on] = c
			if next, err := happen(t, c, on, cal); err == nil {
				c = next
			}
		}
		for on, was := range mornings {
			stood := c.AsStood(on, cal)
			if stood.DueAsOf(on, cal).On != was.DueAsOf(on, cal).On || stood.Remaining(on, cal) != was.Remaining(on, cal) ||
				(stood.State == Suspended) != (was.State == Suspended) || stood.Overdue(on, cal) != was.Overdue(on, cal) {
				t.Fatalf("on %s the clock stood as %+v, not %+v", on, was, stood)
			}
		}
	})
}

func happen(t *rapid.T, c Clock, on Date, cal *Calendar) (Clock, error) {
	switch rapid.IntRange(0, 9).Draw(t, "event") {
	case 0:
		return c.Suspend(on, "检测", "行政许可法第四十五条", "a", cal)
	case 1:
		return c.Suspend(on, "听证", "行政许可法第四十五条", "b", cal)
	case 2:
		return c.Resume("a", on)
	case 3:
		return c.Resume("b", on)
	case 4:
		return c.Extend(rapid.IntRange(1, 5).Draw(t, "more"), on, "复杂", "行政许可法第四十二条", cal)
	case 5:
		if rapid.IntRange(0, 9).Draw(t, "seldom") == 0 {
			return c.Meet(on, cal)
		}
	}
	return c, nil
}
