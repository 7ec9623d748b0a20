package graph

import (
	"context"
	"slices"
	"strings"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/authz"
	"zhengtong/internal/casework"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// mine is a line of the applicant's own list with the case behind it.
type mine struct {
	casework.MyCase
	summary *casework.Summary
}

// rounds bounds how many pages of the list a filter may look through for one page of its own.
const rounds = 10

// myCases lists the viewer's applications across tenants: the lines are in the
// realm, the cases where they are handled, one query a tenant.
func (r *Resolver) myCases(ctx context.Context, f *model.CaseFilter, page relay.Page) (*model.CaseConnection, error) {
	if authz.From(ctx).Type == authz.TypeStaff {
		return nil, problem.Denied("", "subject", "只有申请人有自己的办件")
	}
	at, want, today := casePage(page), page.First, deadline.DateOf(r.Clock.Now(), tenancy.Location(ctx))
	var found []mine
	more := true
	for range rounds {
		rows, follow, err := r.minePage(ctx, at)
		if err != nil {
			return nil, err
		}
		for i, row := range rows {
			at.AfterKey, at.AfterID = instant(row.At), row.CaseID
			if !matches(ctx, f, row.summary, today) {
				continue
			}
			if found = append(found, row); len(found) == want {
				more = follow || i+1 < len(rows)
				return r.mineConnection(ctx, page, found, more)
			}
		}
		if more = follow; !more {
			break
		}
	}
	return r.mineConnection(ctx, page, found, more)
}

func (r *Resolver) minePage(ctx context.Context, page casework.Page) ([]mine, bool, error) {
	home, err := r.home(ctx)
	if err != nil {
		return nil, false, err
	}
	lines, more, err := r.Casework.MyCases(home, page)
	if err != nil {
		return nil, false, err
	}
	ids := map[string][]uuid.UUID{}
	for _, line := range lines {
		ids[line.Tenant] = append(ids[line.Tenant], line.CaseID)
	}
	cases := map[uuid.UUID]*casework.Summary{}
	for tenant, wanted := range ids {
		summaries, err := inTenant(ctx, r, tenant, wanted, r.summaries)
		if err != nil {
			return nil, false, err
		}
		for id, s := range summaries {
			cases[id] = s
		}
	}
	rows := make([]mine, 0, len(lines))
	for _, line := range lines {
		if s := cases[line.CaseID]; s != nil {
			rows = append(rows, mine{line, s})
		}
	}
	return rows, more, nil
}

// matches holds a case to the filter of the applicant's list.
func matches(ctx context.Context, f *model.CaseFilter, s *casework.Summary, today deadline.Date) bool {
	if f == nil {
		return true
	}
	received := deadline.DateOf(s.ReceivedAt, tenancy.Location(ctx)).String()
	switch {
	case len(f.Status) > 0 && !slices.Contains(f.Status, model.CaseStatus(s.Status)),
		f.Matter != nil && (f.Matter.Key != s.MatterName || f.Matter.Tenant != s.Tenant),
		f.Department != nil && *f.Department != s.Department,
		f.Text != nil && !strings.HasPrefix(s.No, *f.Text) && !strings.HasPrefix(s.Applicant.Name, *f.Text),
		f.ReceivedFrom != nil && received < *f.ReceivedFrom,
		f.ReceivedTo != nil && received > *f.ReceivedTo,
		or(f.Overdue, false) && (s.DueOn.IsZero() || !today.After(s.DueOn)):
		return false
	}
	return true
}

func (r *Resolver) mineConnection(ctx context.Context, page relay.Page, rows []mine, more bool) (*model.CaseConnection, error) {
	if err := r.ahead(ctx, each(rows, func(m mine) *casework.Summary { return m.summary })); err != nil {
		return nil, err
	}
	list, info := edges(page, rows, more, func(m mine) []string { return []string{instant(m.At), m.CaseID.String()} },
		func(cursor string, m mine) *model.CaseEdge {
			return &model.CaseEdge{Cursor: cursor, Node: caseInList(m.summary)}
		})
	return &model.CaseConnection{Edges: list, PageInfo: info}, nil
}
