package simulation

import (
	"fmt"
	"slices"
	"time"

	"zhengtong/internal/authz"
	"zhengtong/internal/card"
	"zhengtong/internal/casework"
	"zhengtong/internal/deadline"
	"zhengtong/internal/expr"
	"zhengtong/internal/fee"
	"zhengtong/internal/workflow"
)

// moment writes down how the case stands now.
func (r *Runner) moment(step int, by authz.Principal, did, refused string) error {
	view, err := r.view()
	if err != nil {
		return err
	}
	m := Moment{Step: step, At: r.desk.Now().In(r.subject.Live.Location), By: by.Name, Did: did, Refused: refused, Status: string(view.Case().Status)}
	events := r.desk.Events()
	for _, e := range events[r.told:] {
		m.Events = append(m.Events, e.Type)
	}
	r.told = len(events)
	for _, t := range view.Tasks() {
		if !t.Open() {
			continue
		}
		task, err := r.task(view, t)
		if err != nil {
			return err
		}
		m.Tasks = append(m.Tasks, task)
	}
	for _, c := range view.Clocks() {
		if c.Body.Live() {
			m.Dues = append(m.Dues, DueDate{Kind: c.Body.Kind, Node: nodeOf(view, c), State: c.Body.State, DueOn: c.DueOn})
		}
	}
	r.path.Moments = append(r.path.Moments, m)
	return nil
}

// task is an open task with who could act on it and what.
func (r *Runner) task(view *casework.View, t *casework.Task) (Task, error) {
	out := Task{Node: t.Node, Title: t.Title, Role: t.Role, Department: t.Department, DueOn: t.DueOn}
	if p, ok := r.cast.byStaff(t.Assignee); ok {
		out.Assignee = p.Name
	}
	if t.NodeType != string(workflow.Human) {
		return out, nil
	}
	offers, err := view.Offers(t)
	if err != nil {
		return out, err
	}
	for _, o := range offers {
		out.Actions = append(out.Actions, o.ID)
	}
	for _, p := range r.cast.holding(t.Role, t.Department) {
		for _, o := range offers {
			decision, err := r.door.DecideFor(r.as(p), p, "task.act", view.TaskObject(t, o.ID))
			if err != nil {
				return out, err
			}
			if decision.Allow {
				out.Able = append(out.Able, p.Name)
				break
			}
		}
	}
	return out, nil
}

// nodeOf is the node that a clock runs for; "" for the case's own clocks.
func nodeOf(view *casework.View, c *casework.Clock) string {
	for _, t := range view.Tasks() {
		if t.ID == c.Owner {
			return t.Node
		}
	}
	for _, s := range view.Specials() {
		if s.ID == c.Owner {
			return s.Procedure
		}
	}
	return ""
}

// finish gathers what became of the case.
func (r *Runner) finish() error {
	view, err := r.view()
	if err != nil {
		return err
	}
	k, p := view.Case(), &r.path
	p.Status, p.Outcome, p.FinishCode = string(k.Status), k.Outcome, k.FinishCode
	p.ReceivedOn, p.AcceptedOn, p.Deemed, p.DecidedOn = k.ReceivedOn, k.AcceptedOn, k.Deemed, k.DecidedOn
	var tracks []card.Track
	for _, c := range view.Clocks() {
		node := nodeOf(view, c)
		tracks = append(tracks, card.Track{ID: c.ID.String(), Node: node, Clock: c.Body, Since: deadline.DateOf(c.CreatedAt, r.subject.Live.Location)})
		p.Clocks = append(p.Clocks, ClockReport{Kind: c.Body.Kind, Title: c.Body.Kind.Title(), Party: c.Body.Party, Node: node, Limit: c.Body.Limit.String(),
			StartedOn: c.Body.StartedOn, DueOn: c.DueOn, Provisional: c.Provisional, State: c.Body.State, StoppedOn: c.Body.StoppedOn, Explain: view.Explain(c)})
	}
	for _, d := range view.Documents() {
		p.Documents = append(p.Documents, Issued{Alias: d.Alias, Title: d.Title, Number: d.Number, On: d.CivilDate, Action: d.Action, Voided: d.VoidedReason})
	}
	if err := r.bill(view); err != nil {
		return err
	}
	return r.cards(view, tracks)
}

func (r *Runner) bill(view *casework.View) error {
	bill, charged, err := casework.Bill(view.Matter(), view.Live(), view.Case())
	if err != nil {
		r.path.Problems.Add(ScriptPath+".form", "fee", "收费不能计算：%v", err)
		return nil
	}
	if charged {
		r.path.Fee = &Fee{Fen: bill.Fen, Waived: bill.Waived, Pending: bill.Pending, Lines: append([]fee.Line{}, bill.Trace...)}
	}
	return nil
}

// cards judges the case by the rules that watch its matter, and what its own cards come to together.
func (r *Runner) cards(view *casework.View, tracks []card.Track) error {
	loc, cal := r.subject.Live.Location, r.subject.Live.Calendar
	found, err := verdicts(r.subject.Rules, tracks, occurrences(r.desk.Events(), loc), deadline.DateOf(r.desk.Now(), loc), cal)
	if err != nil {
		return err
	}
	together := card.Accumulate(r.subject.Rules, answerable{view, r.desk.Events()}.given(found), cal)
	r.path.Cards = withAccumulated(cardsOf(found), r.subject.Rules, together)
	return nil
}

// verdicts are what rules say of a case through a day, in order of days.
func verdicts(rules []*card.Rule, tracks []card.Track, happened []card.Occurrence, through deadline.Date, cal *deadline.Calendar) ([]card.Verdict, error) {
	found, err := card.Clocks(rules, tracks, through, cal)
	if err != nil {
		return nil, err
	}
	more, err := card.Events(rules, happened)
	if err != nil {
		return nil, err
	}
	found = append(found, more...)
	slices.SortStableFunc(found, func(a, b card.Verdict) int { return a.On.Compare(b.On) })
	return found, nil
}

// occurrences are the events of a case as rules see them.
func occurrences(events []casework.Told, loc *time.Location) []card.Occurrence {
	var happened []card.Occurrence
	for i, e := range events {
		happened = append(happened, card.Occurrence{ID: eventID(i), Type: e.Type, Actor: e.Actor, On: deadline.DateOf(e.At, loc),
			Node: text(e.Fields, "node"), Subject: SubjectFields(e.Type, e.Fields)})
	}
	return happened
}

// eventID names an event among those of its case.
func eventID(i int) string { return fmt.Sprint("event/", i) }

// SubjectFields are the fields of an event's object as rules see it, from what the
// event recorded; nil for one that records no such object.
func SubjectFields(event string, fields map[string]any) map[string]any {
	switch card.Subject(event) {
	case "correction":
		if event != "correction.issued" {
			return nil
		}
		list, _ := fields["items"].([]any)
		c := expr.Correction{Sequence: whole(fields["sequence"])}
		for _, entry := range list {
			item, _ := entry.(map[string]any)
			before, _ := item["was_reviewable_before"].(bool)
			c.Items = append(c.Items, expr.CorrectionItem{Material: text(item, "material"), WasReviewableBefore: before})
		}
		return c.Vars()
	case "task":
		return map[string]any{"node": text(fields, "node"), "assignee": text(fields, "assignee"), "department": text(fields, "department")}
	case "special":
		out := map[string]any{"type": text(fields, "type"), "by": text(fields, "by")}
		if result := text(fields, "result"); result != "" {
			out["result"] = result
		}
		return out
	case "bill":
		if fields == nil {
			return nil
		}
		return map[string]any{"total_fen": fields["total_fen"], "computed_fen": fields["computed_fen"]}
	}
	return nil
}

func text(fields map[string]any, name string) string {
	value, _ := fields[name].(string)
	return value
}

func whole(v any) int {
	switch n := v.(type) {
	case int:
		return n
	case int64:
		return int(n)
	case float64:
		return int(n)
	case interface{ Int64() (int64, error) }:
		i, _ := n.Int64()
		return int(i)
	}
	return 0
}
