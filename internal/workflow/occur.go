package workflow

import "zhengtong/internal/problem"

// RuleSilence is raised when an external system stays silent beyond its limit (rule 8).
const RuleSilence = "R-SUP-21"

// occur handles what happened at a waiting node (rule 8).
func (r *run) occur(e Event) error {
	if done, err := r.runOccur(e); done {
		return err
	}
	t, ok := r.s.Token(e.Token)
	if !ok {
		return r.ignored(e.Token)
	}
	n, ok := r.net.Node(t.Node)
	if !ok {
		return r.ignored(e.Token) // the pseudo-node: a person ends the case
	}
	if n.Type == Human {
		return unknownWord(n, e.Name)
	}
	target := n.Events[e.Name]
	if target == "" {
		target = n.Maps[e.Name]
	}
	if target == "" && t.Member == "" {
		return r.undeclared(t, n, e.Name)
	}
	t, _, _ = r.lift(t.ID)
	r.emit(Effect{Kind: places[n.Type].close, Token: t.ID, Node: n.ID, Event: e.Name, Procedure: t.Procedure, Member: t.Member})
	if t.Member != "" {
		return r.memberEnded(t, n, e.Name)
	}
	if err := r.happened(n, e.Name, target); err != nil {
		return err
	}
	t.From, t.Procedure = "", ""
	return r.move(t, target)
}

func unknownWord(n *Node, name string) error {
	return problem.New(problem.Conflict, ReasonUnknownWord, "环节“%s”没有事件 %q", titleOf(n), name)
}

// undeclared handles built-in events that a node gives no arc: the token stays.
func (r *run) undeclared(t Token, n *Node, name string) error {
	switch {
	case n.Type == Payment && name == eventOverdue:
		return r.happened(n, name, "")
	case n.Type == Special && name == eventOverrun:
		r.unsuspend(t.ID) // the clock resumes, the result is still awaited (SM-08, T-15)
		r.refresh()
		return nil
	case n.Type == External && name == eventSilence:
		r.emit(Effect{Kind: EffectRaise, Rule: RuleSilence, Token: t.ID, Node: n.ID})
		return nil
	case n.Type == Wait && name == eventExpired, n.Type == Auto && name == eventFailed:
		return r.ignored(t.ID)
	default:
		return unknownWord(n, name)
	}
}

func (r *run) unsuspend(token string) {
	for i := range r.s.Tokens {
		if r.s.Tokens[i].ID == token {
			r.s.Tokens[i].Suspends = false
		}
	}
}

// happened derives the status from what an event means at its node.
func (r *run) happened(n *Node, name, target string) error {
	switch n.Type {
	case Wait:
		if r.s.Base == StatusAwaitingCorrection && target != Abnormal {
			r.setBase(StatusPreReview)
			if len(r.s.Members) > 0 {
				r.emit(Effect{Kind: EffectResubmitMembers, Members: r.memberIDs()})
			}
		}
	case Payment:
		r.paid(n, name)
	case Auto:
		if name == eventDone {
			return r.verb(n.Effect, Effect{Node: n.ID, Document: n.Document, Licence: n.LicenceType})
		}
	}
	return nil
}

// paid: a payment resumes the flow; one past due holds the result, and never voids
// a grant (docs/requirements.md, 10).
func (r *run) paid(n *Node, name string) {
	switch {
	case name == eventPaid && n.Phase == PostDecision:
		r.s.Abnormal = ""
		r.setBase(StatusIssuing)
	case name == eventPaid && n.Phase == Handling:
		r.setBase(StatusProcessing)
	case name == eventPaid:
		r.setBase(StatusPreReview)
	case name == eventOverdue && r.s.Base != StatusHeld:
		r.setBase(StatusHeld)
		r.toAbnormalList(PaymentOverdue)
	}
}
