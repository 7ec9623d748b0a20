package casework_test

import (
	"maps"
	"testing"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/casework"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/configuration"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

const laboratoryTest = "food-inspection-test"

// laboratory lets the county's own inspectors test, with the limits of scenario 14.
func laboratory(minimum *kind.Limit) func(*configuration.Matter) {
	return func(m *configuration.Matter) {
		m.Spec.PromisedLimit, m.Spec.StatutoryLimit = &kind.Limit{N: 10, Unit: "workday"}, &kind.Limit{N: 20, Unit: "workday"}
		spec := *m.Specials[laboratoryTest]
		spec.Executors = kind.Executors{Role: "inspector", MinimumPersons: 1}
		spec.Min = minimum
		m.Specials[laboratoryTest] = &spec
	}
}

// atReview brings a case without inspection to its review.
func atReview(t caseworktest.TB, c *caseworktest.County) *caseworktest.Case {
	t.Helper()
	k := c.Apply("xiangwei", caseworktest.LowRisk())
	k.Do(k.Handler("pre_review"), "pre_review", "pass", nil)
	k.Do(k.Handler("acceptance"), "acceptance", "accept", nil)
	return k
}

func tested(k *caseworktest.Case, result string) error {
	k.Helper()
	sheet := k.Upload(k.As("hecha"), k.ID, "test-report", "报告.pdf", "application/pdf", caseworktest.PDF("检验合格"))
	_, err := k.Cases.RecordSpecialResult(k.As("hecha"), k.Run(laboratoryTest).ID,
		map[string]any{"result": result, "report_no": "检2026-8", "report_file": []any{sheet.String()}}, []uuid.UUID{k.Staff("hecha")})
	return err
}

// Scenario 14, R-SPC-01, R-SPC-03, R-SPC-05, T-11, T-13: testing on request, allowed by another
// person, suspends both clocks by the working days it takes, and the applicant is told.
func TestTestingSuspendsBothClocks(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		c.Publish(laboratory(nil))
		c.At("2026-02-09 10:00")
		k := atReview(t, c)
		limit(t, k, deadline.Promised, deadline.Running, "2026-02-28")
		limit(t, k, deadline.Statutory, deadline.Running, "2026-03-13")
		c.At("2026-02-11 09:00")
		ok(t, k.Act(k.Handler("review"), "review", "need_test", opinion))
		limit(t, k, deadline.Promised, deadline.Running, "2026-02-28") // asked for, not yet allowed
		decide := func(login string) error {
			_, err := k.Cases.DecideSpecial(k.As(login), k.Run(laboratoryTest).ID, true, "同意")
			return err
		}
		refused(t, decide("hecha"), problem.NotFound, "") // has nothing to do with it yet
		refused(t, decide("shencha"), problem.Forbidden, "permission")
		ok(t, decide("jueding"))
		status(t, k, workflow.StatusSuspended)
		notice := documents(k, "special")
		if len(notice) != 1 || value(t, notice[0], "special", "expected_days") == nil {
			t.Fatalf("the applicant was told %+v", notice)
		}
		c.At("2026-02-25 15:00")
		ok(t, tested(k, "passed"))
		limit(t, k, deadline.Promised, deadline.Running, "2026-03-06")
		limit(t, k, deadline.Statutory, deadline.Running, "2026-03-20")
		if run := k.Run(laboratoryTest); run.Status != "completed" || run.Result != "passed" {
			t.Fatalf("the run is %s with %q", run.Status, run.Result)
		}
		sound(t, k)
	})
}

// R-SPC-12, T-15: a procedure with a minimum refuses a result before it.
func TestResultBeforeMinimum(t *testing.T) {
	c := lite(t)
	c.Publish(laboratory(&kind.Limit{N: 10, Unit: "day"}))
	k := atReview(t, c)
	ok(t, k.Act(k.Handler("review"), "review", "need_test", opinion))
	_, err := k.Cases.DecideSpecial(k.As("jueding"), k.Run(laboratoryTest).ID, true, "同意")
	ok(t, err)
	c.At("2026-03-11 23:00") // day 9
	refused(t, tested(k, "passed"), problem.Conflict, "special_before_minimum")
	c.At("2026-03-12 09:00")
	ok(t, tested(k, "passed"))
}

// SM-08: whoever asked does not allow it; refused, the flow goes on and nothing was suspended.
func TestSpecialRejected(t *testing.T) {
	c := lite(t)
	c.Publish(laboratory(nil))
	k := atReview(t, c)
	requested := func(login string) error {
		_, err := k.Cases.StartSpecial(k.As(login), casework.StartSpecialInput{Case: k.ID, Procedure: laboratoryTest, Reason: "复检"})
		return err
	}
	refused(t, requested("jueding"), problem.Forbidden, "permission")
	refused(t, requested("xiangwei"), problem.Forbidden, "")
	ok(t, requested("jianzhi"))
	_, err := k.Cases.DecideSpecial(k.As("jianzhi"), k.Run(laboratoryTest).ID, true, "同意")
	refused(t, err, problem.Forbidden, "separation")
	_, err = k.Cases.DecideSpecial(k.As("jueding"), k.Run(laboratoryTest).ID, false, "没有必要")
	ok(t, err)
	if run := k.Run(laboratoryTest); run.Status != "rejected" {
		t.Fatalf("the run is %s", run.Status)
	}
	status(t, k, workflow.StatusProcessing)
	limit(t, k, deadline.Statutory, deadline.Running, "2026-03-30")
	_, err = k.Cases.DecideSpecial(k.As("jueding"), k.Run(laboratoryTest).ID, true, "改为同意")
	refused(t, err, problem.Conflict, "action_not_offered")
	if k.Open(laboratoryTest) != nil {
		t.Fatal("the approver still has it to do")
	}
	k.Do(k.Handler("review"), "review", "submit", opinion)
	sound(t, k)
}

// T-15: past its maximum the procedure ends its own suspension, on that
// day, and the flow goes on without a result.
func TestInspectionOverruns(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		k := atInspection(t, c) // accepted 2026-03-02, promised 2026-03-09, at most 4 working days
		limit(t, k, deadline.Special, deadline.Running, "2026-03-06")
		c.At("2026-03-07 00:00") // a Saturday
		k.Fire()
		if run := k.Run("food-site-inspection"); run.Status != "overrun" {
			t.Fatalf("the run is %s", run.Status)
		}
		limit(t, k, deadline.Special, deadline.Expired, "2026-03-06")
		limit(t, k, deadline.Promised, deadline.Running, "2026-03-13") // shifted by 3, 4, 5 and 6 March
		k.Task("review")
		_, err := k.Cases.RecordSpecialResult(k.As("hecha"), k.Run("food-site-inspection").ID, map[string]any{"result": "passed"}, nil)
		refused(t, err, problem.Conflict, "special_not_running")
		sound(t, k)
	})
}

// T-15: the timer may be late; the day of the maximum counts, not the day of the timer.
func TestOverrunSeenLate(t *testing.T) {
	c := lite(t)
	k := atInspection(t, c)
	c.At("2026-03-10 08:00")
	k.Fire()
	if due := k.Limit(deadline.Promised).DueOn.String(); due != "2026-03-13" {
		t.Fatalf("promised for %s", due)
	}
}

// T-12: a result that needs consent waits for it; 整改 stops only our own promise (T-12).
func TestRectification(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		k := atInspection(t, c)
		c.At("2026-03-03 10:00")
		two := []uuid.UUID{k.Staff("hecha"), k.Staff("hecha2")}
		report := k.Inspection("hecha", "rectify")
		_, err := k.Cases.RecordSpecialResult(k.As("hecha"), k.Run("food-site-inspection").ID, report, two)
		ok(t, err)
		decide := func(login string, approve bool) error {
			_, err := k.Cases.DecideSpecial(k.As(login), k.Run("food-site-inspection").ID, approve, "理由")
			return err
		}
		ok(t, decide("jueding", false)) // sent back to the inspectors
		_, err = k.Cases.RecordSpecialResult(k.As("hecha"), k.Run("food-site-inspection").ID, report, two)
		ok(t, err)
		ok(t, decide("jueding", true))
		k.Task("wait_rectify")
		if promised := k.Limit(deadline.Promised); promised.Body.State != deadline.Suspended {
			t.Fatalf("the promised clock is %s", promised.Body.State)
		}
		limit(t, k, deadline.Statutory, deadline.Running, "2026-03-16")
		c.At("2026-03-04 10:00")
		_, err = k.Cases.RecordEvent(k.As("yongfeng"), casework.RecordEventInput{Case: k.ID, Event: "rectified"})
		refused(t, err, problem.NotFound, "")
		_, err = k.Cases.RecordEvent(k.As("xiangwei"), casework.RecordEventInput{Case: k.ID, Event: "expired"})
		refused(t, err, problem.Conflict, "action_not_offered")
		_, err = k.Cases.RecordEvent(k.As("xiangwei"), casework.RecordEventInput{Case: k.ID, Event: "rectified"})
		ok(t, err)
		if run := k.Run("food-site-inspection"); run.Status != "running" || len(k.Now().Specials()) != 2 {
			t.Fatalf("the second inspection is %s", run.Status)
		}
		sound(t, k)
	})
}

// R-SPC-06, T-14: days that two procedures exclude are counted once, for each clock by what suspends it.
func TestOverlappingProcedures(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		c.Publish(laboratory(nil))
		k := atInspection(t, c) // 2026-03-02: the promised clock stands, due on 2026-03-16 had it run
		limit(t, k, deadline.Statutory, deadline.Running, "2026-03-30")
		c.At("2026-03-03 09:00")
		_, err := k.Cases.StartSpecial(k.As("shencha"), casework.StartSpecialInput{Case: k.ID, Procedure: laboratoryTest, Reason: "抽检"})
		ok(t, err)
		_, err = k.Cases.DecideSpecial(k.As("jueding"), k.Run(laboratoryTest).ID, true, "同意")
		ok(t, err)
		c.At("2026-03-05 09:00")
		_, err = k.Cases.RecordSpecialResult(k.As("hecha"), k.Run("food-site-inspection").ID, k.Inspection("hecha", "passed"),
			[]uuid.UUID{k.Staff("hecha"), k.Staff("hecha2")})
		ok(t, err)
		status(t, k, workflow.StatusSuspended)
		c.At("2026-03-06 09:00")
		ok(t, tested(k, "passed"))
		limit(t, k, deadline.Promised, deadline.Running, "2026-03-20")  // 3, 4, 5 and 6 March
		limit(t, k, deadline.Statutory, deadline.Running, "2026-04-02") // 4, 5 and 6 March
		sound(t, k)
	})
}

// R-SPC-07: the report is held to its form.
func TestReportForm(t *testing.T) {
	c := lite(t)
	k := atInspection(t, c)
	two := []uuid.UUID{k.Staff("hecha"), k.Staff("hecha2")}
	good := k.Inspection("hecha", "passed")
	foreign := atInspection(t, c).Inspection("hecha", "passed")["photos"]
	for name, change := range map[string]map[string]any{
		"no result":         {"result": nil},
		"unknown result":    {"result": "perhaps"},
		"two photographs":   {"photos": good["photos"].([]any)[:2]},
		"no position":       {"gps": nil},
		"photos of another": {"photos": foreign},
	} {
		report := maps.Clone(good)
		maps.Copy(report, change)
		_, err := k.Cases.RecordSpecialResult(k.As("hecha"), k.Run("food-site-inspection").ID, report, two)
		if problem.CodeOf(err) != problem.Validation {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := k.Cases.RecordSpecialResult(k.As("shencha"), k.Run("food-site-inspection").ID, good, two)
	refused(t, err, problem.Forbidden, "permission")
	_, err = k.Cases.RecordSpecialResult(k.As("xiangwei"), k.Run("food-site-inspection").ID, good, two)
	refused(t, err, problem.Forbidden, "")
}

// atInspection brings a case to its site inspection, today.
func atInspection(t caseworktest.TB, c *caseworktest.County) *caseworktest.Case {
	t.Helper()
	k := c.Apply("xiangwei", caseworktest.Application(nil))
	k.Do(k.Handler("pre_review"), "pre_review", "pass", nil)
	k.Do(k.Handler("acceptance"), "acceptance", "accept", nil)
	return k
}
