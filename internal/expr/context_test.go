package expr

import (
	"errors"
	"strings"
	"testing"

	"zhengtong/internal/deadline"
)

func testCalendar(t testing.TB) *deadline.Calendar {
	t.Helper()
	c, problems := deadline.NewCalendar(deadline.CalendarSpec{
		Weekend: []string{"sat", "sun"}, WorkingHours: [][]string{{"09:00", "12:00"}, {"13:00", "17:00"}}, PublishedThrough: "2026-12-31",
	})
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return c
}

func on(s string) deadline.Date { return deadline.MustDate(s) }

// Every context of §3.1 with expressions of the worked examples and what they give.
func TestContexts(t *testing.T) {
	granted := Case{Channel: "web", Status: "decided", Outcome: "granted", SubmittedOn: on("2026-02-20"), AcceptedOn: on("2026-02-24"), DecidedOn: on("2026-03-04")}
	members := Members([]Member{{"design", "cxjsj", "pass", "granted"}, {"greening", "ylj", "not_required", "not_required"}})
	refunds := Spec{Facts: map[string]Field{"restored_on": {Type: DateType()}}}
	nodes := map[string][]string{"consult_police": {"agree", "object"}}
	vars := map[string]any{
		"form": formData(), "case": granted.Vars(), "members": members, "bill": Bill{TotalFen: 0, ComputedFen: 100, Adjustment: &Adjustment{MustDecimal("0.6"), "x"}}.Vars(),
		"applicant": Applicant{Type: "enterprise", Level: "L2", IsAgent: true}.Vars(), "today": on("2026-02-24"), "valid_from": on("2026-03-04"),
		"clock": Clock{Kind: "promised", Unit: "workday", Remaining: 1}.Vars(), "clocks": map[string]any{"statutory": Clock{Kind: "statutory", Expired: true}.Vars()},
		"correction": Correction{2, []CorrectionItem{{"road-plan", true}}}.Vars(), "event": Event{"bill.issued", "u1", on("2026-03-05")}.Vars(),
		"complaint":  Complaint{Category: "overrun_occupation", Severity: "major", Departments: []string{"cgj", "jjdd"}, Facts: []string{"blocks_emergency_lane"}}.Vars(),
		"department": Department{Name: "cgj", Title: "城管", USCC: "11420106MB1C400481", Line: "城市管理"}.Vars(), "paid": NewDecimal(240000),
	}
	in := Input{Calendar: testCalendar(t), Vars: vars, Actions: map[string]string{"consult_police": "agree"}}
	cases := []struct {
		spec Spec
		src  string
		want any
	}{
		{Spec{Context: FormCondition}, "form.start_date >= add_workdays(today, 3)", true},
		{Spec{Context: FormCondition}, "workdays_between(today, form.start_date) == 3 && is_workday(today)", true},
		{Spec{Context: FormCondition}, "form.categories.exists(c, c == 'catering')", false},
		{Spec{Context: FlowCondition}, "case.channel in ['web', 'mobile', 'terminal']", true},
		{Spec{Context: FlowCondition, Nodes: nodes}, "action_of('consult_police') == 'agree'", true},
		{Spec{Context: FlowCondition}, "members.all(m, m.outcome == 'granted' || m.outcome == 'not_required')", true},
		{Spec{Context: FlowCondition}, "members.exists(m, m.outcome == 'refused')", false},
		{Spec{Context: FlowCondition}, "bill.total_fen == 0", true},
		{Spec{Context: FlowCondition, Phase: PostDecision}, "case.delivery == 'electronic'", false},
		{Spec{Context: FlowCondition, Phase: Handling}, "days_between(case.submitted_on, case.accepted_on) == 4", true},
		{Spec{Context: RefundCondition, Facts: refunds.Facts}, "has(facts.restored_on)", false},
		{Spec{Context: RefundCondition}, "case.outcome in ['withdrawn', 'voided']", false},
		{Spec{Context: RefundAmount}, "paid / 3 * 2", "160000.0000000000000000000000000000"},
		{Spec{Context: NumberMap, Width: 2}, "form.purpose == 'construction' ? '01' : '02'", "01"},
		{Spec{Context: NumberMap, Width: 1}, "{'arterial': '1', 'secondary': '2', 'branch': '3'}[form.road_class]", "1"},
		{Spec{Context: ValidFrom}, "max(form.start_date, case.decided_on)", on("2026-03-04")},
		{Spec{Context: ValidTo}, "valid_from + days(form.days - 1)", on("2026-03-10")},
		{Spec{Context: ClockRule}, "clock.kind == 'promised' && clock.remaining == 1", true},
		{Spec{Context: ClockRule}, "has(clocks.statutory) && clocks.statutory.expired", true},
		{Spec{Context: ClockRule}, "clock.expired && (clock.kind == 'statutory' || clock.overdue >= 3)", false},
		{Spec{Context: EventRule, Subject: "correction"}, "correction.sequence >= 2 && correction.items.exists(i, i.was_reviewable_before)", true},
		{Spec{Context: EventRule, Subject: "bill"}, "bill.total_fen != bill.computed_fen && !has(bill.adjustment)", false},
		{Spec{Context: EventRule, Subject: "bill"}, "has(bill.adjustment) && bill.adjustment.ratio > 0.5", true},
		{Spec{Context: EventRule, Subject: "complaint"}, "complaint.departments.size() > 1", true},
		{Spec{Context: EventRule, Subject: "complaint"}, "complaint.injured || complaint.facts.exists(f, f == 'blocks_emergency_lane')", true},
		{Spec{Context: EventRule, Subject: "complaint"}, "complaint.severity == 'major' && event.on > date('2026-03-04')", true},
		{Spec{Context: FeeWaiver}, "applicant.is_agent && form.area_sqm < 4", true},
	}
	for _, c := range cases {
		got, err := compile(t, newEnv(t, c.spec), c.src).Eval(in)
		if d, ok := got.(Decimal); ok {
			text, _ := c.want.(string)
			if want := MustDecimal(text); err != nil || d.Cmp(want) != 0 {
				t.Errorf("%s: %s = %s (%v)", c.spec.Context, c.src, d, err)
			}
			continue
		}
		if err != nil || got != c.want {
			t.Errorf("%s: %s = %v (%v), want %v", c.spec.Context, c.src, got, err, c.want)
		}
	}
}

// A context sees its own variables only, and dates of a case only in their phase.
func TestContextsAreClosed(t *testing.T) {
	cases := []struct {
		spec Spec
		src  string
		code string
	}{
		{Spec{Context: FormCondition}, "case.deemed", "V-16"},
		{Spec{Context: FlowCondition}, "today == today", "V-16"},
		{Spec{Context: FlowCondition, Phase: PreAcceptance}, "case.accepted_on == date('2026-01-01')", "V-16"},
		{Spec{Context: FlowCondition, Phase: Handling}, "case.decided_on == date('2026-01-01')", "V-16"},
		{Spec{Context: FlowCondition}, "case.status == 'done'", "V-16"},
		{Spec{Context: FlowCondition}, "members.exists(m, m.outcome == 'granting')", "V-16"},
		{Spec{Context: ClockRule}, "form.days > 1", "V-16"},
		{Spec{Context: ClockRule}, "clocks.statutory.expired", "V-16"},
		{Spec{Context: EventRule, Subject: "bill"}, "complaint.media", "V-16"},
		{Spec{Context: NumberMap, Width: 2}, "form.purpose == 'construction' ? '1' : '02'", "V-35"},
		{Spec{Context: ValidTo}, "form.days", "V-17"},
		{Spec{Context: FeeAmount}, "form.start_date", "V-17"},
		{Spec{Context: RefundAmount}, "fee.with({'website': 'x', 'dyas': 3})", "V-16"},
	}
	for _, c := range cases {
		p, problems := newEnv(t, c.spec).Compile(c.src)
		if p != nil || !problems.HasErrors() || problems.Errors()[0].Code != c.code {
			t.Errorf("%s: %s\n%s", c.spec.Context, c.src, problems)
		}
	}
}

// On drafts an absent field is unknown; the result is known when it does not matter.
func TestPartial(t *testing.T) {
	e := newEnv(t, Spec{Context: FormCondition})
	data := map[string]any{"days": int64(7), "agent": map[string]any{"name": "甲"}, "rows": []any{map[string]any{"n": int64(1)}}}
	cases := map[string]Truth{
		"form.days > 5":                                                True,
		"form.area_sqm > 5":                                            Unknown,
		"form.days > 5 || form.area_sqm > 5":                           True,
		"form.days > 9 && form.area_sqm > 5":                           False,
		"form.days > 5 && form.area_sqm > 5":                           Unknown,
		"has(form.website)":                                            Unknown,
		"!has(form.website) || form.website == ''":                     Unknown,
		"has(form.agent.phone) && form.agent.phone == ''":              Unknown,
		"form.days < 5 && has(form.agent.phone)":                       False,
		"form.categories.exists(c, c == 'bulk')":                       Unknown,
		"has(form.rows) && form.rows.all(r, r.n == 1)":                 True,
		"has(form.rows) && form.rows.exists(r, has(r.note) || r.n==1)": True,
		"form.start_date > today":                                      Unknown,
		"applicant.type == 'enterprise'":                               Unknown,
	}
	for src, want := range cases {
		got, err := compile(t, e, src).EvalPartial(Input{Vars: map[string]any{"form": data}})
		if err != nil || got != want {
			t.Errorf("%s = %v (%v), want %v", src, got, err, want)
		}
	}
}

// What has() proves in a condition may be read in the amount that depends on it.
func TestCompileAfter(t *testing.T) {
	facts := map[string]Field{"restored_on": {Type: DateType()}}
	when := compile(t, newEnv(t, Spec{Context: RefundCondition, Facts: facts}), "has(facts.restored_on)")
	amount := newEnv(t, Spec{Context: RefundAmount, Facts: facts})
	src := "paid - fee.with({'days': days_between(form.start_date, facts.restored_on) + 1})"
	if p, _ := amount.Compile(src); p != nil {
		t.Error("the fact is read unguarded")
	}
	p, problems := amount.CompileAfter(src, when)
	if p == nil {
		t.Fatal(problems)
	}
	fee := func(changes map[string]any) (Decimal, error) {
		return NewDecimal(1000).Mul(NewDecimal(changes["days"].(int64)))
	}
	in := Input{Fee: fee, Vars: map[string]any{"form": formData(), "paid": NewDecimal(50000), "facts": map[string]any{"restored_on": "2026-03-30"}}}
	if got, err := p.Decimal(in); err != nil || got.String() != "20000" {
		t.Errorf("%s (%v)", got, err)
	}
	if want := "facts.restored_on form.start_date"; strings.Join(p.Reads(), " ") != want {
		t.Errorf("reads %v", p.Reads())
	}
}

// Failures that only data can cause are errors of the evaluation, not panics.
func TestEvalErrors(t *testing.T) {
	cases := []struct {
		spec Spec
		src  string
		want error
	}{
		{Spec{Context: FormCondition}, "form.area_sqm / (form.days - 7) > 1", ErrDivideByZero},
		{Spec{Context: FormCondition}, "is_workday(form.start_date)", errNoCalendar},
		{Spec{Context: FormCondition}, "add_workdays(form.start_date, form.days * 1000000) > today", errNoCalendar},
		{Spec{Context: FormCondition}, "form.start_date + days(form.days * 1000000) > today", errTooFar},
		{Spec{Context: FormCondition}, "dec(form.contact_phone) * dec('1e30') > 1.5 && dec(form.road_class) > 1", ErrNotDecimal},
	}
	for _, c := range cases {
		_, err := compile(t, newEnv(t, c.spec), c.src).Eval(input())
		if !errors.Is(err, ErrEval) || !strings.Contains(err.Error(), c.want.Error()) {
			t.Errorf("%s: %v, want %v", c.src, err, c.want)
		}
	}
}
