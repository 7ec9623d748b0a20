package workflow

// EventType is the closed list of what can happen to a case.
type EventType string

// The events that Step understands.
const (
	EventSubmit         EventType = "submit"          // the applicant files; the flow starts
	EventStartSubflow   EventType = "start_subflow"   // the bundle starts a member's subflow
	EventReopened       EventType = "reopened"        // a new case, linked to an ended one, starts in handling
	EventAct            EventType = "act"             // a person takes an action
	EventOccur          EventType = "occur"           // something happened at a waiting node
	EventSpecialStarted EventType = "special_started" // the notice is sent and the procedure runs (SM-08)
	EventSpecialReject  EventType = "special_reject"  // the request is rejected, or the run cancelled (SM-08)
	EventDeemAccept     EventType = "deem_accept"     // the acceptance window passed (T-05)
	EventTimeout        EventType = "timeout"         // a join's timeout passed
	EventUncollected    EventType = "uncollected"     // the result was not collected in time
	EventArchive        EventType = "archive"         // the package is filed
	EventCaseVerb       EventType = "case_verb"       // withdraw, transfer_out, void, …
	EventBundle         EventType = "bundle"          // the bundle acts on a member case
)

// Event is one thing that happened. Use the constructors below; which fields are
// set depends on Type. It is JSON-serialisable so that a case can be replayed.
type Event struct {
	Type      EventType   `json:"type"`
	Token     string      `json:"token,omitempty"`     // token, run or (timeout) region id
	Action    string      `json:"action,omitempty"`    // act
	Name      string      `json:"name,omitempty"`      // occur: the event; start_subflow: the subflow
	Procedure string      `json:"procedure,omitempty"` // act and start_special: the procedure picked
	Suspends  bool        `json:"suspends,omitempty"`  // special_started: a clock is suspended
	Verb      CaseVerb    `json:"verb,omitempty"`      // case_verb
	Cause     DeleteCause `json:"cause,omitempty"`     // delete
	Bundle    BundleVerb  `json:"bundle,omitempty"`    // bundle
}

// Submit files the case. The receipt is issued by the engine on every submit (rule 10).
func Submit() Event { return Event{Type: EventSubmit} }

// StartSubflow starts a subflow of a member case.
func StartSubflow(name string) Event { return Event{Type: EventStartSubflow, Name: name} }

// Reopened starts a new case that continues an ended one after a legal remedy: it
// begins where an acceptance leads to.
func Reopened() Event { return Event{Type: EventReopened} }

// Act takes an action on the token of a human node.
func Act(token, action string) Event {
	return Event{Type: EventAct, Token: token, Action: action}
}

// ActWith is Act for a start_special action that lets the requester pick the procedure.
func ActWith(token, action, procedure string) Event {
	return Event{Type: EventAct, Token: token, Action: action, Procedure: procedure}
}

// Occur reports an event at a waiting token: resubmitted, supplied, rectified,
// expired or a custom name (wait), a result or overrun (special), paid or overdue
// (payment), done or failed (auto), an outcome (subcase, foreach member), a mapped
// message or silence (external). Token may also be a Run.
func Occur(token, name string) Event { return Event{Type: EventOccur, Token: token, Name: name} }

// SpecialStarted reports that a special procedure now runs; suspends tells whether
// its definition suspends a clock.
func SpecialStarted(token string, suspends bool) Event {
	return Event{Type: EventSpecialStarted, Token: token, Suspends: suspends}
}

// SpecialRejected reports that a requested procedure was rejected or cancelled: the
// case goes back to the node that asked for it.
func SpecialRejected(token string) Event { return Event{Type: EventSpecialReject, Token: token} }

// DeemAccept accepts by lapse of the acceptance window.
func DeemAccept() Event { return Event{Type: EventDeemAccept} }

// TimeoutOf reports that the timeout of a join passed; region is the id in EffectOpenJoin.
func TimeoutOf(region string) Event { return Event{Type: EventTimeout, Token: region} }

// Uncollected reports that a ready result was not collected in time.
func Uncollected() Event { return Event{Type: EventUncollected} }

// Archive reports that the archive package of an ended case is filed.
func Archive() Event { return Event{Type: EventArchive} }

// Withdraw ends the case at the wish of the applicant (rule 2).
func Withdraw() Event { return ByVerb(CaseWithdraw) }

// TransferOut hands the case to another body.
func TransferOut() Event { return ByVerb(CaseTransferOut) }

// ForwardUpward reports the case to the upper body (转报).
func ForwardUpward() Event { return ByVerb(CaseForwardUpward) }

// Void ends the case as invalid in substance (作废).
func Void() Event { return ByVerb(CaseVoid) }

// Lapse ends a case whose correction expired (补正不来).
func Lapse() Event { return ByVerb(CaseLapse) }

// Delete ends a case entered by mistake; the cause is required.
func Delete(cause DeleteCause) Event {
	return Event{Type: EventCaseVerb, Verb: CaseDelete, Cause: cause}
}

// RequestSpecial starts a special procedure beside the flow (start: on_request).
func RequestSpecial(procedure string) Event {
	return Event{Type: EventCaseVerb, Verb: CaseStartSpecial, Procedure: procedure}
}

// ByBundle applies what the bundle did for all members to this member case.
func ByBundle(v BundleVerb) Event { return Event{Type: EventBundle, Bundle: v} }

// ByVerb is the event of a case verb that needs nothing more. Verbs that do not move
// the flow (urge, reopen, extensions, records) are only checked against SM-05.
func ByVerb(v CaseVerb) Event { return Event{Type: EventCaseVerb, Verb: v} }

// Env is what a step needs from outside. Eval is required when the net has guards.
type Env struct {
	// Eval answers a guard; v shows the engine's state at that moment.
	Eval func(g Guard, v View) (bool, error)
	// Members are the ids of the members that take part in a bundle, in order.
	Members []string
	// Procedures are the matter's special procedures by name; nil means: do not check.
	Procedures map[string]Procedure
}

// Procedure is what the engine must know of a SpecialProcedure.
type Procedure struct {
	MaxTimes int // 0 = unlimited
}
