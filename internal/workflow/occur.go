package workflow

import (
	"slices"

	"zhengtong/internal/problem"
)

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
// a grant (2-model.md §2.5, 10).
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

// startRun starts a special procedure beside the flow.
func (r *run) startRun(procedure string) error {
	if procedure == "" || procedure == Requested || !r.startable(procedure) {
		return notOffered("特别程序 %q 不能启动", procedure)
	}
	bump(&r.s.Procedures, procedure)
	x := Run{ID: r.s.next("s"), Procedure: procedure}
	r.s.Runs = append(r.s.Runs, x)
	r.emit(Effect{Kind: EffectOpenSpecial, Token: x.ID, Procedure: procedure, Visit: r.s.Procedures[procedure]})
	return nil
}

// runOccur handles an event of a run; done is false if the event is of a token.
func (r *run) runOccur(e Event) (done bool, err error) {
	i := slices.IndexFunc(r.s.Runs, func(x Run) bool { return x.ID == e.Token })
	if i < 0 {
		return false, nil
	}
	if e.Name == eventOverrun {
		r.s.Runs[i].Suspends = false // it goes on until its result (SM-08)
		r.refresh()
		return true, nil
	}
	x := r.s.Runs[i]
	r.s.Runs = slices.Delete(r.s.Runs, i, i+1)
	r.emit(Effect{Kind: EffectCloseSpecial, Token: x.ID, Event: e.Name, Procedure: x.Procedure})
	r.refresh()
	return true, nil
}

// specialStarted: the notice is sent and the procedure runs; from now on it may
// suspend a clock (SM-08).
func (r *run) specialStarted(e Event) error {
	for i := range r.s.Runs {
		if r.s.Runs[i].ID == e.Token {
			r.s.Runs[i].Suspends = e.Suspends
			r.refresh()
			return nil
		}
	}
	for i := range r.s.Tokens {
		if r.s.Tokens[i].ID != e.Token {
			continue
		}
		if n, ok := r.net.Node(r.s.Tokens[i].Node); !ok || n.Type != Special {
			return notOffered("该环节不是特别程序")
		}
		r.s.Tokens[i].Suspends = e.Suspends
		r.refresh()
		return nil
	}
	return r.ignored(e.Token)
}

// specialRejected: a request is rejected, or a run cancelled; the flow goes back to
// the node that asked. One that the flow started itself cannot be rejected.
func (r *run) specialRejected(e Event) error {
	if i := slices.IndexFunc(r.s.Runs, func(x Run) bool { return x.ID == e.Token }); i >= 0 {
		x := r.s.Runs[i]
		r.s.Runs = slices.Delete(r.s.Runs, i, i+1)
		r.emit(Effect{Kind: EffectCancelSpecial, Token: x.ID, Procedure: x.Procedure, Cause: "rejected"})
		r.refresh()
		return nil
	}
	t, ok := r.s.Token(e.Token)
	if !ok {
		return r.ignored(e.Token)
	}
	if t.From == "" {
		return notOffered("该特别程序由流程自动启动，不能驳回")
	}
	t, n, _ := r.lift(t.ID)
	r.emit(Effect{Kind: EffectCancelSpecial, Token: t.ID, Node: n.ID, Procedure: t.Procedure, Cause: "rejected"})
	back := t.From
	t.From, t.Procedure = "", ""
	return r.move(t, back)
}

// bundleRule is a row of what a bundle does to its members (SM-18).
type bundleRule struct {
	from  []Status
	next  Status
	tells EffectKind
}

var bundleRules = map[BundleVerb]bundleRule{
	BundleCorrect:     {from: beforeAcceptance, next: StatusAwaitingCorrection, tells: EffectCorrectionIssued},
	BundleResubmitted: {from: []Status{StatusAwaitingCorrection}, next: StatusPreReview},
	BundleAccept:      {from: beforeAcceptance, next: StatusAccepted, tells: EffectAccepted},
	BundleDeemAccept:  {from: beforeAcceptance, next: StatusAccepted, tells: EffectAccepted},
	BundleRefuse:      {from: beforeAcceptance, next: StatusEnded, tells: EffectRefusedAcceptance},
	BundleLicence:     {from: []Status{StatusDecided, StatusIssuing}, next: StatusAwaitingDelivery, tells: EffectLicenceIssued},
	BundleDeliver:     {from: afterDecision, next: StatusEnded, tells: EffectDelivered},
}

// bundle applies to a member case what its bundle did for all.
func (r *run) bundle(v BundleVerb) error {
	rule, ok := bundleRules[v]
	if !ok || !slices.Contains(rule.from, r.s.Status) {
		return notOffered("成员办件当前状态不允许“%s”", v)
	}
	deemed := v == BundleDeemAccept
	if rule.next == StatusAccepted || rule.next == StatusEnded {
		r.cancelAll("bundle_" + string(v))
	}
	if rule.tells != "" {
		r.emit(Effect{Kind: rule.tells, Deemed: deemed})
	}
	switch v {
	case BundleAccept, BundleDeemAccept:
		r.s.Phase, r.s.Deemed = Handling, deemed
	case BundleRefuse:
		r.finish(NotAccepted, "")
		return nil
	case BundleDeliver:
		r.finish(r.s.Outcome, "")
		return nil
	}
	r.setBase(rule.next)
	return nil
}
