package workflow_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zhengtong/internal/workflow"
)

// golden compares with a table file, or rewrites it under -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "table", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is\n%s\nwant\n%s", name, got, want)
	}
}

// bench is a flow with one human node per phase, on which any effect can be tried:
// a verb is taken at a node that leads on to a node like it.
func bench(t *testing.T, first, second workflow.Verb) (workflow.State, workflow.State, error) {
	t.Helper()
	m := workflow.State{}
	act := func(v workflow.Verb) workflow.Action {
		a := workflow.Action{ID: "do", Effect: v, To: "two", Document: "d", LicenceType: "l", Requires: []string{"reason", "remedies", "item_list", "competent_agency"}}
		if v == workflow.VerbRefuseAcceptance || v == workflow.VerbRefuseAcceptanceAll {
			a.Ground = workflow.NotCompetent
		}
		return a
	}
	phases := phasesOf(first, second)
	one := workflow.Node{ID: "one", Type: workflow.Human, Phase: phases[0], Actions: []workflow.Action{act(first)}}
	two := workflow.Node{ID: "two", Type: workflow.Human, Phase: phases[1], Actions: []workflow.Action{act(second), {ID: "end", To: "end"}}}
	two.Actions[0].To = "three"
	three := workflow.Node{ID: "three", Type: workflow.Human, Phase: phases[2], Actions: []workflow.Action{{ID: "end", To: "end"}}}
	end := workflow.Node{ID: "end", Type: workflow.End, Outcome: workflow.Granted}
	if first == workflow.VerbStartSpecial || second == workflow.VerbStartSpecial {
		return m, m, nil
	}
	net, problems := workflow.Compile(workflow.Definition{Start: "one", Nodes: []workflow.Node{one, two, three, end}})
	if net == nil {
		return m, m, fmt.Errorf("does not compile: %s", problems)
	}
	s := startAt(first)
	s.Tokens = []workflow.Token{{ID: "t1", Node: "one", Visit: 1}}
	s.Seq = 1
	s1, _, err := workflow.Step(net, s, workflow.Act("t1", "do"), workflow.Env{})
	if err != nil {
		return s, s, err
	}
	s2, _, err := workflow.Step(net, s1, workflow.Act(s1.At("two")[0].ID, "do"), workflow.Env{})
	return s1, s2, err
}

// phasesOf gives the phases of three nodes so that both effects cross only their own boundary.
func phasesOf(first, second workflow.Verb) [3]workflow.Phase {
	order := []workflow.Phase{workflow.PreAcceptance, workflow.Handling, workflow.PostDecision}
	at := slices.Index(order, startAt(first).Phase)
	out := [3]workflow.Phase{order[at]}
	for i, v := range []workflow.Verb{first, second} {
		if crosses(v) && at < 2 {
			at++
		}
		out[i+1] = order[at]
	}
	return out
}

func crosses(v workflow.Verb) bool {
	return slices.Contains([]workflow.Verb{workflow.VerbAccept, workflow.VerbAcceptAll, workflow.VerbFileCase, workflow.VerbGrant, workflow.VerbRefuse,
		workflow.VerbConclude, workflow.VerbBundleConclude, workflow.VerbBundleClosePartial}, v)
}

// startAt is the earliest status that allows an effect.
func startAt(v workflow.Verb) workflow.State {
	for _, s := range []struct {
		status workflow.Status
		phase  workflow.Phase
	}{{workflow.StatusReceived, workflow.PreAcceptance}, {workflow.StatusProcessing, workflow.Handling}, {workflow.StatusDecided, workflow.PostDecision}} {
		if workflow.Allows(s.status, v) {
			return workflow.State{Status: s.status, Base: s.status, Phase: s.phase}
		}
	}
	return workflow.State{}
}

// Each effect alone: where SM-05 allows it, and the status after (table of docs/kinds.md).
func TestVerbsAlone(t *testing.T) {
	var b strings.Builder
	for _, v := range append([]workflow.Verb{workflow.VerbNone}, workflow.Verbs()...) {
		var from []string
		for _, s := range workflow.Statuses() {
			if workflow.Allows(s, v) {
				from = append(from, string(s))
			}
		}
		s1, _, _ := bench(t, v, workflow.VerbNone)
		after := string(s1.Status)
		if v == workflow.VerbStartSpecial {
			after = "suspended while a clock is"
		}
		fmt.Fprintf(&b, "%s\n  in: %s\n  after: %s\n", name(v), strings.Join(from, " "), after)
		for _, p := range []workflow.Phase{workflow.PreAcceptance, workflow.Handling, workflow.PostDecision} {
			fmt.Fprintf(&b, "  %s: %s\n", p, workflow.PermissionOf(v, p))
		}
	}
	golden(t, "verbs.txt", b.String())
}

// Effects in pairs: after the first, in the status it leaves, the second is possible
// or refused. The table shows, for each first effect, what may follow.
func TestVerbsInPairs(t *testing.T) {
	var b strings.Builder
	verbs := append([]workflow.Verb{workflow.VerbNone}, workflow.Verbs()...)
	for _, first := range verbs {
		if first == workflow.VerbStartSpecial {
			continue
		}
		var may []string
		for _, second := range verbs {
			if second == workflow.VerbStartSpecial {
				continue
			}
			s1, s2, err := bench(t, first, second)
			if err == nil {
				may = append(may, fmt.Sprintf("%s:%s", name(second), s2.Status))
			} else if s1.Status != "" && workflow.Allows(s1.Status, second) && s1.Outcome != workflow.Refused && !strings.Contains(err.Error(), "compile") {
				t.Errorf("%s then %s: allowed in %s, but %v", name(first), name(second), s1.Status, err)
			}
		}
		fmt.Fprintf(&b, "%s →\n  %s\n", name(first), strings.Join(may, "\n  "))
	}
	golden(t, "pairs.txt", b.String())
}

func name(v workflow.Verb) string {
	if v == workflow.VerbNone {
		return "none"
	}
	return string(v)
}

// The case verbs that SM-05 allows in each status, with the permission of staff.
func TestCaseVerbs(t *testing.T) {
	var b strings.Builder
	for _, s := range workflow.Statuses() {
		state := workflow.State{Status: s, Base: s}
		if s == workflow.StatusAbnormal {
			state.Abnormal = workflow.CorrectionExpired
		}
		fmt.Fprintf(&b, "%s: %s\n", s, strings.Join(caseWords(workflow.CaseVerbs(state)), " "))
	}
	for _, v := range []workflow.CaseVerb{workflow.CaseWithdraw, workflow.CaseRequestExtension, workflow.CaseDecideExtension, workflow.CaseTransferOut,
		workflow.CaseForwardUpward, workflow.CaseVoid, workflow.CaseDelete, workflow.CaseLapse, workflow.CaseUrge, workflow.CaseStartSpecial,
		workflow.CaseReopen, workflow.CaseRecordFact, workflow.CaseRecordEvent} {
		fmt.Fprintf(&b, "%s needs %s\n", v, workflow.PermissionOfCaseVerb(v))
	}
	golden(t, "case_verbs.txt", b.String())
}

func caseWords(list []workflow.CaseVerb) []string {
	var out []string
	for _, v := range list {
		out = append(out, string(v))
	}
	return out
}

// Every outcome has its finish code (SM-05 办结结果), other words have none.
func TestFinishCodes(t *testing.T) {
	want := map[workflow.Outcome]int{workflow.Granted: 0, workflow.PartlyGranted: 0, workflow.Refused: 1, workflow.NotAccepted: 1, workflow.NotNeeded: 1,
		workflow.Voided: 2, workflow.Deleted: 3, workflow.Forwarded: 4, workflow.Transferred: 4, workflow.CorrectionLapsed: 5,
		workflow.Concluded: 6, workflow.Merged: 6, workflow.Withdrawn: 6}
	for o, code := range want {
		if got, ok := workflow.FinishCode(o); !ok || got != code {
			t.Errorf("%s has code %d, %v; want %d", o, got, ok, code)
		}
	}
	if _, ok := workflow.FinishCode("pre_pass"); ok {
		t.Error("a subflow's word has a finish code")
	}
}
