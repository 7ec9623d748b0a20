package graph

import (
	"context"
	"slices"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/relay"
	"zhengtong/graph/session"
	"zhengtong/internal/authz"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// within returns a context that acts in the tenant of an object that was asked
// for by id. An applicant goes where the case is, and authz shows there only what
// is the applicant's own; to staff another tenant's object does not exist (I2).
func (r *Resolver) within(ctx context.Context, tenant string) (context.Context, error) {
	if tenancy.Acting(ctx) == tenant {
		return ctx, nil
	}
	switch authz.From(ctx).Type {
	case authz.TypeApplicant:
		return r.acting(ctx, tenant)
	case authz.TypePublic:
		return nil, problem.New(problem.Unauthenticated, "", "请先登录")
	}
	return nil, problem.Missing()
}

// publicly returns a context that acts in any tenant, for what is public there
// and nothing else: the register, matters with their guides, progress by query
// code, licences by identifier.
func (r *Resolver) publicly(ctx context.Context, tenant string) (context.Context, error) {
	if tenancy.Acting(ctx) == tenant {
		return ctx, nil
	}
	return r.acting(ctx, tenant)
}

// asked is publicly in the tenant that the request asks for.
func (r *Resolver) asked(ctx context.Context) (context.Context, error) {
	return r.publicly(ctx, session.Asked(ctx))
}

// home acts where the account belongs: the realm for applicants.
func (r *Resolver) home(ctx context.Context) (context.Context, error) {
	p := authz.From(ctx)
	if p.Home == "" {
		return nil, problem.New(problem.Unauthenticated, "", "请先登录")
	}
	return r.acting(ctx, p.Home)
}

func (r *Resolver) acting(ctx context.Context, tenant string) (context.Context, error) {
	scope, err := r.Tree.Scope(authz.From(ctx).Home, tenant)
	if err != nil {
		return nil, problem.Missing()
	}
	return tenancy.With(ctx, scope), nil
}

// target checks the type of an id and returns a context that acts in its tenant.
func (r *Resolver) target(ctx context.Context, id relay.ID, types ...relay.Type) (context.Context, uuid.UUID, error) {
	if !slices.Contains(types, id.Type) {
		return nil, uuid.Nil, id.Expect(types[0])
	}
	ctx, err := r.within(ctx, id.Tenant)
	return ctx, id.UUID(), err
}
