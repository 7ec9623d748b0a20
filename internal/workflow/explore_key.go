package workflow

import (
	"slices"
	"strconv"
	"strings"
)

// oracle answers guards with every combination of truths in turn: it replays a
// prefix of choices and extends it with false.
type oracle struct {
	choices []bool
	at      int
}

func (o *oracle) eval(Guard, View) (bool, error) {
	if o.at == len(o.choices) {
		o.choices = append(o.choices, false)
	}
	o.at++
	return o.choices[o.at-1], nil
}

// next moves to the next combination; false when all have been tried.
func (o *oracle) next() bool {
	o.choices = o.choices[:o.at]
	for len(o.choices) > 0 && o.choices[len(o.choices)-1] {
		o.choices = o.choices[:len(o.choices)-1]
	}
	o.at = 0
	if len(o.choices) == 0 {
		return false
	}
	o.choices[len(o.choices)-1] = true
	return true
}

// reachSet is what can still be reached from a node.
type reachSet []bool

// key is the identity of a state for exploration: where the tokens are, what
// SM-05 says, what decided, and the counters that can still matter. A counter of
// a node that no token can reach any more is left out; that is exact, because
// nothing will ever read it.
func (x *explorer) key(s State) string {
	var parts []string
	for _, t := range s.Tokens {
		parts = append(parts, t.Node+"<"+t.From+"@"+x.regionKey(s, t.Region))
	}
	slices.Sort(parts)
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p)
		b.WriteByte(' ')
	}
	b.WriteString(string(s.Base))
	b.WriteByte('|')
	b.WriteString(string(s.DecidedBy))
	b.WriteByte('|')
	b.WriteString(string(s.Outcome))
	if len(s.Tokens) == 0 {
		b.WriteString("|" + strings.Join(x.whereIs(s), " ")) // two ends may share an outcome
	}
	live := x.liveNodes(s)
	for i := range x.net.def.Nodes {
		n := &x.net.def.Nodes[i]
		if !live[i] {
			continue
		}
		if n.MaxVisits > 0 {
			b.WriteString("|" + n.ID + "=" + strconv.Itoa(min(s.Visits[n.ID], n.MaxVisits)))
		}
		for _, a := range n.Actions {
			if a.MaxTimes > 0 {
				k := timesKey(n.ID, a.ID)
				b.WriteString("|" + k + "=" + strconv.Itoa(s.Times[k]))
			}
		}
	}
	return b.String()
}

// regionKey names a region by its splits: ids differ between ways to the same state.
func (x *explorer) regionKey(s State, id string) string {
	for _, g := range s.Regions {
		if g.ID == id {
			return x.regionKey(s, g.Parent) + "/" + g.Split
		}
	}
	return ""
}

func (x *explorer) liveNodes(s State) []bool {
	live := make([]bool, len(x.net.def.Nodes))
	if x.ahead == nil {
		x.ahead = map[string]*reachSet{}
	}
	for _, t := range s.Tokens {
		set := x.ahead[t.Node]
		if set == nil {
			r := reachSet(nil)
			if i, ok := x.net.index[t.Node]; ok {
				r = reachable(x.net.arcs, i, never)
			}
			set = &r
			x.ahead[t.Node] = set
		}
		for i, ok := range *set {
			live[i] = live[i] || ok
		}
	}
	return live
}

// trace is the way to a state.
func (x *explorer) trace(i int) Trace {
	var t Trace
	for j := i; j >= 0 && x.states[j].parent >= 0; j = x.states[j].parent {
		t.Hops = append(t.Hops, x.states[j].hop)
	}
	slices.Reverse(t.Hops)
	t.To = x.endsOf(i)
	return t
}

// traceTo is the way to a state and one more event, refused.
func (x *explorer) traceTo(i int, hop Hop) Trace {
	if i < 0 {
		return Trace{Hops: []Hop{hop}, To: []string{"…"}}
	}
	t := x.trace(i)
	t.Hops = append(t.Hops, hop)
	t.To = []string{"…"}
	return t
}

// endsOf names where the tokens of a state are; for an ended one, the end. An end
// leaves no token, but it counts its visit, and a case has only one.
func (x *explorer) endsOf(i int) []string { return x.whereIs(x.states[i].state) }

func (x *explorer) whereIs(s State) []string {
	var out []string
	for _, t := range s.Tokens {
		if !slices.Contains(out, t.Node) {
			out = append(out, t.Node)
		}
	}
	if len(out) > 0 {
		slices.Sort(out)
		return out
	}
	for _, n := range x.net.def.Nodes {
		if n.Type == End && s.Visits[n.ID] > 0 {
			out = append(out, n.ID)
		}
	}
	return out
}
