package graph

import (
	"context"
	"maps"
	"slices"
	"strings"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// Declared is what tenants declare, as it now stands for the acting tenant (configuration.Service).
type Declared interface {
	Live(ctx context.Context) (*configuration.Live, error)
	// Effective returns one effective resource; NotFound when the tenant has none of this name.
	Effective(ctx context.Context, kindName, name string) (*configuration.Found, error)
}

// live reads what a tenant declares for everybody to see: portal, departments, roles' titles.
func (r *Resolver) live(ctx context.Context, tenant string) (*configuration.Live, error) {
	ctx, err := r.publicly(ctx, tenant)
	if err != nil {
		return nil, err
	}
	return r.Declared.Live(ctx)
}

func (r *Resolver) tenantOf(code string) (*model.Tenant, error) {
	t, ok := r.Tree.Get(code)
	if !ok {
		return nil, problem.Missing()
	}
	return tenantModel(t), nil
}

// tenantNow finds the tenant that a code leads to, a former one too.
func (r *Resolver) tenantNow(code string) (*model.Tenant, error) {
	t, ok := r.Tree.Resolve(code)
	if !ok {
		return nil, problem.Missing()
	}
	return tenantModel(t), nil
}

func tenantModel(t tenancy.Tenant) *model.Tenant {
	zone := "Asia/Shanghai"
	if t.Timezone != nil {
		zone = t.Timezone.String()
	}
	return &model.Tenant{ID: relay.Named(relay.Tenant, t.Code, t.Code), Code: t.Code, Title: t.Title, Level: model.TenantLevel(t.Level),
		DivisionCode: t.DivisionCode,
		Status:       model.TenantStatus(t.Status), SucceededOn: opt(t.SucceededOn), Timezone: zone}
}

// turn moves the viewer's tenant to another state. A repetition of the request is answered with the tenant as it is now.
func (r *Resolver) turn(ctx context.Context, reason string, do func(context.Context, string) (tenancy.Tenant, error)) (*model.Tenant, error) {
	now := func(ctx context.Context, code string) (tenancy.Tenant, error) {
		t, ok := r.Tree.Get(code)
		if !ok {
			return t, problem.Missing()
		}
		return t, nil
	}
	t, err := kept(ctx, r, "tenant", func(t tenancy.Tenant) string { return t.Code }, now, func(ctx context.Context) (tenancy.Tenant, error) { return do(ctx, reason) })
	if err != nil {
		return nil, err
	}
	return tenantModel(t), nil
}

// stride is how many tenants are looked at in one step of a filtered walk.
const stride = 256

// below lists tenants under a parent, depth first, which for division codes is
// the order of codes; with no parent, the whole tree.
func (r *Resolver) below(parent *string, level *model.TenantLevel, page relay.Page) []tenancy.Tenant {
	top, after := or(parent, tenancy.Realm), ""
	if parent != nil {
		after = top // the parent itself is not below itself
	}
	if page.After != nil {
		after = page.After[0]
	}
	var found []tenancy.Tenant
	for {
		walked := r.Tree.Subtree(top, after, stride)
		for _, t := range walked {
			if level != nil && t.Level != string(*level) {
				continue
			}
			if found = append(found, t); len(found) > page.First {
				return found
			}
		}
		if len(walked) < stride {
			return found
		}
		after = walked[len(walked)-1].Code
	}
}

func (r *Resolver) tenantConnection(page relay.Page, rows []tenancy.Tenant) *model.TenantConnection {
	rows, more := relay.Cut(page, rows)
	list, info := edges(page, rows, more, func(t tenancy.Tenant) []string { return []string{t.Code} },
		func(cursor string, t tenancy.Tenant) *model.TenantEdge {
			return &model.TenantEdge{Cursor: cursor, Node: tenantModel(t)}
		})
	return &model.TenantConnection{Edges: list, PageInfo: info}
}

// overseen refuses a tenant that the viewer's own does not oversee: itself and those below (R-CFG-02).
func (r *Resolver) overseen(ctx context.Context, action, under string) error {
	home := authz.From(ctx).Home
	object := authz.Object{Kind: "tenant", Tenant: under, Relation: authz.RelationNone}
	switch {
	case home == under:
		object.Relation = authz.RelationSame
	case r.Tree.IsAncestor(home, under):
		object.Relation = authz.RelationSubtree
	}
	_, err := r.Authz.Require(ctx, action, object)
	return err
}

// childrenAfter are the direct children of a tenant behind a cursor, one more than the page asks for.
func (r *Resolver) childrenAfter(under string, page relay.Page) []tenancy.Tenant {
	children := r.Tree.Children(under)
	if page.After != nil {
		i, found := slices.BinarySearchFunc(children, page.After[0], func(t tenancy.Tenant, code string) int {
			return strings.Compare(t.Code, code)
		})
		if found {
			i++
		}
		children = children[i:]
	}
	return children[:min(len(children), page.First+1)]
}

func departmentModel(tenant, name string, d *kind.Department) *model.Department {
	if name == "" {
		return nil
	}
	out := &model.Department{ID: relay.Named(relay.Department, tenant, name), Name: name, Title: name}
	if d == nil { // it was declared when the case began and is not any more
		return out
	}
	out.Title, out.Line, out.Uscc = d.Title, opt(d.Line), opt(d.USCC)
	if p := d.Places; p != nil {
		out.Places = &model.ServicePlace{Address: opt(p.Address), Hours: opt(p.Hours), Phone: opt(p.Phone), Complaint: opt(p.Complaint)}
	}
	return out
}

// department looks a department up by name as it now stands; nil without a name.
func (r *Resolver) department(ctx context.Context, tenant, name string) (*model.Department, error) {
	if name == "" {
		return nil, nil
	}
	live, err := r.live(ctx, tenant)
	if err != nil {
		return nil, err
	}
	return departmentModel(tenant, name, live.Departments[name]), nil
}

func departments(tenant string, live *configuration.Live) []*model.Department {
	return each(slices.Sorted(maps.Keys(live.Departments)), func(name string) *model.Department {
		return departmentModel(tenant, name, live.Departments[name])
	})
}

// portal is what the tenant declares of itself, dressed by the theme it has or inherits (R-CFG-08).
func portal(live *configuration.Live) *model.Portal {
	out := &model.Portal{Menu: []*model.PortalLink{}}
	if p := live.Tenant.Portal; p != nil {
		out.Title, out.Hotline, out.SupervisionPhone = opt(p.Title), opt(p.Hotline), opt(p.SupervisionPhone)
	}
	if live.Theme == nil {
		return out
	}
	if brand := live.Theme.Brand; brand != nil {
		out.Colour = opt(brand.Colour)
		if brand.Name != "" {
			out.Title = &brand.Name
		}
	}
	for _, item := range live.Theme.Menu {
		if item.URL != "" {
			out.Menu = append(out.Menu, &model.PortalLink{ID: item.ID, Title: item.Title, URL: item.URL})
		}
	}
	return out
}
