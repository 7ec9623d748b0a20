package graph

import (
	"cmp"
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/graph/session"
	"zhengtong/internal/configuration"
	"zhengtong/internal/deadline"
	"zhengtong/internal/matter"
	"zhengtong/internal/matter/guide"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// Matters lists and explains what a tenant offers (matter.Service).
type Matters interface {
	List(ctx context.Context, q matter.Query) (*matter.Listing, error)
	Guide(ctx context.Context, ref matter.Ref) (*matter.Guide, error)
	Sheet(ctx context.Context, name string) (*guide.Guide, error)
	Open(ctx context.Context, row matter.Row) (*matter.Guide, error)
	Usage(ctx context.Context, name string, days int) (*matter.Usage, error)
	Halls(ctx context.Context) ([]matter.Hall, error)
	Hall(ctx context.Context, name string) (matter.Hall, error)
	Residents(ctx context.Context, h matter.Hall) ([]matter.Resident, error)
	Compare(ctx context.Context, code string, b matter.Below) (rows []matter.Compared, last string, more bool, err error)
	Summarize(ctx context.Context, by matter.Grouping, b matter.Below) (rows []matter.Summary, last string, more bool, err error)
}

// guide finds one published matter of a tenant, for everybody.
func (r *Resolver) guide(ctx context.Context, tenant string, ref matter.Ref) (*model.Matter, error) {
	ctx, err := r.publicly(ctx, tenant)
	if err != nil {
		return nil, err
	}
	g, err := r.Catalogue.Guide(ctx, ref)
	if err != nil {
		return nil, err
	}
	out := guideModel(g)
	out.Succeeds = successionModel(g.Succeeds)
	return out, nil
}

// guideModel shows a published matter.
func guideModel(g *matter.Guide) *model.Matter {
	out := matterModel(g.Matter)
	out.Shown, out.Open = true, g.Open
	return out
}

// matterModel shows a compiled matter: the published one, or the one a case is pinned to.
func matterModel(m *configuration.Matter) *model.Matter {
	s := m.Spec
	out := &model.Matter{
		ID: relay.Named(relay.Matter, m.Tenant, m.Name), Source: m, Name: m.Name, Title: s.Title, Digest: m.Digest, ItemType: s.ItemType,
		BasicCode: opt(s.BasicCode), ImplementationCode: opt(cmp.Or(m.Binding.ImplementationCode, s.ImplementationCode)), HandlingItemCode: opt(s.HandlingItemCode),
		Line: opt(s.Line), ExerciseLevel: opt(s.ExerciseLevel), ServiceObjects: listed(s.ServiceObjects), CaseType: s.CaseType,
		Joint: len(s.JointDepartments) > 0, LegalBasis: each(s.LegalBasis, legalBasis), Conditions: listed(s.Conditions), StatutoryLimit: limitModel(s.StatutoryLimit),
		PromisedLimit: limitModel(s.PromisedLimit), Channels: listed(s.Channels), HandlingForms: listed(s.HandlingForms), Delivery: listed(s.Delivery),
		OnlineDepth: opt(s.OnlineDepth), Visits: s.Visits, MinUserLevel: opt(s.MinUserLevel), Faq: questions(s.Guide), Remedies: remedies(s.Remedies), Themes: listed(s.Themes),
		CrossArea: opt(s.CrossArea), CrossModes: listed(s.CrossModes),
	}
	if s.AcceptanceWindow != nil {
		out.AcceptanceWindow = limitModel(&s.AcceptanceWindow.Limit)
	}
	return out
}

// matterInList shows a row of the list with what the row holds; onlyRow tells when that is all that is asked for.
func matterInList(row matter.Row) *model.Matter {
	return &model.Matter{
		ID: relay.Named(relay.Matter, row.Tenant, row.Name), Name: row.Name, Title: row.Title, Digest: row.Digest, ItemType: row.ItemType, CaseType: row.CaseType,
		BasicCode: opt(row.BasicCode), ImplementationCode: opt(row.ImplementationCode), Line: opt(row.Line), ExerciseLevel: opt(row.Level),
		ServiceObjects: listed(row.Audiences), Themes: listed(row.Themes), Channels: listed(row.Channels),
		Delivery: listed(row.Deliveries), OnlineDepth: opt(row.OnlineDepth), Joint: row.Joint,
	}
}

func legalBasis(b kind.LegalBasis) *model.LegalBasis {
	return &model.LegalBasis{Law: b.Law, Article: opt(b.Article), DocumentNo: opt(b.DocumentNo), Text: opt(b.Text), URL: opt(b.URL)}
}

func limitModel(l *kind.Limit) *model.Limit {
	if l == nil {
		return nil
	}
	return &model.Limit{N: l.N, Unit: model.LimitUnit(l.Unit), Text: deadline.Limit{N: l.N, Unit: deadline.Unit(l.Unit)}.String()}
}

func questions(g *kind.Guide) []*model.MatterQuestion {
	if g == nil {
		return []*model.MatterQuestion{}
	}
	return each(g.FAQ, func(q kind.GuideQuestion) *model.MatterQuestion {
		return &model.MatterQuestion{Question: q.Q, Answer: q.A}
	})
}

func remedies(m *kind.Remedies) *model.MatterRemedies {
	if m == nil {
		return nil
	}
	out := &model.MatterRemedies{}
	if r := m.Reconsideration; r != nil {
		out.ReconsiderationBody, out.ReconsiderationDays, out.ReconsiderationFirst = opt(r.Body), opt(r.Days), r.First
	}
	if l := m.Litigation; l != nil {
		out.LitigationCourt, out.LitigationMonths = opt(l.Court), opt(l.Months)
	}
	return out
}

// source is the compiled matter behind a node; a row of a list is looked up.
func (r *Resolver) source(ctx context.Context, m *model.Matter) (*configuration.Matter, error) {
	if m.Source != nil {
		return m.Source, nil
	}
	full, err := r.guide(ctx, m.ID.Tenant, matter.Ref{Name: m.Name})
	if err != nil {
		return nil, err
	}
	return full.Source, nil
}

func matterFilter(f *model.MatterFilter) matter.Filter {
	if f == nil {
		return matter.Filter{}
	}
	return matter.Filter{Department: or(f.Department, ""), Line: or(f.Line, ""), Theme: or(f.Theme, ""), ServiceObject: or(f.ServiceObject, ""),
		ServiceGroup: or(f.ServiceGroup, ""), ItemType: or(f.ItemType, ""), CaseType: or(f.CaseType, ""), Joint: f.Joint, Level: or(f.Level, ""),
		Channel: or(f.Channel, ""), Delivery: or(f.Delivery, ""), OnlineDepth: or(f.OnlineDepth, ""), CrossArea: or(f.CrossArea, ""),
		Step: or(f.Step, "")}
}

func matterPage(page relay.Page) matter.Page {
	out := matter.Page{First: page.First}
	if page.After != nil {
		out.AfterKey, out.AfterID = page.After[0], uuid.FromStringOrNil(page.After[1])
	}
	return out
}

// findMatter finds a published matter by exactly one of id, code and name; public.
func (r *Resolver) findMatter(ctx context.Context, id *relay.ID, code, name *string) (*model.Matter, error) {
	tenant, ref := session.Asked(ctx), matter.Ref{Code: or(code, ""), Name: or(name, "")}
	if id != nil {
		if err := id.Expect(relay.Matter); err != nil {
			return nil, err
		}
		if code != nil || name != nil {
			return nil, problem.New(problem.BadRequest, "one_of", "id、code、name 须且只须给出一项")
		}
		tenant, ref.Name = id.Tenant, id.Key
	}
	return r.guide(ctx, tenant, ref)
}

// rowFields are what a row of the list answers by itself.
var rowFields = []string{"id", "name", "title", "digest", "itemType", "caseType", "basicCode", "implementationCode", "line", "exerciseLevel", "serviceObjects",
	"themes", "channels", "delivery", "onlineDepth", "joint", "tenant"}

// matterList lists the published matters of the tenant asked for. Rows answer most
// lists; what more is asked for comes from the compiled matters, which are in memory.
func (r *Resolver) matterList(ctx context.Context, q matter.Query, page relay.Page) (*model.MatterConnection, error) {
	there, err := r.asked(ctx)
	if err != nil {
		return nil, err
	}
	return r.mattersIn(ctx, there, q, page)
}

// mattersIn lists published matters of the tenant in which there acts.
func (r *Resolver) mattersIn(ctx, there context.Context, q matter.Query, page relay.Page) (*model.MatterConnection, error) {
	l, err := r.Catalogue.List(there, q)
	if err != nil {
		return nil, err
	}
	nodes := make(map[uuid.UUID]*model.Matter, len(l.Hits))
	whole := !nodesAskOnly(ctx, rowFields...)
	for _, hit := range l.Hits {
		nodes[hit.ID] = matterInList(hit.Row)
		if !whole {
			continue
		}
		if nodes[hit.ID], err = r.opened(ctx, hit.Row); err != nil {
			return nil, err
		}
	}
	list, info := edges(page, l.Hits, l.More, func(hit matter.Hit) []string { return []string{hit.Key, hit.ID.String()} },
		func(cursor string, hit matter.Hit) *model.MatterEdge {
			return &model.MatterEdge{Cursor: cursor, Node: nodes[hit.ID], TitleParts: titleParts(hit.Parts)}
		})
	return &model.MatterConnection{Edges: list, PageInfo: info, Listing: l}, nil
}

// opened shows a row of a list as a whole.
func (r *Resolver) opened(ctx context.Context, row matter.Row) (*model.Matter, error) {
	ctx, err := r.publicly(ctx, row.Tenant)
	if err != nil {
		return nil, err
	}
	g, err := r.Catalogue.Open(ctx, row)
	if err != nil {
		return nil, err
	}
	return guideModel(g), nil
}

func titleParts(parts []matter.Part) []*model.TitlePart {
	return each(parts, func(p matter.Part) *model.TitlePart { return &model.TitlePart{Text: p.Text, Matched: p.Matched} })
}

// countMatters counts a whole list, for totalCount.
func (r *Resolver) countMatters(ctx context.Context, l *matter.Listing) (*int, error) {
	there, err := r.asked(ctx)
	if err != nil {
		return nil, err
	}
	n, err := l.Count(there, relay.MaxCount)
	return &n, err
}

// facets counts what a list may be narrowed by.
func (r *Resolver) facets(ctx context.Context, l *matter.Listing) ([]*model.MatterFacet, error) {
	there, err := r.asked(ctx)
	if err != nil {
		return nil, err
	}
	found, err := l.Facets(there)
	return each(found, func(f matter.Facet) *model.MatterFacet {
		return &model.MatterFacet{Name: f.Name, Values: each(f.Values, func(v matter.FacetValue) *model.MatterFacetValue {
			return &model.MatterFacetValue{Value: v.Value, Title: opt(v.Title), Count: v.Count}
		})}
	}), err
}

// usage counts the applications for a matter, for staff of its tenant.
func (r *Resolver) usage(ctx context.Context, m *model.Matter, days int) (*model.MatterUsage, error) {
	ctx, err := r.within(ctx, m.ID.Tenant)
	if err != nil {
		return nil, err
	}
	u, err := r.Catalogue.Usage(ctx, m.Name, days)
	if err != nil {
		return nil, err
	}
	return &model.MatterUsage{Since: u.Since, Submitted: u.Submitted, LastUsedOn: opt(u.LastUsed),
		Channels: each(u.Channels, func(c matter.ChannelUsage) *model.ChannelUsage {
			return &model.ChannelUsage{Channel: c.Channel, Submitted: c.Submitted}
		})}, nil
}

// nodesAskOnly reports whether the nodes of a connection are asked for none but these fields.
func nodesAskOnly(ctx context.Context, names ...string) bool {
	op := graphql.GetOperationContext(ctx)
	for _, edges := range graphql.CollectFieldsCtx(ctx, nil) {
		if edges.Name != "edges" {
			continue
		}
		for _, node := range graphql.CollectFields(op, edges.Selections, nil) {
			if node.Name != "node" {
				continue
			}
			for _, field := range graphql.CollectFields(op, node.Selections, []string{"Matter", "Node"}) {
				if field.Name != "__typename" && !slices.Contains(names, field.Name) {
					return false
				}
			}
		}
	}
	return true
}

// takesApplications reports whether one can apply for a matter now.
func (r *Resolver) takesApplications(ctx context.Context, m *model.Matter) (bool, error) {
	if m.Shown {
		return m.Open, nil
	}
	ctx, err := r.publicly(ctx, m.ID.Tenant)
	if err != nil {
		return false, err
	}
	g, err := r.Catalogue.Guide(ctx, matter.Ref{Name: m.Name})
	if problem.CodeOf(err) == problem.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return g.Open, nil
}

// fee shows the fee schedule of a matter as it now stands.
func (r *Resolver) fee(ctx context.Context, m *model.Matter) (*model.MatterFee, error) {
	source, err := r.source(ctx, m)
	if err != nil || source.Spec.Fee == "" {
		return nil, err
	}
	ctx, err = r.publicly(ctx, m.ID.Tenant)
	if err != nil {
		return nil, err
	}
	found, err := orNull(r.Declared.Effective(ctx, "FeeSchedule", source.Spec.Fee))
	if err != nil || found == nil {
		return nil, err
	}
	declared, _ := found.Resource.Spec.(*kind.FeeSchedule)
	return matterFee(declared), nil
}
