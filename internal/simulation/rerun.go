package simulation

import (
	"slices"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/card"
	"zhengtong/internal/casework"
	"zhengtong/internal/configuration"
	"zhengtong/internal/deadline"
	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// run is one clock of a past case: as its ledger was written, and under the draft's
// limit and calendar; nil for none.
type run struct {
	track
	id            string
	since         deadline.Date
	before, after *deadline.Clock
	cals          [2]*deadline.Calendar
}

func (n run) asTrack(c *deadline.Clock) card.Track {
	return card.Track{ID: n.id, Node: n.node, Clock: *c, Since: n.since}
}

// told is what is shown of both sides.
func (n run) told(today deadline.Date) (before, after *ReplayedDue) {
	due := func(c *deadline.Clock, cal *deadline.Calendar) *ReplayedDue {
		if c == nil {
			return nil
		}
		as := today
		if !c.StoppedOn.IsZero() {
			as = c.StoppedOn
		}
		return &ReplayedDue{Limit: c.Limit.String(), DueOn: c.DueAsOf(as, cal).On, Late: c.Late(today, cal)}
	}
	return due(n.before, n.cals[0]), due(n.after, n.cals[1])
}

// rerun is one past case on its way through the draft.
type rerun struct {
	*replayer
	past *casework.Past
	cals [2]*deadline.Calendar
}

// runs pairs the clocks of a case with those of the draft.
func (r *replayer) runs(p *casework.Past) []run {
	re := rerun{r, p, [2]*deadline.Calendar{p.Live().Calendar, r.after.Live.Calendar}}
	owned := map[uuid.UUID]*casework.Clock{}
	var out []run
	for _, c := range p.Clocks() {
		if isStage(c.Body.Kind) {
			owned[c.Owner] = c
			continue
		}
		one := re.pair(c, re.nodeOf(c))
		if limit, ok := re.limitOf(c); ok {
			one.after = re.under(c.Body, limit, re.rests(c.Body))
		}
		out = append(out, one)
	}
	return append(append(out, re.handling(out)...), re.stages(owned)...)
}

func isStage(k deadline.Kind) bool { return k == deadline.Stage || k == deadline.Correction }

func (re rerun) pair(c *casework.Clock, node string) run {
	body := c.Body
	return run{track: track{body.Kind, node}, id: c.ID.String(), since: re.day(c.CreatedAt), before: &body, cals: re.cals}
}

func (re rerun) under(c deadline.Clock, limit deadline.Limit, rests []deadline.Segment) *deadline.Clock {
	again := c.Under(limit, rests, re.today, re.cals[1])
	return &again
}

// rests are the suspensions of a clock as the draft has special procedures and waits
// suspend it, whether the clock was still running then or not.
func (re rerun) rests(c deadline.Clock) []deadline.Segment {
	if c.Kind != deadline.Promised && c.Kind != deadline.Statutory {
		return c.Rests()
	}
	var out []deadline.Segment
	for _, s := range re.past.Specials() {
		spec := re.after.Matter.Specials[s.Procedure]
		if spec == nil || s.StartedOn.IsZero() || !suspends(c.Kind, spec.ClockEffect.Promised == "suspend", spec.ClockEffect.Statutory == "suspend") {
			continue
		}
		rest := deadline.Segment{From: s.StartedOn, Reason: spec.Title, Basis: spec.LegalBasis, Source: s.ID.String()}
		if !s.EndedOn.IsZero() {
			minimum, _ := optional(spec.Min)
			rest.To = deadline.SpecialWindow(s.StartedOn, minimum, limitOf(spec.Max), re.cals[1]).ResumeOn(s.EndedOn)
		}
		out = append(out, rest)
	}
	for _, t := range re.past.Tasks() {
		node, ok := re.after.Matter.Net.Node(t.Node)
		if !ok || node.Type != workflow.Wait || !suspends(c.Kind, node.Clock.PromisedSuspended, node.Clock.StatutorySuspended) {
			continue
		}
		rest := deadline.Segment{From: re.day(t.OpenedAt), Reason: node.Title, Source: t.ID.String()}
		if !t.ClosedAt.IsZero() {
			rest.To = re.day(t.ClosedAt)
			if !t.DueOn.IsZero() && t.DueOn.Before(rest.To) {
				rest.To = t.DueOn
			}
		}
		out = append(out, rest)
	}
	return slices.DeleteFunc(out, func(s deadline.Segment) bool { return s.From.Before(c.StartedOn) })
}

func suspends(k deadline.Kind, promised, statutory bool) bool {
	return k == deadline.Promised && promised || k == deadline.Statutory && statutory
}

func (re rerun) day(at time.Time) deadline.Date { return deadline.DateOf(at, re.past.Live().Location) }

// limitOf is what the draft sets for a clock that belongs to no stage; ok is false
// where it sets none. What the configuration does not decide stays.
func (re rerun) limitOf(c *casework.Clock) (limit deadline.Limit, ok bool) {
	m := re.after.Matter
	switch c.Body.Kind {
	case deadline.Acceptance:
		if m.Spec.AcceptanceWindow == nil {
			return limit, false
		}
		return limitOf(m.Spec.AcceptanceWindow.Limit), true
	case deadline.Promised, deadline.Statutory:
		return optional(handlingLimit(m, c.Body.Kind))
	case deadline.Special:
		if spec := m.Specials[re.nodeOf(c)]; spec != nil {
			return limitOf(spec.Max), true
		}
		return limit, false
	case deadline.Payment:
		if m.FeeSpec == nil || m.FeeSpec.Due == nil {
			return limit, false
		}
		return limitOf(m.FeeSpec.Due.Limit), true
	}
	return c.Body.Limit, true
}

func handlingLimit(m *configuration.Matter, k deadline.Kind) *kind.Limit {
	if k == deadline.Promised {
		return m.Spec.PromisedLimit
	}
	return m.Spec.StatutoryLimit
}

func optional(l *kind.Limit) (deadline.Limit, bool) {
	if l == nil {
		return deadline.Limit{}, false
	}
	return limitOf(*l), true
}

func limitOf(l kind.Limit) deadline.Limit {
	return deadline.Limit{N: l.N, Unit: deadline.Unit(l.Unit)}
}

// nodeOf is the special procedure that a clock runs for; "" for the case's own clocks.
func (re rerun) nodeOf(c *casework.Clock) string {
	i := slices.IndexFunc(re.past.Specials(), func(s *casework.SpecialRun) bool { return s.ID == c.Owner })
	if i < 0 {
		return ""
	}
	return re.past.Specials()[i].Procedure
}

// handling adds the limits from acceptance that only the draft has. They stop when
// the other one does.
func (re rerun) handling(had []run) []run {
	k := re.past.Case()
	sibling := slices.IndexFunc(had, func(n run) bool { return n.clock == deadline.Promised || n.clock == deadline.Statutory })
	if k.AcceptedOn.IsZero() || sibling < 0 {
		return nil
	}
	var out []run
	for _, which := range []deadline.Kind{deadline.Statutory, deadline.Promised} {
		limit, ok := optional(handlingLimit(re.after.Matter, which))
		if !ok || slices.ContainsFunc(had, func(n run) bool { return n.clock == which }) {
			continue
		}
		body := *had[sibling].before
		body.Kind = which
		out = append(out, run{track: track{which, ""}, id: string(which), since: had[sibling].since, after: re.under(body, limit, re.rests(body)), cals: re.cals})
	}
	return out
}

// stages follows the visits to nodes in order: those whose limit counts over all
// visits (`per: case`) leave the later ones what the earlier did not use.
func (re rerun) stages(owned map[uuid.UUID]*casework.Clock) []run {
	tasks := slices.Clone(re.past.Tasks())
	slices.SortStableFunc(tasks, func(a, b *casework.Task) int { return a.OpenedAt.Compare(b.OpenedAt) })
	var out []run
	earlier := map[string][]*deadline.Clock{}
	for _, t := range tasks {
		one := run{track: track{deadline.Stage, t.Node}, id: t.ID.String(), since: re.day(t.OpenedAt), cals: re.cals}
		had := owned[t.ID]
		if had != nil {
			one = re.pair(had, t.Node)
		}
		if node, ok := re.after.Matter.Net.Node(t.Node); ok && node.Limit != nil {
			one.after = re.visit(t, node, had, earlier[t.Node])
			earlier[t.Node] = append(earlier[t.Node], one.after)
		}
		if one.before != nil || one.after != nil {
			out = append(out, one)
		}
	}
	return out
}

func (re rerun) visit(t *casework.Task, node *workflow.Node, had *casework.Clock, earlier []*deadline.Clock) *deadline.Clock {
	limit := deadline.Limit{N: node.Limit.N, Unit: deadline.Unit(node.Limit.Unit)}
	if node.Type == workflow.Human && node.Limit.Per != "visit" {
		for _, c := range earlier {
			limit.N -= c.Elapsed(re.day(t.OpenedAt), re.cals[1])
		}
		limit.N = max(0, limit.N)
	}
	if had != nil && had.Body.Limit.Unit == limit.Unit {
		return re.under(had.Body, limit, had.Body.Rests())
	}
	body, err := deadline.StartAt(deadline.Stage, deadline.Agency, limit, t.OpenedAt, re.past.Live().Location, re.cals[1])
	if err != nil {
		return nil // a limit that the checker lets pass starts on any day
	}
	if had != nil {
		body.Kind, body.Party, body.Segments, body.Extensions, body.StoppedOn = had.Body.Kind, had.Body.Party, had.Body.Segments, had.Body.Extensions, had.Body.StoppedOn
	} else if !t.ClosedAt.IsZero() {
		body.StoppedOn, body.State = re.day(t.ClosedAt), deadline.Met
	}
	return re.under(body, limit, body.Rests())
}
