package workflow

import (
	"fmt"
	"maps"
	"slices"
)

// arcKind tells who makes the token take an arc: what a person may do can be
// withheld, what happens by itself cannot.
type arcKind int

const (
	byPerson  arcKind = iota // an action
	byEvent                  // a built-in or recorded event, a timeout
	automatic                // a gate, a skip
)

// toAbnormal is the index of the pseudo-node in arcs.
const toAbnormal = -1

// arc is one declared way from a node to the next. to is a node index or
// toAbnormal; path is the place in the declaration, below $.spec.
type arc struct {
	to      int
	target  string
	kind    arcKind
	label   string
	path    string
	verb    Verb
	limited bool // taken a bounded number of times whatever the flow looks like
}

// declaredArcs lists the ways out of node i with unresolved targets.
func declaredArcs(def *Definition, i int) []arc {
	n := &def.Nodes[i]
	at := nodePath(i)
	var out []arc
	add := func(a arc, path string, args ...any) {
		a.path = at + fmt.Sprintf(path, args...)
		out = append(out, a)
	}
	for j, a := range n.Actions {
		add(arc{target: a.To, kind: byPerson, label: a.ID, verb: a.Effect, limited: a.MaxTimes > 0 || a.Effect == VerbStartSpecial}, ".actions[%d].to", j)
	}
	for _, e := range slices.Sorted(maps.Keys(n.Events)) {
		v := VerbNone
		if n.Type == Auto && e == eventDone {
			v = n.Effect
		}
		add(arc{target: n.Events[e], kind: byEvent, label: e, verb: v}, ".events.%s", e)
	}
	for _, e := range slices.Sorted(maps.Keys(n.Maps)) {
		add(arc{target: n.Maps[e], kind: byEvent, label: e}, ".maps.%s", e)
	}
	for j, b := range n.Branches {
		add(arc{target: b.To, kind: automatic, label: branchLabel(b)}, ".branches[%d].to", j)
	}
	if n.Foreach != "" {
		add(arc{target: n.Join, kind: automatic, label: n.Foreach}, ".join")
	}
	if n.Type == AndJoin || n.Type == InclusiveJoin {
		if n.To != "" || n.Timeout == nil || n.Timeout.To == "" {
			add(arc{target: n.To, kind: automatic, label: "joined"}, ".to")
		}
		if n.Timeout != nil && n.Timeout.To != "" {
			add(arc{target: n.Timeout.To, kind: byEvent, label: "timeout"}, ".timeout.on_timeout.to")
		}
	}
	if n.SkipWhen != "" {
		if n.SkipTo != "" {
			add(arc{target: n.SkipTo, kind: automatic, label: "skip"}, ".skip_to")
		} else if to := skipTarget(n); to != "" {
			add(arc{target: to, kind: automatic, label: "skip"}, ".skip_when")
		}
	}
	if n.OnExhausted != "" {
		add(arc{target: n.OnExhausted, kind: automatic, label: "exhausted"}, ".on_exhausted")
	}
	return out
}

func branchLabel(b Branch) string {
	switch {
	case b.Else:
		return "else"
	case b.When != "":
		return "when"
	default:
		return "branch"
	}
}

// skipTarget is where a skipped node leads: skip_to, else its first action, done
// or paid (rule 6); "" if it has none.
func skipTarget(n *Node) string {
	switch {
	case n.SkipTo != "":
		return n.SkipTo
	case n.Type == Human && len(n.Actions) > 0:
		return n.Actions[0].To
	case n.Type == Auto:
		return n.Events[eventDone]
	case n.Type == Payment:
		return n.Events[eventPaid]
	default:
		return ""
	}
}

// Built-in events.
const (
	eventResubmitted = "resubmitted"
	eventSupplied    = "supplied"
	eventRectified   = "rectified"
	eventExpired     = "expired"
	eventOverrun     = "overrun"
	eventPaid        = "paid"
	eventOverdue     = "overdue"
	eventDone        = "done"
	eventFailed      = "failed"
	eventSilence     = "silence"
)

func nodePath(i int) string { return fmt.Sprintf("$.spec.nodes[%d]", i) }

// reachable returns the nodes reachable from start along arcs, not going through a
// node for which block answers true. The start itself is always included.
func reachable(arcs [][]arc, start int, block func(i int) bool) []bool {
	seen := make([]bool, len(arcs))
	if start < 0 {
		return seen
	}
	stack := []int{start}
	seen[start] = true
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, a := range arcs[i] {
			if a.to >= 0 && !seen[a.to] && !block(a.to) {
				seen[a.to] = true
				stack = append(stack, a.to)
			}
		}
	}
	return seen
}

// reversed turns every arc around; labels are lost.
func reversed(arcs [][]arc) [][]arc {
	out := make([][]arc, len(arcs))
	for i, list := range arcs {
		for _, a := range list {
			if a.to >= 0 {
				out[a.to] = append(out[a.to], arc{to: i})
			}
		}
	}
	return out
}

func never(int) bool { return false }
