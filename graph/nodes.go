package graph

import (
	"cmp"
	"context"
	"strings"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/authz"
	"zhengtong/internal/casework"
	"zhengtong/internal/matter"
	"zhengtong/internal/problem"
)

// nodes are the loaders of node(id). What is not public answers a visitor
// UNAUTHENTICATED; what is absent, hidden or another tenant's is null. A linked case
// has no loader: it is a row of a list, and each look at the list is recorded.
func (r *Resolver) nodes() Nodes {
	return Nodes{
		relay.Account: r.accountNode,
		relay.Tenant:  func(_ context.Context, id relay.ID) (model.Node, error) { return node(r.tenantOf(id.Key)) },
		relay.Department: func(ctx context.Context, id relay.ID) (model.Node, error) {
			live, err := r.live(ctx, id.Tenant)
			if err != nil || live.Departments[id.Key] == nil {
				return nil, cmp.Or[error](err, problem.Missing())
			}
			return departmentModel(id.Tenant, id.Key, live.Departments[id.Key]), nil
		},
		relay.Matter: func(ctx context.Context, id relay.ID) (model.Node, error) {
			return node(r.guide(ctx, id.Tenant, matter.Ref{Name: id.Key}))
		},
		relay.Draft: r.draftNode, relay.File: r.fileNode, relay.Asset: r.assetNode, relay.Licence: r.licenceNode, relay.Message: r.messageNode,
		relay.Case: r.inCase(func(v *casework.View, _ relay.ID) (model.Node, error) { return caseModel(v), nil }),
		relay.Task: r.taskNode, relay.Change: r.changeNode, relay.ReviewRequest: r.reviewNode, relay.Resource: r.resourceNode,
		relay.Correction: r.inCase(func(v *casework.View, id relay.ID) (model.Node, error) {
			for _, c := range corrections(v) {
				if c.ID == id {
					return c, nil
				}
			}
			return nil, problem.Missing()
		}),
		relay.SpecialRun: r.inCase(func(v *casework.View, id relay.ID) (model.Node, error) {
			return node(specialModel(v, specialIn(v, id.UUID())))
		}),
		relay.Extension: r.inCase(func(v *casework.View, id relay.ID) (model.Node, error) {
			return extensionModel(v, extensionIn(v, id.UUID())), nil
		}),
		relay.IssuedDocument: r.inCase(func(v *casework.View, id relay.ID) (model.Node, error) {
			for _, d := range v.Documents() {
				if d.ID == id.UUID() {
					return documentModel(v, d), nil
				}
			}
			return nil, problem.Missing()
		}),
	}
}

// node drops the value that comes with an error: a nil pointer in an interface is not null.
func node[T model.Node](value T, err error) (model.Node, error) {
	if err != nil {
		return nil, err
	}
	return value, nil
}

// inCase loads the case that an id names or that its part belongs to.
func (r *Resolver) inCase(show func(*casework.View, relay.ID) (model.Node, error)) Loader {
	return func(ctx context.Context, id relay.ID) (model.Node, error) {
		v, err := r.caseOf(ctx, id)
		if err != nil {
			return nil, err
		}
		return show(v, id)
	}
}

func (r *Resolver) taskNode(ctx context.Context, id relay.ID) (model.Node, error) {
	v, err := r.caseOf(ctx, id)
	if err != nil {
		return nil, err
	}
	t := taskIn(v, id.UUID())
	if t == nil {
		return nil, problem.Missing()
	}
	return taskModel(ctx, id.Tenant, v, t), nil
}

// accountNode shows staff their colleagues and everybody themselves.
func (r *Resolver) accountNode(ctx context.Context, id relay.ID) (model.Node, error) {
	p := authz.From(ctx)
	own := id.UUID() == p.Account
	if id.Tenant != p.Home || (!own && p.Type != authz.TypeStaff) {
		return nil, problem.Missing()
	}
	ctx, err := r.home(ctx)
	if err != nil {
		return nil, err
	}
	person, err := load(ctx, r.loadersOf(ctx).people, key{id.Tenant, id.UUID()})
	if err != nil {
		return nil, err
	}
	return accountModel(id.Tenant, person, own), nil
}

func (r *Resolver) draftNode(ctx context.Context, id relay.ID) (model.Node, error) {
	ctx, key, err := r.target(ctx, id, relay.Draft)
	if err != nil {
		return nil, err
	}
	d, err := r.Files.Draft(ctx, key)
	if err != nil {
		return nil, err
	}
	return draftModel(id.Tenant, d), nil
}

func (r *Resolver) fileNode(ctx context.Context, id relay.ID) (model.Node, error) {
	ctx, key, err := r.target(ctx, id, relay.File)
	if err != nil {
		return nil, err
	}
	f, err := r.Files.File(ctx, key)
	if problem.CodeOf(err) == problem.NotFound {
		return r.renderedNode(ctx, id)
	}
	if err != nil {
		return nil, err
	}
	return r.file(id.Tenant, *f), nil
}

// renderedNode is the file of a document or a licence, which has the id of its record.
func (r *Resolver) renderedNode(ctx context.Context, id relay.ID) (model.Node, error) {
	record := id
	record.Type = relay.IssuedDocument
	found, err := r.Nodes[relay.IssuedDocument](ctx, record)
	if problem.CodeOf(err) == problem.NotFound {
		record.Type = relay.Licence
		found, err = r.licenceNode(ctx, record)
	}
	if err != nil {
		return nil, err
	}
	var f *model.File
	switch found := found.(type) {
	case *model.IssuedDocument:
		f = r.rendered(found)
	case *model.Licence:
		f = r.licenceFile(found)
	}
	if f == nil {
		return nil, problem.Missing()
	}
	return f, nil
}

// changeNode and resourceNode are for staff: to anybody else there is no configuration.
func (r *Resolver) changeNode(ctx context.Context, id relay.ID) (model.Node, error) {
	ctx, key, err := r.target(ctx, id, relay.Change)
	if err != nil {
		return nil, err
	}
	if !isStaff(ctx) {
		return nil, problem.Missing()
	}
	c, err := r.Declarations.Change(ctx, key)
	if err != nil {
		return nil, err
	}
	return changeModel(c), nil
}

func (r *Resolver) resourceNode(ctx context.Context, id relay.ID) (model.Node, error) {
	ctx, err := r.within(ctx, id.Tenant)
	if err != nil {
		return nil, err
	}
	if !isStaff(ctx) {
		return nil, problem.Missing()
	}
	kindName, name, _ := strings.Cut(id.Key, "/")
	d, err := r.Declarations.Describe(ctx, kindName, name, 0)
	if err != nil {
		return nil, err
	}
	return r.resourceModel(id.Tenant, d.Found, d), nil
}

func (r *Resolver) messageNode(ctx context.Context, id relay.ID) (model.Node, error) {
	if id.Tenant != authz.From(ctx).Home {
		return nil, problem.Missing()
	}
	m, err := r.Inbox.Message(ctx, id.UUID())
	if err != nil {
		return nil, err
	}
	return messageModel(id.Tenant, m), nil
}
