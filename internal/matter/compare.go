package matter

import (
	"context"
	"errors"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/matter/guide"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// Below asks for what tenants below one that the acting tenant oversees publish. A
// page looks at as many tenants as it may have rows: each look crosses into a tenant
// and is written down on both sides.
type Below struct {
	Under string // the tenant at whose head the walk begins; itself included
	Level string // only tenants of this level; "" for all
	First int    // 1 to 100: how many tenants are looked at
	After string // code of the tenant last looked at; "" to begin
}

// Compared is how one tenant carries out an item, beside how the acting tenant declares it.
type Compared struct {
	Tenant tenancy.Tenant
	Row    Row
	Traits []guide.Trait
	Base   []guide.Trait // trait by trait; nil when the acting tenant declares no such matter
}

// Compare shows how the tenants below carry out the item of a basic code
// (比对分析, R-MGT-08). It returns the tenant last looked at and whether more follow.
func (s *Service) Compare(ctx context.Context, code string, b Below) (rows []Compared, last string, more bool, err error) {
	base, err := s.declared(ctx, code)
	if err != nil {
		return nil, "", false, err
	}
	last, more, err = s.visit(ctx, b, "matter.compare", "catalogue item "+code, func(there context.Context, t tenancy.Tenant) error {
		row, err := s.store.find(there, Ref{Code: code})
		if errors.Is(err, db.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		d, err := s.configuration.Display(there, row.Name)
		if problem.CodeOf(err) == problem.NotFound {
			return nil // cancelled since
		}
		if err != nil {
			return err
		}
		rows = append(rows, Compared{Tenant: t, Row: row, Base: base, Traits: guide.Profile(d.Source, row.Name, d.Matter.Spec)})
		return nil
	})
	return rows, last, more, err
}

// declared is how the acting tenant itself declares the item: the base that those below take over.
func (s *Service) declared(ctx context.Context, code string) ([]guide.Trait, error) {
	source, err := s.configuration.Source(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range source.All("Matter") {
		if spec := f.Resource.Spec.(*kind.Matter); spec.BasicCode == code {
			return guide.Profile(source, f.Resource.Metadata.Name, spec), nil
		}
	}
	return nil, nil
}

// Grouping is what published matters are counted by.
type Grouping string

// The groupings of a summary.
const (
	ByDepartment Grouping = "department"
	ByItemType   Grouping = "item_type"
	ByCaseType   Grouping = "case_type"
	ByLevel      Grouping = "level"
)

// Group is how many published matters have one value of a grouping. Title is a department's.
type Group struct {
	Key   string
	Title string
	Count int
}

// Summary is what one tenant publishes, counted.
type Summary struct {
	Tenant tenancy.Tenant
	Total  int
	Groups []Group
}

// Summarize counts what the tenants below publish (R-MGT-08).
func (s *Service) Summarize(ctx context.Context, by Grouping, b Below) (rows []Summary, last string, more bool, err error) {
	last, more, err = s.visit(ctx, b, "matter.summarize", "published matters", func(there context.Context, t tenancy.Tenant) error {
		groups, err := s.store.groups(there, by)
		if err != nil {
			return err
		}
		row := Summary{Tenant: t, Groups: groups}
		for _, g := range groups {
			row.Total += g.Count
		}
		rows = append(rows, row)
		return nil
	})
	return rows, last, more, err
}

// visit crosses into each tenant of a page in turn. The acting tenant's own needs no crossing.
func (s *Service) visit(ctx context.Context, b Below, action, object string, look func(context.Context, tenancy.Tenant) error) (last string, more bool, err error) {
	if s.tree == nil || s.gate == nil {
		return "", false, errors.New("matter: no tree or gate to look below with")
	}
	if b.First < 1 || b.First > 100 {
		return "", false, problem.New(problem.BadRequest, "bad_first", "first 应为 1 至 100")
	}
	page := s.page(b)
	if more = len(page) > b.First; more {
		page = page[:b.First]
	}
	for _, t := range page {
		there := ctx
		if t.Code != tenancy.Acting(ctx) {
			there, err = s.gate.Cross(ctx, tenancy.Crossing{To: t.Code, Scope: tenancy.GrantStatistics, Actor: authz.From(ctx).Staff.String(), Action: action,
				Object: object, Reason: "事项比对与统计"})
			if err != nil {
				return "", false, err
			}
		}
		if err := look(there, t); err != nil {
			return "", false, err
		}
		last = t.Code
	}
	return last, more, nil
}

// stride is how many tenants are looked at in one step of a walk by level.
const stride = 256

// page is the tenants of a page and one more, if there is one.
func (s *Service) page(b Below) []tenancy.Tenant {
	var out []tenancy.Tenant
	after := b.After
	if after == "" {
		if top, ok := s.tree.Get(b.Under); ok && (b.Level == "" || b.Level == top.Level) {
			out = append(out, top)
		}
		after = b.Under
	}
	for len(out) <= b.First {
		walked := s.tree.Subtree(b.Under, after, stride)
		for _, t := range walked {
			if b.Level == "" || b.Level == t.Level {
				out = append(out, t)
			}
		}
		if len(walked) < stride {
			break
		}
		after = walked[len(walked)-1].Code
	}
	return out[:min(len(out), b.First+1)]
}
