package workflow

import (
	"cmp"
	"slices"

	"zhengtong/internal/problem"
)

// The region of a split is what lies on a way from one of its branches to its join
// without passing the split again. Regions nest; a node's place is the list of
// regions around it with the branch it lies on (R: V-23).

// placeNodes computes the place of every node and reports splits that do not match
// their join, branches that never join or share a node, and overlapping regions.
func placeNodes(def *Definition, index map[string]int, arcs [][]arc, ps *problem.List) [][]step {
	back := reversed(arcs)
	type region struct {
		split, size int
		branch      []int // by node; -1 outside
	}
	var regions []region
	for i := range def.Nodes {
		if !isSplit(&def.Nodes[i]) {
			continue
		}
		j, ok := index[def.Nodes[i].Join]
		if !ok {
			continue
		}
		r := region{split: i, branch: splitBranches(def, arcs, back, i, j, ps)}
		for _, b := range r.branch {
			if b >= 0 {
				r.size++
			}
		}
		regions = append(regions, r)
	}
	slices.SortStableFunc(regions, func(a, b region) int { return cmp.Compare(b.size, a.size) })
	paths := make([][]step, len(def.Nodes))
	for v := range def.Nodes {
		for _, r := range regions {
			if r.branch[v] >= 0 {
				paths[v] = append(paths[v], step{r.split, r.branch[v]})
			}
		}
	}
	return paths
}

func isSplit(n *Node) bool { return n.Type == AndSplit || n.Type == InclusiveSplit }
func isJoin(n *Node) bool  { return n.Type == AndJoin || n.Type == InclusiveJoin }

// splitBranches gives, for each node, the branch of split i (joined at j) it lies on, or -1.
func splitBranches(def *Definition, arcs, back [][]arc, i, j int, ps *problem.List) []int {
	branch := make([]int, len(def.Nodes))
	for v := range branch {
		branch[v] = -1
	}
	toJoin := reachable(back, j, func(v int) bool { return v == i })
	n := &def.Nodes[i]
	for b, a := range arcs[i] {
		if a.label == "exhausted" || a.label == "skip" || a.to == j || n.Foreach != "" {
			continue
		}
		if a.to < 0 || a.to == i || !toJoin[a.to] {
			ps.Add(a.path, "V-23", "branch to %q never reaches the join %q", a.target, n.Join)
			continue
		}
		ahead := reachable(arcs, a.to, func(v int) bool { return v == i || v == j })
		for v := range ahead {
			switch {
			case !ahead[v] || !toJoin[v] || v == j:
			case branch[v] >= 0 && branch[v] != b:
				ps.Add(nodePath(v)+".id", "V-23", "node %q lies on two branches of split %q: its token would be doubled", def.Nodes[v].ID, n.ID)
			default:
				branch[v] = b
			}
		}
	}
	return branch
}

// checkRegions reports arcs that enter a region other than through its split, and
// joins reached from outside.
func checkRegions(def *Definition, index map[string]int, arcs [][]arc, paths [][]step, ps *problem.List) {
	for u := range def.Nodes {
		for _, a := range arcs[u] {
			if a.to < 0 {
				continue
			}
			checkEntry(def, index, paths, u, a, ps)
		}
	}
}

func checkEntry(def *Definition, index map[string]int, paths [][]step, u int, a arc, ps *problem.List) {
	from, to := paths[u], paths[a.to]
	target := &def.Nodes[a.to]
	if isJoin(target) {
		s, ok := index[target.Of]
		if ok && u != s && !slices.ContainsFunc(from, func(p step) bool { return p.split == s }) {
			addHint(ps, a.path, "V-23", "lead to a node after the join instead", "join %q is reached from outside its split %q: it would wait for a branch that never started", target.ID, target.Of)
			return
		}
	}
	k := common(from, to)
	if len(to) == k {
		return
	}
	if len(to) == k+1 && k == len(from) && to[k].split == u {
		return // the split itself, opening the branch
	}
	split := def.Nodes[to[k].split].ID
	addHint(ps, a.path, "V-23", "lead to \""+split+"\" instead", "node %q lies on a branch of split %q and can only be entered through it", target.ID, split)
}

// common is the length of the longest common beginning of two places.
func common(a, b []step) int {
	k := 0
	for k < len(a) && k < len(b) && a[k] == b[k] {
		k++
	}
	return k
}
