package workflow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"zhengtong/internal/workflow"
)

// blocks draws a block-structured handling phase: steps, choices, splits inside
// splits, foreach and inclusive ones, skips, ways out of a branch.
type blocks struct {
	t     *rapid.T
	nodes []workflow.Node
	n     int
}

func (b *blocks) id(kind string) string {
	b.n++
	return fmt.Sprintf("%s%d", kind, b.n)
}

// block adds nodes that lead to next and answers the first of them.
func (b *blocks) block(depth int, next string) string {
	kinds := []string{"human", "wait", "special", "auto"}
	if depth > 0 { // first, because rapid prefers what comes first
		kinds = append([]string{"and", "inclusive", "seq", "foreach", "xor"}, kinds...)
	}
	switch rapid.SampledFrom(kinds).Draw(b.t, "kind") {
	case "seq":
		return b.block(depth-1, b.block(depth-1, next))
	case "and":
		return b.split(depth, workflow.AndSplit, workflow.AndJoin, next)
	case "inclusive":
		return b.split(depth, workflow.InclusiveSplit, workflow.InclusiveJoin, next)
	case "foreach":
		s, j := b.id("each"), b.id("join")
		b.add(workflow.Node{ID: s, Type: workflow.AndSplit, Foreach: workflow.ForeachMembers, Subflow: "x", Join: j})
		b.add(workflow.Node{ID: j, Type: workflow.AndJoin, Of: s, To: next, Timeout: &workflow.Timeout{N: 1, Unit: "day", Policy: workflow.PassWithCard, Raise: "card"}})
		return s
	case "xor":
		x := b.id("xor")
		b.add(workflow.Node{ID: x, Type: workflow.Xor, Branches: []workflow.Branch{{When: "g", To: b.block(depth-1, next)}, {Else: true, To: next}}})
		return x
	case "wait":
		w := b.id("wait")
		b.add(workflow.Node{ID: w, Type: workflow.Wait, Events: map[string]string{"supplied": next, "expired": next},
			Clock: workflow.ClockEffect{PromisedSuspended: rapid.Bool().Draw(b.t, "suspends")}})
		return w
	case "special":
		s := b.id("special")
		b.add(workflow.Node{ID: s, Type: workflow.Special, SpecialProcedure: "p", Events: map[string]string{"passed": next, "overrun": next}})
		return s
	case "auto":
		a := b.id("auto")
		b.add(workflow.Node{ID: a, Type: workflow.Auto, Events: map[string]string{"done": next}})
		return a
	default:
		return b.human(next)
	}
}

func (b *blocks) human(next string) string {
	h := b.id("human")
	n := workflow.Node{ID: h, Type: workflow.Human, Actions: []workflow.Action{{ID: "on", To: next}}}
	if rapid.Bool().Draw(b.t, "skippable") {
		n.SkipWhen = "g"
	}
	switch rapid.SampledFrom([]string{"", "back", "out", "abnormal"}).Draw(b.t, "way out") {
	case "back":
		n.Actions = append(n.Actions, workflow.Action{ID: "back", To: "first", MaxTimes: 1})
	case "out":
		n.Actions = append(n.Actions, workflow.Action{ID: "out", To: "decide", When: "g"})
	case "abnormal":
		n.Actions = append(n.Actions, workflow.Action{ID: "drop", To: workflow.Abnormal, When: "g"})
	}
	b.add(n)
	return h
}

func (b *blocks) split(depth int, split, join workflow.NodeType, next string) string {
	s, j := b.id("split"), b.id("join")
	n := workflow.Node{ID: s, Type: split, Join: j}
	for range rapid.IntRange(2, 3).Draw(b.t, "branches") {
		n.Branches = append(n.Branches, workflow.Branch{To: b.block(depth-1, j)})
	}
	if split == workflow.InclusiveSplit {
		for i := range n.Branches {
			n.Branches[i].When = "g"
		}
		n.Branches[0].When, n.Branches[0].Else = "", true
	}
	b.add(n)
	b.add(workflow.Node{ID: j, Type: join, Of: s, To: next})
	return s
}

func (b *blocks) add(n workflow.Node) {
	n.Phase = workflow.Handling
	b.nodes = append(b.nodes, n)
}

// drawNet draws a sound flow: acceptance, a block, a decision.
func drawNet(t *rapid.T) *workflow.Net {
	b := &blocks{t: t}
	first := b.block(2, b.block(2, "decide"))
	nodes := append([]workflow.Node{
		{ID: "desk", Type: workflow.Human, Phase: workflow.PreAcceptance, Actions: []workflow.Action{{ID: "accept", Effect: workflow.VerbAccept, Document: "acceptance", To: "first"}}},
		{ID: "first", Type: workflow.Human, Phase: workflow.Handling, Actions: []workflow.Action{{ID: "on", To: first}}},
		{ID: "decide", Type: workflow.Human, Phase: workflow.Handling, Actions: []workflow.Action{{ID: "grant", Effect: workflow.VerbGrant, Document: "grant", To: "end"}}},
		{ID: "end", Type: workflow.End, Outcome: workflow.Granted},
	}, b.nodes...)
	net, problems := workflow.Compile(workflow.Definition{Start: "desk", Nodes: nodes})
	if net == nil {
		t.Fatalf("a block-structured flow does not compile:\n%s", problems)
	}
	return net
}

// Random walks through random flows: no token is ever doubled, ids are never used
// twice, what is opened is closed or cancelled exactly once, every walk finishes,
// and a step is a pure function of its inputs (I6). SM-06, rules 2, 5, 6, 7.
func TestWalksHoldInvariants(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		net := drawNet(rt)
		w := &walker{t: t, net: net}
		w.env.Eval = func(workflow.Guard, workflow.View) (bool, error) { return rapid.Bool().Draw(rt, "guard"), nil }
		for i := range rapid.IntRange(0, 3).Draw(rt, "members") {
			w.env.Members = append(w.env.Members, fmt.Sprintf("m%d", i))
		}
		open := map[string]bool{}
		used := map[string]bool{}
		e := workflow.Submit()
		for n := 0; ; n++ {
			if n > 2000 {
				rt.Fatalf("the walk does not finish")
			}
			next, effects, err := workflow.Step(net, w.state, e, w.env)
			if err != nil && !strings.Contains(err.Error(), workflow.ReasonNotOffered) {
				rt.Fatalf("%+v: %v", e, err)
			}
			w.state = next
			balance(rt, effects, open, used)
			inspect(rt, next, open)
			if len(next.Tokens) == 0 || next.Status == workflow.StatusAbnormal {
				break
			}
			e = w.draw(rt)
		}
	})
}

// draw picks something that can happen in the state.
func (w *walker) draw(rt *rapid.T) workflow.Event {
	if len(w.state.Regions) > 0 && rapid.IntRange(0, 9).Draw(rt, "timeout") == 0 {
		return workflow.TimeoutOf(rapid.SampledFrom(w.state.Regions).Draw(rt, "region").ID)
	}
	t := rapid.SampledFrom(w.state.Tokens).Draw(rt, "token")
	n, ok := w.net.Node(t.Node)
	if !ok {
		rt.Fatalf("a token on unknown node %q", t.Node)
	}
	switch {
	case t.Member != "":
		return workflow.Occur(t.ID, "granted")
	case n.Type == workflow.Human:
		return workflow.Act(t.ID, rapid.SampledFrom(n.Actions).Draw(rt, "action").ID)
	case n.Type == workflow.Special && !t.Suspends && rapid.Bool().Draw(rt, "start"):
		return workflow.SpecialStarted(t.ID, true)
	default:
		var names []string
		for e := range n.Events {
			names = append(names, e)
		}
		slices.Sort(names)
		return workflow.Occur(t.ID, rapid.SampledFrom(names).Draw(rt, "event"))
	}
}

// balance follows what effects open, close and cancel.
func balance(rt *rapid.T, effects []workflow.Effect, open, used map[string]bool) {
	for _, e := range effects {
		kind := string(e.Kind)
		switch {
		case e.Token == "" || e.Kind == workflow.EffectIgnored:
		case strings.HasPrefix(kind, "open_") || strings.HasPrefix(kind, "start_") || strings.HasPrefix(kind, "run_") || strings.HasPrefix(kind, "send_"):
			if used[e.Token] {
				rt.Fatalf("id %s is used twice", e.Token)
			}
			used[e.Token], open[e.Token] = true, true
		case strings.HasPrefix(kind, "close_") || strings.HasPrefix(kind, "cancel_"):
			if !open[e.Token] {
				rt.Fatalf("%s of %s, which is not open", kind, e.Token)
			}
			delete(open, e.Token)
		}
	}
}

// inspect checks a state at rest against what is open.
func inspect(rt *rapid.T, s workflow.State, open map[string]bool) {
	at := map[string]int{}
	for _, t := range s.Tokens {
		if at[t.Node+"/"+t.Member]++; at[t.Node+"/"+t.Member] > 1 {
			rt.Fatalf("two tokens on %s", t.Node)
		}
		if t.Node != workflow.Abnormal && !open[t.ID] {
			rt.Fatalf("token %s on %s was never opened", t.ID, t.Node)
		}
	}
	for _, g := range s.Regions {
		if !open[g.ID] {
			rt.Fatalf("region %s was never opened", g.ID)
		}
		if !slices.ContainsFunc(s.Tokens, func(t workflow.Token) bool { return under(s, t.Region, g.ID) }) {
			rt.Fatalf("region %s waits for nothing", g.ID)
		}
	}
	n := len(s.Tokens) + len(s.Regions)
	if s.Status == workflow.StatusAbnormal {
		n-- // the pseudo-node opens nothing
	}
	if n != len(open) {
		rt.Fatalf("%d places are open, %d are known: %v", n, len(open), open)
	}
}

func under(s workflow.State, region, outer string) bool {
	for region != "" && region != outer {
		i := slices.IndexFunc(s.Regions, func(g workflow.Region) bool { return g.ID == region })
		if i < 0 {
			return false
		}
		region = s.Regions[i].Parent
	}
	return region == outer && outer != ""
}

// What the exploration finds sound is what random walks find sound: block-structured
// flows have no problem beyond actions that a free condition may withhold.
func TestExploreAgreesWithBlocks(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		net := drawNet(rt)
		rep := workflow.Explore(net, workflow.Bound{States: 500, Members: 2})
		if rep.Problems.HasErrors() {
			rt.Fatalf("a sound flow is refused:\n%s", rep.Problems)
		}
	})
}
