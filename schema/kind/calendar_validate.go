package kind

import (
	"time"

	"zhengtong/internal/problem"
)

// maxExceptionDays bounds one range, so that a slip in a year cannot fill the memory.
const maxExceptionDays = 366

// validate refuses a day with two different values, ranges that end before they begin and working hours out of order.
func (c *Calendar) validate(v *visit) {
	days := map[string]bool{}
	for i, e := range c.Exceptions {
		expanded := e.days()
		if len(expanded) == 0 {
			v.fail(at("exceptions", i), "V-01", "to 不早于 from，区间不超过一年", "日期区间有误")
		}
		for _, day := range expanded {
			if working, known := days[day]; known && working != e.Working {
				v.fail(at("exceptions", i), "V-02", "", "%s 同时为上班和放假", day)
				break
			}
			days[day] = e.Working
		}
	}
	last := ""
	for i, span := range c.WorkingHours {
		if len(span) != 2 || span[0] >= span[1] || span[0] < last {
			v.fail(at("working_hours", i), "V-01", "每段写 [开始, 结束]，按先后排列", "工作时段有误")
			continue
		}
		last = span[1]
	}
}

// days lists the dates of an exception; nil when the range is wrong.
func (e CalendarException) days() []string {
	if e.Date != "" {
		return []string{e.Date}
	}
	from, err := time.Parse(time.DateOnly, e.From)
	if err != nil {
		return nil
	}
	to, err := time.Parse(time.DateOnly, e.To)
	if err != nil || to.Before(from) || to.Sub(from) > maxExceptionDays*24*time.Hour {
		return nil
	}
	var out []string
	for day := from; !day.After(to); day = day.AddDate(0, 0, 1) {
		out = append(out, day.Format(time.DateOnly))
	}
	return out
}

// Days returns every exceptional day and whether it is worked.
func (c *Calendar) Days() map[string]bool {
	out := map[string]bool{}
	for _, e := range c.Exceptions {
		for _, day := range e.days() {
			out[day] = e.Working
		}
	}
	return out
}

// normalise expands ranges into days, so that lists merge day by day.
func (c *Calendar) normalise(doc map[string]any) {
	list, ok := doc["exceptions"].([]any)
	if !ok {
		return
	}
	var out []any
	for _, item := range list {
		entry, ok := item.(map[string]any)
		if !ok || entry["date"] != nil {
			out = append(out, item)
			continue
		}
		span := CalendarException{From: scalarText(entry["from"]), To: scalarText(entry["to"])}
		for _, day := range span.days() {
			one := map[string]any{"date": day}
			for name, value := range entry {
				if name != "from" && name != "to" {
					one[name] = value
				}
			}
			out = append(out, one)
		}
	}
	doc["exceptions"] = out
}

// guard refuses a patch that changes a day the parent has not marked overridable (domain part 3.2.1).
func (c *Calendar) guard(parent, child map[string]any) problem.List {
	var problems problem.List
	theirs, _ := parent["exceptions"].([]any)
	mine, _ := child["exceptions"].([]any)
	for _, item := range mine {
		day := keyOf(item, "date")
		i := indexOf(theirs, Segment{Key: "date", Value: day})
		if i < 0 {
			continue
		}
		before, _ := theirs[i].(map[string]any)
		after, _ := item.(map[string]any)
		if before["overridable"] != true && !equal(before["working"], after["working"]) {
			problems.Add("$.spec.exceptions[date="+day+"]", "V-06", "%s 上级已定，不可改", day)
		}
	}
	return problems
}
