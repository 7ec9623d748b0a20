# What comes with an allowed act, and what forbids it whatever the permission says.
# Input, of a member of staff: action, relation (same | subtree | grant | none) of the object's tenant to theirs,
# relative (they are a party to the case, or declared a relation to one), object {kind, confidential, own_task}.
# It only adds denials and obligations, and looks at nothing else: answers are kept by input.
package zhengtong.decision

import rego.v1

# A request reaches another tenant only by the tree or a grant (invariant I3).
deny contains "cross_tenant" if input.relation == "none"

# A party to the case, or one who declared a relation to a party, does not touch it (R-PRC-15).
deny contains "recusal" if {
	input.relative
	not startswith(input.action, "linked.")
}

# Whoever looks in from above sees masked personal data, and the look is recorded on both sides.
obligations contains {"type": "mask", "fields": ["applicant.name", "applicant.id_no", "form"]} if crossing

obligations contains {"type": "record_look"} if {
	crossing
	input.action == "linked.open"
}

# Inside a tenant, a look at a case outside one's own tasks is recorded (R-PRF-10) …
obligations contains {"type": "record_look"} if outside_task

# … and needs a reason where the matter is confidential.
obligations contains {"type": "require_reason"} if {
	outside_task
	input.object.confidential
}

crossing if input.relation in {"subtree", "grant"}

outside_task if {
	input.action == "case.view"
	not input.object.own_task
}
