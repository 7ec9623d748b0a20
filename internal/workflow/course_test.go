package workflow_test

import (
	"fmt"
	"strings"
	"testing"

	"zhengtong/internal/workflow"
)

// returning is a flow with a correction, an inspection that is asked for, and a decision that may be returned.
func returning(t *testing.T) *workflow.Net {
	t.Helper()
	net, problems := workflow.Compile(workflow.Definition{Start: "desk", Nodes: []workflow.Node{
		{ID: "desk", Type: workflow.Human, Phase: workflow.PreAcceptance, Actions: []workflow.Action{
			{ID: "accept", Effect: workflow.VerbAccept, Document: "acceptance", To: "review"},
			{ID: "correct", Effect: workflow.VerbIssueCorrection, Document: "correction", Requires: []string{"item_list", "reason"}, To: "correction", MaxTimes: 1}}},
		{ID: "correction", Type: workflow.Wait, Phase: workflow.PreAcceptance, Events: map[string]string{"resubmitted": "desk", "expired": workflow.Abnormal}},
		{ID: "review", Type: workflow.Human, Phase: workflow.Handling, Actions: []workflow.Action{
			{ID: "visit", Effect: workflow.VerbNone, To: "visit", MaxTimes: 1}, {ID: "pass", To: "decide"}}},
		{ID: "visit", Type: workflow.Human, Phase: workflow.Handling, Actions: []workflow.Action{{ID: "report", To: "review"}}},
		{ID: "decide", Type: workflow.Human, Phase: workflow.Handling, Actions: []workflow.Action{
			{ID: "grant", Effect: workflow.VerbGrant, Document: "grant", To: "end"}, {ID: "back", To: "review", MaxTimes: 1}}},
		{ID: "end", Type: workflow.End, Outcome: workflow.Granted},
	}})
	if net == nil {
		t.Fatal(problems)
	}
	return net
}

// R-CAT-08: the steps of a guide tell how far a case is, through a way round, a way back and to the end.
func TestCourse(t *testing.T) {
	net := returning(t)
	state, _, err := workflow.Step(net, workflow.State{}, workflow.Submit(), workflow.Env{})
	if err != nil {
		t.Fatal(err)
	}
	take := func(node, action string) {
		t.Helper()
		if state, _, err = workflow.Step(net, state, workflow.Act(state.At(node)[0].ID, action), workflow.Env{}); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(want string) {
		t.Helper()
		var got []string
		for _, s := range workflow.Course(net, state) {
			got = append(got, fmt.Sprintf("%s %s", s.Node.ID, s.State))
		}
		if text := strings.Join(got, ", "); text != want {
			t.Errorf("the course is %s, want %s", text, want)
		}
	}
	expect("desk current, review ahead, visit ahead, decide ahead")
	take("desk", "correct")
	expect("desk done, correction current, review ahead, visit ahead, decide ahead")
	if state, _, err = workflow.Step(net, state, workflow.Occur(state.At("correction")[0].ID, "resubmitted"), workflow.Env{}); err != nil {
		t.Fatal(err)
	}
	take("desk", "accept")
	expect("desk done, correction done, review current, visit ahead, decide ahead")
	take("review", "pass")
	expect("desk done, correction done, review done, visit skipped, decide current")
	take("decide", "back")
	expect("desk done, correction done, review current, visit ahead, decide ahead")
	take("review", "visit")
	expect("desk done, correction done, review done, visit current, decide ahead")
	take("visit", "report")
	take("review", "pass")
	take("decide", "grant")
	expect("desk done, correction done, review done, visit done, decide done")
}

// In every state that a flow can be in, exactly the nodes that hold a token are current, and nothing is ahead once it has ended.
func TestCourseAgreesWithTheMarking(t *testing.T) {
	for _, name := range []string{"food", "bundle", "member"} {
		net, seen := load(t, name), 0
		net.Markings(workflow.Bound{}, func(s workflow.State, _ fmt.Stringer) bool {
			seen++
			for _, step := range workflow.Course(net, s) {
				if is := len(s.At(step.Node.ID)) > 0; is != (step.State == workflow.StepCurrent) {
					t.Errorf("%s: %s is %s with tokens %v", name, step.Node.ID, step.State, s.Tokens)
				}
				if len(s.Tokens) == 0 && step.State == workflow.StepAhead {
					t.Errorf("%s: %s is ahead of a case without tokens", name, step.Node.ID)
				}
			}
			return seen < 2000
		})
		if seen == 0 {
			t.Errorf("%s has no state", name)
		}
	}
}
