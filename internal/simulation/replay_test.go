package simulation_test

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"zhengtong/internal/card"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/deadline"
	"zhengtong/internal/fee"
	"zhengtong/internal/problem"
	"zhengtong/internal/simulation"
	"zhengtong/schema/kind"
)

// noDrafts: these tests bring subjects of their own.
type noDrafts struct{}

func (noDrafts) Draft(context.Context, []kind.File) (configuration.Source, []string, error) {
	return nil, nil, problem.Missing()
}

func few(t *testing.T, n int) {
	t.Helper()
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		if err := checks.Value.Set(fmt.Sprint(n)); err != nil { // a case is some dozen acts, each in the database
			t.Fatal(err)
		}
	}
}

// with is the subject with another promised limit.
func with(s simulation.Subject, promised int) simulation.Subject {
	m := *s.Matter
	spec := *m.Spec
	limit := *spec.PromisedLimit
	limit.N = promised
	spec.PromisedLimit, m.Spec = &limit, &spec
	s.Matter = &m
	return s
}

// A real case, replayed under its own configuration, comes to the same; under another
// promised limit it comes to what a simulation of the same acts under that limit comes
// to: the same due dates, lateness and cards (R-CFG-07).
func TestReplayIsTheSimulationOfTheSameActs(t *testing.T) {
	county := caseworktest.New(t, dbtest.Open(t, db.SQLite), objects)
	s := subject(t, caseworktest.Tenant, caseworktest.Matter)
	d := door(t).With(county.Configuration)
	people := realPeople(county)
	few(t, 8)
	rapid.Check(t, func(t *rapid.T) {
		c := county.With(t)
		c.At("2026-03-02 09:00")
		for _, sql := range []string{"UPDATE task SET state = 'cancelled' WHERE tenant_id = $1", "UPDATE case_file SET matter_name = 'another' WHERE tenant_id = $1"} {
			if _, err := c.DB.Exec(c.System(), sql, caseworktest.Tenant); err != nil {
				t.Fatal(err) // nobody has anything else to do, and only this run's case is replayed
			}
		}
		script := simulation.Script{Form: caseworktest.Application(nil), Materials: map[string]string{"food-safety-manager-cert": "commitment"}, Delivery: "pickup",
			Auto: simulation.AutoHappy, Pace: fmt.Sprintf("%dh", rapid.IntRange(1, 120).Draw(t, "pace"))}
		after := with(s, rapid.IntRange(1, 20).Draw(t, "promised"))
		play := func(of simulation.Subject, real *countyDesk, choices []string) simulation.Path {
			t.Helper()
			r := simulation.NewRunner(t.Context(), of, d, real, script, choices)
			pick := func(options []string) string {
				if rapid.IntRange(0, 2).Draw(t, "stray") > 0 {
					return options[0]
				}
				return rapid.SampledFrom(options).Draw(t, "choice")
			}
			if choices != nil {
				pick = nil
			}
			r = r.With(c.Person("xiangwei"), people, logins, pick)
			if of.Matter != s.Matter {
				var err error
				if r, err = simulation.Sandboxed(r); err != nil {
					t.Fatal(err)
				}
			}
			path, err := r.Play()
			if err != nil {
				t.Fatal(err)
			}
			return path
		}
		real := &countyDesk{Service: c.Cases, County: c}
		was := play(s, real, nil)
		begun := "2026-03-02 09:00"
		ended := c.Clock.Now()
		c.At(begun)
		would := play(after, real, slices.Clone(was.Choices))
		c.Clock.Set(ended)

		service, err := simulation.New(simulation.Config{Drafts: noDrafts{}, Cases: c.Cases, Door: d, Clock: c.Clock})
		if err != nil {
			t.Fatal(err)
		}
		in := simulation.ReplayInput{Matter: caseworktest.Matter}
		same, err := service.ReplayUnder(c.System(), in, s, s.Rules)
		if err != nil || same.Cases != 1 || same.Changed != 0 {
			t.Fatalf("under its own configuration the case changes: %+v, %v", same, err)
		}
		got, err := service.ReplayUnder(c.System(), in, after, s.Rules)
		if err != nil || got.Cases != 1 {
			t.Fatalf("%+v, %v", got, err)
		}
		if a, b := dues(was), dues(would); slices.Equal(a, b) {
			return // the same limit
		}
		if got.Changed != 1 || len(got.Listed) != 1 {
			t.Fatalf("was %v, would be %v: %+v", dues(was), dues(would), got)
		}
		for _, clock := range got.Listed[0].Clocks {
			if clock.Clock != deadline.Promised || clock.Before.DueOn != due(was) || clock.After.DueOn != due(would) || clock.After.Late != late(would) {
				t.Fatalf("%+v before %+v after %+v, want %v late %t", clock, clock.Before, clock.After, dues(would), late(would))
			}
		}
		if a, b := standing(got.Listed[0].CardsAfter), standing(would.Cards); len(got.Listed[0].CardsAfter) > 0 && !slices.Equal(a, b) {
			t.Fatalf("cards %v, want %v", a, b)
		}
	})
}

func dues(p simulation.Path) []string {
	var out []string
	for _, c := range p.Clocks {
		out = append(out, fmt.Sprint(c.Kind, " ", c.Node, " ", c.Limit, " ", c.DueOn))
	}
	slices.Sort(out)
	return out
}

func promised(p simulation.Path) simulation.ClockReport {
	i := slices.IndexFunc(p.Clocks, func(c simulation.ClockReport) bool { return c.Kind == deadline.Promised })
	return p.Clocks[i]
}

func due(p simulation.Path) deadline.Date { return promised(p).DueOn }
func late(p simulation.Path) bool         { return promised(p).State == deadline.Expired }

func standing(cards []simulation.Card) []string {
	var out []string
	for _, c := range cards {
		if c.Standing {
			out = append(out, fmt.Sprint(c.Rule, " ", c.Level, " ", c.Subject, " ", c.Node, " ", c.On))
		}
	}
	slices.Sort(out)
	return out
}

// Fees are computed anew from what the applicant filled in, drafted rules judge the
// same events, and a case that the draft's form cannot read says so instead.
func TestReplayOfFeesAndRules(t *testing.T) {
	c := caseworktest.New(t, dbtest.Open(t, db.SQLite), objects)
	s := subject(t, caseworktest.Tenant, caseworktest.Matter)
	c.Apply("xiangwei", caseworktest.Application(nil))
	c.At("2026-03-04 09:00")
	service, err := simulation.New(simulation.Config{Drafts: noDrafts{}, Cases: c.Cases, Door: door(t).With(c.Configuration), Clock: c.Clock})
	if err != nil {
		t.Fatal(err)
	}
	m := *s.Matter
	after := s
	after.Matter = &m
	charged, problems := fee.Compile(fee.Spec{Charge: fee.Fixed, Unit: "fen", Amount: "3000", Rounding: &fee.Rounding{Mode: "half_up", To: fee.Fen}}, fee.Env{Form: s.Matter.Form.Type()})
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	m.Fee = charged
	rule, problems := card.Compile("early", card.Spec{Title: "提前预警", Scope: &card.Scope{Event: card.Event, Clock: card.Kinds{"acceptance"}},
		Levels: []card.LevelSpec{{Level: "yellow", When: "clock.remaining <= 4", Score: -2}}})
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	after.Rules = []*card.Rule{rule}
	in := simulation.ReplayInput{Matter: caseworktest.Matter}
	got, err := service.ReplayUnder(c.System(), in, after, s.Rules)
	if err != nil || got.Changed != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	one := got.Listed[0]
	if got.Fees != (simulation.ReplayFees{Charged: 1, Changed: 1, AfterFen: 3000}) || one.Fee.BeforeFen == nil == (s.Matter.Fee != nil) || *one.Fee.AfterFen != 3000 {
		t.Errorf("fees: %+v, %+v", got.Fees, one.Fee)
	}
	if len(one.CardsAfter) != 1 || one.CardsAfter[0].Rule != "early" || one.CardsAfter[0].On != deadline.MustDate("2026-03-03") || len(one.CardsBefore) != 0 {
		t.Errorf("cards: %+v", one)
	}
	if len(got.Cards) != 1 || got.Cards[0] != (simulation.ReplayCards{Rule: "early", Title: "提前预警", Level: "yellow", After: 1}) {
		t.Errorf("cards: %+v", got.Cards)
	}
	other := subject(t, "420106", "road-occupation")
	m.Form, m.Fee = other.Matter.Form, other.Matter.Fee
	if got, err = service.ReplayUnder(c.System(), in, after, nil); err != nil || len(got.Listed) != 1 || !got.Listed[0].Problems.HasErrors() {
		t.Errorf("a form that cannot read the case: %+v, %v", got, err)
	}
	earlier := simulation.ReplayInput{Matter: caseworktest.Matter, From: deadline.MustDate("2026-02-01"), To: deadline.MustDate("2026-03-01")}
	if got, err = service.ReplayUnder(c.System(), earlier, s, nil); err != nil || got.Cases != 0 || got.Truncated {
		t.Errorf("before the first case: %+v, %v", got, err)
	}
	earlier.To = deadline.MustDate("2026-01-01")
	if _, err = service.ReplayUnder(c.System(), earlier, s, nil); problem.CodeOf(err) != problem.Validation {
		t.Errorf("a period that ends before it begins: %v", err)
	}
	c.Apply("yongfeng", caseworktest.Application(nil))
	in.Limit = 1
	if got, err = service.ReplayUnder(c.System(), in, s, s.Rules); err != nil || got.Cases != 1 || !got.Truncated {
		t.Errorf("more than asked for: %+v, %v", got, err)
	}
	if _, err = service.ReplayUnder(c.As("shencha"), in, s, nil); problem.CodeOf(err) != problem.Forbidden {
		t.Errorf("a reviewer replays: %v", err)
	}
}
