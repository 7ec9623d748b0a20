package configuration

import (
	"cmp"

	"zhengtong/internal/card"
	"zhengtong/internal/expr"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// checkSupervision compiles the conditions of a tenant's supervision rules (V-16, V-17)
// and checks that levels stand in order and that a condition on a clock flips
// somewhere: where it flips is a rung (V-40).
func checkSupervision(v *view) problem.List {
	var problems problem.List
	for _, f := range v.shelf.ownAll(v.Tenant(), "SupervisionRule") {
		spec := f.Resource.Spec.(*kind.SupervisionRule)
		direction := 0
		for i, level := range spec.Levels {
			if i > 0 {
				step := cmp.Compare(card.Rank(level.Level), card.Rank(spec.Levels[i-1].Level))
				if direction != 0 && step != direction {
					problems = append(problems, f.remark(problem.SeverityError, at("$.spec.levels", i)+".level", "V-40", "由高到低或由低到高排列", "级别 %q 的次序有误", level.Level)...)
				}
				direction = step
			}
			problems = append(problems, checkLevel(f, spec, i, level)...)
		}
	}
	return problems
}

func checkLevel(f *Found, spec *kind.SupervisionRule, i int, level kind.SupervisionLevel) problem.List {
	path := at("$.spec.levels", i) + ".when"
	if spec.Scope == nil {
		return nil // a scheduled rule reads counters, which its service types
	}
	if spec.Scope.Event != "clock" {
		_, problems := compileRule(f, path, level.When, card.EnvOf(spec.Scope.Event))
		return problems
	}
	program, problems := compileRule(f, path, level.When, card.EnvOf(card.Event))
	if program != nil && !flips(program, spec.Scope.Clock) {
		problems = append(problems, f.remark(problem.SeverityError, path, "V-40", "如 clock.expired 或 clock.remaining <= 1", "条件在剩余 60 至逾期 60 之间从不变化，不会触发")...)
	}
	return problems
}

func compileRule(f *Found, path, source string, spec expr.Spec) (*expr.Program, problem.List) {
	env, err := expr.NewEnv(spec)
	if err != nil {
		return nil, f.remark(problem.SeverityError, path, "V-17", "", "%v", err)
	}
	program, problems := env.Compile(source)
	return program, f.place(expr.At(problems, path))
}

// Days over which a condition on a clock is tried (docs/kinds.md, SupervisionRule).
const flipRange = 60

// flips reports whether a condition changes its value as a clock runs from 60 units
// left to 60 units over. One that cannot be evaluated without the other clocks is tried with all of them alike.
func flips(program *expr.Program, kinds []string) bool {
	if len(kinds) == 0 {
		kinds = []string{"promised"}
	}
	for _, clockKind := range kinds {
		first, known := false, false
		for day := -flipRange; day <= flipRange; day++ {
			clock := expr.Clock{Kind: clockKind, Unit: "workday", N: flipRange, Remaining: max(0, -day), Overdue: max(0, day), Running: true, Expired: day > 0}
			all := map[string]any{}
			for _, other := range kind.ClockKinds() {
				all[other] = clock.Vars()
			}
			now, err := program.Bool(expr.Input{Vars: map[string]any{"clock": clock.Vars(), "clocks": all}})
			if err != nil {
				continue
			}
			if known && now != first {
				return true
			}
			first, known = now, true
		}
	}
	return false
}

// checkComplaints compiles the conditions of complaint policies (V-16, V-17) and checks
// that every category is routed to somebody who may take it in hand (V-43).
func checkComplaints(v *view) problem.List {
	var problems problem.List
	for _, f := range v.shelf.ownAll(v.Tenant(), "ComplaintPolicy") {
		spec := f.Resource.Spec.(*kind.ComplaintPolicy)
		for i, s := range spec.Classify.Severity {
			if s.When != "" {
				_, list := compileRule(f, at("$.spec.classify.severity", i)+".when", s.When, expr.Spec{Context: expr.EventRule, Subject: "complaint"})
				problems = append(problems, list...)
			}
		}
		for i, e := range spec.Escalation {
			rule := expr.Spec{Context: expr.EventRule, Subject: "complaint"}
			if e.Clock != "" {
				rule = expr.Spec{Context: expr.ClockRule}
			}
			_, list := compileRule(f, at("$.spec.escalation", i)+".when", e.When, rule)
			problems = append(problems, list...)
		}
		for i, category := range spec.Classify.Categories {
			if role := category.Route.Role; role != "" && !handlesComplaints(v, role) {
				problems = append(problems, f.remark(problem.SeverityError, at("$.spec.classify.categories", i)+".route.role", "V-43",
					"给角色 complaint.reply 或 complaint.accept", "角色 %q 不能办理投诉", role)...)
			}
		}
	}
	return problems
}

func handlesComplaints(v *view, role string) bool {
	if _, exists := v.Find("Role", role); !exists {
		return true // reported by linking
	}
	for _, permission := range []string{"complaint.reply", "complaint.accept", "complaint.assign", "complaint.instruct", "complaint.close_major"} {
		if roleHolds(v, role, permission) {
			return true
		}
	}
	return false
}
