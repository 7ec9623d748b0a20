package workflow_test

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"zhengtong/internal/workflow"
)

// renameAll is a net with every node under another name, and the maps there and back.
func renameAll(t *rapid.T, net *workflow.Net, start string) (renamed *workflow.Net, there, back map[string]string) {
	there, back = map[string]string{}, map[string]string{}
	for _, n := range net.Nodes() {
		there[n.ID], back["x_"+n.ID] = "x_"+n.ID, n.ID
	}
	to := func(id string) string {
		if other, known := there[id]; known {
			return other
		}
		return id // empty, or the pseudo-node
	}
	var nodes []workflow.Node
	for _, n := range net.Nodes() {
		n.ID, n.Join, n.Of, n.To, n.SkipTo, n.OnExhausted = to(n.ID), to(n.Join), to(n.Of), to(n.To), to(n.SkipTo), to(n.OnExhausted)
		n.Actions = append([]workflow.Action{}, n.Actions...)
		for i := range n.Actions {
			n.Actions[i].To = to(n.Actions[i].To)
		}
		n.Branches = append([]workflow.Branch{}, n.Branches...)
		for i := range n.Branches {
			n.Branches[i].To = to(n.Branches[i].To)
		}
		events := map[string]string{}
		for e, target := range n.Events {
			events[e] = to(target)
		}
		if len(n.Events) > 0 {
			n.Events = events
		}
		nodes = append(nodes, n)
	}
	renamed, problems := workflow.Compile(workflow.Definition{Start: to(start), Nodes: nodes})
	if renamed == nil {
		t.Fatalf("renamed it does not compile:\n%s", problems)
	}
	return renamed, there, back
}

// From wherever a sound flow can be, a case is carried into the same flow under other names
// and back to exactly where it was; in between it can do what it could (R-CFG-04).
func TestPassageThereAndBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		net := drawNet(rt)
		for _, n := range net.Nodes() {
			if n.Foreach != "" {
				rt.Skip("members are bundles'")
			}
		}
		other, there, back := renameAll(rt, net, "desk")
		w := &walker{t: t, net: net}
		w.env.Eval = func(workflow.Guard, workflow.View) (bool, error) { return rapid.Bool().Draw(rt, "guard"), nil }
		e := workflow.Submit()
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			next, _, err := workflow.Step(net, w.state, e, w.env)
			if err == nil {
				w.state = next
			}
			if len(w.state.Tokens) == 0 || w.state.Status == workflow.StatusAbnormal {
				break
			}
			e = w.draw(rt)
		}
		carried, problems := workflow.NewPassage(net, other, there).Carry(w.state)
		if problems.HasErrors() {
			rt.Fatalf("%+v:\n%s", w.state, problems)
		}
		if len(carried.Tokens) != len(w.state.Tokens) || carried.Status != w.state.Status || carried.Phase != w.state.Phase {
			rt.Fatalf("%+v became %+v", w.state, carried)
		}
		again, problems := workflow.NewPassage(other, net, back).Carry(carried)
		if problems.HasErrors() || !reflect.DeepEqual(filled(again), filled(w.state)) {
			rt.Fatalf("%+v came back as %+v:\n%s", w.state, again, problems)
		}
		if rep := workflow.ExploreFrom(other, carried, workflow.Bound{States: 500}); rep.Problems.HasErrors() {
			rt.Fatalf("from there the flow cannot end:\n%s", rep.Problems)
		}
	})
}

// filled gives a state empty maps for nil ones.
func filled(s workflow.State) workflow.State {
	for _, m := range []*map[string]int{&s.Visits, &s.Times} {
		if *m == nil {
			*m = map[string]int{}
		}
	}
	if s.Last == nil {
		s.Last = map[string]string{}
	}
	return s
}

// What a case waits for has no counterpart that could take its place: refused with its reason.
func TestPassageRefuses(t *testing.T) {
	was := load(t, "road")
	beside := walkTo(t, was, workflow.Submit(), "accept_desk", "accept")
	for name, c := range map[string]struct {
		edits  [][2]string
		nodes  map[string]string
		reason string
	}{
		"nothing changed":            {},
		"a node that is gone":        {nodes: map[string]string{"consult_police": "consult_fire"}, reason: workflow.ReasonNoCounterpart},
		"another type":               {nodes: map[string]string{"consult_police": "survey"}, reason: workflow.ReasonOtherNode},
		"another phase":              {nodes: map[string]string{"consult_police": "accept_desk"}, reason: workflow.ReasonOtherNode},
		"out of its branch":          {nodes: map[string]string{"consult_police": "review"}, reason: workflow.ReasonOtherRegion},
		"an event that is not known": {edits: [][2]string{{"special_procedure: road-survey, events: {passed: joined, failed: joined, overrun: joined}", "special_procedure: road-survey, events: {passed: joined, overrun: joined}"}}, reason: workflow.ReasonOtherNode},
		"a branch more": {edits: [][2]string{{"branches: [survey, consult_police]", "branches: [survey, consult_police, consult_fire]"},
			{"    - {id: joined,", "    - {id: consult_fire, title: 消防意见, type: human, phase: handling, assign: {department: xf, role: consulted, strategy: fixed}, actions: [{id: agree, title: 同意, to: joined}]}\n    - {id: joined,"}},
			reason: workflow.ReasonOtherRegion},
		"actions that run out": {edits: [][2]string{{"requires: [opinion], to: decide}", "requires: [opinion], to: decide, max_times: 1}"}}, reason: workflow.ReasonUnsound},
	} {
		text, err := os.ReadFile("testdata/road.yaml")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range c.edits {
			if !bytes.Contains(text, []byte(e[0])) {
				t.Fatalf("%s: the flow does not say %q", name, e[0])
			}
			text = bytes.ReplaceAll(text, []byte(e[0]), []byte(e[1]))
		}
		now, problems := workflow.Compile(mustDecode(t, text))
		if now == nil {
			t.Fatalf("%s: %s", name, problems)
		}
		got, problems := workflow.NewPassage(was, now, c.nodes).Carry(beside)
		switch {
		case c.reason == "" && (problems.HasErrors() || !reflect.DeepEqual(filled(got), filled(beside))):
			t.Errorf("%s: %s", name, problems)
		case c.reason != "" && (!problems.HasErrors() || problems[0].Code != c.reason || strings.TrimSpace(problems[0].Message) == ""):
			t.Errorf("%s: want %s, got %s", name, c.reason, problems)
		case c.reason != "" && !reflect.DeepEqual(got, beside):
			t.Errorf("%s: a refused state was changed", name)
		}
	}
	bundle := beside
	bundle.Members = []workflow.Member{{ID: "m1"}}
	if _, problems := workflow.NewPassage(was, was, nil).Carry(bundle); !problems.HasErrors() {
		t.Error("a bundle was carried")
	}
}

// walkTo submits and takes an action at a node.
func walkTo(t *testing.T, net *workflow.Net, first workflow.Event, node, action string) workflow.State {
	t.Helper()
	env := workflow.Env{Eval: func(workflow.Guard, workflow.View) (bool, error) { return true, nil }}
	s, _, err := workflow.Step(net, workflow.State{}, first, env)
	if err != nil {
		t.Fatal(err)
	}
	at := s.At(node)
	if len(at) != 1 {
		t.Fatalf("not at %s: %s", node, fmt.Sprint(s.Tokens))
	}
	if s, _, err = workflow.Step(net, s, workflow.Act(at[0].ID, action), env); err != nil {
		t.Fatal(err)
	}
	return s
}
