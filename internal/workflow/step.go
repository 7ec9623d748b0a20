package workflow

import (
	"errors"
	"fmt"
	"slices"

	"zhengtong/internal/problem"
)

// Reasons of the conflicts that Step answers.
const (
	ReasonNotOffered  = "action_not_offered" // the action or verb is not possible in this state
	ReasonUnknownWord = "event_not_declared" // the node does not know this event
)

// maxCascade bounds the gates and skips passed in one step. Compile refuses loops
// without a bound, so it is never reached by a compiled net.
const maxCascade = 1000

// errExhausted is inside the refusal of a move into an exhausted node.
var errExhausted = errors.New("node is exhausted")

// Step applies one event to a state and answers the new state with the effects, in
// order. It is pure: state is not changed, equal inputs give equal outputs.
//
// An act or verb that is not possible now is refused with CONFLICT
// (action_not_offered). An event whose token has gone is answered with
// EffectIgnored and no change (rule 6). The only other errors are guards that
// cannot be evaluated. On an error the returned state is the old one.
func Step(n *Net, s State, e Event, env Env) (State, []Effect, error) {
	next := s.clone()
	r := run{net: n, s: &next, env: env}
	if err := r.apply(e); err != nil {
		return s, nil, err
	}
	r.refresh()
	return next, r.effects, nil
}

// run is one step in progress.
type run struct {
	net     *Net
	s       *State
	env     Env
	effects []Effect
	moves   int
	passed  []string // nodes entered, for Explore
}

func (r *run) apply(e Event) error {
	switch e.Type {
	case EventSubmit:
		return r.submit()
	case EventStartSubflow:
		return r.startSubflow(e.Name)
	case EventReopened:
		return r.reopened()
	case EventAct:
		return r.act(e)
	case EventOccur:
		return r.occur(e)
	case EventSpecialStarted:
		return r.specialStarted(e)
	case EventSpecialReject:
		return r.specialRejected(e)
	case EventDeemAccept:
		return r.deemAccept()
	case EventTimeout:
		return r.timeout(e.Token)
	case EventUncollected:
		return r.uncollected()
	case EventArchive:
		return r.archive()
	case EventCaseVerb:
		return r.caseVerb(e)
	case EventBundle:
		return r.bundle(e.Bundle)
	default:
		return problem.New(problem.BadRequest, "unknown_event", "未知的流程事件 %q", e.Type)
	}
}

func notOffered(format string, args ...any) error {
	return problem.New(problem.Conflict, ReasonNotOffered, format, args...)
}

func (r *run) emit(e Effect) { r.effects = append(r.effects, e) }

func (r *run) submit() error {
	f, ok := r.net.flows[""]
	if !ok {
		return notOffered("该流程只供联办成员使用，不能直接提交")
	}
	if r.s.Status != StatusDraft {
		return notOffered("该办件已经提交")
	}
	r.s.Phase = PreAcceptance
	r.setBase(StatusReceived)
	r.emit(Effect{Kind: EffectIssue, Document: "receipt"}) // rule 10
	return r.enter(Token{}, f.start)
}

// startSubflow runs a subflow of a member case. The first one receives the case.
func (r *run) startSubflow(name string) error {
	f, ok := r.net.flows[name]
	if !ok || name == "" {
		return notOffered("该流程没有子流程 %q", name)
	}
	if len(r.s.Tokens) > 0 || !slices.Contains(append([]Status{StatusDraft}, beforeDecision...), r.s.Status) {
		return notOffered("成员办件当前不能启动子流程 %q", name)
	}
	r.s.Subflow = name
	if r.s.Status == StatusDraft {
		r.s.Phase = PreAcceptance
		r.setBase(StatusReceived)
	}
	return r.enter(Token{}, f.start)
}

// reopened starts a fresh case where an acceptance leads to: the remedy undid the
// decision, not the acceptance.
func (r *run) reopened() error {
	target, ok := r.net.AcceptTarget()
	if !ok || r.s.Status != StatusDraft {
		return notOffered("不能以重新办理方式启动该办件")
	}
	r.s.Phase = Handling
	r.setBase(StatusProcessing)
	return r.enter(Token{}, target)
}

// deemAccept is rule 3: every pre_acceptance token goes, one is put on the target
// of the accepting action.
func (r *run) deemAccept() error {
	target, ok := r.net.AcceptTarget()
	if !ok {
		return notOffered("该流程不能确定视为受理后的环节")
	}
	if !Allows(r.s.Status, r.net.acceptVerb) {
		return notOffered("办件当前状态不适用视为受理")
	}
	r.cancelAll("deemed_accepted")
	r.s.Deemed = true
	if err := r.verb(r.net.acceptVerb, Effect{Deemed: true}); err != nil {
		return err
	}
	return r.enter(Token{}, target)
}

func (r *run) uncollected() error {
	if r.s.Status != StatusAwaitingDelivery {
		return r.ignored("")
	}
	r.setBase(StatusStored)
	r.toAbnormalList(NotCollected)
	return nil
}

func (r *run) archive() error {
	if r.s.Status != StatusEnded {
		return notOffered("办件尚未办结，不能归档")
	}
	r.setBase(StatusArchived)
	return nil
}

// ignored records an event that comes too late (rule 6).
func (r *run) ignored(token string) error {
	r.emit(Effect{Kind: EffectIgnored, Token: token})
	return nil
}

func (r *run) toAbnormalList(why AbnormalReason) {
	r.s.Abnormal = why
	r.emit(Effect{Kind: EffectEnterAbnormal, Reason: why})
}

// setBase changes the status that lasts, and shows it.
func (r *run) setBase(to Status) {
	r.s.Base = to
	r.refresh()
}

// refresh derives the shown status: under handling, a suspended clock or an open
// supplement shows over the base (SM-05).
func (r *run) refresh() {
	shown := r.s.Base
	if shown == StatusProcessing {
		shown = r.overlay()
	}
	if shown != r.s.Status {
		r.emit(Effect{Kind: EffectStatusChanged, From: r.s.Status, To: shown})
		r.s.Status = shown
	}
}

func (r *run) overlay() Status {
	supplement := false
	for _, t := range r.s.Tokens {
		if t.Suspends {
			return StatusSuspended
		}
		if n, ok := r.net.Node(t.Node); ok && n.Type == Wait {
			_, awaits := n.Events[eventSupplied]
			supplement = supplement || awaits
		}
	}
	for _, x := range r.s.Runs {
		if x.Suspends {
			return StatusSuspended
		}
	}
	if supplement {
		return StatusAwaitingSupplement
	}
	return StatusProcessing
}

// eval asks a guard; an empty one is true.
func (r *run) eval(g Guard) (bool, error) {
	if g == "" {
		return true, nil
	}
	if r.env.Eval == nil {
		return false, fmt.Errorf("workflow: guard %q: no evaluator given", g)
	}
	ok, err := r.env.Eval(g, View{r.s})
	if err != nil {
		return false, fmt.Errorf("workflow: guard %q: %w", g, err)
	}
	return ok, nil
}
