package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	"zhengtong/graph"
	"zhengtong/graph/edge"
	"zhengtong/graph/limit"
	"zhengtong/graph/session"
)

// front is what stands before everything that is asked over HTTP.
type front struct {
	gate     *edge.Edge
	limiter  *edge.Limiter
	refusals *graph.Errors
}

func (a *app) front() (*front, error) {
	table := graph.NewErrors(a.log)
	sessions, err := session.New(session.Config{Sessions: a.identity, Tenants: a.tree})
	if err != nil {
		return nil, err
	}
	limiter, err := edge.NewLimiter(a.rates(), time.Now)
	if err != nil {
		return nil, err
	}
	gate, err := edge.New(edge.Config{Authenticator: sessions, Refuse: table.Refuse, Principal: session.Account, Limiter: limiter,
		SecureCookie: strings.HasPrefix(a.settings.Origin(), "https://")})
	if err != nil {
		return nil, err
	}
	return &front{gate: gate, limiter: limiter, refusals: table}, nil
}

// api is the GraphQL face behind its edge: request id, session, rate limits.
func (a *app) api(f *front) (http.Handler, error) {
	services := a.services()
	services.Attempts = f.limiter.Attempt
	resolver, err := graph.NewResolver(services)
	if err != nil {
		return nil, err
	}
	handler, err := graph.NewHandler(graph.Config{Resolver: resolver, Errors: f.refusals, Limits: a.limits(), Authenticate: f.gate.Authenticate, Take: f.gate.Take})
	if err != nil {
		return nil, err
	}
	return http.MaxBytesHandler(a.timely(f.gate.Wrap(handler)), a.settings.Limit.Body), nil
}

// timely ends a request that takes longer than the operator allows; streams have their own lifetime.
func (a *app) timely(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/graphql" && r.Header.Get("Upgrade") == "" {
			ctx, cancel := context.WithTimeout(r.Context(), a.settings.Limit.RequestTime)
			defer cancel()
			r = r.WithContext(ctx)
		}
		next.ServeHTTP(w, r)
	})
}

// rates bound what one address and one account may ask for.
func (a *app) rates() edge.Rates {
	perSecond := float64(a.settings.Limit.RequestsPerMin) / 60
	return edge.Rates{
		Address:   edge.Rate{PerSecond: perSecond, Burst: a.settings.Limit.RequestsPerMin / 4},
		Principal: edge.Rate{PerSecond: perSecond, Burst: a.settings.Limit.RequestsPerMin / 4},
	}
}

// limits bound one operation, as far as the operator says; introspection is for demonstrations and development.
func (a *app) limits() limit.Limits {
	l, own := limit.Default(), a.settings.Limit
	l.Tokens, l.Depth, l.Aliases, l.Cost = own.QueryTokens, own.QueryDepth, own.QueryAliases, own.QueryCost
	l.Introspection = a.settings.Demo
	return l
}
