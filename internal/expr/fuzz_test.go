package expr

import (
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// arithmeticCauses are the only failures that a published expression may have on valid
// data: everything else must have been found by Compile.
var arithmeticCauses = []string{ErrDivideByZero.Error(), ErrDecimalRange.Error(), ErrNotDecimal.Error(), errTooFar.Error(),
	"integer overflow", "division by zero"}

func arithmeticFailure(err error) bool {
	for _, cause := range arithmeticCauses {
		if strings.Contains(err.Error(), cause) {
			return true
		}
	}
	return false
}

// FuzzCompile: no text crashes the compiler, and what it accepts without a warning
// evaluates on valid data, complete or draft, unless the arithmetic itself fails.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		"form.area_sqm * 2 > 3.5", "has(form.agent.phone) && form.agent.phone == 'x'", "form.categories.exists(c, c == 'bulk')",
		"max(form.days, 2) in [1, 2.5]", "form.start_date + days(form.days) >= add_workdays(today, 3)", "form.contact_phone.matches('^1')",
		"has(form.rows) && form.rows.filter(r, r.n > 1).all(r, has(r.note))", "{'arterial': 1, 'secondary': 2.5, 'branch': 3}[form.road_class] > form.days",
		"form.days > 1 ? form.area_sqm == 1 : true", "!(form.area_sqm == 1 || -form.area_sqm < 2)", "\"", "((((", "form.",
	} {
		f.Add(seed)
	}
	e := newEnv(f, Spec{Context: FormCondition})
	in := input()
	in.Calendar = testCalendar(f)
	f.Fuzz(func(t *testing.T, src string) {
		p, problems := e.Compile(src)
		if p == nil {
			if !problems.HasErrors() {
				t.Fatalf("%q refused without a problem", src)
			}
			return
		}
		if _, err := p.Eval(in); err != nil && len(problems) == 0 && !arithmeticFailure(err) {
			t.Fatalf("%q: %v", src, err)
		}
		if _, err := p.EvalPartial(in); err != nil && len(problems) == 0 && !arithmeticFailure(err) {
			t.Fatalf("%q on a draft: %v", src, err)
		}
	})
}

// condition draws a well-typed condition over the road form together with its value,
// worked out by Go.
func condition(t *rapid.T, depth int) (string, bool) {
	data := formData()
	days, area := data["days"].(int64), data["area_sqm"].(Decimal)
	if depth == 0 {
		bound := rapid.StringMatching(`[0-9]\.[0-9]{1,4}`).Draw(t, "bound")
		switch rapid.IntRange(0, 3).Draw(t, "leaf") {
		case 0:
			return "form.area_sqm > " + bound, area.Cmp(MustDecimal(bound)) > 0
		case 1:
			return "form.days * " + bound + " <= form.area_sqm", sure(NewDecimal(days).Mul(MustDecimal(bound))).Cmp(area) <= 0
		case 2:
			return "has(form.website)", false
		default:
			return "form.road_class == 'arterial'", true
		}
	}
	left, l := condition(t, depth-1)
	right, r := condition(t, depth-1)
	switch rapid.IntRange(0, 3).Draw(t, "node") {
	case 0:
		return "(" + left + " && " + right + ")", l && r
	case 1:
		return "(" + left + " || " + right + ")", l || r
	case 2:
		return "!(" + left + ")", !l
	default:
		third, v := condition(t, depth-1)
		if l {
			v = r
		}
		return "(" + left + " ? " + right + " : " + third + ")", v
	}
}

func sure(d Decimal, err error) Decimal {
	if err != nil {
		panic(err)
	}
	return d
}

// Random conditions agree with Go; on a draft they are either unknown or the same.
func TestConditionsAgreeWithOracle(t *testing.T) {
	e := newEnv(t, Spec{Context: FormCondition})
	draft := input()
	delete(draft.Vars["form"].(map[string]any), "area_sqm")
	rapid.Check(t, func(t *rapid.T) {
		src, want := condition(t, rapid.IntRange(0, 3).Draw(t, "depth"))
		p, problems := e.Compile(src)
		if p == nil {
			t.Fatalf("%s\n%s", src, problems)
		}
		if got, err := p.Bool(input()); err != nil || got != want {
			t.Fatalf("%s = %v (%v), want %v", src, got, err, want)
		}
		truth, err := p.EvalPartial(draft)
		if err != nil || truth == True && !want && !strings.Contains(src, "website") || truth == False && want && !strings.Contains(src, "website") {
			t.Fatalf("%s on a draft = %v (%v), complete %v", src, truth, err, want)
		}
	})
}

func TestConcurrentEvaluation(t *testing.T) {
	p := compile(t, newEnv(t, Spec{Context: FormCondition}), "form.categories.exists(c, c == 'bulk') && form.area_sqm * 3 == 9.999")
	in := input()
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 200 {
				if got, err := p.Bool(in); err != nil || !got {
					t.Errorf("%v (%v)", got, err)
				}
				if got, err := p.EvalPartial(in); err != nil || got != True {
					t.Errorf("%v (%v)", got, err)
				}
			}
		})
	}
	group.Wait()
}
