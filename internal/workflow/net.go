package workflow

import "slices"

// Net is a compiled Definition. It is immutable and safe for concurrent use, so
// that one net serves all cases pinned to its digest.
type Net struct {
	def   Definition
	index map[string]int
	flows map[string]flow // by subflow name; "" for a workflow with a start
	arcs  [][]arc         // by node, in order of declaration
	paths [][]step        // by node: the regions it lies in, outermost first
	// accept is the place a deemed acceptance leads to, "" unless exactly one
	// action accepts.
	accept     string
	acceptVerb Verb
}

// flow is one net of the workflow: the main one or a subflow.
type flow struct {
	name  string
	start string
}

// step is one level of a node's place in regions: in which split, on which branch.
type step struct{ split, branch int }

// Node returns the declared node.
func (n *Net) Node(id string) (*Node, bool) {
	i, ok := n.index[id]
	if !ok {
		return nil, false
	}
	return &n.def.Nodes[i], true
}

// Nodes returns the declared nodes in order; they must not be changed.
func (n *Net) Nodes() []Node { return n.def.Nodes }

// Constraints returns the workflow's constraints.
func (n *Net) Constraints() Constraints { return n.def.Constraints }

// Action returns an action of a human node.
func (n *Net) Action(node, action string) (*Action, bool) {
	d, ok := n.Node(node)
	if !ok {
		return nil, false
	}
	for i := range d.Actions {
		if d.Actions[i].ID == action {
			return &d.Actions[i], true
		}
	}
	return nil, false
}

// Flows lists the subflow names, sorted; [""] for a workflow with a start.
func (n *Net) Flows() []string {
	out := make([]string, 0, len(n.flows))
	for name := range n.flows {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// AcceptTarget is the node a deemed acceptance leads to. ok is false unless
// exactly one action accepts, which a matter with a deemed acceptance needs (rule 3).
func (n *Net) AcceptTarget() (node string, ok bool) { return n.accept, n.accept != "" }

// joinOf returns the join of the split with this index, as an index.
func (n *Net) joinOf(split int) int { return n.index[n.def.Nodes[split].Join] }
