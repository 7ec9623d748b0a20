package deadline

import (
	"testing"

	"pgregory.net/rapid"
)

// A ledger under another limit is the one that would have been kept, had the clock had
// that limit from the start and the same things been tried on the same days.
func TestUnderIsTheLedgerThatWouldHaveBeenKept(t *testing.T) {
	cal := readCalendar(t)
	rapid.Check(t, func(t *rapid.T) {
		begun := MustDate("2026-01-05").AddDays(rapid.IntRange(0, 200).Draw(t, "start"))
		unit := rapid.SampledFrom([]Unit{Workday, Day})
		as := Limit{rapid.IntRange(1, 30).Draw(t, "n"), unit.Draw(t, "unit")}
		other := Limit{rapid.IntRange(1, 30).Draw(t, "other n"), unit.Draw(t, "other unit")}
		was, err := Start(Statutory, Agency, as, begun, cal)
		if err != nil {
			t.Fatal(err)
		}
		would, _ := Start(Statutory, Agency, other, begun, cal)
		last := begun.AddDays(rapid.IntRange(1, 60).Draw(t, "days"))
		stopped := false
		for on := begun; !on.After(last) && !stopped; on = on.AddDays(1) {
			tried := func(c Clock) (Clock, error) { return c, nil }
			switch rapid.IntRange(0, 9).Draw(t, "event") {
			case 0:
				tried = func(c Clock) (Clock, error) {
					return c.Suspend(on, "检测", "行政许可法第四十五条", "a", cal)
				}
			case 1:
				tried = func(c Clock) (Clock, error) { return c.Resume("a", on) }
			case 2:
				n := rapid.IntRange(1, 5).Draw(t, "more")
				tried = func(c Clock) (Clock, error) { return c.Extend(n, on, "复杂", "行政许可法第四十二条", cal) }
			case 3:
				if stopped = rapid.IntRange(0, 4).Draw(t, "seldom") == 0; stopped {
					tried = func(c Clock) (Clock, error) { return settled(c, on, cal).Meet(on, cal) }
				}
			}
			next, err := tried(was)
			if err != nil {
				stopped = false
				continue // what was refused is not in the ledger
			}
			was = next
			if next, err := tried(would); err == nil {
				would = next
			}
		}
		was, would = settled(was, last, cal), settled(would, last, cal)
		got := was.Under(other, was.Rests(), last, cal)
		if got.DueAsOf(last, cal).On != would.DueAsOf(last, cal).On || got.State != would.State || got.Late(last, cal) != would.Late(last, cal) {
			t.Fatalf("%+v\nunder %s: %+v\nwant %+v", was, other, got, would)
		}
		if same := was.Under(as, was.Rests(), last, cal); same.State != was.State || same.DueAsOf(last, cal).On != was.DueAsOf(last, cal).On {
			t.Fatalf("under its own limit %+v became %+v", was, same)
		}
	})
}

// settled lets a clock expire that is past its due date by the end of the day, as its timer does.
func settled(c Clock, on Date, cal *Calendar) Clock {
	if c.State == Running && on.After(c.DueAsOf(on, cal).On) {
		c, _ = c.Expire(on, cal)
	}
	return c
}
