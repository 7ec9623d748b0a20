package casework_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/casework"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
)

// everyone who signs in to the county, and two applicants.
var everyone = []string{"xiangwei", "yongfeng", "chuangkou", "shencha", "shencha2", "hecha", "hecha2", "jueding", "juzhang", "dangan", "jiancha", "jianzhi"}

// busy is a county with cases in every stage, several of them filed at the same instant.
func busy(t testing.TB, c *caseworktest.County) []*caseworktest.Case {
	t.Helper()
	var cases []*caseworktest.Case
	reach := []func(caseworktest.TB, *caseworktest.County) *caseworktest.Case{atCorrection, atInspection, atReview, atDelivery}
	for range 2 {
		cases = append(cases, c.Apply("xiangwei", caseworktest.Application(nil)), c.Apply("yongfeng", caseworktest.LowRisk()))
		for _, f := range reach {
			cases = append(cases, f(t, c))
		}
		c.At("2026-03-03 09:00")
	}
	last := cases[len(cases)-1]
	last.Do("chuangkou", "deliver", "delivered", map[string]any{"way": "pickup", "receiver_name": "李湘", "receiver_id_last4": "0013"})
	inspected := cases[3]
	_, err := c.Cases.RecordSpecialResult(c.As("hecha"), inspected.Run("food-site-inspection").ID, inspected.Inspection("hecha", "passed"),
		[]uuid.UUID{c.Staff("hecha"), c.Staff("hecha2")})
	ok(t, err)
	return cases
}

// I3: a list holds exactly the cases that a single look would show, for
// everyone; pages of any size follow one another without a gap or a repeat, in
// order, though many keys are equal.
func TestListIsWhatOneMayLookAt(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		cases := busy(t, c)
		for _, login := range everyone {
			var visible []uuid.UUID
			for _, k := range cases {
				_, err := c.Cases.View(c.As(login), k.ID)
				if err == nil {
					visible = append(visible, k.ID)
				} else if problem.CodeOf(err) != problem.NotFound {
					t.Fatalf("%s looks at %s: %v", login, k.ID, err)
				}
			}
			sortIDs(visible)
			for _, order := range []casework.CaseOrder{casework.ReceivedDesc, casework.ReceivedAsc, casework.DueAsc} {
				for _, size := range []int{1, 3, 50} {
					listed := pages(t, c, login, order, size)
					if !slices.IsSortedFunc(listed, func(a, b *casework.Summary) int { return compareBy(order, a, b) }) {
						t.Errorf("%s: %s in pages of %d is out of order", login, order, size)
					}
					ids := idsOf(listed)
					sortIDs(ids)
					if !slices.Equal(ids, visible) {
						t.Errorf("%s: %s in pages of %d lists %d cases, may look at %d", login, order, size, len(ids), len(visible))
					}
				}
			}
			n, err := c.Cases.Count(c.As(login), casework.CaseFilter{}, 100)
			ok(t, err)
			if n != len(visible) {
				t.Errorf("%s: counts %d of %d", login, n, len(visible))
			}
			found, err := c.Cases.Summaries(c.As(login), idsOfCases(cases))
			ok(t, err)
			if len(found) != len(visible) {
				t.Errorf("%s: %d summaries of %d", login, len(found), len(visible))
			}
		}
	})
}

// I3: another county lists nothing of this one.
func TestListOfAnotherCounty(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		c.Apply("xiangwei", caseworktest.LowRisk())
		list, _, err := c.Cases.List(c.AsIn("linshen", caseworktest.Neighbour), casework.CaseFilter{}, casework.ReceivedDesc, casework.Page{First: 10})
		ok(t, err)
		if len(list) != 0 {
			t.Fatalf("%d cases", len(list))
		}
		_, _, err = c.Cases.List(c.As("linshen"), casework.CaseFilter{}, casework.ReceivedDesc, casework.Page{First: 10})
		refused(t, err, problem.NotFound, "")
		_, _, err = c.Cases.List(c.As(""), casework.CaseFilter{}, casework.ReceivedDesc, casework.Page{First: 10})
		refused(t, err, problem.Unauthenticated, "")
		_, _, err = c.Cases.Tasks(c.As("xiangwei"), casework.TaskFilter{}, casework.TaskDueAsc, casework.Page{First: 10})
		refused(t, err, problem.Forbidden, "subject")
	})
}

// Each filter narrows by its own fact, and text is a plain start, never a pattern.
func TestCaseFilters(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		cases := busy(t, c)
		c.At("2026-03-20 09:00")
		all := pages(t, c, "jiancha", casework.ReceivedAsc, 50)
		day := deadline.MustDate("2026-03-03")
		for name, f := range map[string]struct {
			filter casework.CaseFilter
			holds  func(*casework.Summary) bool
		}{
			"status":          {casework.CaseFilter{Status: []string{"ended", "suspended"}}, func(s *casework.Summary) bool { return s.Status == "ended" || s.Status == "suspended" }},
			"matter":          {casework.CaseFilter{Matter: c.MatterID}, func(*casework.Summary) bool { return true }},
			"another matter":  {casework.CaseFilter{Matter: cases[0].ID}, func(*casework.Summary) bool { return false }},
			"department":      {casework.CaseFilter{Department: "scjgj"}, func(*casework.Summary) bool { return true }},
			"received from":   {casework.CaseFilter{ReceivedFrom: day}, func(s *casework.Summary) bool { return s.CreatedAt.After(day.StartOf(time.UTC).Add(-8 * time.Hour)) }},
			"received to":     {casework.CaseFilter{ReceivedTo: day.AddDays(-1)}, func(s *casework.Summary) bool { return s.CreatedAt.Before(day.StartOf(time.UTC).Add(-8 * time.Hour)) }},
			"number":          {casework.CaseFilter{Text: all[0].No}, func(s *casework.Summary) bool { return s.No == all[0].No }},
			"applicant":       {casework.CaseFilter{Text: "双峰县永丰"}, func(s *casework.Summary) bool { return s.Applicant.Name == "双峰县永丰鲜食店" }},
			"middle of name":  {casework.CaseFilter{Text: "永丰"}, func(*casework.Summary) bool { return false }},
			"a per cent sign": {casework.CaseFilter{Text: "%"}, func(*casework.Summary) bool { return false }},
			"an underscore":   {casework.CaseFilter{Text: "_"}, func(*casework.Summary) bool { return false }},
			"overdue": {casework.CaseFilter{Overdue: true}, func(s *casework.Summary) bool {
				return !s.DueOn.IsZero() && s.DueOn.Before(deadline.MustDate("2026-03-20"))
			}},
		} {
			var want []uuid.UUID
			for _, s := range all {
				if f.holds(s) {
					want = append(want, s.ID)
				}
			}
			list, more, err := c.Cases.List(c.As("jiancha"), f.filter, casework.ReceivedAsc, casework.Page{First: 50})
			ok(t, err)
			if more || !slices.Equal(idsOf(list), want) {
				t.Errorf("%s: %d cases, want %d", name, len(list), len(want))
			}
		}
	})
}

// R-PRC-01: the to-do list holds what is assigned to me and what I may claim; the
// rest of its views follow from the same tasks.
func TestTaskLists(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		cases := busy(t, c)
		var all []*casework.Task
		for _, k := range cases {
			all = append(all, k.Now().Tasks()...)
		}
		for _, login := range everyone[2:] {
			for view, holds := range viewsOf(t, c, login) {
				var want []uuid.UUID
				for _, task := range all {
					if (task.NodeType == "human" || task.NodeType == "special") && holds(task) {
						want = append(want, task.ID)
					}
				}
				sortIDs(want)
				for _, order := range []casework.TaskOrder{casework.TaskDueAsc, casework.TaskOpenedAsc, casework.TaskOpenedDesc} {
					for _, size := range []int{2, 100} {
						got := taskPages(t, c, login, view, order, size)
						sortIDs(got)
						if !slices.Equal(got, want) {
							t.Errorf("%s, %s by %s in pages of %d: %d tasks, want %d", login, view, order, size, len(got), len(want))
						}
					}
				}
			}
		}
	})
}

func viewsOf(t testing.TB, c *caseworktest.County, login string) map[casework.TaskView]func(*casework.Task) bool {
	p := c.Person(login)
	mine := func(task *casework.Task) bool {
		return task.State == casework.TaskInProgress && task.Assignee == p.Staff
	}
	claimable := func(task *casework.Task) bool {
		for _, b := range p.Bindings {
			if task.State == casework.TaskOffered && b.Role == task.Role && b.Department == task.Department {
				return true
			}
		}
		return false
	}
	return map[casework.TaskView]func(*casework.Task) bool{
		casework.TasksMine: mine, casework.TasksClaimable: claimable,
		casework.TasksTodo: func(task *casework.Task) bool { return mine(task) || claimable(task) },
		casework.TasksDone: func(task *casework.Task) bool { return task.State == casework.TaskDone && task.Actor == p.Staff },
		casework.TasksAll: func(task *casework.Task) bool {
			_, err := c.Cases.View(c.As(login), task.CaseID)
			return task.Open() && err == nil
		},
	}
}

func taskPages(t testing.TB, c *caseworktest.County, login string, view casework.TaskView, order casework.TaskOrder, size int) []uuid.UUID {
	t.Helper()
	var ids []uuid.UUID
	page := casework.Page{First: size}
	for {
		list, more, err := c.Cases.Tasks(c.As(login), casework.TaskFilter{View: view}, order, page)
		ok(t, err)
		for _, task := range list {
			ids = append(ids, task.ID)
			page.AfterID, page.AfterKey = task.ID, task.OpenedAt.Format(time.RFC3339Nano)
			if order == casework.TaskDueAsc {
				page.AfterKey = cmp.Or(task.DueOn.String(), "9999-12-31")
			}
		}
		if !more {
			return ids
		}
	}
}

func pages(t testing.TB, c *caseworktest.County, login string, order casework.CaseOrder, size int) []*casework.Summary {
	t.Helper()
	var all []*casework.Summary
	page := casework.Page{First: size}
	for {
		list, more, err := c.Cases.List(c.As(login), casework.CaseFilter{}, order, page)
		ok(t, err)
		if len(list) > size || more && len(list) < size {
			t.Fatalf("a page of %d has %d rows, more %t", size, len(list), more)
		}
		all = append(all, list...)
		if !more {
			return all
		}
		last := list[len(list)-1]
		page.AfterID, page.AfterKey = last.ID, last.CreatedAt.Format(time.RFC3339Nano)
		if order == casework.DueAsc {
			page.AfterKey = dueKey(last)
		}
	}
}

func dueKey(s *casework.Summary) string { return cmp.Or(s.DueOn.String(), "9999-12-31") }

func compareBy(order casework.CaseOrder, a, b *casework.Summary) int {
	byID := cmp.Compare(a.ID.String(), b.ID.String())
	switch order {
	case casework.DueAsc:
		return cmp.Or(cmp.Compare(dueKey(a), dueKey(b)), byID)
	case casework.ReceivedAsc:
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), byID)
	}
	return -cmp.Or(a.CreatedAt.Compare(b.CreatedAt), byID)
}

func idsOf(list []*casework.Summary) []uuid.UUID {
	var ids []uuid.UUID
	for _, s := range list {
		ids = append(ids, s.ID)
	}
	return ids
}

func idsOfCases(cases []*caseworktest.Case) []uuid.UUID {
	var ids []uuid.UUID
	for _, k := range cases {
		ids = append(ids, k.ID)
	}
	return ids
}

func sortIDs(ids []uuid.UUID) {
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return cmp.Compare(a.String(), b.String()) })
}
