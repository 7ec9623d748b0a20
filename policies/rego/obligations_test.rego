package zhengtong.decision_test

import data.zhengtong.decision
import rego.v1

case_object := {"kind": "case", "confidential": false, "own_task": true}

test_same_tenant_own_task_is_free if {
	count(decision.deny) == 0 with input as {"relative": false, "action": "case.view", "relation": "same", "object": case_object}
	count(decision.obligations) == 0 with input as {"relative": false, "action": "case.view", "relation": "same", "object": case_object}
}

test_unrelated_tenant_is_denied if {
	"cross_tenant" in decision.deny with input as {"relative": false, "action": "linked.view", "relation": "none", "object": case_object}
}

test_relative_is_recused if {
	"recusal" in decision.deny with input as {"relative": true, "action": "task.act", "relation": "same", "object": case_object}
}

test_relative_may_oversee if {
	count(decision.deny) == 0 with input as {"relative": true, "action": "linked.view", "relation": "subtree", "object": case_object}
}

test_look_from_above_is_masked_and_recorded if {
	found := decision.obligations with input as {"relative": false, "action": "linked.open", "relation": "subtree", "object": case_object}
	{"type": "record_look"} in found
	{"type": "mask", "fields": ["applicant.name", "applicant.id_no", "form"]} in found
}

test_look_outside_own_task_is_recorded if {
	found := decision.obligations with input as {"relative": false, "action": "case.view", "relation": "same", "object": object.union(case_object, {"own_task": false})}
	{"type": "record_look"} in found
}

test_confidential_look_needs_a_reason if {
	found := decision.obligations with input as {"relative": false, "action": "case.view", "relation": "same", "object": object.union(case_object, {"own_task": false, "confidential": true})}
	{"type": "require_reason"} in found
}
