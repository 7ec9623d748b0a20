package workflow_test

import (
	"testing"

	"zhengtong/internal/workflow"
)

// The example flows agree with their matters; changed terms are refused with their place.
func TestCheckTerms(t *testing.T) {
	food := workflow.Terms{ItemType: "administrative_licence", DeemedAcceptance: true,
		Documents:  []string{"receipt", "correction", "acceptance", "non_acceptance", "not_needed", "grant", "refuse", "pickup"},
		Procedures: map[string][]string{"food-site-inspection": {"passed", "failed", "rectify"}, "food-inspection-test": {"passed", "failed"}}}
	fewer := food
	fewer.Documents = []string{"receipt", "correction", "acceptance", "non_acceptance", "not_needed", "grants", "refuse", "pickup"}
	fewer.Procedures = map[string][]string{"food-site-inspection": {"passed", "fail", "rectify"}, "testing": {"passed"}}
	for _, c := range []struct {
		name, flow string
		terms      workflow.Terms
		want       string
	}{
		{"food", "food", food, ""},
		{"bundle", "bundle", workflow.Terms{DeemedAcceptance: true}, ""},
		{"member of a licence", "member", workflow.Terms{ItemType: "administrative_licence", DeemedAcceptance: true}, ""},
		{"other documents and procedures", "food", fewer, `$.spec.nodes[5].events: the result "fail" of "food-site-inspection" leads nowhere [V-19]
$.spec.nodes[5].events.failed: no report of "food-site-inspection" has the result "failed" (did you mean "fail"?) [V-19]
$.spec.nodes[8].special_procedure: the matter has no special procedure "food-inspection-test" [V-19]
$.spec.nodes[9].actions[0].document: the matter has no document "grant" (did you mean "grants"?) [V-25]
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := workflow.CheckTerms(load(t, c.flow), c.terms).String(); got != c.want {
				t.Errorf("problems are\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// V-26 by item_type: a licence needs acceptance, its refusal, correction and both
// decisions; a public service needs none of them; ex officio nothing is accepted.
func TestLegalStepsByItemType(t *testing.T) {
	net, problems := workflow.Compile(workflow.Definition{Start: "one", Nodes: []workflow.Node{
		{ID: "one", Type: workflow.Human, Phase: workflow.PreAcceptance, Actions: []workflow.Action{
			{ID: "a", Effect: workflow.VerbAccept, Document: "d", To: "two"}, {ID: "b", Effect: workflow.VerbAccept, Document: "d", To: "two"}}},
		{ID: "two", Type: workflow.Human, Phase: workflow.Handling, Actions: []workflow.Action{{ID: "grant", Effect: workflow.VerbGrant, Document: "d", To: "end"}}},
		{ID: "end", Type: workflow.End, Outcome: workflow.Granted},
	}})
	if net == nil {
		t.Fatal(problems)
	}
	for _, c := range []struct {
		terms workflow.Terms
		want  int
	}{
		{workflow.Terms{ItemType: "administrative_licence", DeemedAcceptance: true}, 4}, // refuse, correct, refuse acceptance; two accepts
		{workflow.Terms{ItemType: "administrative_licence", ExOfficio: true}, 1},
		{workflow.Terms{ItemType: "benefit"}, 1},
		{workflow.Terms{ItemType: "public_service"}, 0},
		{workflow.Terms{ItemType: "internal_meeting"}, 0},
	} {
		if got := workflow.CheckTerms(net, c.terms); len(got) != c.want {
			t.Errorf("%+v: %d problems, want %d:\n%s", c.terms, len(got), c.want, got)
		}
	}
}
