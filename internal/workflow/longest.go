package workflow

import (
	"fmt"
	"slices"
	"strings"
)

// Days answers how long a node counts, in the caller's unit: for V-29 the limits
// that let the promised clock run, for V-54 those that let the statutory one run,
// 0 for what is not counted. It must not be negative.
type Days func(n *Node) int

// LongestStages finds the longest time a case can stay in handling, from acceptance
// to decision, and the way that takes it. A human node counts once a case unless its
// limit says `per: visit`; waits and specials count at each visit (limit.per).
// Branches of a split run side by side, so the longest of them counts, and a way
// that leaves a split other than by its join is not followed. Loops are taken as
// often as max_visits and max_times allow; start_special without max_times and the
// procedure's own bound counts once.
func LongestStages(n *Net, days Days) (int, []string) {
	w := walker{net: n, days: days, memo: map[string]walk{}}
	best := walk{}
	for _, start := range n.handlingStarts() {
		if got := w.from(start, counters{}, -1); got.betters(best) {
			best = got
		}
	}
	return best.days, best.path
}

// handlingStarts lists the nodes at which handling begins: what an acceptance leads
// to, and the start of a flow that begins there.
func (n *Net) handlingStarts() []int {
	var out []int
	add := func(i int) {
		if i >= 0 && !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	for i := range n.arcs {
		for _, a := range n.arcs[i] {
			if verbRules[a.verb].crosses == crossesAcceptance {
				add(a.to)
			}
		}
	}
	for _, name := range n.Flows() {
		if i := n.index[n.flows[name].start]; n.def.Nodes[i].Phase == Handling {
			add(i)
		}
	}
	return out
}

// walk is the longest way found: its time, its nodes, the counters at its end.
type walk struct {
	days  int
	path  []string
	after counters
	ok    bool
}

// betters reports whether a way takes longer or, taking as long, goes over fewer nodes.
func (a walk) betters(b walk) bool {
	if !a.ok || !b.ok {
		return a.ok
	}
	return a.days > b.days || a.days == b.days && len(a.path) < len(b.path)
}

// counters are how often bounded nodes and actions have been passed, and which nodes
// counted per case have counted.
type counters map[string]int

func (c counters) with(key string) counters {
	out := make(counters, len(c)+1)
	for k, v := range c {
		out[k] = v
	}
	out[key]++
	return out
}

func (c counters) String() string {
	var b strings.Builder
	for _, k := range sortedKeys(c) {
		fmt.Fprintf(&b, "%s=%d;", k, c[k])
	}
	return b.String()
}

type walker struct {
	net  *Net
	days Days
	memo map[string]walk
}

// from is the longest way from node i: to the end of handling or, inside a split, to
// its join.
func (w *walker) from(i int, c counters, join int) walk {
	n := &w.net.def.Nodes[i]
	if i == join || n.Type == End || n.Phase != Handling {
		return walk{after: c, ok: true}
	}
	if n.MaxVisits > 0 && c[n.ID] >= n.MaxVisits {
		if to, ok := w.net.index[n.OnExhausted]; ok {
			return w.from(to, c, join)
		}
		return walk{}
	}
	key := fmt.Sprintf("%d>%d|%s", i, join, c)
	if got, ok := w.memo[key]; ok {
		return got
	}
	w.memo[key] = walk{} // an unbounded loop, which Compile refuses, is not followed
	got := w.at(i, n, c, join)
	w.memo[key] = got
	return got
}

// at counts the node itself, then the longest way on.
func (w *walker) at(i int, n *Node, c counters, join int) walk {
	here := w.days(n)
	if n.MaxVisits > 0 {
		c = c.with(n.ID)
	}
	if n.Type == Human && (n.Limit == nil || n.Limit.Per != "visit") {
		if c["case "+n.ID] > 0 {
			here = 0
		} else {
			c = c.with("case " + n.ID)
		}
	}
	var best walk
	if isSplit(n) {
		best = w.through(i, n, c, join)
	} else {
		best = w.onward(i, n, c, join)
	}
	if !best.ok {
		return walk{}
	}
	best.days += here
	best.path = append([]string{n.ID}, best.path...)
	return best
}

// onward takes the best arc out of a node that is not a split.
func (w *walker) onward(i int, n *Node, c counters, join int) walk {
	var best walk
	for _, a := range w.net.arcs[i] {
		if a.label == "exhausted" || a.to < 0 || w.leaves(a.to, join) {
			continue
		}
		next := c
		if a.limited {
			k := timesKey(n.ID, a.label)
			limit := 1
			if act, ok := w.net.Action(n.ID, a.label); ok && act.MaxTimes > 0 {
				limit = act.MaxTimes
			}
			if c[k] >= limit {
				continue
			}
			next = c.with(k)
		}
		if got := w.from(a.to, next, join); got.betters(best) {
			best = got
		}
	}
	return best
}

// leaves reports whether a node lies outside the split that is being walked.
func (w *walker) leaves(to, join int) bool {
	if join < 0 || to == join {
		return false
	}
	split := w.net.index[w.net.def.Nodes[join].Of]
	return !slices.ContainsFunc(w.net.paths[to], func(p step) bool { return p.split == split })
}

// through takes the longest branch of a split, then goes on from its join.
func (w *walker) through(i int, n *Node, c counters, join int) walk {
	j := w.net.joinOf(i)
	longest := walk{}
	for _, a := range w.net.arcs[i] {
		if a.label == "exhausted" || a.to < 0 {
			continue
		}
		if got := w.from(a.to, c, j); got.betters(longest) {
			longest = got
		}
	}
	if !longest.ok { // a foreach has no branches of its own
		longest = walk{after: c, ok: true}
	}
	rest := w.from(j, longest.after, join)
	if !rest.ok {
		return walk{}
	}
	rest.days += longest.days
	rest.path = append(slices.Clone(longest.path), rest.path...)
	return rest
}
