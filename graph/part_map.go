package graph

import (
	"cmp"
	"context"
	"slices"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/casework"
	"zhengtong/internal/deadline"
	"zhengtong/internal/workflow"
)

// clocks shows the clocks with their ledgers: those of the case first, then those
// of its tasks and procedures, each in the order in which they started.
func clocks(v *casework.View) []*model.Clock {
	sorted := slices.Clone(v.Clocks())
	slices.SortStableFunc(sorted, func(a, b *casework.Clock) int {
		return cmp.Or(compareBool(b.Owner == v.Case().ID, a.Owner == v.Case().ID), a.CreatedAt.Compare(b.CreatedAt))
	})
	return each(sorted, func(c *casework.Clock) *model.Clock { return clockModel(v, c) })
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func clockModel(v *casework.View, c *casework.Clock) *model.Clock {
	b := c.Body
	return &model.Clock{
		ID: relay.Of(relay.Clock, v.Case().Tenant, c.ID), Kind: string(b.Kind), Title: clockTitle(v, c), Party: string(b.Party),
		Unit: model.LimitUnit(b.Limit.Unit), N: b.Limit.N, Extended: b.Total() - b.Limit.N, StartedOn: b.StartedOn.String(), DueOn: c.DueOn.String(),
		Provisional: c.Provisional, State: string(b.State), Remaining: v.Remaining(c), Segments: segments(v, b), Explain: listed(v.Explain(c)),
	}
}

// clockTitle names a clock, with what it belongs to where a case has many of the kind.
func clockTitle(v *casework.View, c *casework.Clock) string {
	title := c.Body.Kind.Title()
	for _, t := range v.Tasks() {
		if t.ID == c.Owner {
			return title + "（" + t.Title + "）"
		}
	}
	for _, s := range v.Specials() {
		if spec := v.Matter().Specials[s.Procedure]; s.ID == c.Owner && spec != nil {
			return title + "（" + spec.Title + "）"
		}
	}
	return title
}

// segments shows each stretch that did not count with the units by which it moved
// the due date: what the date is with it, counted from what it would be without.
func segments(v *casework.View, b deadline.Clock) []*model.ClockSegment {
	out := make([]*model.ClockSegment, len(b.Segments))
	calendar := v.Live().Calendar
	for i, s := range b.Segments {
		before, after := b, b
		before.Segments, after.Segments = b.Segments[:i], b.Segments[:i+1]
		from, to := before.DueAsOf(v.Today(), calendar).On, after.DueAsOf(v.Today(), calendar).On
		shift := to.Sub(from)
		if b.Limit.Unit == deadline.Workday || b.Limit.Unit == deadline.Hour {
			shift = calendar.WorkdaysBetween(from, to)
		}
		out[i] = &model.ClockSegment{FromOn: s.From.String(), ToOn: optDate(s.To), Reason: segmentReason(s.Reason), Basis: opt(s.Basis), Shift: shift}
	}
	return out
}

func segmentReason(reason string) string {
	switch reason {
	case deadline.ReasonOutage:
		return "系统中断顺延"
	case deadline.ReasonCalendar:
		return "节假日安排调整"
	}
	return reason
}

// materials shows what was handed in.
func (r *Resolver) materials(v *casework.View) []*model.CaseMaterial {
	return each(v.Materials(), func(m *casework.Material) *model.CaseMaterial {
		return &model.CaseMaterial{
			Ref: m.Ref, Title: m.Title, Required: m.Required, Status: model.MaterialStatus(m.Status), DefectNote: opt(m.DefectNote), DueOn: optDate(m.DueOn),
			FulfilledBy: opt(m.FulfilledBy), Files: each(m.Files, func(f casework.File) *model.File {
				return r.file(v.Case().Tenant, casework.FileObject{ID: f.ID, Filename: f.Filename, Size: f.Size, MIME: f.MIME, SHA256: f.SHA256, Status: casework.FileStored})
			}),
		}
	})
}

func corrections(v *casework.View) []*model.Correction {
	return each(v.Corrections(), func(c *casework.Correction) *model.Correction {
		return &model.Correction{
			ID: relay.Of(relay.Correction, v.Case().Tenant, c.ID), View: v, Sequence: c.Sequence, Reason: c.Reason, IssuedAt: optTime(c.IssuedAt),
			ApplicantDueOn: optDate(c.DueOn), ResubmittedAt: optTime(c.Resubmitted), Status: c.Status,
			Items: each(c.Items, func(i casework.CorrectionItem) *model.CorrectionItem {
				return &model.CorrectionItem{Material: opt(i.Material), Requirement: i.Requirement}
			}),
		}
	})
}

// correctionNotice finds the notice of a round: the rounds and the unvoided
// correction documents that were used follow each other one to one.
func correctionNotice(v *casework.View, sequence int) *casework.Document {
	n := 0
	for _, d := range v.Documents() {
		if d.Alias == "correction" && d.VoidedAt.IsZero() && !d.UsedAt.IsZero() {
			if n++; n == sequence {
				return d
			}
		}
	}
	return nil
}

// verbs lists what the viewer may do outside tasks.
func verbs(ctx context.Context, v *casework.View) ([]*model.CaseVerb, error) {
	list, err := v.Verbs(ctx)
	if err != nil {
		return nil, err
	}
	return each(list, func(verb casework.Verb) *model.CaseVerb {
		return &model.CaseVerb{ID: string(verb.ID), Title: verb.Title, Permitted: verb.Permitted, Reason: opt(verb.Reason)}
	}), nil
}

// waitingFor says whom a case waits for; nil when it has ended.
func waitingFor(s workflow.Status) *string {
	switch s {
	case workflow.StatusEnded, workflow.StatusArchived, workflow.StatusDelivered:
		return nil
	case workflow.StatusAwaitingCorrection, workflow.StatusAwaitingSupplement, workflow.StatusAwaitingDelivery, workflow.StatusStored:
		return opt(string(deadline.Applicant))
	case workflow.StatusAwaitingPayment, workflow.StatusHeld:
		return opt(string(deadline.Payer))
	}
	return opt(string(deadline.Agency))
}
