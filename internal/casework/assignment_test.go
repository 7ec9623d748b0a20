package casework_test

import (
	"testing"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/casework"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/problem"
)

// Invariant 8, R-PRC-15: a task is not given to whom separation of duty, a tie to
// a party, or a binding that does not hold today keeps from acting; with nobody
// fit it is offered, and the one who is barred cannot take it.
func TestAssignmentLeavesOutWhoMayNotAct(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		exec := func(sql string, args ...any) {
			t.Helper()
			_, err := c.DB.Exec(c.System(), sql, append([]any{caseworktest.Tenant}, args...)...)
			ok(t, err)
		}
		exec("UPDATE staff SET status = 'left' WHERE tenant_id = $1 AND id = $2", c.Staff("shencha"))
		exec(`UPDATE staff SET relatives = '["91431321MA4L00011P"]' WHERE tenant_id = $1 AND id = $2`, c.Staff("shencha2"))
		k := c.Apply("xiangwei", caseworktest.LowRisk())
		if got := k.Handler("pre_review"); got != "jianzhi" {
			t.Fatalf("given to %s", got)
		}
		k.Do("jianzhi", "pre_review", "pass", nil)
		k.Do("jianzhi", "acceptance", "accept", nil)
		exec("UPDATE role_binding SET valid_to = '2026-03-01' WHERE tenant_id = $1 AND staff_id = $2 AND role = 'approver'", c.Staff("jueding"))
		k.Do("jianzhi", "review", "submit", opinion)
		task := k.Task("decide")
		if task.State != casework.TaskOffered || task.Assignee != uuid.Nil {
			t.Fatalf("the decision is %s, given to %s", task.State, task.Assignee)
		}
		_, err := k.Cases.Claim(k.As("jianzhi"), task.ID)
		refused(t, err, problem.Forbidden, "separation")
		refused(t, k.Act("jianzhi", "decide", "grant", nil), problem.Forbidden, "separation")
	})
}

// R-PRC-12, SM-06: a task is handed on, with a reason, to another who may act; clocks run on.
func TestReassign(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		k := atReview(t, c)
		hand := func(node, login, to, reason string) error {
			_, err := k.Cases.Reassign(k.As(login), casework.ReassignInput{Task: k.Task(node).ID, To: k.Staff(to), Reason: reason})
			return err
		}
		refused(t, hand("review", "shencha", "jianzhi", "出差"), problem.Forbidden, "permission")
		refused(t, hand("review", "diaodu", "jianzhi", ""), problem.Validation, "")
		refused(t, hand("review", "diaodu", "jueding", "出差"), problem.Conflict, "not_candidate") // holds another role
		due := k.Now().Case().DueOn
		ok(t, hand("review", "diaodu", "jianzhi", "出差"))
		if got := k.Handler("review"); got != "jianzhi" || k.Now().Case().DueOn != due {
			t.Fatalf("handed to %s, due on %s", got, k.Now().Case().DueOn)
		}
		ok(t, k.Act("jianzhi", "review", "submit", opinion))
		refused(t, hand("decide", "diaodu", "jianzhi", "出差"), problem.Conflict, "not_candidate") // reviewed it
		sound(t, k)
	})
}

// least_loaded spreads the work.
func TestWorkIsSpread(t *testing.T) {
	c := lite(t)
	got := map[string]int{}
	for range 6 {
		got[c.Apply("xiangwei", caseworktest.LowRisk()).Handler("pre_review")]++
	}
	for login, n := range got {
		if n != 2 || len(got) != 3 {
			t.Errorf("%s has %d of 6", login, n)
		}
	}
}
