package deadline

import "testing"

func TestHourLimits(t *testing.T) { // T-19
	cal := readCalendar(t)
	for _, v := range []struct {
		at    string
		n     int
		due   string
		half  string // when at most half of the hours remain
		after string // when overdue by one hour
	}{
		{"2026-03-03 09:00:00", 2, "2026-03-03 11:00:00", "2026-03-03 10:00:00", "2026-03-03 12:00:00"},
		{"2026-03-03 11:00:00", 2, "2026-03-03 14:00:00", "2026-03-03 12:00:00", "2026-03-03 15:00:00"},
		{"2026-03-06 16:00:00", 4, "2026-03-09 12:00:00", "2026-03-09 10:00:00", "2026-03-09 14:00:00"},
		{"2026-02-14 17:30:00", 2, "2026-02-24 11:00:00", "2026-02-24 10:00:00", "2026-02-24 12:00:00"},
	} {
		c, err := StartAt(Stage, Agency, Limit{v.n, Hour}, stamp(t, v.at), shanghai, cal)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Due(cal).Instant(shanghai, EndOfDay); !got.Equal(stamp(t, v.due)) {
			t.Errorf("%s + %d h is due %s, want %s", v.at, v.n, got, v.due)
		}
		if got, _ := FireAt(c, RemainingRung("half", v.n/2), cal, shanghai, EndOfDay); !got.Equal(stamp(t, v.half)) {
			t.Errorf("%s + %d h: half at %s, want %s", v.at, v.n, got, v.half)
		}
		if got, _ := FireAt(c, OverdueRung("over", 1), cal, shanghai, EndOfDay); !got.Equal(stamp(t, v.after)) {
			t.Errorf("%s + %d h: overdue at %s, want %s", v.at, v.n, got, v.after)
		}
		if got := c.RemainingAt(stamp(t, v.half), shanghai, cal); got != v.n/2 {
			t.Errorf("%s + %d h: %d remain at %s", v.at, v.n, got, v.half)
		}
	}
}

func TestHourLimitSuspended(t *testing.T) { // T-13: by whole working days
	cal := readCalendar(t)
	c, err := StartAt(Stage, Agency, Limit{8, Hour}, stamp(t, "2026-03-03 16:00:00"), shanghai, cal) // due 03-04 17:00
	if err != nil {
		t.Fatal(err)
	}
	c, err = c.Suspend(MustDate("2026-03-04"), "检测", "", "x", cal)
	if err != nil {
		t.Fatal(err)
	}
	c, err = c.Resume("x", MustDate("2026-03-06"))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Due(cal).Instant(shanghai, EndOfDay); !got.Equal(stamp(t, "2026-03-06 17:00:00")) {
		t.Errorf("due %s", got)
	}
}

func TestReceiptAndInstant(t *testing.T) { // T-03, T-19
	cal := readCalendar(t)
	for _, v := range []struct{ at, same, next string }{
		{"2026-03-06 08:00:00", "2026-03-06", "2026-03-06"},
		{"2026-03-06 17:00:00", "2026-03-06", "2026-03-06"},
		{"2026-03-06 17:00:01", "2026-03-06", "2026-03-09"},
		{"2026-03-07 10:00:00", "2026-03-07", "2026-03-09"},
		{"2026-02-14 10:00:00", "2026-02-14", "2026-02-14"},
	} {
		at := stamp(t, v.at)
		if got := ReceiptDate(at, shanghai, SameDay, cal).String(); got != v.same {
			t.Errorf("%s same day: %s, want %s", v.at, got, v.same)
		}
		if got := ReceiptDate(at, shanghai, NextWorkingDay, cal).String(); got != v.next {
			t.Errorf("%s next working day: %s, want %s", v.at, got, v.next)
		}
		if got := InstantDue(at, shanghai, cal).String(); got != v.next {
			t.Errorf("%s instant: %s, want %s", v.at, got, v.next)
		}
	}
}

func TestTimeOfDay(t *testing.T) {
	for _, s := range []string{"00:00", "09:30", "23:59:59"} {
		v, err := ParseTimeOfDay(s)
		if err != nil || v.String() != s {
			t.Errorf("%q was read as %s (%v)", s, v, err)
		}
	}
	for _, s := range []string{"", "9:30", "24:00", "09:60", "09:30:5"} {
		if v, err := ParseTimeOfDay(s); err == nil {
			t.Errorf("%q was read as %s", s, v)
		}
	}
}
