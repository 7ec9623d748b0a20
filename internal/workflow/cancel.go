package workflow

import "slices"

// dissolve cancels a region with everything in it.
func (r *run) dissolve(id, cause string) {
	r.cancelInside(id, cause)
	g := r.region(id)
	if g == nil {
		return
	}
	join := r.net.def.Nodes[r.net.index[g.Split]].Join
	r.s.Regions = slices.DeleteFunc(r.s.Regions, func(x Region) bool { return x.ID == id })
	r.emit(Effect{Kind: EffectCancelJoin, Token: id, Node: join, Cause: cause})
}

// cancelInside cancels the tokens and inner regions of a region, not the region itself.
func (r *run) cancelInside(id, cause string) {
	var gone []Token
	var keep []Token
	for _, t := range r.s.Tokens {
		if t.Region == id {
			gone = append(gone, t)
		} else {
			keep = append(keep, t)
		}
	}
	r.s.Tokens = keep
	for _, t := range gone {
		r.cancelled(t, cause)
	}
	for {
		i := slices.IndexFunc(r.s.Regions, func(g Region) bool { return g.Parent == id })
		if i < 0 {
			return
		}
		r.dissolve(r.s.Regions[i].ID, cause)
	}
}

// cancelAll cancels every token, region and run (rule 2).
func (r *run) cancelAll(cause string) {
	gone := r.s.Tokens
	r.s.Tokens = nil
	for _, t := range gone {
		r.cancelled(t, cause)
	}
	for _, g := range r.s.Regions {
		join := r.net.def.Nodes[r.net.index[g.Split]].Join
		r.emit(Effect{Kind: EffectCancelJoin, Token: g.ID, Node: join, Cause: cause})
	}
	r.s.Regions = nil
	r.cancelRuns(cause)
}

func (r *run) cancelRuns(cause string) {
	for _, x := range r.s.Runs {
		r.emit(Effect{Kind: EffectCancelSpecial, Token: x.ID, Procedure: x.Procedure, Cause: cause})
	}
	r.s.Runs = nil
}

func (r *run) cancelled(t Token, cause string) {
	n, ok := r.net.Node(t.Node)
	if !ok {
		return // the pseudo-node
	}
	if isSplit(n) && t.Member == "" {
		return // a branch of a split that had not begun
	}
	r.emit(Effect{Kind: places[n.Type].cancel, Token: t.ID, Node: t.Node, Procedure: t.Procedure, Member: t.Member, Cause: cause})
}
