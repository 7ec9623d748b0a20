package casework_test

import (
	"errors"
	"flag"
	"strconv"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"
	"pgregory.net/rapid"

	"zhengtong/internal/casework"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// Whatever people do, in whatever order, on whatever day, the invariants of the
// domain model §2.5 hold after each act; an act is done whole or refused with a
// code, and refused it leaves the case as it was (invariant I5).
func TestRandomWalksKeepTheInvariants(t *testing.T) {
	c := lite(t)
	walks(t, 25, func(t *rapid.T) {
		c := c.With(t)
		c.At("2026-03-02 09:00")
		begin := rapid.SampledFrom([]string{"received", "at correction", "at inspection", "at review", "at delivery"}).Draw(t, "begin")
		w := &walk{Case: beginnings[begin](t, c), t: t}
		w.drawing = w.Now().Materials()
		t.Repeat(map[string]func(*rapid.T){
			"act": w.act, "issue": w.issue, "hand over": w.handOver, "resubmit": w.resubmit, "special": w.special, "report": w.report, "made": w.made,
			"extend": w.extend, "end": w.end, "rectified": w.rectified, "later": w.later,
			"": func(t *rapid.T) { sound(t, w.Case) },
		})
	})
}

// walks checks a property of walks, of some thirty acts each, that many times unless the command line says otherwise.
func walks(t *testing.T, times int, property func(*rapid.T)) {
	t.Helper()
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		ok(t, checks.Value.Set(strconv.Itoa(times)))
		defer func() { _ = checks.Value.Set(checks.DefValue) }()
	}
	rapid.Check(t, property)
}

// beginnings are where walks set out, so that they also come to late stages.
var beginnings = map[string]func(caseworktest.TB, *caseworktest.County) *caseworktest.Case{
	"received": func(_ caseworktest.TB, c *caseworktest.County) *caseworktest.Case {
		return c.Apply("xiangwei", caseworktest.Application(nil))
	},
	"at correction": atCorrection, "at inspection": atInspection, "at review": atReview, "at delivery": atDelivery,
}

// walk is one case that somebody does something with at random.
type walk struct {
	*caseworktest.Case
	t       *rapid.T
	drawing []*casework.Material // as first handed in: their files may be handed in again
}

// staff are those who do something in such a case.
var staff = []string{"shencha", "shencha2", "jianzhi", "hecha", "jueding", "juzhang", "chuangkou"}

// try does something as it should be done or not at all.
func (w *walk) try(t *rapid.T, what string, do func() error) {
	before := w.Now().Case()
	err := do()
	if err == nil {
		return
	}
	var refusal *problem.Error
	if !errors.As(err, &refusal) {
		t.Fatalf("%s: not a refusal: %v", what, err)
	}
	if after := w.Now().Case(); after.Version != before.Version || after.EventHash != before.EventHash {
		t.Fatalf("%s was refused (%v) and changed the case", what, err)
	}
}

// pick draws an open task with people to do, somebody who may hold its role, and one of its actions.
func (w *walk) pick(t *rapid.T) (task *casework.Task, login, action string, ok bool) {
	var open []*casework.Task
	for _, task := range w.Now().Tasks() {
		if task.Open() && task.NodeType == string(workflow.Human) {
			open = append(open, task)
		}
	}
	if len(open) == 0 {
		return nil, "", "", false
	}
	task = rapid.SampledFrom(open).Draw(t, "task")
	login = rapid.SampledFrom(staff).Draw(t, "who")
	if task.Assignee != uuid.Nil && rapid.IntRange(0, 4).Draw(t, "stray") > 0 {
		login = w.Handler(task.Node)
	}
	node, _ := w.Now().Matter().Net.Node(task.Node)
	return task, login, rapid.SampledFrom(node.Actions).Draw(t, "action").ID, true
}

// given is everything that any action asks for.
var given = map[string]any{"opinion": "同意", "recommend": "grant", "reason": "理由", "reason_code": "not_met", "legal_basis": "食品安全法第三十三条",
	"competent_agency": "湘乡市市场监督管理局", "way": "pickup", "item_list": defects["item_list"]}

func (w *walk) act(t *rapid.T) {
	task, login, action, found := w.pick(t)
	if !found {
		return
	}
	if rapid.IntRange(0, 3).Draw(t, "unprepared") > 0 {
		w.try(t, "issue "+action, func() error { return w.draw(task, login, action) })
	}
	w.try(t, login+": "+action, func() error {
		_, err := w.Cases.Act(w.As(login), casework.ActInput{Task: task.ID, Action: action, Fields: given, Opinion: "同意"})
		return err
	})
}

func (w *walk) issue(t *rapid.T) {
	if task, login, action, found := w.pick(t); found {
		w.try(t, "issue "+action, func() error { return w.draw(task, login, action) })
	}
}

func (w *walk) draw(task *casework.Task, login, action string) error {
	_, _, err := w.Cases.IssueDocument(w.As(login), casework.IssueInput{Task: task.ID, Action: action, Fields: given})
	return err
}

// handOver gives a task back and lets somebody take it.
func (w *walk) handOver(t *rapid.T) {
	task, login, _, found := w.pick(t)
	if !found {
		return
	}
	w.try(t, "release", func() error { _, err := w.Cases.Release(w.As(login), task.ID); return err })
	taker := rapid.SampledFrom(staff).Draw(t, "taker")
	w.try(t, "claim", func() error { _, err := w.Cases.Claim(w.As(taker), task.ID); return err })
}

func (w *walk) resubmit(t *rapid.T) {
	var answer []casework.MaterialInput
	for _, m := range w.drawing {
		if len(m.Files) > 0 && rapid.IntRange(0, 5).Draw(t, "left out") > 0 {
			answer = append(answer, casework.MaterialInput{Ref: m.Ref, Files: []uuid.UUID{m.Files[0].ID}})
		}
	}
	w.try(t, "resubmit", func() error {
		_, err := w.Cases.Resubmit(w.As("xiangwei"), casework.ResubmitInput{Case: w.ID, Materials: answer})
		return err
	})
}

// special asks for a procedure, or decides one that waits for it.
func (w *walk) special(t *rapid.T) {
	login, approve := rapid.SampledFrom(staff).Draw(t, "who"), rapid.Bool().Draw(t, "approve")
	for _, run := range w.Now().Specials() {
		if run.Status == "requested" || run.Status == "reported" {
			w.try(t, "decide special", func() error { _, err := w.Cases.DecideSpecial(w.As(login), run.ID, approve, "理由"); return err })
			return
		}
	}
	w.try(t, "request special", func() error {
		_, err := w.Cases.StartSpecial(w.As(login), casework.StartSpecialInput{Case: w.ID, Procedure: laboratoryTest, Reason: "抽检"})
		return err
	})
}

func (w *walk) report(t *rapid.T) {
	for _, run := range w.Now().Specials() {
		if run.Status != "running" || run.Procedure != "food-site-inspection" {
			continue
		}
		report := w.Inspection("hecha", rapid.SampledFrom([]string{"passed", "failed", "rectify"}).Draw(t, "result"))
		executors := []uuid.UUID{w.Staff("hecha"), w.Staff("hecha2")}[:rapid.IntRange(1, 2).Draw(t, "inspectors")]
		w.try(t, "report", func() error {
			_, err := w.Cases.RecordSpecialResult(w.As("hecha"), run.ID, report, executors)
			return err
		})
	}
}

// made reports what became of the licence.
func (w *walk) made(t *rapid.T) {
	if task := w.Open("issue"); task != nil {
		done := rapid.Bool().Draw(t, "done")
		w.try(t, "report the licence", func() error { return w.Cases.ReportAuto(w.System(), w.ID, task.Token, done, nil, nil) })
	}
}

func (w *walk) extend(t *rapid.T) {
	login := rapid.SampledFrom(staff).Draw(t, "who")
	for _, e := range w.Now().Extensions() {
		if e.Status == "requested" {
			approve := rapid.Bool().Draw(t, "approve")
			w.try(t, "decide extension", func() error { _, err := w.Cases.DecideExtension(w.As(login), e.ID, approve, "理由"); return err })
			return
		}
	}
	w.try(t, "ask for more time", func() error { return askMore(w.Case, login, rapid.IntRange(0, 6).Draw(t, "days"), "理由") })
}

// end tries, seldom, to end the case beside its flow.
func (w *walk) end(t *rapid.T) {
	if rapid.IntRange(0, 9).Draw(t, "seldom") > 0 {
		return
	}
	verb := rapid.SampledFrom([]endVerb{w.Cases.Withdraw, w.Cases.Void, w.Cases.Lapse}).Draw(t, "verb")
	login := rapid.SampledFrom([]string{"xiangwei", "shencha", "jueding"}).Draw(t, "who")
	w.try(t, "end", func() error { return end(w.Case, login, verb, "理由") })
}

func (w *walk) rectified(t *rapid.T) {
	w.try(t, "rectified", func() error {
		_, err := w.Cases.RecordEvent(w.As("xiangwei"), casework.RecordEventInput{Case: w.ID, Event: "rectified"})
		return err
	})
}

// later lets time pass and fires what is due, sometimes twice.
func (w *walk) later(t *rapid.T) {
	w.Clock.Add(time.Duration(rapid.IntRange(1, 150).Draw(t, "hours")) * time.Hour)
	due := w.DueTimers()
	w.Fire()
	if len(due) > 0 && rapid.Bool().Draw(t, "again") {
		w.try(t, "fire again", func() error { return w.Cases.Fire(w.System(), due[0], nil) })
	}
}
