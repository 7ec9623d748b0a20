package expr

import (
	"testing"

	"zhengtong/internal/deadline"
)

// roadForm is the form of the road occupation permit, pack C.
func roadForm() *Type {
	return Object(map[string]Field{
		"road_class": {Type: Enum("arterial", "secondary", "branch")}, "purpose": {Type: Enum("construction", "commercial", "public_welfare")},
		"area_sqm": {Type: Number()}, "start_date": {Type: DateType()}, "days": {Type: Int()}, "contact_phone": {Type: Text()},
		"website":    {Type: Text(), Optional: true},
		"categories": {Type: ListOf(Enum("prepacked", "bulk", "catering"))},
		"notes":      {Type: MapOf(Text())},
		"agent":      {Type: Object(map[string]Field{"name": {Type: Text()}, "phone": {Type: Text(), Optional: true}}), Optional: true},
		"rows":       {Type: ListOf(Object(map[string]Field{"n": {Type: Int()}, "note": {Type: Text(), Optional: true}})), Optional: true},
	})
}

func formData() map[string]any {
	return map[string]any{
		"road_class": "arterial", "purpose": "construction", "area_sqm": MustDecimal("3.333"), "start_date": "2026-03-01",
		"days": int64(7), "contact_phone": "13800000000", "categories": []any{"prepacked", "bulk"},
		"notes": map[string]any{"k": "v"}, "rows": []any{map[string]any{"n": int64(1)}, map[string]any{"n": int64(2), "note": "x"}},
	}
}

func newEnv(t testing.TB, spec Spec) *Env {
	t.Helper()
	if spec.Form == nil {
		spec.Form = roadForm()
	}
	e, err := NewEnv(spec)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func compile(t testing.TB, e *Env, src string) *Program {
	t.Helper()
	p, problems := e.Compile(src)
	if p == nil {
		t.Fatalf("%s\n%s", src, problems)
	}
	return p
}

func input() Input {
	return Input{Vars: map[string]any{"form": formData(), "today": deadline.MustDate("2026-02-20"),
		"applicant": map[string]any{"type": "enterprise", "name": "甲", "level": "L2", "is_agent": false}}}
}

func TestConditions(t *testing.T) {
	e := newEnv(t, Spec{Context: FormCondition})
	cases := map[string]bool{
		"form.area_sqm == 3.333":                                            true,
		"form.area_sqm * 3 == 9.999":                                        true,
		"form.area_sqm > form.days":                                         false,
		"form.days > 6.5":                                                   true,
		"2 * form.area_sqm < 7":                                             true,
		"form.area_sqm in [1, 3.333]":                                       true,
		"form.area_sqm / 0.5 == 6.666":                                      true,
		"-form.area_sqm < 0":                                                true,
		"max(form.days, form.area_sqm) == 7":                                true,
		"form.start_date > today":                                           true,
		"form.start_date == date('2026-03-01')":                             true,
		"today + days(9) == form.start_date":                                true,
		"form.start_date - days(9) == today":                                true,
		"days_between(today, form.start_date) == 9":                         true,
		"has(form.website) && form.website.startsWith('https')":             false,
		"!has(form.website) || form.website.size() > 3":                     true,
		"has(form.website) ? form.website == '' : true":                     true,
		"form.website == 'x' && has(form.website)":                          false,
		"form.categories.exists(c, c == 'bulk')":                            true,
		"form.categories == ['prepacked', 'bulk']":                          true,
		"form.categories.filter(c, c != 'bulk').size() == 1":                true,
		"has(form.rows) && form.rows.all(r, has(r.note) || r.n == 1)":       true,
		"has(form.rows) && form.rows.exists(r, has(r.note) && r.note=='x')": true,
		"has(form.agent.phone) && form.agent.phone == '1'":                  false,
		"has(form.agent.phone) && form.agent.name == '1'":                   false,
		"form.contact_phone.matches('^1[3-9]\\\\d{9}$')":                    true,
		"has(form.notes.k) && form.notes.k == 'v'":                          true,
		"has(form.notes.j) && form.notes.j == 'v'":                          false,
		"form.notes.exists(k, k == 'k')":                                    true,
		"applicant.type == 'enterprise' && !applicant.is_agent":             true,
		"has(applicant.uscc) && valid_uscc(applicant.uscc)":                 false,
	}
	for src, want := range cases {
		got, err := compile(t, e, src).Bool(input())
		if err != nil || got != want {
			t.Errorf("%s = %v (%v), want %v", src, got, err, want)
		}
	}
}

func BenchmarkEval(b *testing.B) {
	e := newEnv(b, Spec{Context: FormCondition})
	p := compile(b, e, "form.road_class == 'arterial' || form.days > 30")
	q := compile(b, e, "!form.categories.exists(c, c == 'bulk') || form.area_sqm >= 30.0")
	in := input()
	b.Run("simple", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = p.Bool(in)
		}
	})
	b.Run("list", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = q.Bool(in)
		}
	})
	b.Run("compile", func(b *testing.B) {
		for b.Loop() {
			e.Compile("form.road_class == 'arterial' || form.days > 30")
		}
	})
	b.Run("env", func(b *testing.B) {
		for b.Loop() {
			_, _ = NewEnv(Spec{Context: FormCondition, Form: roadForm()})
		}
	})
	b.Run("partial", func(b *testing.B) {
		for b.Loop() {
			_, _ = p.EvalPartial(in)
		}
	})
}
