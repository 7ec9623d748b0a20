package workflow

// EffectKind is the closed list of what a step asks the caller to do or record.
type EffectKind string

// What a token's arrival, departure and cancellation ask for, by node type.
const (
	EffectOpenTask   EffectKind = "open_task" // Node, Visit
	EffectCloseTask  EffectKind = "close_task"
	EffectCancelTask EffectKind = "cancel_task"

	EffectOpenWait   EffectKind = "open_wait"
	EffectCloseWait  EffectKind = "close_wait" // Event
	EffectCancelWait EffectKind = "cancel_wait"

	EffectOpenSpecial   EffectKind = "open_special"  // Procedure; Node is empty for a run beside the flow
	EffectCloseSpecial  EffectKind = "close_special" // Event: the result or overrun
	EffectCancelSpecial EffectKind = "cancel_special"

	EffectOpenPayment   EffectKind = "open_payment"
	EffectClosePayment  EffectKind = "close_payment"
	EffectCancelPayment EffectKind = "cancel_payment" // close the unpaid bill

	EffectRunAuto    EffectKind = "run_auto" // Verb, Licence, Document: do it as a job, then Occur done or failed
	EffectCloseAuto  EffectKind = "close_auto"
	EffectCancelAuto EffectKind = "cancel_auto"

	EffectStartSubcase  EffectKind = "start_subcase"
	EffectCloseSubcase  EffectKind = "close_subcase"
	EffectCancelSubcase EffectKind = "cancel_subcase"

	EffectSendExternal   EffectKind = "send_external"
	EffectCloseExternal  EffectKind = "close_external"
	EffectCancelExternal EffectKind = "cancel_external"

	EffectStartMember  EffectKind = "start_member" // Member, Subflow: step the member case with StartSubflow
	EffectCloseMember  EffectKind = "close_member" // Event: its outcome word
	EffectCancelMember EffectKind = "cancel_member"

	EffectOpenJoin   EffectKind = "open_join" // a split fired; Token is the region, start the join's timeout
	EffectCloseJoin  EffectKind = "close_join"
	EffectCancelJoin EffectKind = "cancel_join"

	EffectSkipNode EffectKind = "skip_node"
)

// What the case itself went through.
const (
	EffectIssue             EffectKind = "issue"              // Document: issue it, unless its record for this task and version exists
	EffectCorrectionIssued  EffectKind = "correction_issued"  // the acceptance clock is met
	EffectAccepted          EffectKind = "accepted"           // Deemed
	EffectRefusedAcceptance EffectKind = "refused_acceptance" // Ground
	EffectDispatched        EffectKind = "dispatched"         // the acceptance clock starts if `from: dispatch`
	EffectOpinionGiven      EffectKind = "opinion_given"      // a consulted department answered
	EffectReturnedToWindow  EffectKind = "returned_to_window" // 退窗
	EffectDecided           EffectKind = "decided"            // Outcome: granted, refused, concluded, partly_granted
	EffectBillCreated       EffectKind = "bill_created"       // create_bill
	EffectLicenceIssued     EffectKind = "licence_issued"     // Licence; after an action, issue it now; after an auto node, its job has
	EffectDelivered         EffectKind = "delivered"          //
	EffectDispatchMembers   EffectKind = "dispatch_members"   // Members
	EffectAcceptMembers     EffectKind = "accept_members"     // step members with ByBundle(BundleAccept or BundleDeemAccept)
	EffectRefuseMembers     EffectKind = "refuse_members"     // … BundleRefuse
	EffectCorrectMembers    EffectKind = "correct_members"    // … BundleCorrect
	EffectResubmitMembers   EffectKind = "resubmit_members"   // … BundleResubmitted
	EffectDeliverMembers    EffectKind = "deliver_members"    // … BundleDeliver
	EffectMemberOutcome     EffectKind = "member_outcome"     // a subflow ended; Outcome is its word: tell the bundle with Occur
	EffectJointMeeting      EffectKind = "joint_meeting"      //
	EffectEnforcement       EffectKind = "enforcement"        // Verb: file_case, serve, record_performance (SM-24)
	EffectForwarded         EffectKind = "forwarded"          // open the upper case
	EffectTransferred       EffectKind = "transferred"        //
	EffectMerged            EffectKind = "merged"             //
	EffectStatusChanged     EffectKind = "status_changed"     // From, To
	EffectEnterAbnormal     EffectKind = "enter_abnormal"     // Reason: put the case on the abnormal list
	EffectRaise             EffectKind = "raise"              // Rule: a supervision rule to raise
	EffectEnded             EffectKind = "ended"              // Outcome, FinishCode
	EffectIgnored           EffectKind = "ignored"            // the event's token has gone: record, do nothing (rule 6)
)

// Effect is one thing for the caller to do or record, in order. Which fields are
// set depends on Kind.
type Effect struct {
	Kind       EffectKind     `json:"kind"`
	Token      string         `json:"token,omitempty"`
	Node       string         `json:"node,omitempty"`
	Visit      int            `json:"visit,omitempty"`
	Action     string         `json:"action,omitempty"`
	Event      string         `json:"event,omitempty"`
	Verb       Verb           `json:"verb,omitempty"`
	Document   string         `json:"document,omitempty"`
	Licence    string         `json:"licence,omitempty"`
	Procedure  string         `json:"procedure,omitempty"`
	Member     string         `json:"member,omitempty"`
	Members    []string       `json:"members,omitempty"`
	Subflow    string         `json:"subflow,omitempty"`
	Ground     Ground         `json:"ground,omitempty"`
	Deemed     bool           `json:"deemed,omitempty"`
	From       Status         `json:"from,omitempty"`
	To         Status         `json:"to,omitempty"`
	Outcome    Outcome        `json:"outcome,omitempty"`
	FinishCode *int           `json:"finish_code,omitempty"`
	Reason     AbnormalReason `json:"reason,omitempty"`
	Cause      string         `json:"cause,omitempty"` // why a token was cancelled, or the cause of a deletion
	Rule       string         `json:"rule,omitempty"`
}

// place says what to ask for when a token arrives at, leaves or is cancelled on a node type.
type place struct{ open, close, cancel EffectKind }

var places = map[NodeType]place{
	Human:    {EffectOpenTask, EffectCloseTask, EffectCancelTask},
	Wait:     {EffectOpenWait, EffectCloseWait, EffectCancelWait},
	Special:  {EffectOpenSpecial, EffectCloseSpecial, EffectCancelSpecial},
	Payment:  {EffectOpenPayment, EffectClosePayment, EffectCancelPayment},
	Auto:     {EffectRunAuto, EffectCloseAuto, EffectCancelAuto},
	Subcase:  {EffectStartSubcase, EffectCloseSubcase, EffectCancelSubcase},
	External: {EffectSendExternal, EffectCloseExternal, EffectCancelExternal},
	AndSplit: {EffectStartMember, EffectCloseMember, EffectCancelMember}, // a foreach member's token
}
