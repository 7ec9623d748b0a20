package workflow

import (
	"slices"
)

// Verb is an effect that an action or an auto node declares; the words are those of
// the table in docs/kinds.md. VerbNone is the empty word.
type Verb string

// The declared effects.
const (
	VerbNone                 Verb = ""
	VerbIssueDocument        Verb = "issue_document"
	VerbDispatch             Verb = "dispatch"
	VerbIssueCorrection      Verb = "issue_correction"
	VerbAccept               Verb = "accept"
	VerbRefuseAcceptance     Verb = "refuse_acceptance"
	VerbStartSpecial         Verb = "start_special"
	VerbGiveOpinion          Verb = "give_opinion"
	VerbReturnToWindow       Verb = "return_to_window"
	VerbGrant                Verb = "decide_grant"
	VerbRefuse               Verb = "decide_refuse"
	VerbConclude             Verb = "conclude"
	VerbCreateBill           Verb = "create_bill"
	VerbIssueLicence         Verb = "issue_licence"
	VerbRecordDelivery       Verb = "record_delivery"
	VerbForwardUpward        Verb = "forward_upward"
	VerbTransferOut          Verb = "transfer_out"
	VerbMergeInto            Verb = "merge_into"
	VerbDispatchMembers      Verb = "dispatch_members"
	VerbAcceptAll            Verb = "accept_all"
	VerbRefuseAcceptanceAll  Verb = "refuse_acceptance_all"
	VerbUnifiedCorrection    Verb = "issue_unified_correction"
	VerbBundleConclude       Verb = "bundle_conclude"
	VerbBundleClosePartial   Verb = "bundle_close_partial"
	VerbScheduleJointMeeting Verb = "schedule_joint_meeting"
	VerbFileCase             Verb = "file_case"
	VerbServe                Verb = "serve"
	VerbRecordPerformance    Verb = "record_performance"
)

// crossing tells which boundary between phases an effect takes the case over.
type crossing int

const (
	crossesNone crossing = iota
	crossesAcceptance
	crossesDecision
)

// verbRule is one row of the table of effects: when SM-05 allows it, the status
// after, the boundary it crosses, the permission it needs, what it tells the caller.
type verbRule struct {
	from       []Status // visible statuses that allow it
	next       Status   // base status after; empty: unchanged (none: by phase)
	crosses    crossing
	outcome    Outcome // decided by it; empty for the bundle's, which the members decide
	permission string  // empty: by phase; "-": the engine's, nobody needs it
	tells      EffectKind
	members    EffectKind // told as well, for the members of a bundle
	ends       bool       // the case ends with it: it must lead to an end
	favourable bool       // never after a refusal
}

const engineOnly = "-"

var verbRules = map[Verb]verbRule{
	VerbNone:                 {from: open},
	VerbIssueDocument:        {from: open},
	VerbDispatch:             {from: []Status{StatusReceived}, next: StatusReceived, permission: "case.dispatch", tells: EffectDispatched},
	VerbIssueCorrection:      {from: beforeAcceptance, next: StatusAwaitingCorrection, permission: "case.correct", tells: EffectCorrectionIssued},
	VerbAccept:               {from: beforeAcceptance, next: StatusAccepted, crosses: crossesAcceptance, permission: "case.accept", tells: EffectAccepted},
	VerbRefuseAcceptance:     {from: beforeAcceptance, permission: "case.refuse_acceptance", tells: EffectRefusedAcceptance, ends: true},
	VerbStartSpecial:         {from: underHandling, permission: "special.request"},
	VerbGiveOpinion:          {from: beforeDecision, permission: "opinion.reply", tells: EffectOpinionGiven},
	VerbReturnToWindow:       {from: underHandling, next: StatusProcessing, permission: "case.review", tells: EffectReturnedToWindow},
	VerbGrant:                {from: deciding, next: StatusDecided, crosses: crossesDecision, outcome: Granted, permission: "case.decide", tells: EffectDecided},
	VerbRefuse:               {from: deciding, next: StatusDecided, crosses: crossesDecision, outcome: Refused, permission: "case.decide", tells: EffectDecided},
	VerbConclude:             {from: deciding, next: StatusDecided, crosses: crossesDecision, outcome: Concluded, permission: "case.decide", tells: EffectDecided},
	VerbCreateBill:           {from: afterDecision, next: StatusAwaitingPayment, permission: engineOnly, tells: EffectBillCreated, favourable: true},
	VerbIssueLicence:         {from: []Status{StatusDecided, StatusIssuing, StatusAwaitingDelivery, StatusDelivered}, next: StatusAwaitingDelivery, permission: "case.issue_result", tells: EffectLicenceIssued, favourable: true},
	VerbRecordDelivery:       {from: []Status{StatusDecided, StatusHeld, StatusIssuing, StatusAwaitingDelivery, StatusStored, StatusDelivered}, next: StatusDelivered, permission: "case.issue_result", tells: EffectDelivered},
	VerbForwardUpward:        {from: deciding, permission: "case.forward", tells: EffectForwarded, ends: true},
	VerbTransferOut:          {from: beforeDecision, permission: "case.transfer", tells: EffectTransferred, ends: true},
	VerbMergeInto:            {from: beforeDecision, permission: "case.merge", tells: EffectMerged, ends: true},
	VerbDispatchMembers:      {from: beforeAcceptance, permission: "bundle.dispatch", tells: EffectDispatchMembers},
	VerbAcceptAll:            {from: beforeAcceptance, next: StatusAccepted, crosses: crossesAcceptance, permission: "bundle.coordinate", tells: EffectAccepted, members: EffectAcceptMembers},
	VerbRefuseAcceptanceAll:  {from: beforeAcceptance, permission: "bundle.coordinate", tells: EffectRefusedAcceptance, members: EffectRefuseMembers, ends: true},
	VerbUnifiedCorrection:    {from: beforeAcceptance, next: StatusAwaitingCorrection, permission: "bundle.merge_corrections", tells: EffectCorrectionIssued, members: EffectCorrectMembers},
	VerbBundleConclude:       {from: deciding, next: StatusDecided, crosses: crossesDecision, permission: "bundle.coordinate", tells: EffectDecided},
	VerbBundleClosePartial:   {from: deciding, next: StatusDecided, crosses: crossesDecision, outcome: PartlyGranted, permission: "bundle.coordinate", tells: EffectDecided},
	VerbScheduleJointMeeting: {from: beforeDecision, permission: "bundle.joint_meeting", tells: EffectJointMeeting},
	VerbFileCase:             {from: beforeAcceptance, next: StatusProcessing, crosses: crossesAcceptance, permission: "enforcement.file", tells: EffectEnforcement},
	VerbServe:                {from: open, permission: "enforcement.execute", tells: EffectEnforcement},
	VerbRecordPerformance:    {from: open, permission: "enforcement.execute", tells: EffectEnforcement},
}

// Verbs lists the declared effects, sorted.
func Verbs() []Verb {
	out := make([]Verb, 0, len(verbRules))
	for v := range verbRules {
		if v != VerbNone {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out
}

// Allows reports whether SM-05 lets this effect happen in this status.
func Allows(s Status, v Verb) bool { return slices.Contains(verbRules[v].from, s) }

// allows is Allows for a case: nothing is billed or issued after a refusal.
func (s *State) allows(v Verb) bool {
	return Allows(s.Status, v) && !(verbRules[v].favourable && s.Outcome == Refused)
}

// phasePermissions is the permission of an action without an effect, where no
// other action of the node has one either.
var phasePermissions = map[Phase]string{PreAcceptance: "case.pre_review", Handling: "case.review", PostDecision: "case.issue_result"}

// PermissionOf is the permission an effect needs in a phase (table of docs/kinds.md
// §3.3); "" where only the engine does it. start_special needs special.approve
// besides, by another person, if its definition says `approval: role`.
func PermissionOf(v Verb, p Phase) string {
	switch perm := verbRules[v].permission; perm {
	case "":
		return phasePermissions[p]
	case engineOnly:
		return ""
	default:
		return perm
	}
}

// PermissionOfDocument is the permission of issue_document by the template's class
// (receipt, notice, decision, internal).
func PermissionOfDocument(class string, p Phase) string {
	switch class {
	case "receipt":
		return "case.print_receipt"
	case "decision":
		return "case.decide"
	default:
		return phasePermissions[p]
	}
}

// Permission is what a person must hold to take an action of a human node: that of
// its effect or, without one, that of the node's first action with an effect or,
// if none has one, by phase. classOf answers a document alias with its template's
// class; nil takes the alias receipt for a receipt and any other for a notice.
func (n *Net) Permission(node, action string, classOf func(alias string) string) string {
	d, ok := n.Node(node)
	if !ok {
		return ""
	}
	i := slices.IndexFunc(d.Actions, func(a Action) bool { return a.ID == action })
	if i < 0 {
		return ""
	}
	if d.Actions[i].Effect == VerbNone {
		if j := slices.IndexFunc(d.Actions, func(a Action) bool { return a.Effect != VerbNone }); j >= 0 {
			i = j
		}
	}
	a := d.Actions[i]
	if a.Effect != VerbIssueDocument {
		return PermissionOf(a.Effect, d.Phase)
	}
	class := a.Document
	if classOf != nil {
		class = classOf(a.Document)
	}
	return PermissionOfDocument(class, d.Phase)
}
