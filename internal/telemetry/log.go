// Package telemetry is how a process shows what it does: structured logs
// without personal data, metrics, and the health of its dependencies.
package telemetry

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"github.com/gofrs/uuid/v5"
)

// NewLogger returns a logger that writes one JSON object a line to w, hides
// personal data (see Redact) and adds the request id of the context. level is
// debug, info, warn or error; anything else means info.
func NewLogger(w io.Writer, level string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	return slog.New(Redact(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: l})))
}

type requestKey struct{}

// RequestHeader carries the request id in answers, and in requests from a trusted proxy.
const RequestHeader = "X-Request-Id"

// NewRequestID returns a new id (UUIDv7 as text), sortable by time.
func NewRequestID() string {
	id, err := uuid.NewV7()
	if err != nil { // only when the system has no randomness; an id is still better than none
		return uuid.Nil.String()
	}
	return id.String()
}

// WithRequestID returns a context whose log records carry id as `request`.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestID returns the id in ctx, or "".
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// WithRequest is middleware that gives every request an id, shows it in the
// answer and puts it into the context. An id sent by the client is not taken
// over: it could be used to mislead whoever reads the log.
func WithRequest(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := NewRequestID()
		w.Header().Set(RequestHeader, id)
		next.ServeHTTP(w, r.WithContext(WithRequestID(r.Context(), id)))
	})
}

func contextAttrs(ctx context.Context) []slog.Attr {
	if id := RequestID(ctx); id != "" {
		return []slog.Attr{slog.String("request", id)}
	}
	return nil
}

// opaque keeps scalar values, errors and fmt.Stringers; of other values only the type is shown.
func opaque(v slog.Value) slog.Value {
	if v.Kind() != slog.KindAny {
		return v
	}
	switch value := v.Any().(type) {
	case nil:
		return v
	case error:
		return slog.StringValue(value.Error())
	case fmt.Stringer:
		return slog.StringValue(value.String())
	case []string:
		return v
	default:
		return slog.StringValue(fmt.Sprintf("%T", value))
	}
}
