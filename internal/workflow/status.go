package workflow

import "slices"

// Status is the status of a case, SM-05.
type Status string

// The statuses of SM-05. StatusDelivered lasts only while a flow goes on after a
// delivery (a late payment for a held result, say).
const (
	StatusDraft              Status = ""
	StatusReceived           Status = "received"
	StatusPreReview          Status = "pre_review"
	StatusAwaitingCorrection Status = "awaiting_correction"
	StatusAbnormal           Status = "abnormal"
	StatusAccepted           Status = "accepted"
	StatusProcessing         Status = "processing"
	StatusSuspended          Status = "suspended"
	StatusAwaitingSupplement Status = "awaiting_supplement"
	StatusDecided            Status = "decided"
	StatusAwaitingPayment    Status = "awaiting_payment"
	StatusHeld               Status = "held"
	StatusIssuing            Status = "issuing"
	StatusAwaitingDelivery   Status = "awaiting_delivery"
	StatusStored             Status = "stored"
	StatusDelivered          Status = "delivered"
	StatusEnded              Status = "ended"
	StatusArchived           Status = "archived"
)

// Statuses lists every status of a submitted case, in the order of its life.
func Statuses() []Status {
	return []Status{StatusReceived, StatusPreReview, StatusAwaitingCorrection, StatusAbnormal, StatusAccepted, StatusProcessing,
		StatusSuspended, StatusAwaitingSupplement, StatusDecided, StatusAwaitingPayment, StatusHeld, StatusIssuing,
		StatusAwaitingDelivery, StatusStored, StatusDelivered, StatusEnded, StatusArchived}
}

// Groups of statuses that the tables below speak of.
var (
	beforeAcceptance = []Status{StatusReceived, StatusPreReview}
	underHandling    = []Status{StatusAccepted, StatusProcessing, StatusSuspended, StatusAwaitingSupplement}
	deciding         = []Status{StatusProcessing}
	afterDecision    = []Status{StatusDecided, StatusAwaitingPayment, StatusHeld, StatusIssuing, StatusAwaitingDelivery, StatusStored, StatusDelivered}
	beforeDecision   = slices.Concat(beforeAcceptance, []Status{StatusAwaitingCorrection, StatusAbnormal}, underHandling)
	open             = slices.Concat(beforeDecision, afterDecision)
)

// Outcome is how a case ended. In subflows it is any word.
type Outcome string

// The outcomes. The first eight and forwarded may be drawn as ends (flow rule 9);
// the others come from case verbs.
const (
	Granted          Outcome = "granted"
	PartlyGranted    Outcome = "partly_granted"
	Refused          Outcome = "refused"
	NotAccepted      Outcome = "not_accepted"
	NotNeeded        Outcome = "no_licence_needed"
	Concluded        Outcome = "concluded"
	Merged           Outcome = "merged"
	Transferred      Outcome = "transferred"
	Forwarded        Outcome = "forwarded"
	Withdrawn        Outcome = "withdrawn"
	Voided           Outcome = "voided"
	Deleted          Outcome = "deleted"
	CorrectionLapsed Outcome = "correction_lapsed"
)

// finishCodes is the 办结结果 map of SM-05, for exchange with platforms above.
var finishCodes = map[Outcome]int{
	Granted: 0, PartlyGranted: 0, // 出证
	Refused: 1, NotAccepted: 1, NotNeeded: 1, // 退回
	Voided:    2,                 // 作废
	Deleted:   3,                 // 删除
	Forwarded: 4, Transferred: 4, // 转报
	CorrectionLapsed: 5,                          // 补正不来
	Concluded:        6, Merged: 6, Withdrawn: 6, // 办结
}

// FinishCode is the exchange code of an outcome; ok is false for a word that is
// none of ours.
func FinishCode(o Outcome) (code int, ok bool) {
	code, ok = finishCodes[o]
	return code, ok
}

// drawnBy says which effects may lead to a drawn end with this outcome: a case
// cannot end granted without a decision to grant (V-25).
var drawnBy = map[Outcome][]Verb{
	Granted:       {VerbGrant, VerbBundleConclude, VerbBundleClosePartial},
	PartlyGranted: {VerbGrant, VerbBundleConclude, VerbBundleClosePartial},
	Refused:       {VerbRefuse, VerbBundleConclude, VerbBundleClosePartial},
	NotAccepted:   {VerbRefuseAcceptance, VerbRefuseAcceptanceAll},
	NotNeeded:     {VerbRefuseAcceptance, VerbRefuseAcceptanceAll},
	Concluded:     {VerbConclude, VerbBundleConclude},
	Merged:        {VerbMergeInto},
	Transferred:   {VerbTransferOut},
	Forwarded:     {VerbForwardUpward},
}

// AbnormalReason is why a case is on the abnormal list (R-FIN-02).
type AbnormalReason string

// The reasons.
const (
	CorrectionExpired AbnormalReason = "correction_expired"
	PaymentOverdue    AbnormalReason = "payment_overdue"
	NotCollected      AbnormalReason = "not_collected"
	FlowAbnormal      AbnormalReason = "abnormal" // any other arc to the pseudo-node
)

// DeleteCause is why a case is deleted; anything wrong in substance is voided instead.
type DeleteCause string

// The only causes of delete (V-25).
const (
	EntryError     DeleteCause = "entry_error"
	DuplicateEntry DeleteCause = "duplicate_entry"
	TestEntry      DeleteCause = "test"
)

var deleteCauses = []DeleteCause{EntryError, DuplicateEntry, TestEntry}

// bundleStatuses maps SM-05 to the words of SM-18 for a bundle's own case.
var bundleStatuses = map[Status]string{
	StatusReceived: "received", StatusPreReview: "pre_review", StatusAwaitingCorrection: "pre_review", StatusAbnormal: "pre_review",
	StatusAccepted: "accepted", StatusProcessing: "reviewing", StatusSuspended: "reviewing", StatusAwaitingSupplement: "reviewing",
	StatusDecided: "collected", StatusAwaitingPayment: "billing", StatusHeld: "billing",
	StatusIssuing: "issuing", StatusAwaitingDelivery: "issuing", StatusStored: "issuing", StatusDelivered: "issuing",
	StatusEnded: "ended", StatusArchived: "ended",
}

// BundleStatus is the SM-18 word for a bundle's case, "" for a draft.
func BundleStatus(s State) string {
	if s.Base == StatusReceived && len(s.Members) > 0 {
		return "dispatching"
	}
	return bundleStatuses[s.Base]
}
