package card_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zhengtong/internal/card"
	"zhengtong/internal/deadline"
	"zhengtong/internal/expr"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

func calendar(t testing.TB) *deadline.Calendar {
	t.Helper()
	cal, problems := deadline.NewCalendar(deadline.CalendarSpec{Weekend: []string{"sat", "sun"},
		WorkingHours: [][]string{{"09:00", "12:00"}, {"13:00", "17:00"}}, PublishedThrough: "2030-12-31"})
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return cal
}

func rule(t testing.TB, spec card.Spec) []*card.Rule {
	t.Helper()
	r, problems := card.Compile("rule", spec)
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return []*card.Rule{r}
}

func on(kinds ...string) *card.Scope { return &card.Scope{Event: card.Event, Clock: kinds} }

// The day on which a condition first holds is the day on which the rung of its
// threshold fires (docs/kinds.md, SupervisionRule; R-SUP-09).
func TestVerdictFallsOnTheDayOfItsRung(t *testing.T) {
	cal := calendar(t)
	rapid.Check(t, func(t *rapid.T) {
		limit := deadline.Limit{N: rapid.IntRange(1, 30).Draw(t, "n"), Unit: rapid.SampledFrom([]deadline.Unit{deadline.Workday, deadline.Day}).Draw(t, "unit")}
		begun := deadline.MustDate("2026-01-01").AddDays(rapid.IntRange(0, 365).Draw(t, "start"))
		clock, err := deadline.Start(deadline.Promised, deadline.Agency, limit, begun, cal)
		if err != nil {
			t.Fatal(err)
		}
		k := rapid.IntRange(0, limit.N).Draw(t, "k")
		when, rung := fmt.Sprintf("clock.remaining <= %d", k), deadline.RemainingRung("r", k)
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 1:
			when, rung = "clock.expired", deadline.ExpiryRung("r")
		case 2:
			when, rung = fmt.Sprintf("clock.overdue >= %d", k+1), deadline.OverdueRung("r", k+1)
		}
		r, problems := card.Compile("rule", card.Spec{Scope: on("promised"), Levels: []card.LevelSpec{{Level: "yellow", When: when, Score: -2}}})
		if problems.HasErrors() {
			t.Fatal(problems)
		}
		fires, _ := deadline.FireAt(clock, rung, cal, shanghai, deadline.EndOfDay)
		got, err := card.Clocks([]*card.Rule{r}, []card.Track{{ID: "c", Clock: clock}}, begun.AddDays(400), cal)
		if err != nil || len(got) != 1 || got[0].On != deadline.DateOf(fires, shanghai) {
			t.Fatalf("%s: %+v (%v), the rung fires at %s", when, got, err, fires)
		}
	})
}

// A met clock raises nothing that would have come later; levels rise and never
// fall, and the last word is the highest.
func TestVerdictsRiseAndStopWithTheClock(t *testing.T) {
	cal := calendar(t)
	rules := rule(t, card.Spec{Scope: on("promised", "statutory"), Levels: []card.LevelSpec{
		{Level: "warning", When: "clock.remaining == 1"}, {Level: "yellow", When: "clock.expired", Score: -2}, {Level: "red", When: "clock.overdue >= 3", Score: -5}}})
	rapid.Check(t, func(t *rapid.T) {
		begun := deadline.MustDate("2026-03-02")
		clock, _ := deadline.Start(deadline.Promised, deadline.Agency, deadline.Limit{N: rapid.IntRange(2, 10).Draw(t, "n"), Unit: deadline.Workday}, begun, cal)
		stop := begun.AddDays(rapid.IntRange(0, 40).Draw(t, "days"))
		due := clock.Due(cal).On
		met, err := clock.Meet(stop, cal)
		if err != nil {
			t.Fatal(err)
		}
		got, err := card.Clocks(rules, []card.Track{{ID: "c", Clock: met}}, begun.AddDays(400), cal)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range got {
			if v.On.After(stop) || i > 0 && card.Rank(v.Level) <= card.Rank(got[i-1].Level) {
				t.Fatalf("stopped on %s: %+v", stop, got)
			}
		}
		want := ""
		switch late := cal.WorkdaysBetween(due, stop); {
		case stop.After(due) && late >= 3:
			want = "red"
		case stop.After(due):
			want = "yellow"
		case clock.Remaining(stop, cal) <= 1:
			want = "warning"
		}
		last := card.Standing(got)
		if want == "" && len(last) != 0 || want != "" && (len(last) != 1 || last[0].Level != want) {
			t.Fatalf("due %s, stopped %s: %+v, want %q", due, stop, last, want)
		}
	})
}

func TestSuspendedClockRaisesNothing(t *testing.T) {
	cal := calendar(t)
	clock, _ := deadline.Start(deadline.Promised, deadline.Agency, deadline.Limit{N: 5, Unit: deadline.Workday}, deadline.MustDate("2026-03-02"), cal)
	clock, err := clock.Suspend(deadline.MustDate("2026-03-03"), "检测", "", "s", cal)
	if err != nil {
		t.Fatal(err)
	}
	rules := rule(t, card.Spec{Scope: on("promised"), Levels: []card.LevelSpec{{Level: "yellow", When: "clock.expired", Score: -2}}})
	if got, err := card.Clocks(rules, []card.Track{{ID: "c", Clock: clock}}, deadline.MustDate("2026-06-01"), cal); err != nil || len(got) != 0 {
		t.Fatalf("%+v, %v", got, err)
	}
	clock, _ = clock.Resume("s", deadline.MustDate("2026-04-01"))
	got, err := card.Clocks(rules, []card.Track{{ID: "c", Clock: clock}}, deadline.MustDate("2026-06-01"), cal)
	if due := clock.Due(cal).On; err != nil || len(got) != 1 || got[0].On != due.AddDays(1) {
		t.Fatalf("due %s: %+v, %v", due, got, err)
	}
}

// A second correction that asks for what could have been asked at first breaks 一次性告知 (R-REC-08).
func TestEventRule(t *testing.T) {
	rules := rule(t, card.Spec{Title: "违反一次性告知", Scope: &card.Scope{Event: "correction.issued"}, Levels: []card.LevelSpec{
		{Level: "red", When: "correction.sequence >= 2 && correction.items.exists(i, i.was_reviewable_before)", Score: -5, Respondent: "event.actor"}}})
	notice := func(sequence int, before bool) card.Occurrence {
		return card.Occurrence{ID: fmt.Sprint(sequence), Type: "correction.issued", On: deadline.MustDate("2026-03-04"),
			Subject: expr.Correction{Sequence: sequence, Items: []expr.CorrectionItem{{Material: "m", WasReviewableBefore: before}}}.Vars()}
	}
	got, err := card.Events(rules, []card.Occurrence{notice(1, false), notice(2, false), notice(3, true), {ID: "x", Type: "correction.issued"}})
	if err != nil || len(got) != 1 || got[0].Object != "3" || got[0].Score != -5 || got[0].Respondent != "event.actor" {
		t.Fatalf("%+v, %v", got, err)
	}
}

func TestScope(t *testing.T) {
	r := rule(t, card.Spec{Scope: &card.Scope{Event: card.Event, Clock: card.Kinds{"stage"}, Nodes: card.Kinds{"consult"}, Matters: card.Kinds{"road"}},
		Levels: []card.LevelSpec{{Level: "yellow", When: "clock.expired"}}})
	if r[0].Watches("food", "cgj") || !r[0].Watches("road", "cgj") {
		t.Fatal("the rule looks at the wrong matters")
	}
	cal := calendar(t)
	stage, _ := deadline.Start(deadline.Stage, deadline.Agency, deadline.Limit{N: 1, Unit: deadline.Workday}, deadline.MustDate("2026-03-02"), cal)
	promised := stage
	promised.Kind = deadline.Promised
	got, err := card.Clocks(r, []card.Track{{ID: "a", Node: "consult", Clock: stage}, {ID: "b", Node: "review", Clock: stage}, {ID: "c", Clock: promised}},
		deadline.MustDate("2026-04-01"), cal)
	if err != nil || len(got) != 1 || got[0].Object != "a" {
		t.Fatalf("%+v, %v", got, err)
	}
	if none, problems := card.Compile("nightly", card.Spec{}); none != nil || problems != nil {
		t.Fatal("a rule that runs by schedule judges no case")
	}
	if _, problems := card.Compile("wrong", card.Spec{Scope: on("promised"), Levels: []card.LevelSpec{{Level: "red", When: "clock.nothing"}}}); !problems.HasErrors() {
		t.Fatal("a condition on a field that is not there compiles")
	}
}
