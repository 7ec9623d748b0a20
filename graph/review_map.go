package graph

import (
	"context"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/configuration"
	"zhengtong/internal/matter"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

func orders(list []*model.MatterActInput) []configuration.Order {
	return each(list, func(o *model.MatterActInput) configuration.Order {
		return configuration.Order{Action: string(o.Action), Matter: o.Matter, Reason: o.Reason, Basis: o.Basis, Transition: or(o.Transition, ""),
			Successor: or(o.Successor, ""), To: o.To, Keep: or(o.Keep, false)}
	})
}

func planned(ctx context.Context, files []*model.FileInput, deleted []*model.ResourceRef, acts []*model.MatterActInput) (configuration.Submission, error) {
	read, err := configurationFiles(files)
	return configuration.Submission{Files: read, Deletes: deletions(ctx, deleted), Orders: orders(acts)}, err
}

func orderModel(o configuration.Order) *model.MatterAct {
	return &model.MatterAct{Action: model.MatterAction(o.Action), Matter: o.Matter, Reason: o.Reason, Basis: o.Basis, Transition: opt(o.Transition),
		Successor: opt(o.Successor), To: listed(o.To), Keep: o.Keep}
}

func terms(input model.SubmitChangeInput) configuration.Terms {
	return configuration.Terms{Deadline: input.ReviewDeadline, OnOverdue: string(or(input.OnOverdue, ""))}
}

// overdue is the outcome that terms name; null without one.
func overdue(t configuration.Terms) *model.OverdueOutcome {
	return opt(model.OverdueOutcome(t.OnOverdue))
}

func reviewModel(r *configuration.ReviewRequest) *model.ReviewRequest {
	return &model.ReviewRequest{ID: relay.Of(relay.ReviewRequest, r.Tenant, r.ID), State: model.ReviewState(r.State), Kind: r.Kind, Name: r.Name, Title: r.Title,
		Above: r.Above, AboveRevision: r.AboveRevision, Message: r.Message, Problems: problemModels(r.Problems), Deadline: r.Terms.Deadline,
		OnOverdue: overdue(r.Terms), OpenedAt: r.OpenedAt, UpdatedAt: r.UpdatedAt, ClosedAt: r.ClosedAt}
}

// reviewNode finds a review request of the viewer's tenant.
func (r *Resolver) reviewNode(ctx context.Context, id relay.ID) (model.Node, error) {
	ctx, key, err := r.target(ctx, id, relay.ReviewRequest)
	if err != nil {
		return nil, err
	}
	if !isStaff(ctx) {
		return nil, problem.Missing()
	}
	request, err := r.Declarations.ReviewRequest(ctx, key)
	if err != nil {
		return nil, err
	}
	return reviewModel(request), nil
}

func (r *Resolver) reviewRequests(ctx context.Context, state *model.ReviewState, page relay.Page) (*model.ReviewRequestConnection, error) {
	before := uuid.Nil
	if page.After != nil {
		before = uuid.FromStringOrNil(page.After[0])
	}
	rows, err := r.Declarations.ReviewRequests(ctx, configuration.ReviewState(or(state, "")), before, page.First+1)
	if err != nil {
		return nil, err
	}
	rows, more := relay.Cut(page, rows)
	list, info := edges(page, rows, more, func(q *configuration.ReviewRequest) []string { return []string{q.ID.String()} },
		func(cursor string, q *configuration.ReviewRequest) *model.ReviewRequestEdge {
			return &model.ReviewRequestEdge{Cursor: cursor, Node: reviewModel(q)}
		})
	return &model.ReviewRequestConnection{Edges: list, PageInfo: info}, nil
}

// following tells how far a revision of the acting tenant has come below.
func (r *Resolver) following(ctx context.Context, rev *model.ConfigurationRevision) (*model.Following, error) {
	if rev.Tenant != tenancy.Acting(ctx) {
		return nil, nil
	}
	p, err := r.Declarations.Following(ctx, rev.Number)
	if err != nil {
		return nil, err
	}
	return &model.Following{Concerned: p.Concerned, Done: p.Done, InConflict: p.InConflict}, nil
}

// standing tells applicants why a matter takes no applications.
func (r *Resolver) standing(ctx context.Context, m *model.Matter) (*model.MatterStanding, error) {
	ctx, err := r.publicly(ctx, m.ID.Tenant)
	if err != nil {
		return nil, err
	}
	g, err := r.Catalogue.Guide(ctx, matter.Ref{Name: m.Name})
	if problem.CodeOf(err) == problem.NotFound || err == nil && g.Standing == nil {
		return nil, nil // a case's matter that is gone, or one that takes applications
	}
	if err != nil {
		return nil, err
	}
	o := g.Standing
	out := &model.MatterStanding{Action: model.MatterAction(o.Action), Reason: o.Reason, Basis: o.Basis, Transition: opt(o.Transition), Since: o.EffectiveAt,
		DelegatedTo: []*model.Tenant{}}
	for _, to := range o.To {
		if t, err := r.tenantOf(to); err == nil {
			out.DelegatedTo = append(out.DelegatedTo, t)
		}
	}
	return out, nil
}

func successionModel(s *matter.Succession) *model.MatterSuccession {
	if s == nil {
		return nil
	}
	out := &model.MatterSuccession{Asked: s.Asked, Title: s.Title, Since: s.Since}
	if s.Order != nil {
		out.Reason, out.Basis = opt(s.Order.Reason), opt(s.Order.Basis)
	}
	return out
}
