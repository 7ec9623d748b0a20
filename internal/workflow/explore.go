package workflow

import (
	"errors"
	"fmt"
	"slices"

	"zhengtong/internal/problem"
)

// Explore walks every state the net can be in, with guards free to be true or
// false and counters exact, through Step itself, so that what is proved is what
// runs. It proves that every node is reached (V-20), every state can finish and no
// human node runs out of actions (V-21), no node ever holds two tokens (V-23), no
// event meets an exhausted node (V-24), each end is earned by its effect (V-25) and
// reached (V-52). foreach runs for 0, 1, 2 and Bound.Members members (rule 7).
func Explore(n *Net, bound Bound) Report {
	bound = bound.withDefaults()
	rep := Report{Complete: true, Ends: map[string]Trace{}}
	reached := map[string]bool{}
	said := map[string]bool{}
	for _, name := range n.Flows() {
		for _, members := range n.memberCounts(bound.Members) {
			x := explorer{net: n, bound: bound, index: map[string]int{}, rep: &rep, reached: reached, said: said}
			x.env.Members = members
			x.run(name)
		}
	}
	if rep.Complete {
		reportUnreached(n, reached, &rep.Problems)
	}
	rep.Problems = rep.Problems.Sorted()
	return rep
}

// memberCounts gives the member lists to explore: none where nothing is foreach.
func (n *Net) memberCounts(all int) [][]string {
	if !slices.ContainsFunc(n.def.Nodes, func(d Node) bool { return d.Foreach != "" }) {
		return [][]string{nil}
	}
	out := [][]string{{}}
	for _, k := range []int{1, 2, all} {
		list := make([]string, k)
		for i := range list {
			list[i] = fmt.Sprintf("m%d", i+1)
		}
		if len(list) > len(out[len(out)-1]) {
			out = append(out, list)
		}
	}
	return out
}

// explorer is the exploration of one flow with one list of members.
type explorer struct {
	net     *Net
	env     Env
	bound   Bound
	states  []seen
	index   map[string]int // key → state
	out     [][]int        // successors, by state
	rep     *Report
	reached map[string]bool
	said    map[string]bool // problems already reported, once a place
	ahead   map[string]*reachSet
}

// seen is one state with the way it was first reached.
type seen struct {
	state  State
	parent int
	hop    Hop
}

func (x *explorer) run(name string) {
	state, first := x.initial(name)
	x.step(-1, state, Hop{}, first)
	x.walk()
}

// walk goes on from the states known until all are, or the bound is met.
func (x *explorer) walk() {
	for i := 0; i < len(x.states); i++ {
		if len(x.states) > x.bound.States {
			x.rep.Complete = false
			x.once("$.spec", "V-23", problem.SeverityWarning, "the flow has more than %d states; it was checked up to there", x.bound.States)
			break
		}
		x.expand(i)
	}
	x.rep.States += len(x.states)
	if x.rep.Complete {
		x.checkFinish()
	}
}

// initial gives the state and the event that start a flow. A subflow that begins in
// handling runs after the bundle's acceptance.
func (x *explorer) initial(name string) (State, Event) {
	if name == "" {
		return State{}, Submit()
	}
	start, _ := x.net.Node(x.net.flows[name].start)
	if start.Phase == Handling {
		return State{Status: StatusAccepted, Base: StatusAccepted, Phase: Handling}, StartSubflow(name)
	}
	return State{}, StartSubflow(name)
}

// expand takes every event that is possible in a state.
func (x *explorer) expand(i int) {
	s := x.states[i].state
	if terminal(s) {
		return
	}
	members := map[string]bool{}
	for _, t := range s.Tokens {
		n, ok := x.net.Node(t.Node)
		if !ok {
			continue
		}
		switch {
		case t.Member != "":
			if !members[t.Region] { // members are alike: one stands for the count
				members[t.Region] = true
				x.step(i, s, Hop{n.ID, "member"}, Occur(t.ID, string(Granted)))
			}
		case n.Type == Human:
			x.expandHuman(i, s, t, n)
		default:
			x.expandEvents(i, s, t, n)
		}
	}
	for _, g := range s.Regions {
		join, ok := x.net.Node(x.net.def.Nodes[x.net.index[g.Split]].Join)
		if ok && join.Timeout != nil && join.Timeout.Policy != WaitWithCard {
			x.step(i, s, Hop{join.ID, "timeout"}, TimeoutOf(g.ID))
		}
	}
}

// expandHuman takes every action; one that counters and SM-05 leave must remain (V-21).
func (x *explorer) expandHuman(i int, s State, t Token, n *Node) {
	some := false
	for _, a := range n.Actions {
		if x.step(i, s, Hop{n.ID, a.ID}, ActWith(t.ID, a.ID, "any")) {
			some = true
			x.reached[timesKey(n.ID, a.ID)] = true
		}
	}
	if !some {
		at := x.net.index[n.ID]
		x.once(nodePath(at)+".actions", "V-21", problem.SeverityError, "human node %q can run out of actions: %s", n.ID, x.trace(i))
	}
}

func (x *explorer) expandEvents(i int, s State, t Token, n *Node) {
	for _, e := range sortedKeys(n.Events) {
		x.step(i, s, Hop{n.ID, e}, Occur(t.ID, e))
	}
	for _, e := range sortedKeys(n.Maps) {
		x.step(i, s, Hop{n.ID, e}, Occur(t.ID, e))
	}
	if t.From != "" {
		x.step(i, s, Hop{n.ID, "rejected"}, SpecialRejected(t.ID))
	}
}

// maxAnswers bounds the combinations of guard answers tried at one event.
const maxAnswers = 4096

// step runs one event under every combination of guard answers and notes where it
// leads. It reports whether it led anywhere.
func (x *explorer) step(from int, s State, hop Hop, e Event) bool {
	led := false
	o := oracle{}
	for tried := 0; ; tried++ {
		if tried >= maxAnswers { // an inclusive split of twenty branches has a million combinations
			x.rep.Complete = false
			x.once(nodePath(x.net.index[hop.Node]), "V-23", problem.SeverityWarning, "%q at %q depends on too many conditions at once; %d combinations of their answers were checked", hop.Label, hop.Node, maxAnswers)
			return led
		}
		env := x.env
		env.Eval = o.eval
		next := s.clone()
		r := run{net: x.net, s: &next, env: env}
		err := r.apply(e)
		switch {
		case err == nil:
			r.refresh()
			led = true
			for _, id := range r.passed {
				x.reached[id] = true
			}
			x.arrive(from, next, hop)
		case errors.Is(err, errExhausted):
			x.exhausted(from, hop)
		case problem.CodeOf(err) != problem.Conflict:
			x.once("$.spec", "V-23", problem.SeverityError, "the flow cannot go on: %v: %s", err, x.traceTo(from, hop))
		}
		if !o.next() {
			return led
		}
	}
}

func (x *explorer) exhausted(from int, hop Hop) {
	at := x.net.index[hop.Node]
	x.once(nodePath(at), "V-24", problem.SeverityError, "%q at %q meets an exhausted node: %s", hop.Label, hop.Node, x.traceTo(from, hop))
}

// arrive records a state, checks it, and links it to where it came from.
func (x *explorer) arrive(from int, s State, hop Hop) {
	k := x.key(s)
	i, known := x.index[k]
	if !known {
		i = len(x.states)
		x.index[k] = i
		x.states = append(x.states, seen{s, from, hop})
		x.out = append(x.out, nil)
		x.check(i, s)
	}
	if from >= 0 && !slices.Contains(x.out[from], i) {
		x.out[from] = append(x.out[from], i)
	}
}

// terminal: ended, a subflow's end, or a person has to end it from the abnormal list.
func terminal(s State) bool { return len(s.Tokens) == 0 || s.Status == StatusAbnormal }

// check looks for doubled tokens and ends that were not earned, and notes dry runs.
func (x *explorer) check(i int, s State) {
	at := map[string]int{}
	for _, t := range s.Tokens {
		if t.Member != "" {
			continue
		}
		if at[t.Node]++; at[t.Node] == 2 {
			k := x.net.index[t.Node]
			x.once(nodePath(k)+".id", "V-23", problem.SeverityError, "node %q can hold two tokens: %s", t.Node, x.trace(i))
		}
	}
	if terminal(s) {
		for _, id := range x.endsOf(i) {
			if _, ok := x.rep.Ends[id]; !ok {
				x.rep.Ends[id] = x.trace(i)
			}
		}
	}
	if s.Status == StatusEnded && !slices.Contains(drawnBy[s.Outcome], s.DecidedBy) {
		x.unearned(i, s)
	}
}

func (x *explorer) unearned(i int, s State) {
	path := "$.spec"
	for _, id := range x.endsOf(i) {
		path = nodePath(x.net.index[id]) + ".outcome"
	}
	how := "without any of the effects that decide it"
	if s.DecidedBy != VerbNone {
		how = fmt.Sprintf("after %s", s.DecidedBy)
	}
	x.once(path, "V-25", problem.SeverityError, "the case can end %s %s: %s", s.Outcome, how, x.trace(i))
}

// checkFinish: from every state one can come to a terminal one (V-21).
func (x *explorer) checkFinish() {
	back := make([][]int, len(x.states))
	for i, list := range x.out {
		for _, j := range list {
			back[j] = append(back[j], i)
		}
	}
	ok := make([]bool, len(x.states))
	var stack []int
	for i := range x.states {
		if terminal(x.states[i].state) {
			ok[i] = true
			stack = append(stack, i)
		}
	}
	for len(stack) > 0 {
		j := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, i := range back[j] {
			if !ok[i] {
				ok[i] = true
				stack = append(stack, i)
			}
		}
	}
	for i := range x.states {
		if !ok[i] {
			x.once("$.spec", "V-21", problem.SeverityError, "the case can no longer finish: %s", x.trace(i))
			return
		}
	}
}

// once reports a problem a single time per place and code: its first, and so
// shortest, counter-example.
func (x *explorer) once(path, code string, severity problem.Severity, format string, args ...any) {
	if x.said[path+" "+code] {
		return
	}
	x.said[path+" "+code] = true
	x.rep.Problems = append(x.rep.Problems, problem.Problem{Path: path, Code: code, Severity: severity, Message: fmt.Sprintf(format, args...)})
}
