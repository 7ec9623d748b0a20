package graph

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"zhengtong/graph/generated"
	"zhengtong/graph/limit"
	"zhengtong/graph/sdl"
	"zhengtong/graph/transport"
)

// Config names what the server needs.
type Config struct {
	Resolver *Resolver
	Errors   *Errors
	// Limits bound each operation; limit.Default with Introspection in dev and demo.
	Limits limit.Limits
	// Authenticate and Take serve WebSockets (edge.Edge has both).
	Authenticate func(ctx context.Context, token, tenant string) (context.Context, error)
	Take         func(ctx context.Context) error
}

// How long a stream lives, and how often a silent one shows that it does.
const (
	streamLifetime = time.Hour
	keepAlive      = 15 * time.Second
)

// NewHandler serves /graphql, /graphql/stream and /schema.graphql. Wrap it in
// edge.Edge, which puts request id, language and session into the context.
func NewHandler(cfg Config) (http.Handler, error) {
	if cfg.Resolver == nil || cfg.Errors == nil {
		return nil, errors.New("graph: resolver and errors are required")
	}
	return newHandler(generated.NewExecutableSchema(generated.Config{Resolvers: cfg.Resolver}), cfg, cfg.Resolver)
}

func newHandler(es graphql.ExecutableSchema, cfg Config, r *Resolver) (http.Handler, error) {
	guard, err := limit.NewGuard(es, cfg.Limits)
	if err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	guard.SetErrorPresenter(cfg.Errors.Present)
	guard.SetRecoverFunc(cfg.Errors.Recover)
	guard.AroundFields(r.admit)
	guard.AroundResponses(r.remember)
	t, err := transport.New(transport.Config{Executor: guard, Authenticate: cfg.Authenticate, Take: cfg.Take,
		Lifetime: streamLifetime, KeepAlive: keepAlive})
	if err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	schema, err := sdl.Text()
	if err != nil {
		return nil, fmt.Errorf("graph: read the schema: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/graphql", t.GraphQL)
	mux.HandleFunc("/graphql/stream", t.Stream)
	mux.HandleFunc("GET /schema.graphql", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write([]byte(schema))
	})
	return mux, nil
}
