package workflow

import (
	"fmt"
	"slices"
	"strings"
)

// flow checks what the graph as a whole must hold: V-20, V-21, V-24, rule 4.
func (c *compiler) flow() {
	if c.ps.HasErrors() {
		return // arcs are incomplete; what follows would repeat the same mistakes
	}
	c.checkReachable()
	c.checkFinish()
	c.checkLoops()
	c.checkExhaustion()
}

// checkReachable: every node from a start (V-20); a subflow ends where it says.
func (c *compiler) checkReachable() {
	seen := make([]bool, len(c.def.Nodes))
	for _, name := range sortedKeys(c.flows) {
		reach := reachable(c.arcs, c.index[c.flows[name].start], never)
		for i, ok := range reach {
			seen[i] = seen[i] || ok
		}
		if name != "" {
			c.checkEnds(name, reach)
		}
	}
	for i, ok := range seen {
		if !ok {
			c.ps.Add(nodePath(i)+".id", "V-20", "node %q cannot be reached from the start", c.def.Nodes[i].ID)
		}
	}
}

func (c *compiler) checkEnds(name string, reach []bool) {
	ends := c.def.Subflows[name].Ends
	for k, e := range ends {
		p := fmt.Sprintf("$.spec.subflows.%s.ends[%d]", name, k)
		i, ok := c.index[e]
		switch {
		case !ok:
			addHint(&c.ps, p, "V-19", didYouMean(e, c.ids()), "unknown node %q", e)
		case c.def.Nodes[i].Type != End:
			c.ps.Add(p, "V-19", "%q is not an end", e)
		case !reach[i]:
			c.ps.Add(p, "V-20", "end %q cannot be reached in subflow %q", e, name)
		}
	}
	for i, ok := range reach {
		if n := &c.def.Nodes[i]; ok && n.Type == End && !slices.Contains(ends, n.ID) {
			c.ps.Add("$.spec.subflows."+name+".ends", "V-19", "subflow %q also ends at %q", name, n.ID)
		}
	}
}

// checkFinish: from every node an end or the pseudo-node (V-21).
func (c *compiler) checkFinish() {
	back := reversed(c.arcs)
	finishes := make([]bool, len(c.def.Nodes))
	for i := range c.def.Nodes {
		leaves := slices.ContainsFunc(c.arcs[i], func(a arc) bool { return a.to == toAbnormal })
		if c.def.Nodes[i].Type == End || leaves {
			for v, ok := range reachable(back, i, never) {
				finishes[v] = finishes[v] || ok
			}
		}
	}
	for i, ok := range finishes {
		if !ok {
			c.ps.Add(nodePath(i)+".id", "V-21", "no end can be reached from node %q", c.def.Nodes[i].ID)
		}
	}
}

// checkLoops: with everything bounded taken away, no loop is left (V-24). An
// exhausted node sends what comes to it on to its on_exhausted.
func (c *compiler) checkLoops() {
	g := make([][]arc, len(c.arcs))
	for i := range c.arcs {
		for _, a := range c.arcs[i] {
			if a.limited || a.to < 0 || a.label == "exhausted" {
				continue
			}
			if to := c.afterExhaustion(a.to); to >= 0 {
				a.to = to
				g[i] = append(g[i], a)
			}
		}
	}
	state := make([]int, len(g)) // 0 new, 1 on the path, 2 done
	var path []int
	var visit func(i int)
	visit = func(i int) {
		state[i] = 1
		path = append(path, i)
		for _, a := range g[i] {
			switch state[a.to] {
			case 0:
				visit(a.to)
			case 1:
				c.ps.Add(a.path, "V-24", "the loop %s has no bound", c.loop(path[slices.Index(path, a.to):]))
			}
		}
		path = path[:len(path)-1]
		state[i] = 2
	}
	for i := range g {
		if state[i] == 0 && c.def.Nodes[i].MaxVisits == 0 {
			visit(i)
		}
	}
}

// afterExhaustion follows on_exhausted until a node that does not exhaust; -1 if the
// way ends there.
func (c *compiler) afterExhaustion(i int) int {
	for range c.def.Nodes {
		n := &c.def.Nodes[i]
		if n.MaxVisits == 0 {
			return i
		}
		to, ok := c.index[n.OnExhausted]
		if !ok {
			return -1
		}
		i = to
	}
	return -1
}

func (c *compiler) loop(path []int) string {
	names := make([]string, 0, len(path)+1)
	for _, i := range path {
		names = append(names, c.def.Nodes[i].ID)
	}
	return strings.Join(append(names, names[0]), " → ")
}

// checkExhaustion: what happens by itself may not lead into a node that can be
// exhausted, unless it says where to go then (rule 4).
func (c *compiler) checkExhaustion() {
	for i := range c.arcs {
		for _, a := range c.arcs[i] {
			if a.kind == byPerson || a.to < 0 {
				continue
			}
			if n := &c.def.Nodes[a.to]; n.MaxVisits > 0 && n.OnExhausted == "" {
				addHint(&c.ps, a.path, "V-24", fmt.Sprintf("add on_exhausted to %q", n.ID),
					"%q leads by itself to %q, which may be exhausted after %d visits", a.label, n.ID, n.MaxVisits)
			}
		}
	}
}
