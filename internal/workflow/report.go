package workflow

import (
	"fmt"
	"strings"

	"zhengtong/internal/problem"
)

// Bound limits an exploration. The zero value takes the defaults.
type Bound struct {
	States  int // states per flow and member count; default 60,000
	Members int // "all members" of a bundle; default 4
}

func (b Bound) withDefaults() Bound {
	if b.States == 0 {
		b.States = 60_000
	}
	if b.Members == 0 {
		b.Members = 4
	}
	return b
}

// Report is what an exploration found.
type Report struct {
	Problems problem.List // sorted, with paths below $.spec
	States   int          // distinct states seen, over all flows and member counts
	Complete bool         // false when the bound was met: nothing was disproved beyond it
	// Ends is the dry run (V-52): for each end reached, and the pseudo-node, a
	// shortest way to it.
	Ends map[string]Trace
}

// Hop is one event of a way through the net: at a node, this happened.
type Hop struct{ Node, Label string }

// Trace is a way from the start to a node.
type Trace struct {
	Hops []Hop
	To   []string // where the tokens are afterwards
}

// String renders `intake →received→ pre_review →pass→ acceptance`.
func (t Trace) String() string {
	var b strings.Builder
	for _, h := range t.Hops {
		fmt.Fprintf(&b, "%s →%s→ ", h.Node, h.Label)
	}
	b.WriteString(strings.Join(t.To, " + "))
	return b.String()
}

// reportUnreached names the nodes no state passes (V-20, V-52) and the actions no
// state allows: SM-05 would refuse their effect every time (V-26).
func reportUnreached(n *Net, reached map[string]bool, ps *problem.List) {
	for i := range n.def.Nodes {
		node := &n.def.Nodes[i]
		if reached[node.ID] {
			for j, a := range node.Actions {
				if !reached[timesKey(node.ID, a.ID)] {
					ps.Add(fmt.Sprintf("%s.actions[%d]", nodePath(i), j), "V-26", "action %q of %q can never be taken: no status it meets there allows %s", a.ID, node.ID, verbName(a.Effect))
				}
			}
			continue
		}
		if node.Type == End {
			ps.Add(nodePath(i)+".id", "V-52", "the dry run never reaches end %q", node.ID)
		} else {
			ps.Add(nodePath(i)+".id", "V-20", "node %q is never reached, whatever the conditions say", node.ID)
		}
	}
}

func verbName(v Verb) string {
	if v == VerbNone {
		return "it"
	}
	return string(v)
}
