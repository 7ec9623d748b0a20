package simulation

import (
	"strconv"
	"strings"
	"time"

	"zhengtong/internal/authz"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
)

// instant is when a step happens.
func (r *Runner) instant(step Step) (time.Time, error) {
	now := r.desk.Now()
	switch {
	case step.At != "":
		return ParseTime(step.At, r.subject.Live.Location)
	case step.After != "":
		return r.later(now, step.After)
	}
	return now, nil
}

// ParseTime reads RFC 3339 or a civil time.
func ParseTime(text string, loc *time.Location) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, text, loc); err == nil {
			return t, nil
		}
	}
	return time.Time{}, invalid("time", "时间 %q 应写作 2026-03-02 09:00 或 RFC 3339", text)
}

func invalid(code, format string, args ...any) error {
	return problem.New(problem.Validation, code, format, args...)
}

// maxSpan bounds how far one step may lie ahead.
const maxSpan = 10 * 366

// later is an instant a span on: working days keep the time of day.
func (r *Runner) later(from time.Time, span string) (time.Time, error) {
	number := strings.TrimRight(span, "wdh")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n > maxSpan {
		return from, invalid("span", "时间间隔 %q 应写作 2wd（工作日）、3d（日）或 4h（小时）", span)
	}
	switch span[len(number):] {
	case "h":
		return from.Add(time.Duration(n) * time.Hour), nil
	case "d":
		return from.AddDate(0, 0, n), nil
	case "wd":
		loc := r.subject.Live.Location
		day := r.subject.Live.Calendar.AddWorkdays(deadline.DateOf(from, loc), n)
		return day.EndOf(loc, deadline.TimeOfDayAt(from, loc)), nil
	}
	return from, invalid("span", "时间间隔 %q 应写作 2wd（工作日）、3d（日）或 4h（小时）", span)
}

// advance lets time pass: each rung fires at its own instant, as it does in reality.
func (r *Runner) advance(to time.Time) error {
	if to.Before(r.desk.Now()) {
		return invalid("backwards", "时间不能倒退：%s 早于 %s", r.civil(to), r.civil(r.desk.Now()))
	}
	for {
		id, at, ok := r.desk.NextTimer(r.ctx)
		if !ok || at.After(to) {
			break
		}
		if r.fired++; r.fired > maxFired {
			return invalid("endless", "时限不断届满，超过 %d 次", maxFired)
		}
		if at.After(r.desk.Now()) {
			r.desk.Set(at)
		}
		if err := r.desk.Fire(r.as(authz.System()), id, nil); err != nil {
			return err
		}
		if r.told < len(r.desk.Events()) {
			if err := r.moment(-1, authz.System(), "时限", ""); err != nil {
				return err
			}
		}
		if err := r.jobs(Step{}); err != nil {
			return err
		}
	}
	r.desk.Set(to)
	return nil
}

func (r *Runner) civil(t time.Time) string {
	return t.In(r.subject.Live.Location).Format("2006-01-02 15:04")
}
