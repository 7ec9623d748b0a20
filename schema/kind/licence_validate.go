package kind

import (
	"slices"
	"strconv"
	"strings"
)

// validate checks V-35 (fields and number) and V-36 (validity and renewal window).
func (l *LicenceType) validate(v *visit) {
	checkPattern(v, "number_rule.pattern", l.NumberRule.Pattern, l.NumberRule.Map, l.NumberRule.Check)
	names := []string{"licence_no", "status", "valid_from", "valid_to", "issue_date", "issued_by", "holder"}
	for _, f := range l.Fields {
		names = append(names, f.Name)
	}
	for i, name := range l.Verify.PublicFields {
		if !slices.Contains(names, name) {
			v.fail(at("verify.public_fields", i), "V-35", suggest(name, names), "证照没有字段 %q", name)
		}
	}
	if !l.Validity.Permanent && l.Validity.ToExpr == "" && l.Validity.From == "" && l.Validity.FromExpr == "" {
		v.fail("validity", "V-36", "from: decision_date", "有效期没有起始日")
	}
	if l.Lifecycle != nil && l.Lifecycle.Renew != nil {
		l.validateRenewal(v, l.Lifecycle.Renew)
	}
	if l.Lifecycle != nil && l.Lifecycle.Revoke != nil && l.Lifecycle.Revoke.Requires != "penalty_decision" {
		v.fail("lifecycle.revoke.requires", "V-36", "requires: penalty_decision", "吊销须依据处罚决定")
	}
}

// validateRenewal checks that the window is ordered, before expiry and inside the validity.
func (l *LicenceType) validateRenewal(v *visit, r *Renewal) {
	if l.Validity.Permanent {
		v.fail("lifecycle.renew", "V-36", "", "长期有效的证照没有延续")
	}
	if len(r.ApplyBetween) != 2 {
		v.fail("lifecycle.renew.apply_between", "V-36", "[\"-90wd\", \"-30d\"]", "申请窗口须有起止两项")
		return
	}
	from, to := windowDays(r.ApplyBetween[0]), windowDays(r.ApplyBetween[1])
	if from >= to || to > 0 {
		v.fail("lifecycle.renew.apply_between", "V-36", "", "申请窗口应先起后止，且在到期之前")
	}
	life := l.Validity.Days
	if l.Validity.Years > 0 {
		life = l.Validity.Years * 365
	}
	if life > 0 && -from > life {
		v.fail("lifecycle.renew.apply_between", "V-36", "", "申请窗口早于证照生效")
	}
}

// windowDays is a window edge in calendar days; working days count 7/5, enough for order.
func windowDays(edge string) int {
	if n, ok := strings.CutSuffix(edge, "wd"); ok {
		days, _ := strconv.Atoi(n) // the format was checked
		return days * 7 / 5
	}
	days, _ := strconv.Atoi(strings.TrimSuffix(edge, "d"))
	return days
}
