package casework_test

import (
	"testing"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/casework"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
)

const dueChanged = "case.due_changed"

// T-20: a published calendar moves the agency's dates, clears what was provisional, tells
// of it once, and leaves alone what it has carried over already.
func TestPublishedCalendarMovesOpenClocks(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		c.At("2026-12-28 10:00") // a Monday: five working days lead into the year that is not announced
		k := atReview(t, c)
		closed := c.Apply("yongfeng", caseworktest.LowRisk())
		_, err := c.Cases.Withdraw(c.As("yongfeng"), casework.VerbInput{Case: closed.ID, Reason: "不办了", Version: closed.Now().Case().Version})
		ok(t, err)
		limit(t, k, deadline.Promised, deadline.Running, "2027-01-05")
		if !k.Limit(deadline.Promised).Provisional {
			t.Fatal("a date beyond the announced calendar is not provisional")
		}
		version, timers := k.Now().Case().Version, len(k.Now().Clocks())
		ok(t, c.Cases.RecomputeClocks(c.System(), uuid.Nil, nil))
		if k.Told(dueChanged) != 0 || k.Now().Case().Version != version {
			t.Fatal("nothing was published, and something changed")
		}
		c.Calendar(func(s *deadline.CalendarSpec) {
			s.PublishedThrough = "2027-12-31"
			s.Exceptions = append(s.Exceptions, deadline.Exception{From: "2027-01-04", To: "2027-01-05", Reason: "调休"})
		})
		for range 2 {
			ok(t, c.Cases.RecomputeClocks(c.System(), uuid.Nil, nil))
			limit(t, k, deadline.Promised, deadline.Running, "2027-01-07")
			if k.Limit(deadline.Promised).Provisional || k.Told(dueChanged) != 1 || closed.Told(dueChanged) != 0 {
				t.Fatalf("provisional %t, told %d times", k.Limit(deadline.Promised).Provisional, k.Told(dueChanged))
			}
		}
		if got := k.Now().Case(); got.PromisedDue.String() != "2027-01-07" || got.Version != version+1 || len(k.Now().Clocks()) != timers {
			t.Fatalf("%s, version %d", got.PromisedDue, got.Version)
		}
		sound(t, k)
		sound(t, closed)
	})
}

// T-20: an applicant never loses a day to a calendar that is published meanwhile.
func TestPublishedCalendarKeepsTheApplicantsDay(t *testing.T) {
	c := lite(t)
	k := c.Apply("xiangwei", caseworktest.LowRisk())
	k.Do(k.Handler("pre_review"), "pre_review", "correct", defects)
	before := k.Limit(deadline.Correction).DueOn
	c.Calendar(func(s *deadline.CalendarSpec) {
		for day := deadline.MustDate("2026-03-03"); day.Before(before); day = day.AddDays(1) {
			s.Exceptions = append(s.Exceptions, deadline.Exception{Date: day.String(), Working: true, Reason: "全月上班"})
		}
	})
	ok(t, c.Cases.RecomputeClocks(c.System(), uuid.Nil, nil))
	limit(t, k, deadline.Correction, deadline.Running, before.String())
	sound(t, k)
}

// A page that is full asks, once, for the next; each case is carried over exactly once.
func TestClocksAreRecomputedInPages(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		c.At("2026-12-28 10:00")
		var cases []*caseworktest.Case
		for range 3 {
			cases = append(cases, atReview(t, c))
		}
		c.Calendar(func(s *deadline.CalendarSpec) { s.PublishedThrough = "2027-12-31" })
		var after uuid.UUID
		for page := range 2 {
			for range 2 {
				ok(t, c.Cases.RecomputePage(c.System(), after, 2, func(*db.Batch) {}))
			}
			var jobs int
			ok(t, c.DB.QueryRow(c.System(), "SELECT count(*) FROM job WHERE tenant_id = $1 AND type = $2", caseworktest.Tenant, configuration.JobCalendar).Scan(&jobs))
			if jobs != 1 {
				t.Fatalf("page %d: %d jobs", page, jobs)
			}
			after = cases[1].ID
		}
		for _, k := range cases {
			if k.Told(dueChanged) != 1 || k.Limit(deadline.Promised).Provisional {
				t.Errorf("told %d times", k.Told(dueChanged))
			}
			sound(t, k)
		}
	})
}
