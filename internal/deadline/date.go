package deadline

import (
	"cmp"
	"fmt"
	"time"
)

// Date is a civil date of the Gregorian calendar, years 0001 to 9999, without a
// time zone. It is four bytes, comparable with ==, and usable as a map key. The
// zero value is "no date".
type Date struct {
	day int32 // days since 0000-12-31, so that 0001-01-01 is 1 and 0 is no date
}

// The calendar's bounds. Arithmetic saturates at them instead of wrapping.
const (
	minDay int32 = 1       // 0001-01-01
	maxDay int32 = 3652059 // 9999-12-31
	layout       = "2006-01-02"
)

// NewDate returns the date of year, month and day. Values outside their range are
// normalised as time.Date does: month 13 is January of the next year.
func NewDate(year int, month time.Month, day int) Date {
	return fromUTC(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// ParseDate reads "YYYY-MM-DD". A day that does not exist, such as 2026-02-29, is an error.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(layout, s)
	if err != nil || t.Year() < 1 {
		return Date{}, fmt.Errorf("日期 %q 不是有效的 YYYY-MM-DD", s)
	}
	return fromUTC(t), nil
}

// MustDate is ParseDate for constants; it panics on a malformed literal.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// DateOf returns the civil date on which instant t falls in loc.
func DateOf(t time.Time, loc *time.Location) Date {
	y, m, d := t.In(loc).Date()
	return NewDate(y, m, d)
}

const secondsPerDay = 24 * 60 * 60

// unixEpochDay is 1970-01-01 counted as Date counts.
const unixEpochDay = 719163

func fromUTC(t time.Time) Date {
	s := t.Unix()
	days := s / secondsPerDay
	if s%secondsPerDay < 0 {
		days--
	}
	return fromDay(days + unixEpochDay)
}

func fromDay(n int64) Date {
	return Date{day: int32(min(max(n, int64(minDay)), int64(maxDay)))}
}

func (d Date) utc() time.Time {
	return time.Unix((int64(d.day)-unixEpochDay)*secondsPerDay, 0).UTC()
}

// IsZero reports whether d is "no date".
func (d Date) IsZero() bool { return d.day == 0 }

// Civil returns the year, month and day of d; zeros for the zero date.
func (d Date) Civil() (year int, month time.Month, day int) {
	if d.IsZero() {
		return 0, 0, 0
	}
	return d.utc().Date()
}

// Year returns the year of d, 0 for the zero date.
func (d Date) Year() int { y, _, _ := d.Civil(); return y }

// Weekday returns the day of the week of d.
func (d Date) Weekday() time.Weekday { return time.Weekday(d.day % 7) }

// AddDays returns the date n calendar days after d, or before it when n is negative.
func (d Date) AddDays(n int) Date { return fromDay(int64(d.day) + int64(n)) }

// AddMonths returns the corresponding day n months later, or the last day of that
// month when it has no such day (民法典 art. 202).
func (d Date) AddMonths(n int) Date {
	y, m, day := d.Civil()
	first := NewDate(y, m+time.Month(n), 1)
	fy, fm, _ := first.Civil()
	last := NewDate(fy, fm+1, 1).AddDays(-1)
	return earlier(first.AddDays(day-1), last)
}

// Sub returns the number of calendar days from o to d, negative when d is earlier.
func (d Date) Sub(o Date) int { return int(d.day) - int(o.day) }

// Before reports whether d is earlier than o.
func (d Date) Before(o Date) bool { return d.day < o.day }

// After reports whether d is later than o.
func (d Date) After(o Date) bool { return d.day > o.day }

// Compare returns -1, 0 or +1 as d is earlier than, equal to or later than o.
func (d Date) Compare(o Date) int { return cmp.Compare(d.day, o.day) }

// StartOf returns the first instant of d in loc.
func (d Date) StartOf(loc *time.Location) time.Time { return d.EndOf(loc, 0) }

// EndOf returns the instant at which d reads t on the wall clock of loc. With
// EndOfDay it is the due instant of T-04, 23:59:59.
func (d Date) EndOf(loc *time.Location, t TimeOfDay) time.Time {
	y, m, day := d.Civil()
	return time.Date(y, m, day, 0, 0, int(t), 0, loc)
}

func earlier(a, b Date) Date {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b Date) Date {
	if b.After(a) {
		return b
	}
	return a
}
