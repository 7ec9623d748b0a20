package deadline

import "sort"

// Years whose tables a calendar keeps; others are computed each time.
const (
	firstTableYear = 1980
	lastTableYear  = 2120
)

// yearTable holds, for one year, the number of working days before each day:
// upTo[i] counts days 0 … i-1, so the last entry is the year's total.
type yearTable struct {
	first Date
	upTo  []uint16
}

// table returns the table of d's year and d's index in it.
func (c *Calendar) table(d Date) (*yearTable, int) {
	year := d.Year()
	if year < firstTableYear || year > lastTableYear {
		t := c.buildTable(year)
		return t, d.Sub(t.first)
	}
	slot := &c.years[year-firstTableYear]
	t := slot.Load()
	if t == nil {
		t = c.buildTable(year)
		slot.Store(t) // a concurrent builder stores an equal table
	}
	return t, d.Sub(t.first)
}

func (c *Calendar) buildTable(year int) *yearTable {
	first := NewDate(year, 1, 1)
	days := NewDate(year, 12, 31).Sub(first) + 1
	t := &yearTable{first: first, upTo: make([]uint16, days+1)}
	for i := range days {
		t.upTo[i+1] = t.upTo[i]
		if c.rules(first.AddDays(i)) {
			t.upTo[i+1]++
		}
	}
	return t
}

func (t *yearTable) total() int { return int(t.upTo[len(t.upTo)-1]) }

// nth returns the n-th working day of the year, 1 ≤ n ≤ total.
func (t *yearTable) nth(n int) Date {
	return t.first.AddDays(sort.Search(len(t.upTo), func(k int) bool { return int(t.upTo[k]) >= n }) - 1)
}

func (t *yearTable) last() Date { return t.first.AddDays(len(t.upTo) - 2) }

// AddWorkdays returns the n-th working day strictly after d (T-02); for a negative
// n the |n|-th strictly before d; for 0 d itself, worked or not.
func (c *Calendar) AddWorkdays(d Date, n int) Date {
	if n < 0 {
		return c.subWorkdays(d, -n)
	}
	for n > 0 {
		t, i := c.table(d)
		want := int(t.upTo[i+1]) + n
		if want <= t.total() {
			return t.nth(want)
		}
		n = want - t.total()
		d = t.last()
		if d.day == maxDay {
			return d
		}
		// Step over New Year's Day by hand: the next round counts strictly after d.
		if d = d.AddDays(1); c.Working(d) {
			n--
		}
	}
	return d
}

func (c *Calendar) subWorkdays(d Date, n int) Date {
	for n > 0 {
		t, i := c.table(d)
		before := int(t.upTo[i])
		if n <= before {
			return t.nth(before - n + 1)
		}
		n -= before
		d = t.first
		if d.day == minDay {
			return d
		}
		if d = d.AddDays(-1); c.Working(d) {
			n--
		}
	}
	return d
}

// WorkdaysBetween counts the working days in (s, r]: s is excluded, r included
// (T-13). It is negative, the count of (r, s], when r is before s.
func (c *Calendar) WorkdaysBetween(s, r Date) int {
	if r.Before(s) {
		return -c.WorkdaysBetween(r, s)
	}
	n := 0
	for s.Year() < r.Year() {
		t, i := c.table(s)
		n += t.total() - int(t.upTo[i+1])
		if s = t.last().AddDays(1); c.Working(s) {
			n++
		}
	}
	t, i := c.table(s)
	return n + int(t.upTo[r.Sub(t.first)+1]) - int(t.upTo[i+1])
}

// NextWorkday returns the first working day strictly after d.
func (c *Calendar) NextWorkday(d Date) Date { return c.AddWorkdays(d, 1) }

// Roll returns d when it is a working day, and the next working day otherwise (民法典 art. 203).
func (c *Calendar) Roll(d Date) Date {
	if c.Working(d) {
		return d
	}
	return c.NextWorkday(d)
}

// Add returns the last day of a limit that starts by an event on d; the day of
// the event is not counted (T-01, T-02). With rollover, a limit in days, months or
// years that ends on a day off ends on the next working day (民法典 art. 203).
// An hour limit is taken from the opening of d; use AddHours for the instant. A negative
// n counts back.
func (c *Calendar) Add(d Date, l Limit, rollover bool) Date {
	switch l.Unit {
	case Workday:
		return c.AddWorkdays(d, l.N)
	case Hour:
		on, _ := c.AddHours(d, 0, l.N)
		return on
	case Day:
		d = d.AddDays(l.N)
	case Month:
		d = d.AddMonths(l.N)
	case Year:
		d = d.AddMonths(12 * l.N)
	}
	if rollover {
		return c.Roll(d)
	}
	return d
}
