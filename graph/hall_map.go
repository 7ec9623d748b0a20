package graph

import (
	"context"
	"slices"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/graph/session"
	"zhengtong/internal/matter"
	"zhengtong/schema/kind"
)

func hallModel(tenant string, h matter.Hall) *model.Hall {
	out := &model.Hall{Row: h, Name: h.Name, Title: h.Spec.Title, Tenant: tenant,
		Windows: each(h.Spec.Windows, func(w kind.HallWindow) *model.HallWindow {
			all := slices.Contains(w.Matters, "*")
			matters := slices.DeleteFunc(slices.Clone(w.Matters), func(name string) bool { return name == "*" })
			return &model.HallWindow{ID: w.ID, Title: w.Title, Functions: listed(w.Functions), All: all, Matters: listed(matters)}
		})}
	if p := h.Spec.Places; p != nil {
		out.Places = &model.ServicePlace{Address: opt(p.Address), Hours: opt(p.Hours), Phone: opt(p.Phone), Complaint: opt(p.Complaint)}
	}
	return out
}

func (r *Resolver) hallsAsked(ctx context.Context) ([]*model.Hall, error) {
	there, err := r.asked(ctx)
	if err != nil {
		return nil, err
	}
	halls, err := r.Catalogue.Halls(there)
	if err != nil {
		return nil, err
	}
	return each(halls, func(h matter.Hall) *model.Hall { return hallModel(session.Asked(ctx), h) }), nil
}

func (r *Resolver) hallAsked(ctx context.Context, name string) (*model.Hall, error) {
	there, err := r.asked(ctx)
	if err != nil {
		return nil, err
	}
	h, err := r.Catalogue.Hall(there, name)
	if err != nil {
		return nil, err
	}
	return hallModel(session.Asked(ctx), h), nil
}

func (r *Resolver) residents(ctx context.Context, h *model.Hall) ([]*model.ResidentDepartment, error) {
	there, err := r.publicly(ctx, h.Tenant)
	if err != nil {
		return nil, err
	}
	rows, err := r.Catalogue.Residents(there, h.Row)
	return each(rows, func(d matter.Resident) *model.ResidentDepartment {
		return &model.ResidentDepartment{Name: d.Department, Title: d.Title, Matters: d.Matters}
	}), err
}

// hallMatters lists the matters that the windows of a hall take.
func (r *Resolver) hallMatters(ctx context.Context, h *model.Hall, department *string, page relay.Page) (*model.MatterConnection, error) {
	there, err := r.publicly(ctx, h.Tenant)
	if err != nil {
		return nil, err
	}
	f := h.Row.Filter()
	f.Department = or(department, "")
	return r.mattersIn(ctx, there, matter.Query{Filter: f, Order: matter.ByCode, Page: matterPage(page)}, page)
}
