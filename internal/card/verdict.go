package card

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"zhengtong/internal/deadline"
	"zhengtong/internal/expr"
)

// Track is a clock of a case with the place it runs for.
type Track struct {
	ID    string // names it among the case's clocks
	Node  string // of a stage, a wait or a special procedure; "" for the case's own
	Clock deadline.Clock
	// Since is the day on which the clock came into being; a deemed acceptance starts
	// clocks that count from an earlier day. Zero is its first day.
	Since deadline.Date
}

// Occurrence is an event of a case. Subject holds the fields of the event's object,
// such as `correction`; a rule whose object is nil is not judged.
type Occurrence struct {
	ID      string
	Type    string
	Actor   string
	Node    string
	On      deadline.Date
	Subject map[string]any
}

// Verdict is one level that a rule gives.
type Verdict struct {
	Rule       string
	Title      string
	Level      string
	Score      int    // ≤ 0
	Respondent string // the rule's word: task.assignee, department.head, …
	ConfirmBy  string // the role that confirms before the card stands; "" for none
	Message    string
	Order      bool          // a supervision order is opened too
	Object     string        // id of the clock or event
	Subject    string        // kind of the clock, type of the event, or Accumulating
	Node       string        // where the clock runs or the event happened
	On         deadline.Date // the day
}

// maxDays bounds how long one clock is followed: some five years overdue say no more
// than four.
const maxDays = 2000

// Clocks judges the clocks of a case by the rules on clocks, through a day. Verdicts
// come by day, then by rule.
func Clocks(rules []*Rule, tracks []Track, through deadline.Date, cal *deadline.Calendar) ([]Verdict, error) {
	var verdicts []Verdict
	for _, t := range tracks {
		watching := slices.DeleteFunc(slices.Clone(rules), func(r *Rule) bool { return !r.follows(t) })
		if len(watching) == 0 {
			continue
		}
		found, err := follow(watching, t, tracks, through, cal)
		if err != nil {
			return nil, err
		}
		verdicts = append(verdicts, found...)
	}
	sortVerdicts(verdicts)
	return verdicts, nil
}

func (r *Rule) follows(t Track) bool {
	return r.scope.Event == Event && within(r.scope.Clock, string(t.Clock.Kind)) && within(r.scope.Nodes, t.Node)
}

// follow walks the days of one clock from its start to its stop or the last day.
func follow(rules []*Rule, t Track, all []Track, through deadline.Date, cal *deadline.Calendar) ([]Verdict, error) {
	last := through
	if stop := t.Clock.StoppedOn; !stop.IsZero() && stop.Before(last) {
		last = stop
	}
	if bound := t.Clock.StartedOn.AddDays(maxDays); bound.Before(last) {
		last = bound
	}
	var verdicts []Verdict
	reached := make([]int, len(rules)) // rank of the highest level so far, + 1
	first := t.Clock.StartedOn
	if t.Since.After(first) {
		first = t.Since
	}
	for on := first; !on.After(last); on = on.AddDays(1) {
		vars := map[string]any{"clock": read(t.Clock, on, cal).Vars(), "clocks": readAll(all, on, cal)}
		for i, r := range rules {
			l, err := r.highest(vars)
			if err != nil {
				return nil, err
			}
			if l == nil || Rank(l.Level)+1 <= reached[i] {
				continue
			}
			reached[i] = Rank(l.Level) + 1
			verdicts = append(verdicts, r.verdict(l, Verdict{Object: t.ID, Subject: string(t.Clock.Kind), Node: t.Node, On: on}))
		}
	}
	return verdicts, nil
}

// highest is the gravest level whose condition holds; nil for none.
func (r *Rule) highest(vars map[string]any) (*level, error) {
	var found *level
	for i := range r.levels {
		l := &r.levels[i]
		if found != nil && Rank(l.Level) <= Rank(found.Level) {
			continue
		}
		holds, err := l.when.Bool(expr.Input{Vars: vars})
		if err != nil {
			return nil, fmt.Errorf("card: rule %s, level %s: %w", r.Name, l.Level, err)
		}
		if holds {
			found = l
		}
	}
	return found, nil
}

func (r *Rule) verdict(l *level, v Verdict) Verdict {
	v.Rule, v.Title, v.Level, v.Score = r.Name, r.Title, l.Level, l.Score
	v.Respondent, v.ConfirmBy, v.Message, v.Order = l.Respondent, l.ConfirmBy, l.Message, l.Order
	return v
}

// read is a clock as conditions see it at the beginning of a day.
func read(c deadline.Clock, on deadline.Date, cal *deadline.Calendar) expr.Clock {
	c = c.AsStood(on, cal)
	return expr.Clock{Kind: string(c.Kind), Unit: string(c.Limit.Unit), N: c.Total(), Remaining: c.Remaining(on, cal), Overdue: c.Overdue(on, cal),
		Running: c.State == deadline.Running, Expired: c.State == deadline.Expired, Met: c.State == deadline.Met,
		Provisional: c.DueAsOf(on, cal).Provisional}
}

// readAll are the clocks of the case by kind, the last started of each.
func readAll(tracks []Track, on deadline.Date, cal *deadline.Calendar) map[string]any {
	out := map[string]any{}
	for _, t := range tracks {
		if !t.Clock.StartedOn.After(on) && !t.Since.After(on) {
			out[string(t.Clock.Kind)] = read(t.Clock, on, cal).Vars()
		}
	}
	return out
}

// Events judges what happened to a case by the rules on events.
func Events(rules []*Rule, happened []Occurrence) ([]Verdict, error) {
	var verdicts []Verdict
	for _, e := range happened {
		for _, r := range rules {
			object := Subject(e.Type)
			if r.scope.Event != e.Type || !within(r.scope.Nodes, e.Node) || object != "" && e.Subject == nil {
				continue
			}
			vars := map[string]any{"event": expr.Event{Type: e.Type, Actor: e.Actor, On: e.On}.Vars()}
			if object != "" {
				vars[object] = e.Subject
			}
			l, err := r.highest(vars)
			if err != nil {
				return nil, err
			}
			if l != nil {
				verdicts = append(verdicts, r.verdict(l, Verdict{Object: e.ID, Subject: e.Type, Node: e.Node, On: e.On}))
			}
		}
	}
	sortVerdicts(verdicts)
	return verdicts, nil
}

// Standing keeps of each object and rule the highest level: what a card says in the end.
func Standing(verdicts []Verdict) []Verdict {
	at := map[[2]string]int{}
	var out []Verdict
	for _, v := range verdicts {
		key := [2]string{v.Rule, v.Object}
		i, known := at[key]
		switch {
		case !known:
			at[key], out = len(out), append(out, v)
		case Rank(v.Level) > Rank(out[i].Level):
			out[i] = v
		}
	}
	return out
}

func sortVerdicts(verdicts []Verdict) {
	slices.SortStableFunc(verdicts, func(a, b Verdict) int {
		return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.Rule, b.Rule), cmp.Compare(Rank(a.Level), Rank(b.Level)))
	})
}

func itoa(i int) string { return strconv.Itoa(i) }
