package deadline

import (
	"testing"

	"pgregory.net/rapid"
)

// A shorter limit in working days is never due later, whatever the clock was suspended
// and extended by before, and on whatever day one looks: what a migration of a running
// case relies on (R-CFG-04). In calendar days a suspension over days off may move the
// shorter one by the day off that it rolls to, so that there the dates are compared.
func TestShorterLimitIsNeverDueLater(t *testing.T) {
	cal := readCalendar(t)
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]Unit{Workday, Hour}).Draw(t, "unit")
		n := rapid.IntRange(1, 60).Draw(t, "n")
		start := MustDate("2026-01-05").AddDays(rapid.IntRange(0, 300).Draw(t, "start"))
		long, err := Start(Statutory, Agency, Limit{N: n, Unit: unit}, start, cal)
		if err != nil {
			t.Fatal(err)
		}
		on := start
		for range rapid.IntRange(0, 3).Draw(t, "suspensions") {
			on = on.AddDays(rapid.IntRange(0, 9).Draw(t, "after"))
			suspended, err := long.Suspend(on, "检验", "食品安全法", on.String(), cal)
			if err != nil {
				break
			}
			source := on.String()
			on = on.AddDays(rapid.IntRange(0, 20).Draw(t, "for"))
			if long, err = suspended.Resume(source, on); err != nil {
				t.Fatal(err)
			}
		}
		if rapid.Bool().Draw(t, "extended") {
			if extended, err := long.Extend(rapid.IntRange(1, 10).Draw(t, "by"), on, "案情复杂", "", cal); err == nil {
				long = extended
			}
		}
		short, err := long.Relimit(Limit{N: rapid.IntRange(1, n).Draw(t, "less"), Unit: unit})
		if err != nil {
			t.Fatal(err)
		}
		looked := on.AddDays(rapid.IntRange(0, 90).Draw(t, "looked"))
		if before, after := long.DueAsOf(looked, cal).On, short.DueAsOf(looked, cal).On; after.After(before) {
			t.Fatalf("%s due %s, %s due %s, seen on %s", long.Limit, before, short.Limit, after, looked)
		}
	})
}

// A clock keeps its ledger, and one that has ended, or was lengthened in another unit, its limit.
func TestRelimitRefuses(t *testing.T) {
	cal := readCalendar(t)
	c, err := Start(Promised, Agency, Limit{N: 10, Unit: Workday}, MustDate("2026-03-02"), cal)
	if err != nil {
		t.Fatal(err)
	}
	extended, err := c.Extend(2, MustDate("2026-03-03"), "理由", "", cal)
	if err != nil {
		t.Fatal(err)
	}
	met, err := c.Meet(MustDate("2026-03-03"), cal)
	if err != nil {
		t.Fatal(err)
	}
	for name, refused := range map[string]func() (Clock, error){
		"met":          func() (Clock, error) { return met.Relimit(Limit{N: 5, Unit: Workday}) },
		"another unit": func() (Clock, error) { return extended.Relimit(Limit{N: 5, Unit: Day}) },
		"no unit":      func() (Clock, error) { return c.Relimit(Limit{N: 5}) },
	} {
		if got, err := refused(); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got, err := extended.Relimit(Limit{N: 4, Unit: Workday}); err != nil || got.Total() != 6 {
		t.Errorf("%+v, %v", got, err)
	}
}
