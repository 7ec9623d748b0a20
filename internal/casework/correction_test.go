package casework_test

import (
	"testing"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/casework"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// Scenario 10, R-REC-07: the answer does not come; a person, with a reason, ends
// the case; the clock alone never does.
func TestCorrectionExpires(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		k := c.Apply("xiangwei", caseworktest.Application(nil))
		k.Do(k.Handler("pre_review"), "pre_review", "correct", defects)
		limit(t, k, deadline.Correction, deadline.Running, "2026-03-09")
		lapse := func(login, reason string) error {
			_, err := k.Cases.Lapse(k.As(login), casework.VerbInput{Case: k.ID, Reason: reason})
			return err
		}
		refused(t, lapse("shencha", "逾期"), problem.Conflict, "action_not_offered")
		c.At("2026-03-09 23:59")
		k.Fire()
		status(t, k, workflow.StatusAwaitingCorrection)
		c.At("2026-03-10 00:00")
		k.Fire()
		status(t, k, workflow.StatusAbnormal)
		if got := k.Now().Corrections()[0].Status; got != "expired" {
			t.Fatalf("the correction is %s", got)
		}
		_, err := k.Cases.Resubmit(k.As("xiangwei"), casework.ResubmitInput{Case: k.ID})
		refused(t, err, problem.Conflict, "action_not_offered")
		c.At("2026-03-30 00:00")
		k.Fire()
		status(t, k, workflow.StatusAbnormal)
		refused(t, lapse("shencha", ""), problem.Validation, "")
		refused(t, lapse("jueding", "逾期未补正"), problem.Forbidden, "permission")
		ok(t, lapse("shencha", "逾期未补正"))
		ended(t, k, "correction_lapsed", "5")
		c.Apply("xiangwei", caseworktest.Application(nil)) // and may apply anew
	})
}

// SM-07: the answer is whole or not at all, and only with files that were uploaded for it.
func TestResubmission(t *testing.T) {
	c := lite(t)
	k := c.Apply("xiangwei", caseworktest.Application(nil))
	both := map[string]any{"reason": "材料不清晰", "item_list": []any{
		map[string]any{"material": "premises-layout", "requirement": "重新绘制"},
		map[string]any{"material": "safety-rules", "requirement": "加盖公章"}}}
	k.Do(k.Handler("pre_review"), "pre_review", "correct", both)
	firm := k.As("xiangwei")
	drawing, rules := k.UploadPDF(firm, k.ID, "premises-layout"), k.UploadPDF(firm, k.ID, "safety-rules")
	resubmit := func(login string, form map[string]any, materials ...casework.MaterialInput) error {
		_, err := k.Cases.Resubmit(k.As(login), casework.ResubmitInput{Case: k.ID, Form: form, Materials: materials})
		return err
	}
	one := casework.MaterialInput{Ref: "premises-layout", Files: []uuid.UUID{drawing}}
	two := casework.MaterialInput{Ref: "safety-rules", Files: []uuid.UUID{rules}}
	before := k.Now().Case().Version
	refused(t, resubmit("xiangwei", nil, one), problem.Validation, "")
	refused(t, resubmit("xiangwei", nil, one, casework.MaterialInput{Ref: "safety-rules", Files: []uuid.UUID{drawing}}), problem.Validation, "")
	refused(t, resubmit("xiangwei", map[string]any{"area_sqm": "wide"}, one, two), problem.Validation, "")
	refused(t, resubmit("yongfeng", nil, one, two), problem.NotFound, "")
	if k.Now().Case().Version != before || material(t, k, "premises-layout").Status != casework.MaterialDefective {
		t.Fatal("a refused answer changed the case")
	}
	ok(t, resubmit("xiangwei", nil, one, two))
	for _, ref := range []string{"premises-layout", "safety-rules"} {
		if m := material(t, k, ref); m.Status != casework.MaterialSubmitted || !m.Corrected {
			t.Errorf("%s is %s, corrected %t", ref, m.Status, m.Corrected)
		}
	}
	if m := material(t, k, "business-licence-copy"); m.Corrected {
		t.Error("a material nobody asked for is marked corrected")
	}
}

// R-REC-08, SM-07: a second notice is marked when what it asks could have been
// asked the first time; there is never a second live one (invariant 6).
func TestSecondCorrection(t *testing.T) {
	c := lite(t)
	k := c.Apply("xiangwei", caseworktest.Application(nil))
	k.Do(k.Handler("pre_review"), "pre_review", "correct", defects)
	answer(t, k, "premises-layout")
	again := map[string]any{"reason": "仍不清晰", "item_list": []any{
		map[string]any{"material": "premises-layout", "requirement": "标注尺寸"},
		map[string]any{"material": "safety-rules", "requirement": "加盖公章"}}}
	k.Do(k.Handler("pre_review"), "pre_review", "correct", again)
	corrections := k.Now().Corrections()
	if len(corrections) != 2 || corrections[1].Sequence != 2 {
		t.Fatalf("%d corrections", len(corrections))
	}
	if items := corrections[1].Items; items[0].WasReviewableBefore || !items[1].WasReviewableBefore {
		t.Fatalf("items: %+v", items)
	}
	sound(t, k)
}

// R-REC-04: a notice lists materials of the case, each with what is demanded of it.
func TestCorrectionNotice(t *testing.T) {
	c := lite(t)
	k := c.Apply("xiangwei", caseworktest.Application(nil))
	for name, items := range map[string]any{
		"no items":         []any{},
		"another material": []any{map[string]any{"material": "passport", "requirement": "补交"}},
		"no requirement":   []any{map[string]any{"material": "premises-layout"}},
		"not a list":       "premises-layout",
	} {
		_, err := k.Issue(k.Handler("pre_review"), "pre_review", "correct", map[string]any{"reason": "不全", "item_list": items})
		if problem.CodeOf(err) != problem.Validation {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(documents(k, "correction")) != 0 {
		t.Error("a refused notice left a document")
	}
}

// answer hands in what the live correction asks for.
func answer(t caseworktest.TB, k *caseworktest.Case, refs ...string) {
	t.Helper()
	ctx := k.As(k.Applicant)
	var materials []casework.MaterialInput
	for _, ref := range refs {
		materials = append(materials, casework.MaterialInput{Ref: ref, Files: []uuid.UUID{k.UploadPDF(ctx, k.ID, ref)}})
	}
	_, err := k.Cases.Resubmit(ctx, casework.ResubmitInput{Case: k.ID, Materials: materials})
	ok(t, err)
}
