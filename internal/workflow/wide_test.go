package workflow_test

import (
	"fmt"
	"testing"
	"time"

	"zhengtong/internal/workflow"
)

// A split whose conditions combine in sixteen million ways is explored as far as there is time for, and says so.
func TestWideSplit(t *testing.T) {
	def := workflow.Definition{Start: "s", Nodes: []workflow.Node{
		{ID: "s", Type: workflow.InclusiveSplit, Phase: workflow.PreAcceptance, Join: "j", Branches: []workflow.Branch{{Else: true, To: "h"}}},
		{ID: "h", Type: workflow.Human, Phase: workflow.PreAcceptance, Assign: &workflow.Assign{Role: "r", Department: "d", Strategy: "claim"}, Actions: []workflow.Action{{ID: "a", To: "j"}}},
		{ID: "j", Type: workflow.InclusiveJoin, Phase: workflow.PreAcceptance, Of: "s", To: "e"},
		{ID: "e", Type: workflow.End, Outcome: "merged"},
	}}
	for i := range 24 {
		id := fmt.Sprintf("n%d", i)
		def.Nodes[0].Branches = append(def.Nodes[0].Branches, workflow.Branch{When: workflow.Guard("g" + id), To: id})
		def.Nodes = append(def.Nodes, workflow.Node{ID: id, Type: workflow.Human, Phase: workflow.PreAcceptance, Actions: []workflow.Action{{ID: "a", To: "j"}}})
	}
	net, problems := workflow.Compile(def)
	if net == nil {
		t.Fatal(problems)
	}
	start := time.Now()
	report := workflow.Explore(net, workflow.Bound{States: 500})
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("took %s", took)
	}
	if report.Complete || !report.Problems.Has("V-23") || report.Problems.HasErrors() {
		t.Errorf("complete %t\n%s", report.Complete, report.Problems)
	}
}
