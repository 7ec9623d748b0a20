package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"zhengtong/internal/authz"
	"zhengtong/internal/problem"
)

// open are the root fields that nobody need be signed in for; every other one
// answers a visitor UNAUTHENTICATED before anything is read. What each may show is
// decided by the services behind (policies/actions.yaml, subject public).
var open = map[string]bool{
	"Query.node": true, "Query.viewer": true, "Query.tenant": true, "Query.tenants": true, "Query.matters": true, "Query.matter": true, "Query.halls": true, "Query.hall": true,
	"Query.caseProgress": true, "Query.verifyLicence": true, "Query.kinds": true,
	"Query.__type": true, "Query.__schema": true, "Query.__typename": true, "Mutation.__typename": true, "Subscription.__typename": true,
	"Mutation.signIn": true,
}

// first are the root fields for somebody who signed in with a one-time password; all others wait until it is changed.
var first = map[string]bool{"Query.viewer": true, "Mutation.changePassword": true, "Mutation.signOut": true, "Mutation.signIn": true,
	"Query.__type": true, "Query.__schema": true, "Query.__typename": true, "Mutation.__typename": true}

// admit is the field middleware that refuses visitors, and whoever has to change the
// password first, and for mutations gives each its own loaders: what one has changed the next must not read from memory.
func (r *Resolver) admit(ctx context.Context, next graphql.Resolver) (any, error) {
	field := graphql.GetFieldContext(ctx)
	switch field.Object {
	case "Query", "Mutation", "Subscription":
	default:
		return next(ctx)
	}
	if !open[field.Object+"."+field.Field.Name] && authz.From(ctx).Type == authz.TypePublic {
		return nil, problem.New(problem.Unauthenticated, "", "请先登录")
	}
	if authz.From(ctx).MustChange && !first[field.Object+"."+field.Field.Name] {
		return nil, problem.New(problem.Forbidden, "password_change_required", "当前口令是一次性口令，请先修改口令")
	}
	if field.Object == "Mutation" {
		ctx = r.withLoaders(ctx)
	}
	return next(ctx)
}

// remember is the response middleware that gives each answer its loaders.
func (r *Resolver) remember(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	return next(r.withLoaders(ctx))
}
