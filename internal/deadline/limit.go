package deadline

import (
	"cmp"
	"fmt"
)

// Unit is what a limit counts.
type Unit string

// The units of a limit. Limits of administrative licensing are working days
// (行政许可法 art. 82); petitions and licence validity count calendar days (T-18, T-23).
const (
	Hour    Unit = "hour"    // working hours of the calendar (T-19)
	Workday Unit = "workday" // working days, make-up days included
	Day     Unit = "day"     // calendar days
	Month   Unit = "month"   // to the corresponding day (民法典 art. 202)
	Year    Unit = "year"    // to the corresponding day (民法典 art. 202)
)

// Known reports whether u is one of the five units.
func (u Unit) Known() bool { return u.Title() != "" }

// Title returns the Chinese measure word, such as "个工作日", and "" for an unknown unit.
func (u Unit) Title() string {
	switch u {
	case Hour:
		return "个工作小时"
	case Workday:
		return "个工作日"
	case Day:
		return "日"
	case Month:
		return "个月"
	case Year:
		return "年"
	}
	return ""
}

// calendrical reports whether u runs through days off, so that its end may fall on one (T-02).
func (u Unit) calendrical() bool { return u == Day || u == Month || u == Year }

// Limit is a length of time: n of a unit. The zero value is "no limit".
type Limit struct {
	N    int  `json:"n" yaml:"n"`
	Unit Unit `json:"unit" yaml:"unit"`
}

// IsZero reports whether l is "no limit".
func (l Limit) IsZero() bool { return l == Limit{} }

// String returns the limit in Chinese, such as "20个工作日".
func (l Limit) String() string {
	if l.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d%s", l.N, l.Unit.Title())
}

// Compare orders two limits of one unit. ok is false when the units differ: a
// working day and a calendar day have no fixed ratio (check V-09).
func (l Limit) Compare(o Limit) (order int, ok bool) {
	return cmp.Compare(l.N, o.N), l.Unit == o.Unit
}

// maxN bounds a limit so that arithmetic stays within the calendar.
const maxN = 100_000

// Validate returns an error when the unit is unknown or n is negative or absurd.
func (l Limit) Validate() error {
	if !l.Unit.Known() {
		return fmt.Errorf("期限单位 %q 不在 hour、workday、day、month、year 之中", l.Unit)
	}
	if l.N < 0 || l.N > maxN {
		return fmt.Errorf("期限数 %d 不在 0 至 %d 之间", l.N, maxN)
	}
	return nil
}
