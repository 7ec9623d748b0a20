package workflow_test

import (
	"fmt"

	"zhengtong/internal/workflow"
)

// A flow with one desk: the case is submitted and its acceptance opens the review.
func ExampleStep() {
	net, problems := workflow.Compile(workflow.Definition{Start: "desk", Nodes: []workflow.Node{
		{ID: "desk", Type: workflow.Human, Phase: workflow.PreAcceptance, Actions: []workflow.Action{
			{ID: "accept", Effect: workflow.VerbAccept, Document: "acceptance", To: "review"}}},
		{ID: "review", Type: workflow.Human, Phase: workflow.Handling, Actions: []workflow.Action{
			{ID: "grant", Effect: workflow.VerbGrant, Document: "grant", To: "end"}}},
		{ID: "end", Type: workflow.End, Outcome: workflow.Granted},
	}})
	if net == nil {
		fmt.Print(problems)
		return
	}
	state, _, _ := workflow.Step(net, workflow.State{}, workflow.Submit(), workflow.Env{})
	desk := state.At("desk")[0]
	state, effects, err := workflow.Step(net, state, workflow.Act(desk.ID, "accept"), workflow.Env{})
	for _, e := range effects {
		fmt.Printf("%s %s%s\n", e.Kind, e.Node, e.To)
	}
	fmt.Println(state.Status, err)
	// Output:
	// close_task desk
	// issue desk
	// accepted desk
	// status_changed accepted
	// status_changed processing
	// open_task review
	// processing <nil>
}
