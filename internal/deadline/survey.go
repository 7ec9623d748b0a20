package deadline

import (
	"fmt"
	"strings"
)

// maxListed bounds the holidays and make-up days that one line of an explanation names.
const maxListed = 30

// survey describes the days of (from, to] that an ordinary week does not explain: off
// names the holidays and counts the plain weekly days off, worked names the make-up days.
func (c *Calendar) survey(from, to Date) (off, worked string) {
	var holidays, makeUps []string
	plain := 0
	for d := from.AddDays(1); !d.After(to); {
		switch {
		case c.makeUp(d):
			makeUps = append(makeUps, fmt.Sprintf("%s（%s）", d, c.Reason(d)))
		case c.named(d):
			last := c.runEnd(d, to)
			holidays = append(holidays, run(d, last, c.Reason(d)))
			d = last
		case !c.Working(d):
			plain++
		}
		d = d.AddDays(1)
	}
	if plain > 0 {
		holidays = append(holidays, fmt.Sprintf("周休日 %d 天", plain))
	}
	return join(holidays), join(makeUps)
}

// named reports whether d is off for a reason other than its weekday.
func (c *Calendar) named(d Date) bool {
	return !c.Working(d) && c.Reason(d) != weekdayTitle(d)
}

// runEnd returns the last day of the stretch, up to to, that is off for d's reason.
func (c *Calendar) runEnd(d, to Date) Date {
	for next := d.AddDays(1); !next.After(to) && c.named(next) && c.Reason(next) == c.Reason(d); next = next.AddDays(1) {
		d = next
	}
	return d
}

func run(from, to Date, reason string) string {
	if from == to {
		return fmt.Sprintf("%s（%s）", from, reason)
	}
	return fmt.Sprintf("%s 至 %s（%s，%d 天）", from, to, reason, to.Sub(from)+1)
}

func join(parts []string) string {
	if n := len(parts); n > maxListed {
		parts = append(parts[:maxListed:maxListed], fmt.Sprintf("等 %d 项", n))
	}
	return strings.Join(parts, "、")
}
