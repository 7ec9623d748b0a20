package simulation

import (
	"cmp"
	"slices"

	"zhengtong/internal/card"
	"zhengtong/internal/casework"
	"zhengtong/internal/deadline"
)

// ReplayAccumulated is a red card that standing yellow cards of the replayed cases come
// to (`accumulate` of the rule; card.Accumulate). Only the cases looked at are known:
// what was received before the period, in another matter, or behind the last case of a
// truncated replay counts towards nothing, and cards are taken as never withdrawn on
// appeal.
type ReplayAccumulated struct {
	Rule       string        `json:"rule"`
	Title      string        `json:"title"`
	Level      string        `json:"level"` // red
	Score      int           `json:"score,omitempty"`
	Respondent string        `json:"respondent,omitempty"` // in the rule's words
	Against    string        `json:"against"`              // `staff:<id>`, `department:<name>` or, its head, `department:<name>.head`
	On         deadline.Date `json:"on"`                   // day of the last yellow card
	Yellow     int           `json:"yellow"`               // cards that came to it
	Cases      []string      `json:"cases"`                // numbers, in the order of the cards' days
	Before     bool          `json:"before"`               // by the published rules on the cases as they ran
	After      bool          `json:"after"`                // by the draft
}

func (a ReplayAccumulated) compare(b ReplayAccumulated) int {
	return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Against, b.Against), slices.Compare(a.Cases, b.Cases),
		cmp.Compare(a.Yellow, b.Yellow), cmp.Compare(a.Score, b.Score), cmp.Compare(a.Respondent, b.Respondent), cmp.Compare(a.Title, b.Title))
}

// side is one of the two sets of rules with what they gave in the cases so far.
type side struct {
	rules []*card.Rule
	cal   *deadline.Calendar
	given []card.Given
}

// keep remembers the standing verdicts of a case for what they come to with others.
func (s *side) keep(p *casework.Past, standing []card.Verdict, cal *deadline.Calendar) {
	s.cal = cal
	s.given = append(s.given, answerable{p, p.Events}.given(standing)...)
}

// accumulate adds the red cards that those of all cases come to, once for both sides
// where they are the same.
func (r *replayer) accumulate() {
	var found []ReplayAccumulated
	add := func(s side, before bool) {
		for _, a := range card.Accumulate(s.rules, s.given, s.cal) {
			one := accumulatedOf(a)
			one.Before, one.After = before, !before
			found = append(found, one)
			if count := r.countCard(a.Verdict); before {
				count.Before, count.AccumulatedBefore = count.Before+1, count.AccumulatedBefore+1
			} else {
				count.After, count.AccumulatedAfter = count.After+1, count.AccumulatedAfter+1
			}
		}
	}
	add(r.was, true)
	add(r.would, false)
	slices.SortStableFunc(found, ReplayAccumulated.compare)
	out := []ReplayAccumulated{}
	for _, one := range found {
		if last := len(out) - 1; last >= 0 && out[last].compare(one) == 0 {
			out[last].After = true
			continue
		}
		out = append(out, one)
	}
	r.out.Accumulated = out[:min(len(out), maxListed)]
}

func accumulatedOf(a card.Accumulated) ReplayAccumulated {
	out := ReplayAccumulated{Rule: a.Rule, Title: a.Title, Level: a.Level, Score: a.Score, Respondent: a.Respondent, Against: a.Against, On: a.On, Yellow: len(a.From)}
	for _, g := range a.From {
		if !slices.Contains(out.Cases, g.Case) {
			out.Cases = append(out.Cases, g.Case)
		}
	}
	return out
}
