package card

import (
	"cmp"
	"fmt"
	"slices"

	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
)

// Accumulation turns yellow cards of one rule against one respondent into a red one
// (kind SupervisionRule, `accumulate`): so many of them within a window. Cards carry
// days, so that a window counts days, working days, months or years and no hours.
type Accumulation struct {
	Window      deadline.Limit `json:"window"`
	YellowToRed int            `json:"yellow_to_red"`
}

// String says it in Chinese, such as "1个月内满 3 张黄牌记一张红牌".
func (a Accumulation) String() string {
	return fmt.Sprintf("%s内满 %d 张黄牌记一张红牌", a.Window, a.YellowToRed)
}

// check answers problems below `$.accumulate`; levels are the rule's.
func (a Accumulation) check(levels []LevelSpec) problem.List {
	var problems problem.List
	if err := a.Window.Validate(); err != nil {
		problems.Add("$.accumulate.window", "V-40", "%v", err)
	} else if a.Window.N < 1 || a.Window.Unit == deadline.Hour {
		problems.Add("$.accumulate.window", "V-40", "累计期间须为 1 以上的日、工作日、月或年")
	}
	if a.YellowToRed < 2 {
		problems.Add("$.accumulate.yellow_to_red", "V-40", "至少 2 张黄牌记一张红牌")
	}
	if !slices.ContainsFunc(levels, func(l LevelSpec) bool { return l.Level == Yellow }) {
		problems.Add("$.accumulate", "V-40", "规则没有黄牌一级，无从累计")
	}
	return problems
}

// holds reports whether a day lies in the window that ends on another. It is counted
// back as a limit is counted forth (民法典 art. 201–202): the last day itself is not
// counted, and the corresponding day of a month before it still lies within.
func (a Accumulation) holds(on, last deadline.Date, cal *deadline.Calendar) bool {
	return !on.Before(cal.Add(last, deadline.Limit{N: -a.Window.N, Unit: a.Window.Unit}, false))
}

// Given is a verdict with the case it was given in and whom it is against.
type Given struct {
	Verdict
	Case    string
	Against string // key of the respondent, resolved; "" for nobody, which counts towards nothing
}

// Accumulated is a red verdict that yellow ones came to. It is of no object, its
// subject is Accumulating, and its respondent the yellow ones'.
type Accumulated struct {
	Verdict
	Against string
	From    []Given // the yellow verdicts, by day; those consumed
}

// Accumulating is the subject of accumulated verdicts.
const Accumulating = "accumulate"

// Accumulate answers the red verdicts that rules which accumulate give over the
// verdicts of several cases, by day, then rule, then respondent. Cases may come in any
// order, with verdicts that rose later.
//
// What counts is what stands: of each object the highest level, so that a yellow that
// rose to red is no yellow any more, even where others were yellow meanwhile. Going
// through the standing yellow verdicts against one respondent by day, a red one is
// given on the day on which there are yellow_to_red of them in the window that ends
// that day. Those are consumed: none counts for two red ones (the domain is silent;
// otherwise the fourth card would be a second red one for the same faults). Yellow
// verdicts go on standing with their own scores beside the red one. That has score,
// confirmation and order of the rule's red level; where there is none, no score is made
// up, and it is 0.
func Accumulate(rules []*Rule, given []Given, cal *deadline.Calendar) []Accumulated {
	var out []Accumulated
	for _, r := range rules {
		if r.accumulate == nil {
			continue
		}
		var open []Given // against one respondent, not yet consumed, by day
		for _, g := range r.yellows(given) {
			if len(open) > 0 && open[0].Against != g.Against {
				open = nil
			}
			open = slices.DeleteFunc(append(open, g), func(o Given) bool { return !r.accumulate.holds(o.On, g.On, cal) })
			if len(open) == r.accumulate.YellowToRed {
				out = append(out, Accumulated{Verdict: r.accumulated(g.Verdict), Against: g.Against, From: open})
				open = nil
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Accumulated) int {
		return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Against, b.Against))
	})
	return out
}

// yellows are the standing yellow verdicts of the rule, by respondent, then by day.
func (r *Rule) yellows(given []Given) []Given {
	mine := slices.DeleteFunc(slices.Clone(given), func(g Given) bool { return g.Rule != r.Name })
	slices.SortFunc(mine, func(a, b Given) int {
		return cmp.Or(cmp.Compare(a.Case, b.Case), cmp.Compare(a.Object, b.Object), cmp.Compare(Rank(b.Level), Rank(a.Level)),
			a.On.Compare(b.On), cmp.Compare(a.Against, b.Against))
	})
	mine = slices.CompactFunc(mine, func(a, b Given) bool { return a.Case == b.Case && a.Object == b.Object })
	mine = slices.DeleteFunc(mine, func(g Given) bool { return g.Level != Yellow || g.Against == "" })
	slices.SortStableFunc(mine, func(a, b Given) int { return cmp.Or(cmp.Compare(a.Against, b.Against), a.On.Compare(b.On)) })
	return mine
}

// accumulated is the red verdict that a last yellow one brings about.
func (r *Rule) accumulated(last Verdict) Verdict {
	v := Verdict{Rule: r.Name, Title: r.Title, Level: Red, Respondent: last.Respondent, Subject: Accumulating, On: last.On}
	if i := slices.IndexFunc(r.levels, func(l level) bool { return l.Level == Red }); i >= 0 {
		v.Score, v.ConfirmBy, v.Order = r.levels[i].Score, r.levels[i].ConfirmBy, r.levels[i].Order
	}
	return v
}
