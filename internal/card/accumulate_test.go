package card_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"zhengtong/internal/card"
	"zhengtong/internal/deadline"
)

// accumulating is a rule whose yellow cards come to a red one of 5 points.
func accumulating(t testing.TB, n int, unit deadline.Unit, toRed int) []*card.Rule {
	t.Helper()
	return rule(t, card.Spec{Title: "办理时限监察", Scope: on("promised"), Accumulate: &card.Accumulation{Window: deadline.Limit{N: n, Unit: unit}, YellowToRed: toRed},
		Levels: []card.LevelSpec{{Level: "yellow", When: "clock.expired", Score: -2, Respondent: "task.assignee"},
			{Level: "red", When: "clock.overdue >= 3", Score: -5, Respondent: "department.head", ConfirmBy: "supervisor", Order: true}}})
}

// given is a verdict of the rule on a clock of a case.
func given(level, day, kase, object, against string) card.Given {
	return card.Given{Verdict: card.Verdict{Rule: "rule", Level: level, Respondent: "task.assignee", Object: object, On: deadline.MustDate(day)}, Case: kase, Against: against}
}

func told(list []card.Accumulated) []string {
	var out []string
	for _, a := range list {
		line := fmt.Sprint(a.Level, " ", a.On, " ", a.Against)
		for _, g := range a.From {
			line += " " + g.Case + "/" + g.Object
		}
		out = append(out, line)
	}
	return out
}

// R-SUP-09: three yellow cards against one respondent within a month are a red one of
// the day of the third; those of others, of another month, or that rose to red are not.
func TestAccumulate(t *testing.T) {
	rules, cal := accumulating(t, 1, deadline.Month, 3), calendar(t)
	for name, c := range map[string]struct {
		given []card.Given
		want  []string
	}{
		"three of one": {[]card.Given{given("yellow", "2026-03-02", "A", "1", "a"), given("yellow", "2026-03-20", "B", "1", "a"), given("yellow", "2026-04-02", "C", "1", "a")},
			[]string{"red 2026-04-02 a A/1 B/1 C/1"}},
		"a day too late": {[]card.Given{given("yellow", "2026-03-02", "A", "1", "a"), given("yellow", "2026-03-20", "B", "1", "a"), given("yellow", "2026-04-03", "C", "1", "a")}, nil},
		"of two":         {[]card.Given{given("yellow", "2026-03-02", "A", "1", "a"), given("yellow", "2026-03-03", "B", "1", "b"), given("yellow", "2026-03-04", "C", "1", "a")}, nil},
		"of nobody":      {[]card.Given{given("yellow", "2026-03-02", "A", "1", ""), given("yellow", "2026-03-03", "B", "1", ""), given("yellow", "2026-03-04", "C", "1", "")}, nil},
		"one rose": {[]card.Given{given("yellow", "2026-03-02", "A", "1", "a"), given("yellow", "2026-03-03", "B", "1", "a"), given("yellow", "2026-03-04", "C", "1", "a"),
			given("red", "2026-03-09", "A", "1", "b")}, nil},
		"consumed once": {[]card.Given{given("yellow", "2026-03-02", "A", "1", "a"), given("yellow", "2026-03-03", "A", "2", "a"), given("yellow", "2026-03-04", "A", "3", "a"),
			given("yellow", "2026-03-05", "B", "1", "a"), given("yellow", "2026-03-06", "B", "2", "a")}, []string{"red 2026-03-04 a A/1 A/2 A/3"}},
		"six on a day": {[]card.Given{given("yellow", "2026-03-02", "F", "1", "a"), given("yellow", "2026-03-02", "E", "1", "a"), given("yellow", "2026-03-02", "D", "1", "a"),
			given("yellow", "2026-03-02", "C", "1", "a"), given("yellow", "2026-03-02", "B", "1", "a"), given("yellow", "2026-03-02", "A", "1", "a")},
			[]string{"red 2026-03-02 a A/1 B/1 C/1", "red 2026-03-02 a D/1 E/1 F/1"}},
	} {
		if got := told(card.Accumulate(rules, c.given, cal)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// The red card has the consequences of the rule's red level and is against the one who
// has the yellow ones; a rule without a red level has no score for it.
func TestAccumulatedConsequences(t *testing.T) {
	yellows := []card.Given{given("yellow", "2026-03-02", "A", "1", "a"), given("yellow", "2026-03-03", "B", "1", "a")}
	want := card.Verdict{Rule: "rule", Title: "办理时限监察", Level: "red", Score: -5, Respondent: "task.assignee", ConfirmBy: "supervisor", Order: true,
		Subject: card.Accumulating, On: deadline.MustDate("2026-03-03")}
	if got := card.Accumulate(accumulating(t, 5, deadline.Workday, 2), yellows, calendar(t)); len(got) != 1 || got[0].Verdict != want {
		t.Errorf("%+v", got)
	}
	plain := rule(t, card.Spec{Scope: on("promised"), Levels: []card.LevelSpec{{Level: "yellow", When: "clock.expired", Score: -2}},
		Accumulate: &card.Accumulation{Window: deadline.Limit{N: 1, Unit: deadline.Year}, YellowToRed: 2}})
	if got := card.Accumulate(plain, yellows, calendar(t)); len(got) != 1 || got[0].Score != 0 || got[0].Level != "red" {
		t.Errorf("without a red level: %+v", got)
	}
	none := rule(t, card.Spec{Scope: on("promised"), Levels: []card.LevelSpec{{Level: "yellow", When: "clock.expired"}}})
	if got := card.Accumulate(none, yellows, calendar(t)); len(got) != 0 {
		t.Errorf("a rule that accumulates nothing: %+v", got)
	}
}

// What is declared wrongly is a problem of the rule (V-40).
func TestAccumulationIsChecked(t *testing.T) {
	month := deadline.Limit{N: 1, Unit: deadline.Month}
	for name, c := range map[string]struct {
		level        string
		accumulation card.Accumulation
		path         string
	}{
		"no yellow":      {"red", card.Accumulation{Window: month, YellowToRed: 3}, "$.accumulate"},
		"one to one":     {"yellow", card.Accumulation{Window: month, YellowToRed: 1}, "$.accumulate.yellow_to_red"},
		"hours":          {"yellow", card.Accumulation{Window: deadline.Limit{N: 8, Unit: deadline.Hour}, YellowToRed: 3}, "$.accumulate.window"},
		"nothing":        {"yellow", card.Accumulation{Window: deadline.Limit{Unit: deadline.Day}, YellowToRed: 3}, "$.accumulate.window"},
		"unknown unit":   {"yellow", card.Accumulation{Window: deadline.Limit{N: 1, Unit: "week"}, YellowToRed: 3}, "$.accumulate.window"},
		"negative count": {"yellow", card.Accumulation{Window: deadline.Limit{N: -1, Unit: deadline.Day}, YellowToRed: 3}, "$.accumulate.window"},
	} {
		_, problems := card.Compile("rule", card.Spec{Scope: on("promised"), Levels: []card.LevelSpec{{Level: c.level, When: "clock.expired"}}, Accumulate: &c.accumulation})
		if len(problems) != 1 || problems[0].Path != c.path || problems[0].Code != "V-40" {
			t.Errorf("%s: %s", name, problems)
		}
	}
}

// drawn is what a random lot of cases was given against few people.
func drawn(t *rapid.T) []card.Given {
	first := deadline.MustDate("2026-01-25") // past short and long months, weekends
	return rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) card.Given {
		return card.Given{Case: rapid.SampledFrom([]string{"A", "B", "C"}).Draw(t, "case"), Against: rapid.SampledFrom([]string{"a", "a", "b"}).Draw(t, "against"),
			Verdict: card.Verdict{Rule: rapid.SampledFrom([]string{"rule", "rule", "rule", "another"}).Draw(t, "rule"),
				Object: fmt.Sprint(rapid.IntRange(0, 4).Draw(t, "object")), Level: rapid.SampledFrom([]string{"yellow", "yellow", "yellow", "warning", "red"}).Draw(t, "level"),
				On: first.AddDays(rapid.IntRange(0, 70).Draw(t, "day"))}}
	}), 0, 9, func(g card.Given) string { return fmt.Sprint(g.Case, g.Rule, g.Object, g.Level) }).Draw(t, "given")
}

// yellowDays are the days of what is yellow in the end, by respondent, found naively.
func yellowDays(lot []card.Given) map[string][]deadline.Date {
	out := map[string][]deadline.Date{}
	for _, g := range lot {
		rose := slices.ContainsFunc(lot, func(o card.Given) bool {
			return o.Level == "red" && o.Rule == g.Rule && o.Case == g.Case && o.Object == g.Object
		})
		if g.Rule == "rule" && g.Level == "yellow" && !rose {
			out[g.Against] = append(out[g.Against], g.On)
		}
	}
	for _, days := range out {
		slices.SortFunc(days, deadline.Date.Compare)
	}
	return out
}

// most is the largest number of disjoint groups of n days, each within a window,
// found by trying all.
func most(days []deadline.Date, n int, within func(first, last deadline.Date) bool) int {
	if len(days) < n {
		return 0
	}
	best := most(days[1:], n, within) // the first day in no group
	var choose func(rest, kept []deadline.Date, missing int)
	choose = func(rest, kept []deadline.Date, missing int) {
		if missing == 0 {
			best = max(best, 1+most(slices.Concat(kept, rest), n, within))
			return
		}
		for i, day := range rest {
			if within(days[0], day) {
				choose(rest[i+1:], slices.Concat(kept, rest[:i]), missing-1)
			}
		}
	}
	choose(days[1:], nil, n-1)
	return best
}

// backDayByDay is the first day of the window that ends on a day, found by walking back.
func backDayByDay(last deadline.Date, window deadline.Limit, cal *deadline.Calendar) deadline.Date {
	if window.Unit == deadline.Month {
		return last.AddMonths(-window.N)
	}
	for left := window.N; left > 0; {
		if last = last.AddDays(-1); window.Unit == deadline.Day || cal.Working(last) {
			left--
		}
	}
	return last
}

// Whatever cases come, in whatever order: the red cards are the same, each made of n
// standing yellow ones of one respondent in one window, none used twice; there are as
// many as could be, so that one more yellow card never makes a red one less.
func TestAccumulateLaws(t *testing.T) {
	cal := calendar(t)
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(2, 4).Draw(rt, "n")
		window := deadline.Limit{N: rapid.IntRange(1, 25).Draw(rt, "window"), Unit: rapid.SampledFrom([]deadline.Unit{deadline.Day, deadline.Workday}).Draw(rt, "unit")}
		if rapid.Bool().Draw(rt, "months") {
			window = deadline.Limit{N: rapid.IntRange(1, 2).Draw(rt, "months"), Unit: deadline.Month}
		}
		within := func(first, last deadline.Date) bool { return !first.Before(backDayByDay(last, window, cal)) }
		rules, lot := accumulating(t, window.N, window.Unit, n), drawn(rt)
		got := card.Accumulate(rules, lot, cal)
		if again := card.Accumulate(rules, rapid.Permutation(lot).Draw(rt, "order"), cal); !reflect.DeepEqual(got, again) {
			rt.Fatalf("in another order %q, was %q", told(again), told(got))
		}
		reds, used := map[string]int{}, map[string]bool{}
		for _, a := range got {
			reds[a.Against]++
			if len(a.From) != n || a.On != a.From[n-1].On || !within(a.From[0].On, a.On) {
				rt.Fatalf("%s: not %d within %s: %q", a.On, n, window, told(got))
			}
			for _, g := range a.From {
				if key := g.Case + g.Object; g.Level != "yellow" || g.Against != a.Against || used[key] {
					rt.Fatalf("%s/%s counts wrongly: %q", g.Case, g.Object, told(got))
				} else {
					used[key] = true
				}
			}
		}
		for against, days := range yellowDays(lot) {
			if want := most(days, n, within); reds[against] != want {
				rt.Fatalf("%s has %v: %d red, want %d within %s", against, days, reds[against], want, window)
			}
		}
		more := given("yellow", "2026-02-20", "Z", "0", "a")
		if after := card.Accumulate(rules, append(slices.Clone(lot), more), cal); len(after) < len(got) {
			rt.Fatalf("one more yellow: %q, was %q", told(after), told(got))
		}
	})
}
