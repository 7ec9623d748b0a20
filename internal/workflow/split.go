package workflow

import "slices"

// split fires a split: it opens a region and puts a token on each branch that is
// to run. An inclusive split runs every branch whose condition holds, else its else.
func (r *run) split(t Token, n *Node) error {
	bump(&r.s.Visits, n.ID)
	targets, err := r.branchesOf(n)
	if err != nil {
		return err
	}
	g := Region{ID: r.s.next("r"), Split: n.ID, Parent: t.Region}
	r.s.Regions = append(r.s.Regions, g)
	r.emit(Effect{Kind: EffectOpenJoin, Token: g.ID, Node: n.Join})
	if n.Foreach != "" {
		return r.members(g, n)
	}
	// Tokens are created before any of them moves: a branch that passes straight
	// to the join must not find itself alone.
	var started []Token
	for range targets {
		b := Token{ID: r.s.next("t"), Node: n.ID, Region: g.ID}
		r.s.Tokens = append(r.s.Tokens, b)
		started = append(started, b)
	}
	for i, b := range started {
		if _, _, ok := r.lift(b.ID); !ok {
			return nil // an earlier branch left the region and cancelled this one
		}
		if err := r.move(b, targets[i]); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) branchesOf(n *Node) ([]string, error) {
	var out []string
	last := ""
	for _, b := range n.Branches {
		if b.Else {
			last = b.To
			continue
		}
		ok, err := r.eval(b.When)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, b.To)
		}
	}
	if len(out) == 0 && last != "" {
		out = append(out, last)
	}
	return out, nil
}

func (r *run) region(id string) *Region {
	i := slices.IndexFunc(r.s.Regions, func(g Region) bool { return g.ID == id })
	if i < 0 {
		return nil
	}
	return &r.s.Regions[i]
}

// arrive counts a branch at the join of its region; the last live one passes it (SM-06).
func (r *run) arrive(id string) error {
	g := r.region(id)
	g.Arrived++
	if r.live(id) {
		return nil
	}
	return r.complete(id)
}

// live reports whether any token is still inside a region.
func (r *run) live(id string) bool {
	return slices.ContainsFunc(r.s.Tokens, func(t Token) bool { return r.inside(t.Region, id) })
}

// inside reports whether region is the outer one or lies in it.
func (r *run) inside(region, outer string) bool {
	for region != "" {
		if region == outer {
			return true
		}
		g := r.region(region)
		if g == nil {
			return false
		}
		region = g.Parent
	}
	return false
}

// complete closes a region and goes on from its join.
func (r *run) complete(id string) error {
	g := *r.region(id)
	split := &r.net.def.Nodes[r.net.index[g.Split]]
	r.s.Regions = slices.DeleteFunc(r.s.Regions, func(x Region) bool { return x.ID == id })
	r.emit(Effect{Kind: EffectCloseJoin, Token: id, Node: split.Join})
	bump(&r.s.Visits, split.Join)
	r.passed = append(r.passed, split.Join)
	join, _ := r.net.Node(split.Join)
	to := join.To
	if to == "" {
		to = join.Timeout.To // a join that only a timeout was declared for
	}
	return r.move(Token{Region: g.Parent}, to)
}

// timeout of a join (rule 7): first the branch's tasks are closed, then the join is marked.
func (r *run) timeout(id string) error {
	g := r.region(id)
	if g == nil {
		return r.ignored(id)
	}
	join, ok := r.net.Node(r.net.def.Nodes[r.net.index[g.Split]].Join)
	if !ok || join.Timeout == nil {
		return r.ignored(id)
	}
	t := join.Timeout
	if t.Raise != "" && !g.Carded {
		r.emit(Effect{Kind: EffectRaise, Rule: t.Raise, Node: join.ID})
	}
	g.Carded = true
	if t.Policy == WaitWithCard {
		return nil
	}
	parent := g.Parent
	r.markTimedOut(id)
	if t.Policy == PassWithCard {
		r.cancelInside(id, "timeout")
		return r.complete(id)
	}
	r.dissolve(id, "timeout")
	return r.move(Token{Region: parent}, t.To)
}

// markTimedOut notes members whose pre-review did not come in time.
func (r *run) markTimedOut(id string) {
	for _, t := range r.s.Tokens {
		if t.Member == "" || !r.inside(t.Region, id) {
			continue
		}
		i := slices.IndexFunc(r.s.Members, func(m Member) bool { return m.ID == t.Member })
		if i >= 0 && r.s.Members[i].PreReview == memberPending {
			r.s.Members[i].PreReview = memberTimedOut
		}
	}
}
