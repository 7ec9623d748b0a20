package deadline

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDateAgreesWithTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tm := time.Date(rapid.IntRange(1, 9999).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month")),
			rapid.IntRange(1, 28).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		d := NewDate(tm.Date())
		if d.String() != tm.Format("2006-01-02") || d.Weekday() != tm.Weekday() || d.Year() != tm.Year() {
			t.Fatalf("%s is not %s", d, tm)
		}
		if n := rapid.IntRange(-400, 400).Draw(t, "n"); tm.Year() > 2 && tm.Year() < 9998 {
			if got := d.AddDays(n); got.String() != tm.AddDate(0, 0, n).Format("2006-01-02") || got.Sub(d) != n {
				t.Fatalf("%s + %d = %s", d, n, got)
			}
		}
		if back, err := ParseDate(d.String()); err != nil || back != d {
			t.Fatalf("%s parsed as %s (%v)", d, back, err)
		}
	})
}

func TestParseDateRefuses(t *testing.T) {
	for _, s := range []string{"", "2026-2-1", "2026-02-29", "2026-13-01", "0000-01-01", "2026/02/01", "2026-02-01 ", "２０２６-02-01", "12026-01-01"} {
		if d, err := ParseDate(s); err == nil {
			t.Errorf("%q was read as %s", s, d)
		}
	}
}

func TestDateSaturates(t *testing.T) {
	if d := MustDate("9999-12-31").AddDays(1); d != MustDate("9999-12-31") {
		t.Errorf("the day after the last is %s", d)
	}
	if d := MustDate("0001-01-01").AddDays(-1); d != MustDate("0001-01-01") {
		t.Errorf("the day before the first is %s", d)
	}
}

func TestAddMonths(t *testing.T) { // 民法典 art. 202
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-01-31", 1, "2026-02-28"}, {"2028-01-31", 1, "2028-02-29"}, {"2026-10-15", 3, "2027-01-15"},
		{"2028-02-29", 12, "2029-02-28"}, {"2026-03-31", -1, "2026-02-28"},
	} {
		if got := MustDate(c.from).AddMonths(c.n).String(); got != c.want {
			t.Errorf("%s + %d months = %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

func TestDateOfReadsTheZone(t *testing.T) {
	at := time.Date(2026, 2, 9, 16, 30, 0, 0, time.UTC) // half past midnight in Shanghai
	if d := DateOf(at, shanghai); d != MustDate("2026-02-10") {
		t.Errorf("%s falls on %s", at, d)
	}
	if got := MustDate("2026-02-10").StartOf(shanghai); !got.Equal(time.Date(2026, 2, 9, 16, 0, 0, 0, time.UTC)) {
		t.Errorf("the day starts at %s", got)
	}
	if got := MustDate("2026-02-10").EndOf(shanghai, EndOfDay).Add(time.Second); !got.Equal(MustDate("2026-02-11").StartOf(shanghai)) {
		t.Errorf("one second after the end is %s", got)
	}
}

func TestDateForms(t *testing.T) {
	type holder struct {
		On   Date            `json:"on,omitzero"`
		Days map[Date]string `json:"days,omitempty"`
	}
	in := holder{On: MustDate("2026-02-09"), Days: map[Date]string{MustDate("2026-02-14"): "调休"}}
	raw, err := json.Marshal(in)
	if err != nil || string(raw) != `{"on":"2026-02-09","days":{"2026-02-14":"调休"}}` {
		t.Fatalf("%s (%v)", raw, err)
	}
	var out holder
	if err := json.Unmarshal(raw, &out); err != nil || out.On != in.On || out.Days[MustDate("2026-02-14")] != "调休" {
		t.Fatalf("%+v (%v)", out, err)
	}
	if raw, err := json.Marshal(holder{}); err != nil || string(raw) != "{}" {
		t.Fatalf("%s (%v)", raw, err)
	}
	for _, src := range []any{"2026-02-09", []byte("2026-02-09"), time.Date(2026, 2, 9, 23, 0, 0, 0, time.UTC)} {
		var d Date
		if err := d.Scan(src); err != nil || d != in.On {
			t.Errorf("%v scanned as %s (%v)", src, d, err)
		}
	}
	var d Date
	if err := d.Scan(nil); err != nil || !d.IsZero() {
		t.Errorf("NULL scanned as %s (%v)", d, err)
	}
	if err := d.Scan(3.5); err == nil {
		t.Error("a float was taken for a date")
	}
	if v, err := in.On.Value(); err != nil || v != "2026-02-09" {
		t.Errorf("stored as %v (%v)", v, err)
	}
	if v, err := (Date{}).Value(); err != nil || v != nil {
		t.Errorf("no date stored as %v (%v)", v, err)
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-02-28", "2026-02-29", "0001-01-01", "9999-12-31", "", "-001-01-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate(s)
		if err == nil && d.String() != s {
			t.Errorf("%q was read as %s", s, d)
		}
	})
}
