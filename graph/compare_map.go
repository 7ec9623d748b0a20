package graph

import (
	"context"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/matter"
	"zhengtong/internal/matter/guide"
)

// comparisons look at how tenants below carry out an item. A page ends at the tenant last looked at.
func (r *Resolver) comparisons(ctx context.Context, code, under string, level *model.TenantLevel, page relay.Page) (*model.MatterComparisonConnection, error) {
	rows, last, more, err := r.Catalogue.Compare(ctx, code, below(under, level, page))
	if err != nil {
		return nil, err
	}
	list, info := edges(page, rows, more, func(c matter.Compared) []string { return []string{c.Tenant.Code} },
		func(cursor string, c matter.Compared) *model.MatterComparisonEdge {
			return &model.MatterComparisonEdge{Cursor: cursor, Node: &model.MatterComparison{Tenant: tenantModel(c.Tenant), Name: c.Row.Name, Title: c.Row.Title,
				DepartmentTitle: opt(c.Row.DepartmentTitle), Traits: traits(c.Traits, c.Base)}}
		})
	return &model.MatterComparisonConnection{Edges: list, PageInfo: endAt(page, last, info)}, nil
}

func traits(here, base []guide.Trait) []*model.MatterTrait {
	out := make([]*model.MatterTrait, len(here))
	for i, t := range here {
		out[i] = &model.MatterTrait{Field: t.Field, Title: t.Title, Value: t.Value}
		if i < len(base) {
			out[i].Base, out[i].Differs = &base[i].Value, base[i].Value != t.Value
		}
	}
	return out
}

func (r *Resolver) summaryBelow(ctx context.Context, under string, by model.CatalogueGrouping, level *model.TenantLevel, page relay.Page) (*model.CatalogueSummaryConnection, error) {
	rows, last, more, err := r.Catalogue.Summarize(ctx, matter.Grouping(by), below(under, level, page))
	if err != nil {
		return nil, err
	}
	list, info := edges(page, rows, more, func(s matter.Summary) []string { return []string{s.Tenant.Code} },
		func(cursor string, s matter.Summary) *model.CatalogueSummaryEdge {
			groups := each(s.Groups, func(g matter.Group) *model.CatalogueGroup {
				return &model.CatalogueGroup{Key: g.Key, Title: g.Title, Count: g.Count}
			})
			return &model.CatalogueSummaryEdge{Cursor: cursor, Node: &model.CatalogueSummary{Tenant: tenantModel(s.Tenant), Total: s.Total, Groups: groups}}
		})
	return &model.CatalogueSummaryConnection{Edges: list, PageInfo: endAt(page, last, info)}, nil
}

func below(under string, level *model.TenantLevel, page relay.Page) matter.Below {
	b := matter.Below{Under: under, First: page.First}
	if level != nil {
		b.Level = string(*level)
	}
	if page.After != nil {
		b.After = page.After[0]
	}
	return b
}

// endAt ends a page at the tenant last looked at.
func endAt(page relay.Page, last string, info *model.PageInfo) *model.PageInfo {
	if last != "" {
		cursor := relay.Cursor{List: page.List, Keys: []string{last}}.String()
		info.EndCursor = &cursor
	}
	return info
}
