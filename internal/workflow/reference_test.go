package workflow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"zhengtong/internal/workflow"
)

// reference is the smallest interpreter of a flow without splits: one position, two
// counters, read straight off the definition.
type reference struct {
	nodes  map[string]workflow.Node
	guard  func(workflow.Guard) bool
	at     string
	visits map[string]int
	times  map[string]int
}

func (r *reference) enter(id string) {
	for {
		n, ok := r.nodes[id]
		switch {
		case !ok: // the pseudo-node
			r.at = id
			return
		case n.SkipWhen != "" && r.guard(n.SkipWhen):
			id = n.SkipTo
			if id == "" && n.Type == workflow.Human {
				id = n.Actions[0].To
			} else if id == "" {
				id = n.Events["done"]
			}
		case n.MaxVisits > 0 && r.visits[id] >= n.MaxVisits:
			id = n.OnExhausted
		case n.Type == workflow.Xor:
			i := slices.IndexFunc(n.Branches, func(b workflow.Branch) bool { return b.Else || r.guard(b.When) })
			id = n.Branches[i].To
		default:
			r.at = id
			r.visits[id]++
			return
		}
	}
}

func (r *reference) offered() []string {
	var out []string
	for _, a := range r.nodes[r.at].Actions {
		to := r.nodes[a.To]
		spent := a.MaxTimes > 0 && r.times[r.at+a.ID] >= a.MaxTimes
		full := to.MaxVisits > 0 && r.visits[a.To] >= to.MaxVisits
		if !spent && !full && (a.When == "" || r.guard(a.When)) {
			out = append(out, a.ID)
		}
	}
	return out
}

func (r *reference) act(id string) {
	n := r.nodes[r.at]
	i := slices.IndexFunc(n.Actions, func(a workflow.Action) bool { return a.ID == id })
	r.times[n.ID+id]++
	r.enter(n.Actions[i].To)
}

// drawLine draws handling nodes h0 … hk in a line, with jumps ahead, bounded ways
// back, choices, skips and exhaustion.
func drawLine(t *rapid.T) []workflow.Node {
	k := rapid.IntRange(1, 7).Draw(t, "length")
	name := func(i int) string {
		if i >= k {
			return "decide"
		}
		return fmt.Sprintf("h%d", i)
	}
	var nodes []workflow.Node
	for i := range k {
		ahead := func() string { return name(i + 1 + rapid.IntRange(0, 2).Draw(t, "jump")) }
		n := workflow.Node{ID: name(i), Phase: workflow.Handling}
		n.Type = rapid.SampledFrom([]workflow.NodeType{workflow.Human, workflow.Xor, workflow.Wait, workflow.Auto, workflow.Human}).Draw(t, "type")
		switch n.Type {
		case workflow.Human:
			n.Actions = []workflow.Action{{ID: "on", To: name(i + 1)}, {ID: "jump", To: ahead(), When: "a"},
				{ID: "back", To: name(rapid.IntRange(0, i).Draw(t, "back")), MaxTimes: rapid.IntRange(1, 2).Draw(t, "times")}}
		case workflow.Xor:
			n.Branches = []workflow.Branch{{When: "b", To: ahead()}, {When: "c", To: ahead()}, {Else: true, To: name(i + 1)}}
		case workflow.Wait:
			n.Events = map[string]string{"supplied": name(i + 1), "expired": rapid.SampledFrom([]string{workflow.Abnormal, name(i + 1)}).Draw(t, "expired")}
		case workflow.Auto:
			n.Events = map[string]string{"done": name(i + 1), "failed": ahead()}
		}
		if n.Type != workflow.Xor && rapid.Bool().Draw(t, "bounded") {
			n.MaxVisits, n.OnExhausted = rapid.IntRange(1, 2).Draw(t, "visits"), ahead()
		}
		if rapid.IntRange(0, 3).Draw(t, "skip") == 0 {
			n.SkipWhen, n.SkipTo = "s", name(i+1)
		}
		nodes = append(nodes, n)
	}
	return nodes
}

// The engine and the reference agree at every step on where the case is, what is
// offered, and how often each node was visited.
func TestAgreesWithReference(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		nodes := append([]workflow.Node{
			{ID: "desk", Type: workflow.Human, Phase: workflow.PreAcceptance, Actions: []workflow.Action{{ID: "accept", Effect: workflow.VerbAccept, Document: "acceptance", To: "h0"}}},
			{ID: "decide", Type: workflow.Human, Phase: workflow.Handling, Actions: []workflow.Action{{ID: "grant", Effect: workflow.VerbGrant, Document: "grant", To: "end"}}},
			{ID: "end", Type: workflow.End, Outcome: workflow.Granted},
		}, drawLine(rt)...)
		net, problems := workflow.Compile(workflow.Definition{Start: "desk", Nodes: nodes})
		if net == nil {
			for _, p := range problems.Errors() { // jumps may pass over a node
				if p.Code != "V-20" {
					rt.Fatal(p)
				}
			}
			return
		}
		truths := map[workflow.Guard]bool{}
		ref := &reference{nodes: map[string]workflow.Node{}, visits: map[string]int{}, times: map[string]int{},
			guard: func(g workflow.Guard) bool { return truths[g] }}
		for _, n := range nodes {
			ref.nodes[n.ID] = n
		}
		env := workflow.Env{Eval: func(g workflow.Guard, _ workflow.View) (bool, error) { return truths[g], nil }}
		s, _, err := workflow.Step(net, workflow.State{}, workflow.Submit(), env)
		if err != nil {
			rt.Fatal(err)
		}
		ref.enter("desk")
		for len(s.Tokens) > 0 && s.Status != workflow.StatusAbnormal {
			for _, g := range []workflow.Guard{"a", "b", "c", "s"} {
				truths[g] = rapid.Bool().Draw(rt, string(g))
			}
			next, ok := both(rt, net, s, env, ref)
			if !ok {
				return
			}
			s = next
		}
		if s.Status == workflow.StatusEnded && ref.at != "end" || s.Status == workflow.StatusAbnormal && ref.at != workflow.Abnormal {
			rt.Fatalf("the engine finished as %s, the reference is at %s", s.Status, ref.at)
		}
	})
}

// both takes one step in the engine and the reference and compares them. It answers
// false when nobody can act any more, which the exploration must have foretold.
func both(rt *rapid.T, net *workflow.Net, s workflow.State, env workflow.Env, ref *reference) (workflow.State, bool) {
	if len(s.Tokens) != 1 || s.Tokens[0].Node != ref.at || s.Tokens[0].Visit != ref.visits[ref.at] {
		rt.Fatalf("the engine is at %v, the reference at %s for the %dth time", s.Tokens, ref.at, ref.visits[ref.at])
	}
	token := s.Tokens[0].ID
	n := ref.nodes[ref.at]
	var e workflow.Event
	if n.Type == workflow.Human {
		offers, err := workflow.Offered(net, s, token, env)
		if err != nil {
			rt.Fatal(err)
		}
		var ids []string
		for _, o := range offers {
			ids = append(ids, o.ID)
		}
		if want := ref.offered(); !slices.Equal(ids, want) {
			rt.Fatalf("at %s the engine offers %v, the reference %v", n.ID, ids, want)
		}
		if len(ids) == 0 && !ref.guard("a") {
			return s, true // a condition withholds the rest: ask again with other answers
		}
		if len(ids) == 0 {
			if rep := workflow.Explore(net, workflow.Bound{}); !strings.Contains(rep.Problems.String(), "run out of actions") {
				rt.Fatalf("nobody can act at %s, and the exploration did not say so:\n%s", n.ID, rep.Problems)
			}
			return s, false
		}
		action := rapid.SampledFrom(ids).Draw(rt, "action")
		ref.act(action)
		e = workflow.Act(token, action)
	} else {
		event := rapid.SampledFrom([][]string{{"supplied", "expired"}, {"done", "failed"}}[map[workflow.NodeType]int{workflow.Wait: 0, workflow.Auto: 1}[n.Type]]).Draw(rt, "event")
		ref.enter(n.Events[event])
		e = workflow.Occur(token, event)
	}
	next, _, err := workflow.Step(net, s, e, env)
	if err != nil {
		rt.Fatal(err)
	}
	return next, true
}
