package workflow

// Progress is how far a case is at a step of its flow.
type Progress string

// The states of a step.
const (
	StepDone    Progress = "done"    // the case has passed it
	StepCurrent Progress = "current" // the case is there
	StepAhead   Progress = "ahead"   // the case can still come there
	StepSkipped Progress = "skipped" // the case went another way, or has ended
)

// CourseStep is a step of the flow with how far a case is there.
type CourseStep struct {
	Node  *Node // must not be changed
	State Progress
}

// Course lists the steps of the flow that a case in state s is in, in the order in
// which they are declared, each with how far the case is (R-CAT-08). Steps are the
// nodes at which somebody is waited for. A wait, such as for a correction, is an
// exception: it is a step once the case has come there. It tells where a case is and
// has been, never who acted or what was chosen. A way back, as after a decision that
// is returned, makes the steps that follow lie ahead again.
func Course(n *Net, s State) []CourseStep {
	own, ok := n.flows[s.Subflow]
	if !ok {
		own = n.flows[""]
	}
	c := newCourse(n, s)
	out := []CourseStep{}
	part := n.within(own.start)
	for i := range n.def.Nodes {
		node := &n.def.Nodes[i]
		if part[i] && node.Type.IsStep() {
			if state := c.at(i); node.Type != Wait || s.Visits[node.ID] > 0 {
				out = append(out, CourseStep{Node: node, State: state})
			}
		}
	}
	return out
}

// IsStep reports a node at which somebody is waited for: what a guide calls a step.
func (t NodeType) IsStep() bool {
	switch t {
	case Human, Wait, Payment, Special, External, Subcase:
		return true
	}
	return false
}

// within marks the nodes that a flow consists of: those that its start leads to.
func (n *Net) within(start string) []bool {
	out := make([]bool, len(n.def.Nodes))
	var walk func(int)
	walk = func(i int) {
		if i < 0 || out[i] {
			return
		}
		out[i] = true
		for _, a := range n.arcs[i] {
			walk(a.to)
		}
	}
	if i, ok := n.index[start]; ok {
		walk(i)
	}
	return out
}

// course looks ahead from where a case is.
type course struct {
	net   *Net
	state State
	away  []int  // by node: how far from an end that gives the applicant something
	first int    // the first node, as declared, that the case is at
	ahead []bool // by node
}

// newCourse looks ahead from every node that the case is at.
func newCourse(n *Net, s State) course {
	c := course{net: n, state: s, away: n.away(), first: len(n.def.Nodes), ahead: make([]bool, len(n.def.Nodes))}
	for _, t := range s.Tokens {
		if i, known := n.index[t.Node]; known {
			c.first = min(c.first, i)
			c.look(i)
		}
	}
	return c
}

// look marks what the case can come to from node i. To where it has been it comes again
// only on its way to the end: a decision may be returned, but is not expected to be.
func (c *course) look(i int) {
	for _, a := range c.net.arcs[i] {
		if a.to < 0 || c.ahead[a.to] || c.visited(a.to) && c.away[a.to] >= c.away[i] {
			continue
		}
		c.ahead[a.to] = true
		c.look(a.to)
	}
}

func (c *course) visited(i int) bool { return c.state.Visits[c.net.def.Nodes[i].ID] > 0 }

func (c *course) at(i int) Progress {
	switch {
	case len(c.state.At(c.net.def.Nodes[i].ID)) > 0:
		return StepCurrent
	case c.visited(i) && !(c.ahead[i] && i > c.first):
		return StepDone
	case c.ahead[i] || len(c.state.At(Abnormal)) > 0: // there a person says how it goes on
		return StepAhead
	}
	return StepSkipped
}

// away tells how many arcs lie between each node and an end that grants or concludes;
// any end counts when the net has none such.
func (n *Net) away() []int {
	far := len(n.def.Nodes) + 1
	out := make([]int, len(n.def.Nodes))
	for i := range out {
		out[i] = far
	}
	given, ends := false, []int{}
	for i, node := range n.def.Nodes {
		if node.Type == End {
			ends = append(ends, i)
			given = given || gives(node.Outcome)
		}
	}
	for _, i := range ends {
		if !given || gives(n.def.Nodes[i].Outcome) {
			out[i] = 0
		}
	}
	for changed := true; changed; {
		changed = false
		for i, arcs := range n.arcs {
			for _, a := range arcs {
				if a.to >= 0 && out[a.to]+1 < out[i] {
					out[i], changed = out[a.to]+1, true
				}
			}
		}
	}
	return out
}

func gives(o Outcome) bool { return o == Granted || o == PartlyGranted || o == Concluded }
