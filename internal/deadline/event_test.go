package deadline

import (
	"testing"

	"zhengtong/internal/problem"
)

func wantReason(t *testing.T, err error, want string) {
	t.Helper()
	if got := problem.ReasonOf(err); got != want {
		t.Errorf("refused with %q (%v), want %q", got, err, want)
	}
}

func TestRefusals(t *testing.T) {
	cal := readCalendar(t)
	c := mustStart(t, Promised, Agency, Limit{10, Workday}, "2026-03-02", cal) // due 2026-03-16
	day := MustDate
	suspended, err := c.Suspend(day("2026-03-05"), "公示", "", "p", cal)
	if err != nil {
		t.Fatal(err)
	}
	met, err := c.Meet(day("2026-03-10"), cal)
	if err != nil {
		t.Fatal(err)
	}
	refusals := map[string]func() error{
		ReasonBadLimit:      func() error { _, err := Start(Promised, Agency, Limit{3, "week"}, day("2026-03-02"), cal); return err },
		ReasonOutOfOrder:    func() error { _, err := c.Suspend(day("2026-03-01"), "公示", "", "p", cal); return err },
		ReasonExpired:       func() error { _, err := c.Suspend(day("2026-03-17"), "公示", "", "p", cal); return err },
		ReasonReservedCause: func() error { _, err := c.Suspend(day("2026-03-05"), ReasonOutage, "", "p", cal); return err },
		ReasonTwice:         func() error { _, err := suspended.Suspend(day("2026-03-06"), "公示", "", "p", cal); return err },
		ReasonNoSuspension:  func() error { _, err := suspended.Resume("q", day("2026-03-06")); return err },
		ReasonSuspended:     func() error { _, err := suspended.Expire(day("2026-05-01"), cal); return err },
		ReasonNotDue:        func() error { _, err := c.Expire(day("2026-03-15"), cal); return err },
		ReasonNotRunning:    func() error { _, err := met.Extend(1, day("2026-03-11"), "案情复杂", "", cal); return err },
	}
	for want, do := range refusals {
		wantReason(t, do(), want)
	}
	_, err = suspended.Resume("p", day("2026-03-04"))
	wantReason(t, err, ReasonOutOfOrder)
	_, err = c.Extend(0, day("2026-03-04"), "案情复杂", "", cal)
	wantReason(t, err, ReasonBadLimit)
	_, err = met.Cancel(day("2026-03-11"))
	wantReason(t, err, ReasonNotRunning)
	_, err = Start(Promised, Agency, Limit{3, Workday}, Date{}, cal)
	wantReason(t, err, ReasonOutOfOrder)
	for _, l := range []Limit{{-1, Workday}, {maxN + 1, Day}, {1, ""}} {
		if l.Validate() == nil {
			t.Errorf("%+v is a limit", l)
		}
	}
}

func TestLateActLeavesTheClockExpired(t *testing.T) {
	cal := readCalendar(t)
	c := mustStart(t, Statutory, Agency, Limit{20, Workday}, "2026-02-09", cal) // due 2026-03-13
	late, err := c.Meet(MustDate("2026-03-18"), cal)
	if err != nil || late.State != Expired || late.StoppedOn != MustDate("2026-03-18") {
		t.Fatalf("%+v (%v)", late, err)
	}
	if got := late.Overdue(MustDate("2026-04-30"), cal); got != 3 {
		t.Errorf("overdue %d, want 3: it stops growing when the act is done", got)
	}
	if _, err := late.Meet(MustDate("2026-03-19"), cal); problem.ReasonOf(err) != ReasonNotRunning {
		t.Errorf("met twice: %v", err)
	}
}

// T-14: only when the last source lets go does the clock run.
func TestSeveralSources(t *testing.T) {
	cal := readCalendar(t)
	c := mustStart(t, Promised, Agency, Limit{10, Workday}, "2026-03-02", cal)
	for _, source := range []string{"a", "b"} {
		var err error
		if c, err = c.Suspend(MustDate("2026-03-03"), "检测", "", source, cal); err != nil {
			t.Fatal(err)
		}
	}
	c, _ = c.Resume("a", MustDate("2026-03-05"))
	if c.State != Suspended {
		t.Errorf("%s while b is open", c.State)
	}
	c, _ = c.Resume("b", MustDate("2026-03-06"))
	if c.State != Running {
		t.Errorf("%s with none open", c.State)
	}
}

func TestOutageRevivesAnExpiredClock(t *testing.T) { // T-26
	cal := readCalendar(t)
	c := mustStart(t, Correction, Applicant, Limit{5, Workday}, "2026-02-28", cal) // due 2026-03-06
	expired, err := c.Expire(MustDate("2026-03-07"), cal)
	if err != nil {
		t.Fatal(err)
	}
	again, moved := expired.Outage(MustDate("2026-03-06"), MustDate("2026-03-07"), "m", cal)
	if !moved || again.State != Running || again.Due(cal).On != MustDate("2026-03-09") {
		t.Errorf("%t %+v", moved, again)
	}
	second, moved := again.Outage(MustDate("2026-03-09"), MustDate("2026-03-09"), "n", cal)
	if !moved || second.Due(cal).On != MustDate("2026-03-10") {
		t.Errorf("%t %+v", moved, second)
	}
}

func TestRecompute(t *testing.T) { // T-20
	cal := readCalendar(t)
	grow, _ := cal.Extend(CalendarSpec{PublishedThrough: "2027-12-31", Exceptions: []Exception{{Date: "2027-01-04", Working: false, Reason: "元旦"}}})
	shrink, _ := cal.Extend(CalendarSpec{PublishedThrough: "2027-12-31", Exceptions: []Exception{{Date: "2027-01-02", Working: true, Reason: "元旦调休"}}})
	today := MustDate("2026-12-29")
	for _, v := range []struct {
		party Party
		cal   *Calendar
		want  string
	}{
		{Agency, grow, "2027-01-06"}, {Applicant, grow, "2027-01-06"},
		{Agency, shrink, "2027-01-04"}, {Applicant, shrink, "2027-01-05"}, {Payer, shrink, "2027-01-05"},
	} {
		c := mustStart(t, Correction, v.party, Limit{5, Workday}, "2026-12-28", cal)
		moved, due := c.Recompute(c.Due(cal).On, today, v.cal)
		if due.On != MustDate(v.want) || due.Provisional || moved.CalendarDigest != v.cal.Digest() {
			t.Errorf("%s: due %+v, want %s", v.party, due, v.want)
		}
		// An extension granted afterwards is counted from the kept date.
		longer, err := moved.Extend(1, today, "申请", "", v.cal)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := longer.Due(v.cal).On, v.cal.NextWorkday(due.On); got != want {
			t.Errorf("%s: extended to %s, want %s", v.party, got, want)
		}
	}
}

func TestSpecialWindow(t *testing.T) { // T-15
	cal := readCalendar(t)
	w := SpecialWindow(MustDate("2026-03-02"), Limit{7, Day}, Limit{10, Workday}, cal)
	if w != (Window{MustDate("2026-03-09"), MustDate("2026-03-16")}) {
		t.Fatalf("%+v", w)
	}
	for on, want := range map[string]struct {
		allows, overrun bool
		resume          string
	}{
		"2026-03-08": {false, false, "2026-03-08"}, "2026-03-09": {true, false, "2026-03-09"},
		"2026-03-16": {true, false, "2026-03-16"}, "2026-03-20": {true, true, "2026-03-16"},
	} {
		d := MustDate(on)
		if w.Allows(d) != want.allows || w.Overrun(d) != want.overrun || w.ResumeOn(d).String() != want.resume {
			t.Errorf("%s: allows %t overrun %t resume %s", on, w.Allows(d), w.Overrun(d), w.ResumeOn(d))
		}
	}
	if open := SpecialWindow(MustDate("2026-03-02"), Limit{}, Limit{}, cal); !open.Allows(MustDate("2026-03-02")) || open.Overrun(MustDate("2030-01-01")) {
		t.Errorf("%+v", open)
	}
}
