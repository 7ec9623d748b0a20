package workflow

import (
	"fmt"
	"slices"

	"zhengtong/internal/problem"
)

// move takes a token, already lifted off its node, to the target: it leaves the
// regions that the target is not in, then enters the target.
func (r *run) move(t Token, target string) error {
	if r.moves++; r.moves > maxCascade {
		return fmt.Errorf("workflow: more than %d moves in one step at node %q", maxCascade, target)
	}
	if target == Abnormal {
		r.cancelAll("abnormal")
		return r.enterAbnormal(t)
	}
	to, ok := r.net.index[target]
	if !ok {
		return fmt.Errorf("workflow: unknown node %q", target)
	}
	place := r.net.paths[to]
	for t.Region != "" {
		g := r.region(t.Region)
		split := r.net.index[g.Split]
		if r.net.joinOf(split) == to {
			return r.arrive(g.ID)
		}
		if slices.ContainsFunc(place, func(p step) bool { return p.split == split }) {
			break // still inside
		}
		// Rule 5: leaving by any other way than the join ends the whole region.
		t.Region = g.Parent
		r.dissolve(g.ID, "send_back")
	}
	return r.enter(t, target)
}

// enter puts a token on a node, or passes it through: skips, exhaustion, gates, ends.
func (r *run) enter(t Token, target string) error {
	if target == Abnormal {
		return r.enterAbnormal(t)
	}
	n, ok := r.net.Node(target)
	if !ok {
		return fmt.Errorf("workflow: unknown node %q", target)
	}
	r.passed = append(r.passed, target)
	if n.SkipWhen != "" {
		skip, err := r.eval(n.SkipWhen)
		if err != nil {
			return err
		}
		if skip {
			return r.skip(t, n)
		}
	}
	if n.MaxVisits > 0 && r.s.Visits[n.ID] >= n.MaxVisits {
		if n.OnExhausted == "" {
			refusal := problem.New(problem.Conflict, ReasonNotOffered, "环节“%s”已达到最多办理次数", titleOf(n))
			refusal.Cause = errExhausted
			return refusal
		}
		return r.move(t, n.OnExhausted)
	}
	switch n.Type {
	case Xor:
		return r.branch(t, n)
	case AndSplit, InclusiveSplit:
		return r.split(t, n)
	case AndJoin, InclusiveJoin:
		return r.move(t, n.To)
	case End:
		return r.end(t, n)
	default:
		return r.open(t, n)
	}
}

func titleOf(n *Node) string {
	if n.Title != "" {
		return n.Title
	}
	return n.ID
}

// skip passes a node whose skip_when holds: it runs no effect (rule 6). A skipped
// payment after a grant is "no fee": the case goes on to issuing (SM-05).
func (r *run) skip(t Token, n *Node) error {
	r.emit(Effect{Kind: EffectSkipNode, Node: n.ID})
	if n.Type == Payment && r.s.Base == StatusDecided {
		r.setBase(StatusIssuing)
	}
	return r.move(t, skipTarget(n))
}

// branch takes the first branch of an xor whose condition holds, else the else.
func (r *run) branch(t Token, n *Node) error {
	bump(&r.s.Visits, n.ID)
	last := ""
	for _, b := range n.Branches {
		if b.Else {
			last = b.To
			continue
		}
		ok, err := r.eval(b.When)
		if err != nil {
			return err
		}
		if ok {
			return r.move(t, b.To)
		}
	}
	return r.move(t, last)
}

// open puts the token on a waiting node under a new id.
func (r *run) open(t Token, n *Node) error {
	r.beginHandling()
	t.ID = r.s.next("t")
	t.Node = n.ID
	t.Member = ""
	t.Visit = bump(&r.s.Visits, n.ID)
	e := Effect{Kind: places[n.Type].open, Token: t.ID, Node: n.ID, Visit: t.Visit}
	switch n.Type {
	case Wait:
		t.Suspends = n.Phase == Handling && n.Clock.suspends()
	case Special:
		if t.Procedure == "" {
			t.Procedure = n.SpecialProcedure
		}
		bump(&r.s.Procedures, t.Procedure)
		e.Procedure = t.Procedure
	case Payment:
		r.setBase(StatusAwaitingPayment)
	case Auto:
		e.Verb, e.Licence, e.Document = n.Effect, n.LicenceType, n.Document
		if n.Effect == VerbIssueLicence {
			r.setBase(StatusIssuing)
		}
	}
	if n.Type != Special {
		t.From, t.Procedure = "", ""
	}
	r.s.Tokens = append(r.s.Tokens, t)
	r.emit(e)
	r.refresh()
	return nil
}

// beginHandling: accepted becomes processing at the first handling task (SM-05).
func (r *run) beginHandling() {
	if r.s.Base == StatusAccepted {
		r.setBase(StatusProcessing)
	}
}

func (r *run) enterAbnormal(t Token) error {
	why := FlowAbnormal
	if r.s.Base == StatusAwaitingCorrection {
		why = CorrectionExpired
	}
	r.passed = append(r.passed, Abnormal)
	r.s.Tokens = append(r.s.Tokens, Token{ID: r.s.next("t"), Node: Abnormal, Visit: bump(&r.s.Visits, Abnormal)})
	r.setBase(StatusAbnormal)
	r.toAbnormalList(why)
	return nil
}

// end finishes a case, or a subflow of a member case.
func (r *run) end(_ Token, n *Node) error {
	bump(&r.s.Visits, n.ID)
	r.cancelAll("ended")
	if r.s.Subflow != "" {
		r.emit(Effect{Kind: EffectMemberOutcome, Node: n.ID, Subflow: r.s.Subflow, Outcome: n.Outcome})
		return nil
	}
	r.finish(n.Outcome, "")
	return nil
}

// finish ends the case for good.
func (r *run) finish(o Outcome, cause string) {
	code, _ := FinishCode(o)
	r.s.Outcome = o
	r.s.FinishCode = &code
	r.setBase(StatusEnded)
	r.emit(Effect{Kind: EffectEnded, Outcome: o, FinishCode: &code, Cause: cause})
}

// lift takes a token off its node.
func (r *run) lift(id string) (Token, *Node, bool) {
	i := slices.IndexFunc(r.s.Tokens, func(t Token) bool { return t.ID == id })
	if i < 0 {
		return Token{}, nil, false
	}
	t := r.s.Tokens[i]
	n, ok := r.net.Node(t.Node)
	if !ok {
		return Token{}, nil, false
	}
	r.s.Tokens = slices.Delete(r.s.Tokens, i, i+1)
	t.Suspends = false
	return t, n, true
}
