package graph

import (
	"context"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/deadline"
	"zhengtong/internal/exchange"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// Linked lists the cases of subordinate tenants, as written for the overseer (exchange.Service).
type Linked interface {
	List(ctx context.Context, under string, f exchange.Filter, p exchange.Page) ([]*exchange.Linked, bool, error)
}

// yellow is how many days before its limit a case is near it.
const yellow = 3

// linkedModel shows a row of the linked view. Its dates are civil: receivedAt is
// the beginning of the day of receipt.
func (r *Resolver) linkedModel(ctx context.Context, l *exchange.Linked) (*model.LinkedCase, error) {
	received, err := deadline.ParseDate(l.ReceivedOn)
	if err != nil {
		return nil, err
	}
	out := &model.LinkedCase{
		ID: relay.Of(relay.LinkedCase, tenancy.Acting(ctx), l.Case), Tenant: l.Tenant, TenantTitle: l.Tenant, Number: l.Number, MatterTitle: l.MatterTitle,
		DepartmentTitle: opt(l.Department), ApplicantMasked: l.Applicant, Status: model.CaseStatus(l.Status), Outcome: opt(l.Outcome),
		ReceivedAt: received.StartOf(tenancy.Location(ctx)), AcceptedOn: opt(l.AcceptedOn), PromisedDueOn: opt(l.DueOn), UpdatedAt: l.UpdatedAt,
	}
	if t, ok := r.Tree.Get(l.Tenant); ok {
		out.TenantTitle = t.Title
	}
	out.Light, err = light(l, deadline.DateOf(r.Clock.Now(), tenancy.Location(ctx)))
	return out, err
}

func light(l *exchange.Linked, today deadline.Date) (model.Light, error) {
	if l.DueOn == "" || l.FinishedOn != "" {
		return model.LightGreen, nil
	}
	due, err := deadline.ParseDate(l.DueOn)
	switch {
	case err != nil:
		return "", err
	case today.After(due):
		return model.LightRed, nil
	case due.Sub(today) <= yellow:
		return model.LightYellow, nil
	}
	return model.LightGreen, nil
}

func (r *Resolver) linkedCases(ctx context.Context, under string, f *model.CaseFilter, page relay.Page) (*model.LinkedCaseConnection, error) {
	p := exchange.Page{First: page.First}
	if page.After != nil {
		at, err := time.Parse(time.RFC3339Nano, page.After[0])
		if err != nil {
			return nil, problem.New(problem.BadRequest, "bad_cursor", "游标无效，或属于另一个列表")
		}
		p.AfterAt, p.AfterID = at, uuid.FromStringOrNil(page.After[1])
	}
	var filter exchange.Filter
	if f != nil {
		filter = exchange.Filter{Status: each(f.Status, func(s model.CaseStatus) string { return string(s) }), Text: or(f.Text, ""), Overdue: or(f.Overdue, false)}
	}
	rows, more, err := r.Linked.List(ctx, under, filter, p)
	if err != nil {
		return nil, err
	}
	nodes := make(map[*exchange.Linked]*model.LinkedCase, len(rows))
	for _, row := range rows {
		if nodes[row], err = r.linkedModel(ctx, row); err != nil {
			return nil, err
		}
	}
	list, info := edges(page, rows, more, func(l *exchange.Linked) []string { return []string{instant(l.UpdatedAt), l.Case.String()} },
		func(cursor string, l *exchange.Linked) *model.LinkedCaseEdge {
			return &model.LinkedCaseEdge{Cursor: cursor, Node: nodes[l]}
		})
	return &model.LinkedCaseConnection{Edges: list, PageInfo: info}, nil
}
