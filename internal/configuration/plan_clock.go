package configuration

import (
	"context"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/deadline"
)

// MovedClocks are the open clocks whose due date a change of calendar would move
// (T-20). Looked says how many were looked at; Truncated that more are open.
type MovedClocks struct {
	Count     int          `json:"count"`
	Looked    int          `json:"looked"`
	Truncated bool         `json:"truncated,omitempty"`
	Clocks    []MovedClock `json:"clocks"`
}

// MovedClock is one of them, the earliest due first in each tenant.
type MovedClock struct {
	Tenant string        `json:"tenant"`
	Case   string        `json:"case"` // its number
	Clock  string        `json:"clock"`
	Before deadline.Date `json:"before"`
	After  deadline.Date `json:"after"`
}

// Bounds of what a plan looks at among open clocks, and of what it lists.
const (
	maxClocksLooked = 5000
	maxClocksListed = 50
	clockPage       = 500
)

// openClock is a row of an open clock.
type openClock struct {
	id    uuid.UUID
	no    string
	dueOn deadline.Date
	body  deadline.Clock
}

// movedClocks recomputes the open clocks of tenants whose calendar changes, from the
// first changed day on: an earlier due date cannot move.
func (s *Service) movedClocks(ctx context.Context, concerned []reached) (MovedClocks, error) {
	out := MovedClocks{Clocks: []MovedClock{}}
	for _, r := range concerned {
		if !r.calendarChanges() {
			continue
		}
		there, err := s.tree.ActAs(ctx, r.tenant.Code, "plan configuration: clocks that would move")
		if err != nil {
			return out, err
		}
		if err := s.moveClocks(there, r, &out); err != nil || out.Truncated {
			return out, err
		}
	}
	return out, nil
}

func (s *Service) moveClocks(there context.Context, r reached, out *MovedClocks) error {
	before, after := calendarOf(r.before), calendarOf(r.after)
	today := receiptOn(r.before, before, s.clock.Now())
	first, differs := firstDifference(before, after, today)
	if !differs {
		return nil
	}
	from, last := first, uuid.Nil
	for {
		page, err := s.store.openClocks(there, r.tenant.Code, from, last, clockPage)
		if err != nil {
			return err
		}
		for _, c := range page {
			if out.Looked == maxClocksLooked {
				out.Truncated = true
				return nil
			}
			out.Looked++
			if _, due := c.body.Recompute(c.dueOn, today, after); due.On != c.dueOn {
				out.Count++
				if len(out.Clocks) < maxClocksListed {
					out.Clocks = append(out.Clocks, MovedClock{Tenant: r.tenant.Code, Case: c.no, Clock: string(c.body.Kind), Before: c.dueOn, After: due.On})
				}
			}
			from, last = c.dueOn, c.id
		}
		if len(page) < clockPage {
			return nil
		}
	}
}

// The days over which two calendars are compared: what runs now began within two years and ends within five.
const (
	comparedBack  = 2 * 366
	comparedAhead = 5 * 366
)

// firstDifference is the first day that works in one calendar and not in the other.
func firstDifference(a, b *deadline.Calendar, today deadline.Date) (deadline.Date, bool) {
	for n := -comparedBack; n <= comparedAhead; n++ {
		if on := today.AddDays(n); a.Working(on) != b.Working(on) {
			return on, true
		}
	}
	return deadline.Date{}, false
}
