package workflow

import (
	"fmt"
	"maps"
	"slices"

	"zhengtong/internal/problem"
)

// The reasons (codes of problems) for which a state cannot be carried into another net.
const (
	ReasonNoCounterpart = "node_without_counterpart" // the other net has no such node
	ReasonOtherNode     = "node_differs"             // its type, phase or events are others
	ReasonOtherRegion   = "region_differs"           // the branches that run side by side are others
	ReasonUnsound       = "marking_unsound"          // no end can be reached from there, or a token is doubled
)

// Passage carries states of one net into another. A node leads to the one that Nodes
// names, else to the one of the same id. It is not safe for concurrent use.
type Passage struct {
	from, to *Net
	nodes    map[string]string
	judged   map[string]problem.List // of markings of the new net, by their identity for exploration
}

// NewPassage prepares the way from one net into another; nodes may be nil.
func NewPassage(from, to *Net, nodes map[string]string) *Passage {
	return &Passage{from: from, to: to, nodes: nodes, judged: map[string]problem.List{}}
}

// Node is the id under which a node of the old net is known in the new one. What is no
// node of the old net, such as the name of a special procedure, stays as it is.
func (p *Passage) Node(id string) string {
	if to, ok := p.nodes[id]; ok {
		return to
	}
	return id
}

// Carry gives the state in the new net in which a case goes on that is in state s of the
// old one. Tokens keep their ids. It is refused with problems when a node at which the
// case waits has no counterpart of the same type, phase and events, when what runs side
// by side does not, or when the new net, set out from there, could fail to end.
func (p *Passage) Carry(s State) (State, problem.List) {
	next := s.clone()
	var problems problem.List
	if len(s.Members) > 0 || s.Subflow != "" {
		problems.Add("$", ReasonOtherRegion, "联办办件不能迁移")
		return s, problems
	}
	for i := range next.Regions {
		p.region(&next.Regions[i], &problems)
	}
	for i := range next.Tokens {
		p.token(&next.Tokens[i], &problems)
	}
	if problems.HasErrors() {
		return s, problems
	}
	p.counters(s, &next)
	for _, t := range next.Tokens {
		p.place(next, t, &problems)
	}
	if !problems.HasErrors() {
		problems = append(problems, p.judge(next)...)
	}
	if problems.HasErrors() {
		return s, problems
	}
	return next, problems
}

// Pair checks that a node of the old net has a counterpart that can take its place.
func (p *Passage) Pair(id string) problem.List {
	var problems problem.List
	was, ok := p.from.Node(id)
	if !ok {
		problems.Add("$", ReasonNoCounterpart, "原流程没有环节 %q", id)
		return problems
	}
	is, ok := p.to.Node(p.Node(id))
	switch {
	case !ok:
		problems.Add("$", ReasonNoCounterpart, "新流程没有与“%s”对应的环节 %q", titleOf(was), p.Node(id))
	case was.Type != is.Type:
		problems.Add("$", ReasonOtherNode, "环节“%s”是 %s，对应的“%s”是 %s", titleOf(was), was.Type, titleOf(is), is.Type)
	case was.Phase != is.Phase:
		problems.Add("$", ReasonOtherNode, "环节“%s”属于 %s 阶段，对应的“%s”属于 %s 阶段", titleOf(was), was.Phase, titleOf(is), is.Phase)
	case was.Type == Auto && (was.Effect != is.Effect || was.Document != is.Document || was.LicenceType != is.LicenceType):
		problems.Add("$", ReasonOtherNode, "环节“%s”与对应的“%s”自动办理的内容不同", titleOf(was), titleOf(is))
	case isSplit(was) && len(was.Branches) != len(is.Branches):
		problems.Add("$", ReasonOtherRegion, "“%s”有 %d 个分支，对应的“%s”有 %d 个", titleOf(was), len(was.Branches), titleOf(is), len(is.Branches))
	default:
		for _, event := range slices.Sorted(maps.Keys(was.Events)) {
			if _, knows := is.Events[event]; !knows {
				problems.Add("$", ReasonOtherNode, "环节“%s”等待 %q，对应的“%s”没有这个事件", titleOf(was), event, titleOf(is))
			}
		}
	}
	return problems
}

func (p *Passage) token(t *Token, problems *problem.List) {
	if t.Node == Abnormal {
		return
	}
	*problems = append(*problems, p.Pair(t.Node)...)
	t.Node = p.Node(t.Node)
	if t.From != "" {
		*problems = append(*problems, p.Pair(t.From)...)
		t.From = p.Node(t.From)
	}
}

func (p *Passage) region(g *Region, problems *problem.List) {
	*problems = append(*problems, p.Pair(g.Split)...)
	g.Split = p.Node(g.Split)
}

// counters lets what was counted at a node go on at its counterpart. Where several nodes
// become one their visits add up, and the last action is that of the one declared last.
func (p *Passage) counters(s State, next *State) {
	next.Visits, next.Times, next.Last = map[string]int{}, map[string]int{}, map[string]string{}
	if v := s.Visits[Abnormal]; v > 0 {
		next.Visits[Abnormal] = v
	}
	for _, n := range p.from.def.Nodes {
		to := p.Node(n.ID)
		if v := s.Visits[n.ID]; v > 0 {
			next.Visits[to] += v
		}
		if last, ok := s.Last[n.ID]; ok {
			next.Last[to] = last
		}
		for _, a := range n.Actions {
			if v := s.Times[timesKey(n.ID, a.ID)]; v > 0 {
				next.Times[timesKey(to, a.ID)] += v
			}
		}
	}
}

// place checks that the regions a token is in are those that its new node lies in.
func (p *Passage) place(s State, t Token, problems *problem.List) {
	i, ok := p.to.index[t.Node]
	if !ok {
		return // the pseudo-node
	}
	var splits []string
	for id := t.Region; id != ""; {
		at := slices.IndexFunc(s.Regions, func(g Region) bool { return g.ID == id })
		if at < 0 {
			break
		}
		splits = append([]string{s.Regions[at].Split}, splits...)
		id = s.Regions[at].Parent
	}
	var around []string
	for _, level := range p.to.paths[i] {
		around = append(around, p.to.def.Nodes[level.split].ID)
	}
	if !slices.Equal(splits, around) {
		problems.Add("$", ReasonOtherRegion, "“%s”在新流程中不在同样的并行分支里", titleOf(&p.to.def.Nodes[i]))
	}
}

// judge proves that the new net, set out from a state, can always end, once a marking.
func (p *Passage) judge(s State) problem.List {
	x := explorer{net: p.to}
	key := x.key(s)
	if found, ok := p.judged[key]; ok {
		return found
	}
	var problems problem.List
	for _, found := range ExploreFrom(p.to, s, Bound{}).Problems {
		if found.Severity != problem.SeverityWarning {
			problems.Add("$", ReasonUnsound, "从这里在新流程中不能正常办完：%s", found.Message)
			break // one counter-example shows it
		}
	}
	p.judged[key] = problems
	return problems
}

// ExploreFrom is Explore from one state of the net on, once what runs beside the flow has ended: whatever happens next, an end can
// be reached (V-21), no node holds two tokens (V-23), no exhausted node is met (V-24) and
// each end is earned (V-25). It does not ask whether every node is reached.
func ExploreFrom(n *Net, s State, bound Bound) Report {
	rep := Report{Complete: true, Ends: map[string]Trace{}}
	x := explorer{net: n, bound: bound.withDefaults(), index: map[string]int{}, rep: &rep, reached: map[string]bool{}, said: map[string]bool{}}
	s = s.clone()
	s.Runs = nil // they end with a result, or when their time is over (T-15)
	r := run{net: n, s: &s}
	r.refresh()
	x.arrive(-1, s, Hop{})
	x.walk()
	rep.Problems = rep.Problems.Sorted()
	return rep
}

// Markings calls f with every state that the net can be in, with the way to it, until f
// answers false; it reports whether that was all of them.
func (n *Net) Markings(bound Bound, f func(State, fmt.Stringer) bool) bool {
	rep := Report{Complete: true, Ends: map[string]Trace{}}
	for _, name := range n.Flows() {
		x := explorer{net: n, bound: bound.withDefaults(), index: map[string]int{}, rep: &rep, reached: map[string]bool{}, said: map[string]bool{}}
		x.run(name)
		for i := range x.states {
			if !f(x.states[i].state, x.trace(i)) {
				return false
			}
		}
	}
	return rep.Complete
}
