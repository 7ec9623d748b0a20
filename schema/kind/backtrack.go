package kind

import (
	"regexp/syntax"
	"slices"
)

// maxLoopStates bounds the states of one loop that backtracks compares pairwise; a
// larger loop counts as dear.
const maxLoopStates = 100

// backtracks reports whether a pattern may cost a backtracking engine, such as a
// browser's, exponential time: whether some text can go round a loop in two ways.
// Go's own engine takes linear time for any pattern.
//
// The pattern's automaton has one state for each place that reads a character. It is
// exponentially ambiguous exactly if, inside one loop, two different ways lead from a
// state back to itself over the same text.
func backtracks(pattern string) bool {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return false // reported as no RE2
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return false
	}
	a := newAutomaton(prog)
	for _, loop := range a.loops() {
		if len(loop) > maxLoopStates || a.ambiguous(loop) {
			return true
		}
	}
	return false
}

// automaton holds the ways between reading states: next[i][j] is 1, or 2 when several
// ways lead from i to j.
type automaton struct {
	prog *syntax.Prog
	next map[int]map[int]int
}

func newAutomaton(prog *syntax.Prog) *automaton {
	a := &automaton{prog: prog, next: map[int]map[int]int{}}
	for i := range prog.Inst {
		if reads(&prog.Inst[i]) {
			ways := map[int]int{}
			a.follow(int(prog.Inst[i].Out), map[int]int{}, ways, new(int))
			a.next[i] = ways
		}
	}
	return a
}

func reads(in *syntax.Inst) bool {
	switch in.Op {
	case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
		return true
	}
	return false
}

// maxSteps bounds the steps of one follow.
const maxSteps = 2_000

// follow counts the ways from an instruction to the next readings. A way may pass an
// instruction twice, so that leaving an inner loop and entering it anew by the outer one counts.
func (a *automaton) follow(i int, on map[int]int, ways map[int]int, steps *int) {
	in := &a.prog.Inst[i]
	*steps++
	switch {
	case reads(in):
		ways[i] = min(ways[i]+1, 2)
		return
	case on[i] == 2 || *steps > maxSteps:
		return
	}
	on[i]++
	defer func() { on[i]-- }()
	switch in.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		a.follow(int(in.Out), on, ways, steps)
		a.follow(int(in.Arg), on, ways, steps)
	case syntax.InstCapture, syntax.InstEmptyWidth, syntax.InstNop:
		a.follow(int(in.Out), on, ways, steps)
	}
}

// loops are the sets of states that lead to each other (Tarjan's strongly connected components).
func (a *automaton) loops() [][]int {
	var out [][]int
	var stack []int
	index, low, on := map[int]int{}, map[int]int{}, map[int]bool{}
	var visit func(i int)
	visit = func(i int) {
		index[i], low[i] = len(index)+1, len(index)+1
		stack, on[i] = append(stack, i), true
		for to := range a.next[i] {
			if index[to] == 0 {
				visit(to)
				low[i] = min(low[i], low[to])
			} else if on[to] {
				low[i] = min(low[i], index[to])
			}
		}
		if low[i] < index[i] {
			return
		}
		at := slices.Index(stack, i)
		loop := slices.Clone(stack[at:])
		for _, j := range loop {
			on[j] = false
		}
		if stack = stack[:at]; len(loop) > 1 || a.next[i][i] > 0 {
			out = append(out, loop)
		}
	}
	for i := range a.prog.Inst {
		if a.next[i] != nil && index[i] == 0 {
			visit(i)
		}
	}
	return out
}

// ambiguous reports a state of a loop that two ways over one text lead back to.
func (a *automaton) ambiguous(loop []int) bool {
	for _, i := range loop {
		for to, ways := range a.next[i] {
			if ways > 1 && slices.Contains(loop, to) {
				return true
			}
		}
	}
	// Pairs of states reached over the same text: from (q, q) apart and together again.
	pairs := map[[2]int][][2]int{}
	for _, i := range loop {
		for _, j := range loop {
			for to := range a.next[i] {
				for other := range a.next[j] {
					if slices.Contains(loop, to) && slices.Contains(loop, other) && a.overlap(to, other) {
						pairs[[2]int{i, j}] = append(pairs[[2]int{i, j}], [2]int{to, other})
					}
				}
			}
		}
	}
	for _, q := range loop {
		if a.returnsApart(pairs, q) {
			return true
		}
	}
	return false
}

// returnsApart reports whether from (q, q) a pair of different states is reached that leads back to (q, q).
func (a *automaton) returnsApart(pairs map[[2]int][][2]int, q int) bool {
	type step struct {
		pair  [2]int
		apart bool
	}
	start := [2]int{q, q}
	seen := map[step]bool{}
	queue := []step{{start, false}}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, to := range pairs[at.pair] {
			next := step{to, at.apart || to[0] != to[1]}
			if next.apart && to == start {
				return true
			}
			if !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return false
}

// overlap reports whether two states can read the same character.
func (a *automaton) overlap(i, j int) bool {
	x, y := &a.prog.Inst[i], &a.prog.Inst[j]
	for _, in := range []*syntax.Inst{x, y} {
		other := x
		if in == x {
			other = y
		}
		for _, r := range in.Rune {
			if in.MatchRune(r) && other.MatchRune(r) {
				return true
			}
		}
	}
	return len(x.Rune) == 0 && len(y.Rune) == 0
}
