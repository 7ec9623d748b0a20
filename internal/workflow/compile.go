package workflow

import (
	"zhengtong/internal/problem"
)

// Compile checks the structure of a workflow (V-19 … V-27, V-30) and builds its
// net. Problems carry a path below $.spec and are sorted; the caller adds file
// positions. The net is nil when any of them is an error. What structure alone
// cannot tell is left to Explore.
func Compile(def Definition) (*Net, problem.List) {
	c := compiler{def: &def, index: map[string]int{}}
	c.nodes()
	c.targets()
	c.starts()
	c.flow()
	c.steps()
	if c.ps.HasErrors() {
		return nil, c.ps.Sorted()
	}
	paths := placeNodes(c.def, c.index, c.arcs, &c.ps)
	checkRegions(c.def, c.index, c.arcs, paths, &c.ps)
	if c.ps.HasErrors() {
		return nil, c.ps.Sorted()
	}
	net := &Net{def: def, index: c.index, flows: c.flows, arcs: c.arcs, paths: paths}
	net.accept, net.acceptVerb = c.acceptTarget()
	return net, c.ps.Sorted()
}

// compiler gathers problems over one definition.
type compiler struct {
	def   *Definition
	index map[string]int
	arcs  [][]arc
	flows map[string]flow
	ps    problem.List
}

// nodes indexes the nodes and checks each by itself (V-19).
func (c *compiler) nodes() {
	for i := range c.def.Nodes {
		n := &c.def.Nodes[i]
		switch _, twice := c.index[n.ID]; {
		case n.ID == "":
			c.ps.Add(nodePath(i)+".id", "V-19", "a node needs an id")
		case n.ID == Abnormal:
			c.ps.Add(nodePath(i)+".id", "V-19", "%q is the pseudo-node and cannot be declared", Abnormal)
		case twice:
			c.ps.Add(nodePath(i)+".id", "V-19", "node id %q is declared twice", n.ID)
		default:
			c.index[n.ID] = i
		}
		checkNode(n, nodePath(i), &c.ps)
	}
}

// targets resolves every arc (V-19).
func (c *compiler) targets() {
	c.arcs = make([][]arc, len(c.def.Nodes))
	for i := range c.def.Nodes {
		for _, a := range declaredArcs(c.def, i) {
			to, ok := c.resolve(a.target, a.path)
			if !ok {
				continue
			}
			a.to = to
			c.arcs[i] = append(c.arcs[i], a)
		}
		c.pair(i)
	}
	c.rejections()
}

// resolve finds a target; a missing one is reported by checkNode.
func (c *compiler) resolve(target, path string) (int, bool) {
	if target == "" {
		return 0, false
	}
	if target == Abnormal {
		return toAbnormal, true
	}
	i, ok := c.index[target]
	if !ok {
		addHint(&c.ps, path, "V-19", didYouMean(target, c.ids()), "unknown node %q", target)
	}
	return i, ok
}

// rejections adds the ways back from a special procedure whose request is
// rejected (SM-08) to the nodes that may ask for it.
func (c *compiler) rejections() {
	for i := range c.def.Nodes {
		for _, a := range c.arcs[i] {
			if a.verb == VerbStartSpecial && a.to >= 0 && c.def.Nodes[a.to].Type == Special {
				c.arcs[a.to] = append(c.arcs[a.to], arc{to: i, target: c.def.Nodes[i].ID, kind: byEvent, label: "rejected", path: a.path})
			}
		}
	}
}

// pair checks that a split and its join name each other (V-23).
func (c *compiler) pair(i int) {
	n := &c.def.Nodes[i]
	switch {
	case isSplit(n) && n.Join != "":
		j, ok := c.index[n.Join]
		if !ok {
			if n.Foreach == "" { // else reported as a target
				addHint(&c.ps, nodePath(i)+".join", "V-19", didYouMean(n.Join, c.ids()), "unknown node %q", n.Join)
			}
			return
		}
		want := map[NodeType]NodeType{AndSplit: AndJoin, InclusiveSplit: InclusiveJoin}[n.Type]
		if m := &c.def.Nodes[j]; m.Type != want {
			c.ps.Add(nodePath(i)+".join", "V-23", "%s %q must be joined by an %s, %q is of type %s", n.Type, n.ID, want, m.ID, m.Type)
		}
	case isJoin(n) && n.Of != "":
		s, ok := c.index[n.Of]
		if !ok {
			addHint(&c.ps, nodePath(i)+".of", "V-19", didYouMean(n.Of, c.ids()), "unknown node %q", n.Of)
		} else if m := &c.def.Nodes[s]; !isSplit(m) || m.Join != n.ID {
			c.ps.Add(nodePath(i)+".of", "V-23", "%q is not a split joined by %q", n.Of, n.ID)
		}
	}
}

// starts checks start and subflows (V-19).
func (c *compiler) starts() {
	c.flows = map[string]flow{}
	switch {
	case c.def.Start == "" && len(c.def.Subflows) == 0:
		c.ps.Add("$.spec", "V-19", "a workflow needs a start, or subflows")
	case c.def.Start != "" && len(c.def.Subflows) > 0:
		c.ps.Add("$.spec.start", "V-19", "a workflow has either a start or subflows, not both")
	case c.def.Start != "":
		c.start("", c.def.Start, "$.spec.start")
	}
	for _, name := range sortedKeys(c.def.Subflows) {
		c.start(name, c.def.Subflows[name].Start, "$.spec.subflows."+name+".start")
	}
}

func (c *compiler) start(name, id, path string) {
	if id == "" {
		c.ps.Add(path, "V-19", "subflow %q needs a start", name)
		return
	}
	if i, ok := c.resolve(id, path); ok {
		if i == toAbnormal || c.def.Nodes[i].Type == End {
			c.ps.Add(path, "V-19", "a flow cannot start at %q", id)
			return
		}
		c.flows[name] = flow{name: name, start: id}
	}
}

func (c *compiler) ids() []string { return sortedKeys(c.index) }

// acceptTarget is where a deemed acceptance leads: the target of the one action
// with effect accept or accept_all (rule 3).
func (c *compiler) acceptTarget() (string, Verb) {
	target, verb, count := "", VerbNone, 0
	for _, n := range c.def.Nodes {
		for _, a := range n.Actions {
			if a.Effect == VerbAccept || a.Effect == VerbAcceptAll {
				target, verb = a.To, a.Effect
				count++
			}
		}
	}
	if count != 1 {
		return "", VerbNone
	}
	return target, verb
}
