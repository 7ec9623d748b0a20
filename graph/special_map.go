package graph

import (
	"context"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/authz"
	"zhengtong/internal/casework"
)

// Specials runs special procedures and extensions (casework.Service).
type Specials interface {
	StartSpecial(ctx context.Context, in casework.StartSpecialInput) (*casework.View, error)
	DecideSpecial(ctx context.Context, id uuid.UUID, approve bool, reason string) (*casework.View, error)
	RecordSpecialResult(ctx context.Context, id uuid.UUID, report map[string]any, executors []uuid.UUID) (*casework.View, error)
	RequestExtension(ctx context.Context, in casework.ExtensionInput) (*casework.View, error)
	DecideExtension(ctx context.Context, id uuid.UUID, approve bool, reason string) (*casework.View, error)
}

// specialModel shows a run of a special procedure, with what its definition says.
func specialModel(v *casework.View, s *casework.SpecialRun) (*model.SpecialRun, error) {
	out := &model.SpecialRun{
		ID: relay.Of(relay.SpecialRun, v.Case().Tenant, s.ID), View: v, Row: s, Procedure: s.Procedure, Title: s.Procedure, ProcedureType: s.Type,
		Status: s.Status, Reason: opt(s.Reason), StartedOn: optDate(s.StartedOn), ExpectedOn: optDate(s.ExpectedOn), EndedOn: optDate(s.EndedOn),
		PromisedEffect: "run", StatutoryEffect: "run", Result: opt(s.Result), MinimumPersons: 1,
	}
	if spec := v.Matter().Specials[s.Procedure]; spec != nil {
		out.Title, out.MinimumPersons = spec.Title, max(1, spec.Executors.MinimumPersons)
		out.PromisedEffect, out.StatutoryEffect = effect(spec.ClockEffect.Promised), effect(spec.ClockEffect.Statutory)
	}
	if len(s.Report) > 0 {
		var err error
		if out.Report, err = reportOut(v, s); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// effect is what a definition does to a clock; it runs where nothing is said.
func effect(declared string) string {
	if declared == "" {
		return "run"
	}
	return declared
}

func specials(v *casework.View) ([]*model.SpecialRun, error) {
	out := make([]*model.SpecialRun, len(v.Specials()))
	for i, s := range v.Specials() {
		var err error
		if out[i], err = specialModel(v, s); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func extensions(v *casework.View) []*model.Extension {
	return each(v.Extensions(), func(e *casework.Extension) *model.Extension { return extensionModel(v, e) })
}

func extensionModel(v *casework.View, e *casework.Extension) *model.Extension {
	out := &model.Extension{
		ID: relay.Of(relay.Extension, v.Case().Tenant, e.ID), View: v, Row: e, N: e.N, Reason: e.Reason, Status: model.ExtensionStatus(e.Status),
		RequestedAt: e.RequestedAt, DecidedAt: optTime(e.DecidedAt),
	}
	for _, c := range v.Clocks() {
		if c.ID == e.ClockID {
			out.Clock = string(c.Body.Kind)
		}
	}
	return out
}

// may reports whether the viewer may do an action on the case, other than to what is their own.
func (r *Resolver) may(ctx context.Context, v *casework.View, action string, own ...uuid.UUID) (bool, error) {
	p := authz.From(ctx)
	for _, staff := range own {
		if p.Staff != uuid.Nil && staff == p.Staff {
			return false, nil
		}
	}
	d, err := r.Authz.Decide(ctx, action, v.Object())
	return d.Allow, err
}

// lastSpecial is the run that a request made: the latest of its procedure.
func lastSpecial(v *casework.View, procedure string) *casework.SpecialRun {
	var found *casework.SpecialRun
	for _, s := range v.Specials() {
		if s.Procedure == procedure {
			found = s
		}
	}
	return found
}

func specialIn(v *casework.View, id uuid.UUID) *casework.SpecialRun {
	for _, s := range v.Specials() {
		if s.ID == id {
			return s
		}
	}
	return nil
}

func extensionIn(v *casework.View, id uuid.UUID) *casework.Extension {
	for _, e := range v.Extensions() {
		if e.ID == id {
			return e
		}
	}
	return nil
}

// lastExtension is the one that a request made: the latest.
func lastExtension(v *casework.View) *casework.Extension {
	all := v.Extensions()
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}

// specialPayload shows a run with its case.
func specialPayload(v *casework.View, s *casework.SpecialRun) (*model.SpecialPayload, error) {
	special, err := specialModel(v, s)
	if err != nil {
		return nil, err
	}
	return &model.SpecialPayload{Special: special, Case: caseModel(v)}, nil
}
