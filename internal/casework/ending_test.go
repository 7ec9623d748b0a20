package casework_test

import (
	"context"
	"testing"

	"zhengtong/internal/casework"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

type endVerb func(ctx context.Context, in casework.VerbInput) (*casework.View, error)

func end(k *caseworktest.Case, login string, verb endVerb, reason string) error {
	_, err := verb(k.As(login), casework.VerbInput{Case: k.ID, Reason: reason})
	return err
}

// R-APP-12, SM-05: the applicant withdraws at any moment before the decision, not after it.
func TestWithdraw(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		for name, reach := range map[string]func(caseworktest.TB, *caseworktest.County) *caseworktest.Case{
			"as received": func(_ caseworktest.TB, c *caseworktest.County) *caseworktest.Case {
				return c.Apply("xiangwei", caseworktest.Application(nil))
			},
			"while correcting": atCorrection, "while inspected": atInspection, "while reviewed": atReview,
		} {
			k := reach(t, c)
			refused(t, end(k, "yongfeng", c.Cases.Withdraw, "不办了"), problem.NotFound, "")
			refused(t, end(k, "xiangwei", c.Cases.Withdraw, ""), problem.Validation, "")
			if err := end(k, "xiangwei", c.Cases.Withdraw, "不办了"); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			ended(t, k, "withdrawn", "6")
			refused(t, end(k, "xiangwei", c.Cases.Withdraw, "不办了"), problem.Conflict, "action_not_offered")
		}
		k := atDelivery(t, c)
		refused(t, end(k, "xiangwei", c.Cases.Withdraw, "不办了"), problem.Conflict, "action_not_offered")
		status(t, k, workflow.StatusAwaitingDelivery)
	})
}

// R-FIN-02, R-FIN-03: 作废 and 删除 are two ends with two codes; 删除 only for what was entered by mistake.
func TestVoidAndDelete(t *testing.T) {
	c := lite(t)
	remove := func(cause workflow.DeleteCause) endVerb {
		return func(ctx context.Context, in casework.VerbInput) (*casework.View, error) {
			return c.Cases.Delete(ctx, in, cause)
		}
	}
	k := c.Apply("xiangwei", caseworktest.Application(nil))
	refused(t, end(k, "jueding", c.Cases.Void, "实质无效"), problem.Forbidden, "permission")
	refused(t, end(k, "xiangwei", c.Cases.Void, "实质无效"), problem.Forbidden, "")
	refused(t, end(k, "shencha", c.Cases.Void, ""), problem.Validation, "")
	refused(t, end(k, "shencha", remove("tidying"), "整理"), problem.Validation, "delete_cause")
	status(t, k, workflow.StatusReceived)
	ok(t, end(k, "shencha", c.Cases.Void, "实质无效"))
	ended(t, k, "voided", "2")
	for _, cause := range []workflow.DeleteCause{"entry_error", "duplicate_entry", "test"} {
		k := c.Apply("xiangwei", caseworktest.Application(nil))
		ok(t, end(k, "shencha", remove(cause), "录入错误"))
		ended(t, k, "deleted", "3")
	}
}

// Scenario 18, R-PRC-03: the reviewer proposes refusal (退窗); only the decider signs it, with reason, basis and remedies.
func TestRefusal(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		k := atReview(t, c)
		reviewer := k.Handler("review")
		refused(t, k.Act(reviewer, "review", "back_to_window", opinion), problem.Validation, "") // reason_code
		ok(t, k.Act(reviewer, "review", "back_to_window", map[string]any{"opinion": "不符合条件", "recommend": "refuse", "reason_code": "not_met"}))
		grounds := map[string]any{"reason": "布局不符合要求", "legal_basis": "食品安全法第三十三条"}
		_, err := k.Issue(reviewer, "refusal_review", "confirm_refuse", grounds)
		refused(t, err, problem.Forbidden, "")
		_, err = k.Issue("jueding", "refusal_review", "confirm_refuse", map[string]any{"reason": "布局不符合要求"})
		refused(t, err, problem.Validation, "")
		refused(t, k.Act("jueding", "refusal_review", "confirm_refuse", grounds), problem.Conflict, "document_required")
		k.Do("jueding", "refusal_review", "confirm_refuse", grounds)
		ended(t, k, "refused", "1")
		if decision := documents(k, "refuse")[0]; value(t, decision, "remedies") == nil || value(t, decision, "input", "reason") != "布局不符合要求" {
			t.Fatalf("the decision says %s", decision.Values)
		}
		if k.Now().Case().DecidedOn.IsZero() {
			t.Fatal("no date of decision")
		}
	})
}

// Sent back, the review is done again; a decision drawn up and not taken is void.
func TestSentBack(t *testing.T) {
	c := lite(t)
	k := atReview(t, c)
	k.Do(k.Handler("review"), "review", "submit", opinion)
	_, err := k.Issue("jueding", "decide", "grant", nil)
	ok(t, err)
	ok(t, k.Act("jueding", "decide", "send_back", map[string]any{"opinion": "请补充核查意见"}))
	if d := documents(k, "grant")[0]; d.VoidedAt.IsZero() {
		t.Fatal("the decision that was not taken still stands")
	}
	k.Do(k.Handler("review"), "review", "submit", opinion)
	k.Do("jueding", "decide", "grant", nil)
	sound(t, k)
}

func atCorrection(t caseworktest.TB, c *caseworktest.County) *caseworktest.Case {
	t.Helper()
	k := c.Apply("xiangwei", caseworktest.Application(nil))
	k.Do(k.Handler("pre_review"), "pre_review", "correct", defects)
	return k
}

func atDelivery(t caseworktest.TB, c *caseworktest.County) *caseworktest.Case {
	t.Helper()
	k := atReview(t, c)
	k.Do(k.Handler("review"), "review", "submit", opinion)
	k.Do("jueding", "decide", "grant", nil)
	k.Auto("issue")
	return k
}
