package kind

import "strings"

// The closed lists of domain part 3.2.2. Each function returns a fresh slice.

// Permissions are the verbs a Role may grant.
func Permissions() []string {
	return expand(`tenant.administer tenant.grant staff.manage role.bind calendar.publish account.serve audit.read
config.{read,author,simulate,review,publish}
case.{read,receive,print_receipt,pre_review,accept,correct,refuse_acceptance,review,decide,dispatch,transfer,forward,merge,void,delete,urge,reopen,back_entry,back_entry_approve,record_fact,record_event,issue_result,withdraw_on_behalf}
task.reassign opinion.reply material.upload
special.{request,approve,execute,report} extension.{request,approve}
bundle.{receive,dispatch,coordinate,merge_corrections,joint_meeting,extension_approve,issue_result}
fee.{adjust_request,adjust_approve} bill.read payment.{collect,reconcile} refund.{request,approve}
licence.{read,suspend,annul,withdraw,revoke,cancel,import} seal.{apply,approve,make,use,audit} archive.{manage,lend,dispose}
queue.call booking.manage hall.manage consultation.answer
complaint.{accept,classify,assign,reply,instruct,close_major,extension_approve} rating.handle survey.manage
supervision.{view,linked,order,card.issue,card.confirm,card.decide_appeal} performance.{configure,assess}
enforcement.{file,investigate,legal_review,decide,execute} content.{author,review} disclosure.handle
data.{publish,approve,subscribe} statistics.view register.{edit,review} mail.use`)
}

// Events are what notifications may name; SupervisionEvents is the part a rule may watch.
func Events() []string {
	return expand(`case.{submitted,received,accepted,not_accepted,suspended,resumed,extended,transferred,forwarded,decided,ready_for_pickup,delivered,ended,withdrawn,abnormal,due_changed,migrated,migrated_worse}
correction.{issued,due_soon,resubmitted,expired} special.{started,completed,overrun} extension.{requested,decided}
task.{assigned,due_soon,overdue} bill.{issued,due_soon,overdue,paid} refund.completed
licence.{issued,expiring,expired,suspended,annulled,withdrawn,revoked,cancelled}
complaint.{received,replied,rated,substantiated,overdue} consultation.{replied,overdue} card.{issued,appealed} order.{opened,overdue}
booking.{confirmed,cancelled} rating.{invited,bad} draft.expiring account.{locked,new_device} profile.decided
announcement.published maintenance.planned config.{review_requested,review_overdue,published,guide_stale}`)
}

// SupervisionEvents are the events of case, correction, special, extension, task, bill, licence, complaint and rating, and clock.
func SupervisionEvents() []string {
	watched := map[string]bool{"case": true, "correction": true, "special": true, "extension": true, "task": true,
		"bill": true, "licence": true, "complaint": true, "rating": true}
	out := []string{"clock"}
	for _, e := range Events() {
		if object, _, _ := strings.Cut(e, "."); watched[object] {
			out = append(out, e)
		}
	}
	return out
}

// Effects are what an action or an automatic node does (domain part 3.3).
func Effects() []string {
	return expand(`issue_document dispatch issue_correction accept refuse_acceptance start_special give_opinion return_to_window
decide_grant decide_refuse conclude create_bill issue_licence record_delivery forward_upward transfer_out merge_into
dispatch_members accept_all refuse_acceptance_all issue_unified_correction bundle_conclude bundle_close_partial schedule_joint_meeting
file_case serve record_performance`)
}

// ClockKinds are the clocks of domain part 2.4.
func ClockKinds() []string {
	return expand(`acceptance dispatch statutory promised stage correction special payment delivery member bundle reply`)
}

// Inputs are what an action's `requires` may name besides the matter's facts and the node's form fields.
func Inputs() []string {
	return expand(`item_list reason reason_code legal_basis remedies competent_agency opinion evidence target minutes repeated_of route facts_found conclusion`)
}

// DocumentAliases are the known names of Matter.documents and Bundle.documents.
func DocumentAliases() []string {
	return expand(`receipt correction acceptance non_acceptance not_needed special extension opinion_sheet grant refuse conclusion pickup dispatch transfer result`)
}

// DocumentRoots are the values a document may show; input, facts and form are open (`input.reason`).
func DocumentRoots() []string {
	return expand(`case.{no,query_code,received_at,accepted_on,promised_due_on,statutory_due_on,status_text} matter.{title,code}
applicant.{name,id_masked} clerk.{name,staff_no} department.title correction.{items,items_by_department,due_on,count}
special.{type,legal_basis,expected_days} extension.{reason,days,approved_by} decision.{basis,date}
licence.{no,no_masked,title,valid_to} bill.{no,total} bundle.{no,query_code,accepted_on,promised_due_on,statutory_due_on}
receiver.{name,id_last4} delivery.{at,way} members materials opinions remedies`)
}

// PrefillRoots are what a form may be filled in with from the applicant's own account and profile, without a data service.
func PrefillRoots() []string {
	return expand(`applicant.{name,type,level,is_agent,uscc,id_type,id_no,phone,email,address,legal_rep}`)
}

// NoticeRoots are what a message may name beside the fields of its own event's object.
func NoticeRoots() []string {
	return append(DocumentRoots(), expand(`case.{received_on,decided_on,outcome} department.{phone,address} correction.sequence task.{title,due_on}`)...)
}

// Respondents are who answers for a supervision card.
func Respondents() []string {
	return expand(`task.assignee task.department.head department.head special.requested_by special.executor event.actor
member.department member.department.head bundle.lead.head complaint.subject`)
}

// Outcomes are the ends of a case (domain part 3.3, rule 9); subflows may use any word.
func Outcomes() []string {
	return expand(`granted partly_granted refused not_accepted no_licence_needed concluded merged transferred forwarded`)
}

// namedList resolves an `enum:"@name"` tag.
func namedList(name string) []string {
	switch name {
	case "permissions":
		return Permissions()
	case "events":
		return Events()
	case "supervision_events":
		return SupervisionEvents()
	case "effects":
		return Effects()
	case "clocks":
		return ClockKinds()
	case "aliases":
		return DocumentAliases()
	}
	return nil
}

// expand turns `a.{b,c} d` into a.b, a.c, d.
func expand(text string) []string {
	var out []string
	for _, word := range strings.Fields(text) {
		prefix, rest, found := strings.Cut(word, "{")
		if !found {
			out = append(out, word)
			continue
		}
		for _, part := range strings.Split(strings.TrimSuffix(rest, "}"), ",") {
			out = append(out, prefix+part)
		}
	}
	return out
}
