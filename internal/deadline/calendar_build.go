package deadline

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"zhengtong/internal/problem"
)

// The codes of a calendar's problems.
const (
	badValue   = "calendar-value"     // a text that is no weekday, time, date or year
	badDouble  = "calendar-duplicate" // one date with two values
	badLocked  = "calendar-locked"    // a child changes a date that its parent fixed
	badMissing = "calendar-missing"   // a required field of a root calendar is absent
)

// maxRange bounds the days one exception may list.
const maxRange = 366

// NewCalendar builds a root calendar. The list holds every problem found; the
// calendar is nil when one of them is an error.
func NewCalendar(spec CalendarSpec) (*Calendar, problem.List) {
	b := builder{cal: &Calendar{
		fixed: map[monthDay]string{}, statutory: map[Date]string{}, exceptions: map[Date]ruling{},
	}}
	for _, f := range []struct {
		path   string
		absent bool
	}{
		{"$.spec.weekend", len(spec.Weekend) == 0},
		{"$.spec.working_hours", len(spec.WorkingHours) == 0},
		{"$.spec.published_through", spec.PublishedThrough == ""},
	} {
		if f.absent {
			b.problems.Add(f.path, badMissing, "缺少该项")
		}
	}
	return b.finish(spec)
}

// Extend builds a child calendar (province, city, county): absent fields are
// inherited, listed dates are added. A date that the parent lists, or a statutory
// holiday, may be restated; it may be changed only where the parent marked it overridable.
func (c *Calendar) Extend(spec CalendarSpec) (*Calendar, problem.List) {
	b := builder{parent: c, cal: &Calendar{
		weekend: c.weekend, hours: c.hours, through: c.through,
		fixed: maps.Clone(c.fixed), statutory: maps.Clone(c.statutory), exceptions: maps.Clone(c.exceptions),
	}}
	return b.finish(spec)
}

type builder struct {
	parent   *Calendar // nil for a root
	cal      *Calendar
	own      map[Date]ruling // this layer's exceptions
	problems problem.List
}

func (b *builder) finish(spec CalendarSpec) (*Calendar, problem.List) {
	b.own = map[Date]ruling{}
	b.weekend(spec.Weekend)
	b.workingHours(spec.WorkingHours)
	b.fixedHolidays(spec.StatutoryHolidays.Fixed)
	b.yearHolidays(spec.StatutoryHolidays.ByYear)
	for i, e := range spec.Exceptions {
		b.exception(fmt.Sprintf("$.spec.exceptions[%d]", i), e)
	}
	if spec.PublishedThrough != "" {
		if d, ok := b.date("$.spec.published_through", spec.PublishedThrough); ok {
			b.cal.through = d
		}
	}
	problems := b.problems.Sorted()
	if problems.HasErrors() {
		return nil, problems
	}
	maps.Copy(b.cal.exceptions, b.own)
	b.cal.digest = digestOf(b.cal)
	return b.cal, problems
}

func (b *builder) date(path, s string) (Date, bool) {
	d, err := ParseDate(s)
	if err != nil {
		b.problems.Add(path, badValue, "%v", err)
		return Date{}, false
	}
	return d, true
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func (b *builder) weekend(days []string) {
	if len(days) == 0 {
		return
	}
	b.cal.weekend = [7]bool{}
	off := 0
	for i, s := range days {
		path := fmt.Sprintf("$.spec.weekend[%d]", i)
		k := slices.Index(weekdays, s)
		switch {
		case k < 0:
			b.problems.Add(path, badValue, "%q 不是 mon、tue、wed、thu、fri、sat、sun 之一", s)
		case b.cal.weekend[k]:
			b.problems.Add(path, badDouble, "%q 重复", s)
		default:
			b.cal.weekend[k] = true
			off++
		}
	}
	if off == len(weekdays) {
		b.problems.Add("$.spec.weekend", badValue, "不能七天都休息")
	}
}

func (b *builder) workingHours(spans [][]string) {
	if len(spans) == 0 {
		return
	}
	b.cal.hours = make([]span, 0, len(spans))
	var end TimeOfDay
	for i, s := range spans {
		path := fmt.Sprintf("$.spec.working_hours[%d]", i)
		if len(s) != 2 {
			b.problems.Add(path, badValue, "应为 [开始, 结束] 两项")
			continue
		}
		from, err1 := ParseTimeOfDay(s[0])
		to, err2 := ParseTimeOfDay(s[1])
		switch {
		case err1 != nil:
			b.problems.Add(path+"[0]", badValue, "%v", err1)
		case err2 != nil:
			b.problems.Add(path+"[1]", badValue, "%v", err2)
		case from >= to || from < end:
			b.problems.Add(path, badValue, "办公时间段应先后有序、互不重叠")
		default:
			b.cal.hours = append(b.cal.hours, span{from, to})
			end = to
		}
	}
}

func (b *builder) fixedHolidays(fixed map[string][]string) {
	for _, name := range slices.Sorted(maps.Keys(fixed)) {
		for i, s := range fixed[name] {
			path := fmt.Sprintf("$.spec.statutory_holidays.fixed.%s[%d]", name, i)
			// 2000 is a leap year, so that 02-29 is read.
			t, err := time.Parse(layout, "2000-"+s)
			if err != nil {
				b.problems.Add(path, badValue, "%q 不是有效的 MM-DD", s)
				continue
			}
			b.cal.fixed[monthDay{t.Month(), t.Day()}] = name
		}
	}
}

func (b *builder) yearHolidays(byYear map[string]map[string][]string) {
	for _, year := range slices.Sorted(maps.Keys(byYear)) {
		for _, name := range slices.Sorted(maps.Keys(byYear[year])) {
			for i, s := range byYear[year][name] {
				path := fmt.Sprintf("$.spec.statutory_holidays.by_year.%s.%s[%d]", year, name, i)
				d, ok := b.date(path, s)
				if ok && strconv.Itoa(d.Year()) != year {
					b.problems.Add(path, badValue, "%s 不在 %s 年", s, year)
					continue
				}
				if ok {
					b.cal.statutory[d] = name
				}
			}
		}
	}
}

func (b *builder) exception(path string, e Exception) {
	from, to, ok := b.bounds(path, e)
	if !ok {
		return
	}
	r := ruling{working: e.Working, reason: e.Reason, overridable: e.Overridable}
	for d := from; !d.After(to); d = d.AddDays(1) {
		if old, seen := b.own[d]; seen && old.working != r.working {
			b.problems.Add(path, badDouble, "%s 列出两次且取值不同", d)
			continue
		}
		if b.locked(d, r.working) {
			b.problems.Add(path, badLocked, "上级日历已定 %s（%s），未允许下级更改", d, b.parent.Reason(d))
			continue
		}
		b.own[d] = r
		if d.day == maxDay {
			return
		}
	}
}

// bounds reads `date` or `from` and `to` of an exception.
func (b *builder) bounds(path string, e Exception) (from, to Date, ok bool) {
	if (e.Date == "") == (e.From == "" && e.To == "") {
		b.problems.Add(path, badValue, "应写 date，或写 from 与 to")
		return from, to, false
	}
	if e.Date != "" {
		from, ok = b.date(path+".date", e.Date)
		return from, from, ok
	}
	from, ok1 := b.date(path+".from", e.From)
	to, ok2 := b.date(path+".to", e.To)
	if !ok1 || !ok2 {
		return from, to, false
	}
	if n := to.Sub(from); n < 0 || n >= maxRange {
		b.problems.Add(path, badValue, "from 至 to 应为 1 至 %d 天", maxRange)
		return from, to, false
	}
	return from, to, true
}

// locked reports whether the parent rules d otherwise and does not let a child change it.
func (b *builder) locked(d Date, working bool) bool {
	if b.parent == nil {
		return false
	}
	if r, listed := b.parent.exceptions[d]; listed {
		return r.working != working && !r.overridable
	}
	return working && b.parent.holiday(d) != ""
}
