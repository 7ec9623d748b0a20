package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/gofrs/uuid/v5"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"zhengtong/graph/edge"
	"zhengtong/graph/limit"
	"zhengtong/internal/problem"
)

// Errors is the one table by which errors leave the process (the API contract, Errors):
// a *problem.Error keeps its code and words; anything else becomes INTERNAL with
// a reference, its cause in the log only (I8).
type Errors struct{ log *slog.Logger }

// NewErrors returns the table; log receives the causes of INTERNAL.
func NewErrors(log *slog.Logger) *Errors { return &Errors{log: log} }

// Present makes an error into an entry of `errors` with extensions code, reference,
// retryable and, where they apply, reason, permission, problems, retryAfter, cost.
func (t *Errors) Present(ctx context.Context, err error) *gqlerror.Error {
	out := &gqlerror.Error{Path: graphql.GetPath(ctx), Extensions: map[string]any{}}
	var located *gqlerror.Error
	if errors.As(err, &located) {
		out.Locations = located.Locations
		if located.Path != nil {
			out.Path = located.Path
		}
	}
	p := t.problem(ctx, err, out)
	ref := reference(ctx)
	out.Message = word(edge.From(ctx).Language, p, located, ref)
	extend(out.Extensions, p)
	out.Extensions["reference"] = ref
	var cost *limit.CostError
	if errors.As(err, &cost) {
		out.Extensions["cost"] = cost.Cost
		out.Extensions["maxCost"] = cost.Max
	}
	return out
}

func extend(ext map[string]any, p *problem.Error) {
	ext["code"] = string(p.Code)
	ext["retryable"] = p.Retryable || p.Code == problem.RateLimited || p.Code == problem.Unavailable
	if p.Reason != "" {
		ext["reason"] = p.Reason
	}
	if p.Permission != "" {
		ext["permission"] = p.Permission
	}
	if len(p.Problems) > 0 {
		ext["problems"] = p.Problems
	}
	if p.RetryAfter > 0 {
		ext["retryAfter"] = seconds(p.RetryAfter)
	}
}

// problem finds the coded refusal in err; without one it logs the cause and answers INTERNAL.
func (t *Errors) problem(ctx context.Context, err error, at *gqlerror.Error) *problem.Error {
	var p *problem.Error
	switch {
	case errors.As(err, &p) && p.Code != problem.Internal:
		return p
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return &problem.Error{Code: problem.Unavailable, Reason: "timeout", Message: "处理超时，请重试", Retryable: true}
	}
	t.log.ErrorContext(ctx, "request failed", "reference", reference(ctx), "path", at.Path.String(), "cause", err)
	return &problem.Error{Code: problem.Internal}
}

// reference names the error in the log: the request's id.
func reference(ctx context.Context) string {
	if id := edge.From(ctx).ID; id != "" {
		return id
	}
	id, err := uuid.NewV7()
	if err != nil {
		return "unknown"
	}
	return id.String()
}

// Recover makes a panic into INTERNAL and logs it with its stack.
func (t *Errors) Recover(ctx context.Context, v any) error {
	t.log.ErrorContext(ctx, "panic", "reference", reference(ctx), "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
	return &problem.Error{Code: problem.Internal, Cause: fmt.Errorf("panic: %v", v)}
}

// Refuse answers a request that was refused before GraphQL was reached, with the fitting status.
func (t *Errors) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	e := t.Present(r.Context(), err)
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	if after, ok := e.Extensions["retryAfter"].(int); ok {
		h.Set("Retry-After", strconv.Itoa(after))
	}
	code := problem.Code(e.Extensions["code"].(string))
	if code == problem.Unauthenticated {
		h.Set("WWW-Authenticate", "Bearer")
	}
	w.WriteHeader(status(code))
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": gqlerror.List{e}})
}

func status(code problem.Code) int {
	switch code {
	case problem.Unauthenticated:
		return http.StatusUnauthorized
	case problem.Forbidden:
		return http.StatusForbidden
	case problem.NotFound:
		return http.StatusNotFound
	case problem.RateLimited:
		return http.StatusTooManyRequests
	case problem.Unavailable:
		return http.StatusServiceUnavailable
	case problem.Internal:
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// seconds rounds up, so that a client that waits as told is not refused again.
func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
