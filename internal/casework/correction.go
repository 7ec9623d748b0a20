package casework

import (
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// The states of a correction (SM-07).
const (
	correctionIssued    = "issued"
	correctionSatisfied = "satisfied"
	correctionExpired   = "expired"
	correctionClosed    = "closed"
)

// correctionIssued records the one-time notice: what is to be put right, with
// what is demanded of each (R-REC-04). It meets the acceptance clock; the
// applicant's own clock starts with the wait that follows (T-06).
func (c *Change) correctionIssued(workflow.Effect) error {
	if c.liveCorrection() != nil {
		return problem.New(problem.Conflict, "correction_live", "已有一份补正通知尚未答复")
	}
	items, err := c.correctionItems()
	if err != nil {
		return err
	}
	notice := &Correction{
		row: row{fresh: true}, ID: c.service.newID(c.now), CaseID: c.kase.ID, Sequence: len(c.corrections) + 1, Items: items,
		Reason: c.input("reason"), Status: correctionIssued, IssuedBy: c.actor.Staff, IssuedAt: c.now,
	}
	c.corrections = append(c.corrections, notice)
	for _, item := range items {
		if m := c.material(item.Material); m != nil {
			m.Status, m.DefectNote, m.dirty = MaterialDefective, item.Requirement, true
		}
	}
	c.record("correction.issued", map[string]any{"sequence": notice.Sequence, "items": itemList(items), "reason": notice.Reason})
	return c.meet(c.caseClock(deadline.Acceptance))
}

// correctionItems reads item_list: [{material, requirement}]. Every material
// must belong to the case; whether it could have been reviewed before is found
// from the ledger, never typed in (R-REC-08).
func (c *Change) correctionItems() ([]CorrectionItem, error) {
	var problems problem.List
	list, _ := c.acting.fields["item_list"].([]any)
	if len(list) == 0 {
		problems.Add("$.fields.item_list", "required", "须列明每一项需补正的材料及要求")
	}
	items := make([]CorrectionItem, 0, len(list))
	for i, entry := range list {
		item, problem := c.correctionItem(entry)
		if problem != "" {
			problems.Add(indexed("$.fields.item_list", i), "item", "%s", problem)
			continue
		}
		items = append(items, item)
	}
	return items, problem.Invalid(problems)
}

func (c *Change) correctionItem(entry any) (CorrectionItem, string) {
	fields, _ := entry.(map[string]any)
	ref, _ := fields["material"].(string)
	requirement, _ := fields["requirement"].(string)
	m := c.material(ref)
	if m == nil {
		return CorrectionItem{}, "办件没有材料 " + ref
	}
	if requirement == "" {
		return CorrectionItem{}, "须写明“" + m.Title + "”的补正要求"
	}
	return CorrectionItem{Material: ref, Title: m.Title, Requirement: requirement,
		WasReviewableBefore: len(c.corrections) > 0 && !m.Corrected}, ""
}

// resubmitted marks the live correction as answered and starts a fresh
// acceptance clock from today (T-06).
func (c *Change) resubmitted() error {
	live := c.liveCorrection()
	live.Status, live.Resubmitted, live.dirty = correctionSatisfied, c.now, true
	c.record("correction.resubmitted", map[string]any{"sequence": live.Sequence})
	return c.startAcceptance(c.today)
}

func itemList(items []CorrectionItem) []any {
	list := make([]any, len(items))
	for i, item := range items {
		list[i] = map[string]any{"material": item.Material, "title": item.Title, "requirement": item.Requirement, "reason": item.Requirement,
			"was_reviewable_before": item.WasReviewableBefore}
	}
	return list
}
