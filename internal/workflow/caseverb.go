package workflow

import (
	"slices"

	"zhengtong/internal/problem"
)

// CaseVerb is a verb on the whole case. It is not drawn: it is offered in every
// state that SM-05 allows, by its own permission.
type CaseVerb string

// The case verbs of docs/kinds.md.
const (
	CaseWithdraw         CaseVerb = "withdraw"
	CaseRequestExtension CaseVerb = "request_extension"
	CaseDecideExtension  CaseVerb = "decide_extension"
	CaseTransferOut      CaseVerb = "transfer_out"
	CaseForwardUpward    CaseVerb = "forward_upward"
	CaseVoid             CaseVerb = "void"
	CaseDelete           CaseVerb = "delete"
	CaseLapse            CaseVerb = "lapse"
	CaseUrge             CaseVerb = "urge"
	CaseStartSpecial     CaseVerb = "start_special"
	CaseReopen           CaseVerb = "reopen"
	CaseRecordFact       CaseVerb = "record_fact"
	CaseRecordEvent      CaseVerb = "record_event"
)

// caseVerbRule is one row: the statuses that allow the verb, what the case ends
// with (empty: it does not end), the permission of staff.
type caseVerbRule struct {
	verb       CaseVerb
	from       []Status
	ends       Outcome
	tells      EffectKind
	permission string
}

// The order is that in which a desk shows them.
var caseVerbRules = []caseVerbRule{
	{verb: CaseWithdraw, from: beforeDecision, ends: Withdrawn, permission: "case.withdraw_on_behalf"},
	{verb: CaseRequestExtension, from: underHandling, permission: "extension.request"},
	{verb: CaseDecideExtension, from: underHandling, permission: "extension.approve"},
	{verb: CaseTransferOut, from: beforeDecision, ends: Transferred, tells: EffectTransferred, permission: "case.transfer"},
	{verb: CaseForwardUpward, from: deciding, ends: Forwarded, tells: EffectForwarded, permission: "case.forward"},
	{verb: CaseVoid, from: beforeDecision, ends: Voided, permission: "case.void"},
	{verb: CaseDelete, from: beforeDecision, ends: Deleted, permission: "case.delete"},
	{verb: CaseLapse, from: []Status{StatusAbnormal}, ends: CorrectionLapsed, permission: "case.void"},
	{verb: CaseUrge, from: open, permission: "case.urge"},
	{verb: CaseStartSpecial, from: underHandling, permission: "special.request"},
	{verb: CaseReopen, from: []Status{StatusEnded, StatusArchived}, permission: "case.reopen"},
	{verb: CaseRecordFact, from: slices.Concat(open, []Status{StatusEnded}), permission: "case.record_fact"},
	{verb: CaseRecordEvent, from: open, permission: "case.record_event"},
}

func caseRule(v CaseVerb) (caseVerbRule, bool) {
	i := slices.IndexFunc(caseVerbRules, func(r caseVerbRule) bool { return r.verb == v })
	if i < 0 {
		return caseVerbRule{}, false
	}
	return caseVerbRules[i], true
}

// PermissionOfCaseVerb is the permission of staff for a case verb. The applicant
// withdraws without one.
func PermissionOfCaseVerb(v CaseVerb) string {
	r, _ := caseRule(v)
	return r.permission
}

// CaseVerbs lists the verbs that SM-05 allows in this state. Lapse needs an
// expired correction besides (R-REC-07).
func CaseVerbs(s State) []CaseVerb {
	var out []CaseVerb
	for _, r := range caseVerbRules {
		if allowsCaseVerb(s, r) {
			out = append(out, r.verb)
		}
	}
	return out
}

func allowsCaseVerb(s State, r caseVerbRule) bool {
	if r.verb == CaseLapse && s.Abnormal != CorrectionExpired {
		return false
	}
	return slices.Contains(r.from, s.Status)
}

// caseVerb is a verb on the whole case (rule 2).
func (r *run) caseVerb(e Event) error {
	rule, ok := caseRule(e.Verb)
	if !ok {
		return problem.New(problem.BadRequest, "unknown_verb", "未知的办件操作 %q", e.Verb)
	}
	if !allowsCaseVerb(*r.s, rule) {
		return notOffered("办件当前状态不允许“%s”", e.Verb)
	}
	if e.Verb == CaseDelete && !slices.Contains(deleteCauses, e.Cause) {
		return problem.New(problem.Validation, "delete_cause", "删除办结只适用于录入错误、重复录入或测试数据")
	}
	if e.Verb == CaseStartSpecial {
		return r.startRun(e.Procedure)
	}
	if rule.ends == "" {
		return nil
	}
	r.cancelAll(string(e.Verb))
	if rule.tells != "" {
		r.emit(Effect{Kind: rule.tells})
	}
	r.finish(rule.ends, string(e.Cause))
	return nil
}
