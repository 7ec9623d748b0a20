package deadline

import (
	"sync/atomic"
	"time"
)

// CalendarSpec is one layer of a working calendar as it is configured (kind
// Calendar). Texts stay texts so that every malformed one is reported with its
// place. In a child layer an absent field inherits the parent's.
type CalendarSpec struct {
	Weekend           []string          `json:"weekend,omitempty"`           // weekly days off: mon, tue, wed, thu, fri, sat, sun
	WorkingHours      [][]string        `json:"working_hours,omitempty"`     // [["09:00","12:00"],["13:00","17:00"]], in order
	StatutoryHolidays StatutoryHolidays `json:"statutory_holidays,omitzero"` // known without the yearly notice
	Exceptions        []Exception       `json:"exceptions,omitempty"`        // the yearly notice, and local days
	PublishedThrough  string            `json:"published_through,omitempty"` // last date the yearly notice covers
}

// StatutoryHolidays are the days off by regulation (全国年节及纪念日放假办法), known
// years ahead while bridging and make-up days are not.
type StatutoryHolidays struct {
	Fixed  map[string][]string            `json:"fixed,omitempty"`   // name → ["MM-DD"]
	ByYear map[string]map[string][]string `json:"by_year,omitempty"` // "2027" → name → ["YYYY-MM-DD"]
}

// Exception says of one date, or of each date from From to To, whether it is
// worked. Overridable lets a child calendar change it.
type Exception struct {
	Date        string `json:"date,omitempty"`
	From        string `json:"from,omitempty"`
	To          string `json:"to,omitempty"`
	Working     bool   `json:"working"`
	Reason      string `json:"reason"`
	Overridable bool   `json:"overridable,omitempty"`
}

// Calendar answers which days are worked. It is immutable and safe for
// concurrent use; year tables are computed on first use and kept.
type Calendar struct {
	weekend    [7]bool // by time.Weekday
	hours      []span
	fixed      map[monthDay]string
	statutory  map[Date]string
	exceptions map[Date]ruling
	through    Date
	digest     string
	years      [lastTableYear - firstTableYear + 1]atomic.Pointer[yearTable]
}

// span is one stretch of working hours in seconds after midnight, half-open.
type span struct{ from, to TimeOfDay }

// ruling is what the calendar says of one listed date.
type ruling struct {
	working     bool
	reason      string
	overridable bool
}

type monthDay struct {
	month time.Month
	day   int
}

// Digest returns the SHA-256, in hexadecimal, of the calendar's resolved content.
// Two calendars that rule every day alike for the same reasons have the same digest.
func (c *Calendar) Digest() string { return c.digest }

// PublishedThrough returns the last date covered by a published holiday notice.
func (c *Calendar) PublishedThrough() Date { return c.through }

// Provisional reports whether d lies beyond the published notices, so that
// bridging and make-up days near it are unknown (T-20).
func (c *Calendar) Provisional(d Date) bool { return d.After(c.through) }

// Working reports whether d is a working day. Listed exceptions rule first, then
// statutory holidays, then the weekly days off; a make-up Saturday or Sunday counts
// as a working day.
func (c *Calendar) Working(d Date) bool {
	if d.IsZero() {
		return false
	}
	t, i := c.table(d)
	return t.upTo[i+1] > t.upTo[i]
}

// Reason returns why d is as it is: the holiday's or make-up day's name, "星期六"
// for a plain day off, and "" for an ordinary working day.
func (c *Calendar) Reason(d Date) string {
	if r, ok := c.exceptions[d]; ok {
		return r.reason
	}
	if name := c.holiday(d); name != "" {
		return name
	}
	if c.weekend[d.Weekday()] {
		return weekdayTitle(d)
	}
	return ""
}

// holiday returns the name of the statutory holiday on d, or "".
func (c *Calendar) holiday(d Date) string {
	if name, ok := c.statutory[d]; ok {
		return name
	}
	_, m, day := d.Civil()
	return c.fixed[monthDay{m, day}]
}

// rules decides one day from the layers, without the tables.
func (c *Calendar) rules(d Date) bool {
	if r, ok := c.exceptions[d]; ok {
		return r.working
	}
	return c.holiday(d) == "" && !c.weekend[d.Weekday()]
}

// makeUp reports whether d is worked although its weekday is off (调休上班).
func (c *Calendar) makeUp(d Date) bool { return c.weekend[d.Weekday()] && c.Working(d) }

func weekdayTitle(d Date) string {
	return [7]string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"}[d.Weekday()]
}
