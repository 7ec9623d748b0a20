package fee

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"zhengtong/internal/expr"
	"zhengtong/internal/form"
	"zhengtong/internal/problem"
)

// pack is a schedule of the worked examples with the form it stands on.
type pack struct {
	Form  form.Spec       `json:"form"`
	Facts map[string]any  `json:"facts"`
	Spec  json.RawMessage `json:"spec"`
}

func load(t testing.TB, name string) (Spec, Env) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var p pack
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	f, problems := form.Compile(p.Form, form.Options{})
	if f == nil {
		t.Fatal(problems)
	}
	var spec Spec
	if err := json.Unmarshal(p.Spec, &spec); err != nil {
		t.Fatal(err)
	}
	facts := map[string]expr.Field{}
	for id := range p.Facts {
		facts[id] = expr.Field{Type: expr.DateType()}
	}
	return spec, Env{Form: f.Type(), Facts: facts}
}

func schedule(t testing.TB, name string) (*Schedule, Env) {
	t.Helper()
	spec, env := load(t, name)
	s, problems := Compile(spec, env)
	if s == nil {
		t.Fatal(problems)
	}
	return s, env
}

func data(t testing.TB, env Env, text string) form.Data {
	t.Helper()
	d, err := form.DecodeAs(env.Form, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The vectors of packs B and C, in fen. Compile has run them too; here they are
// written down once more, apart from the packs.
func TestVectors(t *testing.T) {
	cases := []struct {
		schedule, form string
		fen            int64
	}{
		{"road-fee", `{"road_class": "arterial", "purpose": "construction", "area_sqm": 50, "days": 45}`, 240000},
		{"road-fee", `{"road_class": "branch", "purpose": "commercial", "area_sqm": 20, "days": 120}`, 235200},
		{"road-fee", `{"road_class": "arterial", "purpose": "public_welfare", "area_sqm": 80, "days": 10}`, 0},
		{"road-fee", `{"road_class": "secondary", "purpose": "construction", "area_sqm": 3.333, "days": 7}`, 1400},
		{"road-fee", `{"road_class": "arterial", "purpose": "construction", "area_sqm": 12.5, "days": 10}`, 12500},
		{"shelter-relocation-fee", `{"shelter_required_sqm": 500, "shelter_built_sqm": 300, "project_kind": "ordinary"}`, 40000000},
		{"shelter-relocation-fee", `{"shelter_required_sqm": 500, "shelter_built_sqm": 300, "project_kind": "school"}`, 0},
		{"shelter-relocation-fee", `{"shelter_required_sqm": 300, "shelter_built_sqm": 500, "project_kind": "ordinary"}`, 0},
	}
	for _, c := range cases {
		s, env := schedule(t, c.schedule)
		bill, err := s.Compute(Input{Form: data(t, env, c.form)})
		if err != nil || bill.Fen != c.fen {
			t.Errorf("%s %s = %d (%v), want %d", c.schedule, c.form, bill.Fen, err, c.fen)
		}
	}
}

func TestTraceExplainsTheBill(t *testing.T) {
	s, env := schedule(t, "road-fee")
	bill, err := s.Compute(Input{Form: data(t, env, `{"road_class": "secondary", "purpose": "construction", "area_sqm": 3.333, "days": 7}`)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range bill.Trace {
		got = append(got, string(l.Step)+" "+l.Name+" "+l.Value.String())
	}
	want := "input billable 3.333|input weighted_days 7|amount amount 1399.86|rounding fen 1400"
	if strings.Join(got, "|") != want {
		t.Errorf("trace %v", got)
	}
}

const paid45 = `{"road_class": "arterial", "purpose": "construction", "area_sqm": 50, "days": 45, "start_date": "2026-03-01"}`

func TestRefund(t *testing.T) {
	s, env := schedule(t, "road-fee")
	base := Input{Form: data(t, env, paid45)}
	restored := func(on string) map[string]any { return map[string]any{"restored_on": on} }
	cases := []struct {
		name   string
		in     RefundInput
		ground string
		fen    int64
		err    error
	}{
		{"restored after 30 of 45 days", RefundInput{Facts: restored("2026-03-30"), PaidFen: 240000}, "early_restore", 90000, nil},
		{"restored late owes nothing back", RefundInput{Facts: restored("2026-06-30"), PaidFen: 240000}, "early_restore", 0, nil},
		{"withdrawn", RefundInput{Case: map[string]any{"outcome": "withdrawn"}, PaidFen: 240000}, "undone", 240000, nil},
		{"neither", RefundInput{Case: map[string]any{"outcome": "granted"}, PaidFen: 240000}, "", 0, ErrNoRefund},
		{"a running case has no outcome", RefundInput{PaidFen: 240000}, "", 0, ErrNoRefund},
		{"another ground than claimed", RefundInput{Facts: restored("2026-03-30"), PaidFen: 240000, Ground: "undone"}, "", 0, ErrNoRefund},
	}
	for _, c := range cases {
		c.in.Input = base
		got, err := s.Refund(c.in)
		if got.Ground != c.ground || got.Fen != c.fen || !errors.Is(err, c.err) {
			t.Errorf("%s: %+v (%v)", c.name, got, err)
		}
	}
}

func TestWaivers(t *testing.T) {
	spec, env := load(t, "shelter-relocation-fee")
	spec.Tests = spec.Tests[:1]
	spec.Waivers = []Waiver{
		{ID: "half", When: "form.project_kind == 'school'", Rate: expr.MustDecimal("0.5")},
		{ID: "third", When: "form.project_kind == 'school' && applicant.type == 'public_institution'", Rate: expr.MustDecimal("0.3")},
		{ID: "all", When: "form.project_kind == 'school'", Rate: expr.Decimal{}, Approval: "chief"},
	}
	s, problems := Compile(spec, env)
	if s == nil {
		t.Fatal(problems)
	}
	in := Input{Form: data(t, env, `{"shelter_required_sqm": 10, "shelter_built_sqm": 0, "project_kind": "school"}`), Applicant: map[string]any{"type": "enterprise"}}
	check := func(fen int64, waived string, pending int) {
		t.Helper()
		bill, err := s.Compute(in)
		if err != nil || bill.Fen != fen || bill.Waived != waived || len(bill.Pending) != pending {
			t.Errorf("%+v (%v), want %d by %s", bill, err, fen, waived)
		}
	}
	check(1000000, "half", 1)
	in.Applicant["type"] = "public_institution"
	check(600000, "third", 1) // the lowest rate, not their product
	in.Approved = []string{"all"}
	check(0, "all", 0)
}

// V-33 and V-34: what publication refuses.
func TestPublishChecks(t *testing.T) {
	cases := []struct {
		name   string
		change func(*Spec)
		path   string
		code   string
	}{
		{"a wrong expectation", func(s *Spec) { s.Tests[0].ExpectFen++ }, "$.tests[0].expect_fen", "V-33"},
		{"no tests", func(s *Spec) { s.Tests = nil }, "$.tests", "V-33"},
		{"no rounding", func(s *Spec) { s.Rounding = nil }, "$.rounding", "V-33"},
		{"unknown rounding", func(s *Spec) { s.Rounding = &Rounding{"nearest", "cent"} }, "$.rounding.mode", "V-33"},
		{"a circle of inputs", func(s *Spec) {
			s.Inputs = map[string]string{"billable": "weighted_days", "weighted_days": "billable"}
		}, "$.inputs", "V-33"},
		{"a negative amount", func(s *Spec) { s.Amount = "billable - 1000" }, "$.tests[0]", "V-33"},
		{"an unknown field", func(s *Spec) { s.Amount = "form.areas" }, "$.amount", "V-16"},
		{"a table that misses a road class", func(s *Spec) {
			s.Tables = json.RawMessage(strings.Replace(string(s.Tables), `"branch"`, `"lane"`, 1))
		}, "$.amount", "V-16"},
		{"tiers out of order", func(s *Spec) {
			s.Tables = json.RawMessage(`{"period_tiers": [{"upto": 30, "factor": "1"}, {"upto": 20, "factor": "1"}, {"upto": null, "factor": "1"}]}`)
		}, "$.tables.period_tiers[1].upto", "V-33"},
		{"an unknown form field in a test", func(s *Spec) { s.Tests[0].Form = json.RawMessage(`{"colour": 1}`) }, "$.tests[0].form.colour", "V-33"},
		{"a rate above one", func(s *Spec) {
			s.Waivers = []Waiver{{ID: "x", When: "true", Rate: expr.MustDecimal("1.1")}}
		}, "$.waivers[0].rate", "V-33"},
		{"refund without cases", func(s *Spec) { s.Refund.Cases = nil }, "$.refund.cases", "V-34"},
		{"refund beyond what was paid", func(s *Spec) { s.Refund.Cases[0].Amount = "paid + 1" }, "$.tests[5].refund", "V-34"},
		{"refund that reads a fact its condition does not prove", func(s *Spec) { s.Refund.Cases[0].When = "true" }, "$.refund.cases[0].amount", "V-16"},
		{"fee.with an unknown field", func(s *Spec) { s.Refund.Cases[0].Amount = "paid - fee.with({'day': 3})" }, "$.refund.cases[0].amount", "V-16"},
		{"fee.with a wrong type", func(s *Spec) { s.Refund.Cases[0].Amount = "paid - fee.with({'days': 'x'})" }, "$.refund.cases[0].amount", "V-17"},
		{"unknown charge", func(s *Spec) { s.Charge = "gift" }, "$.charge", "V-33"},
	}
	for _, c := range cases {
		spec, env := load(t, "road-fee")
		c.change(&spec)
		s, problems := Compile(spec, env)
		if s != nil || !has(problems, c.path, c.code) {
			t.Errorf("%s: want %s at %s, got\n%s", c.name, c.code, c.path, problems)
		}
	}
}

func has(problems problem.List, path, code string) bool {
	for _, p := range problems {
		if p.Path == path && p.Code == code {
			return true
		}
	}
	return false
}

func TestFixedAndNone(t *testing.T) {
	var spec Spec
	if err := json.Unmarshal([]byte(`{"charge": "fixed", "amount": 1250, "rounding": {"mode": "half_up", "to": "yuan"}}`), &spec); err != nil {
		t.Fatal(err)
	}
	s, problems := Compile(spec, Env{})
	if s == nil {
		t.Fatal(problems)
	}
	if bill, err := s.Compute(Input{}); err != nil || bill.Fen != 1300 {
		t.Errorf("fixed: %+v (%v)", bill, err)
	}
	free, problems := Compile(Spec{Charge: None}, Env{})
	if free == nil {
		t.Fatal(problems)
	}
	if bill, err := free.Compute(Input{}); err != nil || bill.Fen != 0 {
		t.Errorf("none: %+v (%v)", bill, err)
	}
	if _, err := free.Refund(RefundInput{}); !errors.Is(err, ErrNoRefund) {
		t.Errorf("none refunds: %v", err)
	}
}

// More days never cost less, and a refund never exceeds what was paid.
func TestRoadFeeIsMonotonic(t *testing.T) {
	s, _ := schedule(t, "road-fee")
	classes := []string{"arterial", "secondary", "branch"}
	purposes := []string{"construction", "commercial", "public_welfare"}
	rapid.Check(t, func(t *rapid.T) {
		d := form.Data{
			"road_class": rapid.SampledFrom(classes).Draw(t, "class"), "purpose": rapid.SampledFrom(purposes).Draw(t, "purpose"),
			"area_sqm": expr.MustDecimal(rapid.StringMatching(`[1-9][0-9]{0,2}\.[0-9]{3}`).Draw(t, "area")), "start_date": "2026-03-01",
		}
		days := rapid.Int64Range(1, 364).Draw(t, "days")
		d["days"] = days
		less, err := s.Compute(Input{Form: d})
		if err != nil {
			t.Fatal(err)
		}
		d["days"] = days + 1
		more, err := s.Compute(Input{Form: d})
		if err != nil || more.Fen < less.Fen {
			t.Fatalf("%d days cost %d, %d days %d (%v)", days, less.Fen, days+1, more.Fen, err)
		}
		refund, err := s.Refund(RefundInput{Input: Input{Form: d}, PaidFen: more.Fen, Facts: map[string]any{"restored_on": "2026-03-15"}})
		if err != nil || refund.Fen < 0 || refund.Fen > more.Fen {
			t.Fatalf("refund %+v of %d (%v)", refund, more.Fen, err)
		}
	})
}

func BenchmarkCompute(b *testing.B) {
	s, env := schedule(b, "road-fee")
	in := Input{Form: data(b, env, paid45)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Compute(in); err != nil {
			b.Fatal(err)
		}
	}
}
