package deadline

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// String returns "YYYY-MM-DD", or "" for the zero date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(layout)
}

// MarshalText writes the form of String; JSON, YAML and map keys use it.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads "YYYY-MM-DD", or "" as the zero date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	v, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// Value stores the date as text, and the zero date as NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads text, NULL, or the time.Time that a driver makes of a date column.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	case time.Time:
		*d = NewDate(v.Year(), v.Month(), v.Day())
		return nil
	}
	return fmt.Errorf("deadline: a date column holds %T", src)
}

// TimeOfDay is a wall-clock time in seconds after midnight, 0 to 86399.
type TimeOfDay int

// EndOfDay is 23:59:59, the default end of a due date (T-04).
const EndOfDay TimeOfDay = secondsPerDay - 1

// ParseTimeOfDay reads "HH:MM" or "HH:MM:SS".
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	for _, l := range []string{"15:04", "15:04:05"} {
		if t, err := time.Parse(l, s); err == nil && len(s) == len(l) {
			return TimeOfDay(t.Hour()*3600 + t.Minute()*60 + t.Second()), nil
		}
	}
	return 0, fmt.Errorf("时间 %q 不是有效的 HH:MM", s)
}

// TimeOfDayAt returns the wall-clock time of instant t in loc.
func TimeOfDayAt(t time.Time, loc *time.Location) TimeOfDay {
	h, m, s := t.In(loc).Clock()
	return TimeOfDay(h*3600 + m*60 + s)
}

// String returns "HH:MM", with ":SS" when there are seconds.
func (t TimeOfDay) String() string {
	if t%60 == 0 {
		return fmt.Sprintf("%02d:%02d", t/3600, t/60%60)
	}
	return fmt.Sprintf("%02d:%02d:%02d", t/3600, t/60%60, t%60)
}

// MarshalText writes the form of String.
func (t TimeOfDay) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads the form of ParseTimeOfDay.
func (t *TimeOfDay) UnmarshalText(b []byte) error {
	v, err := ParseTimeOfDay(string(b))
	if err == nil {
		*t = v
	}
	return err
}
