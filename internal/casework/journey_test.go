package casework_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/casework"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

func decode(t caseworktest.TB, text string) map[string]any {
	t.Helper()
	var v map[string]any
	ok(t, json.Unmarshal([]byte(text), &v))
	return v
}

// defects asks for one better drawing.
var defects = map[string]any{"reason": "平面布局图未标明操作流程", "item_list": []any{
	map[string]any{"material": "premises-layout", "requirement": "标明设备设施位置和操作流程并加盖公章"}}}

var opinion = map[string]any{"opinion": "材料齐全，现场核查合格，拟准予许可", "recommend": "grant"}

// The journey of the demonstration, from application to archive (scenarios 9, 11, 14, 15).
func TestJourney(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		k := c.Apply("xiangwei", caseworktest.Application(nil))
		submitted(t, k)
		c.At("2026-03-03 09:30")
		corrected(t, k)
		c.At("2026-03-04 09:30")
		resubmitted(t, k)
		accepted(t, k)
		c.At("2026-03-06 15:00")
		inspected(t, k)
		reviewed(t, k)
		c.At("2026-03-09 10:00")
		decided(t, k)
		c.At("2026-03-10 10:00")
		delivered(t, k)
	})
}

// R-DOC-01, T-05: receipt stamps number, query code, receipt document and acceptance clock.
func submitted(t *testing.T, k *caseworktest.Case) {
	view := k.See("xiangwei")
	kase := view.Case()
	if kase.No == "" || kase.QueryCode == "" || kase.ReceivedOn.String() != "2026-03-02" {
		t.Fatalf("received as %q, query code %q, on %s", kase.No, kase.QueryCode, kase.ReceivedOn)
	}
	status(t, k, workflow.StatusReceived)
	limit(t, k, deadline.Acceptance, deadline.Running, "2026-03-09") // T-05
	receipt := documents(k, "receipt")
	if len(receipt) != 1 || !strings.HasPrefix(receipt[0].Number, "收〔2026〕双市监第") {
		t.Fatalf("receipts: %+v", receipt)
	}
	if got := material(t, k, "food-safety-manager-cert").Status; got != casework.MaterialCommitted { // R-APP-19 告知承诺
		t.Fatalf("the committed material is %s", got)
	}
}

// R-REC-04, R-REC-06, T-06: one notice lists all, unlocks the action, meets the
// acceptance clock and starts the applicant's.
func corrected(t *testing.T, k *caseworktest.Case) {
	reviewer := k.Handler("pre_review")
	refused(t, k.Act(reviewer, "pre_review", "correct", defects), problem.Conflict, "document_required")
	notice, err := k.Issue(reviewer, "pre_review", "correct", defects)
	ok(t, err)
	if value(t, notice, "correction", "due_on") != "2026-03-10" {
		t.Fatalf("the notice says %s", notice.Values)
	}
	ok(t, k.Act(reviewer, "pre_review", "correct", defects))
	status(t, k, workflow.StatusAwaitingCorrection)
	limit(t, k, deadline.Acceptance, deadline.Met, "2026-03-09")
	limit(t, k, deadline.Correction, deadline.Running, "2026-03-10")
	if m := material(t, k, "premises-layout"); m.Status != casework.MaterialDefective || m.DefectNote == "" {
		t.Fatalf("the drawing is %s: %q", m.Status, m.DefectNote)
	}
	if got := k.Now().Corrections(); len(got) != 1 || got[0].DueOn.String() != "2026-03-10" || got[0].Items[0].WasReviewableBefore {
		t.Fatalf("corrections: %+v", got)
	}
}

// R-REC-07, T-06: a complete answer starts a fresh acceptance clock and is marked.
func resubmitted(t *testing.T, k *caseworktest.Case) {
	ctx := k.As("xiangwei")
	better := k.UploadPDF(ctx, k.ID, "premises-layout")
	_, err := k.Cases.Resubmit(ctx, casework.ResubmitInput{Case: k.ID, Version: k.Now().Case().Version})
	refused(t, err, problem.Validation, "")
	_, err = k.Cases.Resubmit(ctx, casework.ResubmitInput{Case: k.ID, Version: k.Now().Case().Version,
		Materials: []casework.MaterialInput{{Ref: "premises-layout", Files: []uuid.UUID{better}}}})
	ok(t, err)
	status(t, k, workflow.StatusPreReview)
	limit(t, k, deadline.Correction, deadline.Met, "2026-03-10")
	limit(t, k, deadline.Acceptance, deadline.Running, "2026-03-11")
	if m := material(t, k, "premises-layout"); !m.Corrected || m.Files[0].ID != better {
		t.Fatalf("the drawing: %+v", m)
	}
}

// R-REC-09, R-SPC-01, T-07, T-12: acceptance after its notice, which shows both due
// dates; the inspection starts by itself and suspends the promised clock alone.
func accepted(t *testing.T, k *caseworktest.Case) {
	reviewer := k.Handler("pre_review")
	ok(t, k.Act(reviewer, "pre_review", "pass", nil))
	if same := k.Handler("acceptance"); same != reviewer { // same_as(pre_review)
		t.Fatalf("%s reviewed, %s accepts", reviewer, same)
	}
	refused(t, k.Act(reviewer, "acceptance", "accept", nil), problem.Conflict, "document_required")
	notice, err := k.Issue(reviewer, "acceptance", "accept", nil)
	ok(t, err)
	if value(t, notice, "case", "promised_due_on") != "2026-03-11" || value(t, notice, "case", "statutory_due_on") != "2026-03-18" {
		t.Fatalf("the notice says %s", notice.Values)
	}
	ok(t, k.Act(reviewer, "acceptance", "accept", nil))
	status(t, k, workflow.StatusSuspended)
	limit(t, k, deadline.Acceptance, deadline.Met, "2026-03-11")
	limit(t, k, deadline.Statutory, deadline.Running, "2026-03-18")
	if clock := k.Limit(deadline.Promised); clock.Body.State != deadline.Suspended {
		t.Fatalf("the promised clock is %s", clock.Body.State)
	}
	if len(documents(k, "special")) != 1 { // R-SPC-03: told in writing
		t.Fatal("the applicant was not told of the inspection")
	}
	if got := material(t, k, "premises-layout").Status; got != casework.MaterialAccepted {
		t.Fatalf("the drawing is %s", got)
	}
}

// R-SPC-05, R-SPC-07, T-13: two inspectors, photographs that were uploaded; the clock runs on, shifted.
func inspected(t *testing.T, k *caseworktest.Case) {
	run := k.Run("food-site-inspection")
	two := []uuid.UUID{k.Staff("hecha"), k.Staff("hecha2")}
	report := k.Inspection("hecha", "passed")
	record := func(report map[string]any, executors ...uuid.UUID) error {
		_, err := k.Cases.RecordSpecialResult(k.As("hecha"), run.ID, report, executors)
		return err
	}
	refused(t, record(report, two[0]), problem.Validation, "")
	refused(t, record(report, two[0], two[0]), problem.Validation, "")
	refused(t, record(report, two[0], k.Staff("shencha")), problem.Validation, "")
	invented := map[string]any{"result": "passed", "gps": report["gps"], "signatures": report["signatures"],
		"photos": []any{uuid.Must(uuid.NewV4()).String(), "x", "y"}}
	refused(t, record(invented, two...), problem.Validation, "")
	status(t, k, workflow.StatusSuspended)
	ok(t, record(report, two...))
	status(t, k, workflow.StatusProcessing)
	limit(t, k, deadline.Promised, deadline.Running, "2026-03-13")
	limit(t, k, deadline.Statutory, deadline.Running, "2026-03-18")
	limit(t, k, deadline.Special, deadline.Met, "2026-03-10")
}

func reviewed(t *testing.T, k *caseworktest.Case) {
	reviewer := k.Handler("review")
	refused(t, k.Act(reviewer, "review", "submit", map[string]any{"opinion": "同意"}), problem.Validation, "") // recommend is required
	ok(t, k.Act(reviewer, "review", "submit", opinion))
}

// R-PRC-15, invariants 7 and 8: another person decides, after the decision is drawn up.
func decided(t *testing.T, k *caseworktest.Case) {
	for _, reviewer := range []string{"shencha", "shencha2"} {
		refused(t, k.Act(reviewer, "decide", "grant", nil), problem.Forbidden, "")
	}
	refused(t, k.Act("jueding", "decide", "grant", nil), problem.Conflict, "document_required")
	decision, err := k.Issue("jueding", "decide", "grant", nil)
	ok(t, err)
	ok(t, k.Act("jueding", "decide", "grant", nil))
	status(t, k, workflow.StatusIssuing)
	limit(t, k, deadline.Promised, deadline.Met, "2026-03-13")
	limit(t, k, deadline.Statutory, deadline.Met, "2026-03-18")
	limit(t, k, deadline.Delivery, deadline.Running, "2026-03-23") // T-09
	draft, err := k.Cases.DraftLicence(k.System(), k.ID, "food-business-licence")
	ok(t, err)
	if draft.Number == "" || value(t, decision, "licence", "no") != draft.Number {
		t.Fatalf("the decision cites %v, the licence is %s", value(t, decision, "licence", "no"), draft.Number)
	}
	if draft.ValidFrom.String() != "2026-03-09" || draft.ValidTo.String() != "2031-03-08" {
		t.Fatalf("valid from %s to %s", draft.ValidFrom, draft.ValidTo)
	}
	k.Auto("issue")
	status(t, k, workflow.StatusAwaitingDelivery)
}

// R-DOC-06, R-FIN-06, invariants 4 and 14: delivered, ended, everything stopped, the chain unbroken.
func delivered(t *testing.T, k *caseworktest.Case) {
	k.Do("chuangkou", "deliver", "delivered", map[string]any{"way": "pickup", "receiver_name": "李湘", "receiver_id_last4": "0013"})
	kase := k.Now().Case()
	if kase.Status != workflow.StatusEnded || kase.Outcome != "granted" || kase.FinishCode != "0" || kase.FinishedAt.IsZero() {
		t.Fatalf("ended as %s %s, finish code %s, at %s", kase.Status, kase.Outcome, kase.FinishCode, kase.FinishedAt)
	}
	sound(t, k)
	for _, clock := range k.Now().Clocks() {
		if clock.Body.Live() || clock.Body.StoppedOn.IsZero() {
			t.Errorf("the %s clock has not stopped", clock.Body.Kind)
		}
	}
	if !strings.Contains(strings.Join(types(k), " "), "case.submitted case.received") || k.Told("case.ended") != 1 {
		t.Errorf("events: %v", types(k))
	}
	ok(t, k.Cases.RecordBySystem(k.System(), k.ID, "case.archived", map[string]any{"digest": "x"}, nil))
	status(t, k, workflow.StatusArchived)
}

func documents(k *caseworktest.Case, alias string) []*casework.Document {
	var found []*casework.Document
	for _, d := range k.Now().Documents() {
		if d.Alias == alias || d.Template == "doc-"+alias {
			found = append(found, d)
		}
	}
	return found
}

func types(k *caseworktest.Case) []string {
	var list []string
	for _, e := range k.Chain() {
		list = append(list, e.Type)
	}
	return list
}
