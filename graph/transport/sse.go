package transport

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// writeTimeout drops a client that does not read.
const writeTimeout = 30 * time.Second

// stream answers an operation as server-sent events in graphql-sse's distinct
// connections mode: `next` for each result, `complete` at the end. Whatever is
// wrong with the operation itself comes as a `next` with errors, because an
// EventSource cannot read any other answer.
func (t *Transport) stream(w http.ResponseWriter, r *http.Request) {
	params, status, err := read(w, r)
	if err != nil {
		t.refuse(w, r, mediaResponse, status, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), t.cfg.Lifetime)
	defer cancel()
	op, errs := t.cfg.Executor.CreateOperationContext(ctx, params)
	if errs != nil {
		t.pump(ctx, w, graphql.OneShot(t.cfg.Executor.DispatchError(ctx, errs)))
		return
	}
	if err := allowed(r.Method, op.Operation.Operation); err != nil {
		w.Header().Set("Allow", "POST")
		t.refuse(w, r, mediaResponse, http.StatusMethodNotAllowed, err)
		return
	}
	keyed, err := idempotent(ctx, params, op)
	if err != nil {
		t.refuse(w, r, mediaResponse, http.StatusBadRequest, err)
		return
	}
	responses, keyed := t.cfg.Executor.DispatchOperation(keyed, op)
	t.pump(keyed, w, responses)
}

// pump writes results as they come and a comment when none came for a while.
func (t *Transport) pump(ctx context.Context, w http.ResponseWriter, responses graphql.ResponseHandler) {
	out := events{w: w, rc: http.NewResponseController(w)}
	if out.open() != nil {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	results := results(ctx, responses)
	alive := time.NewTicker(t.cfg.KeepAlive)
	defer alive.Stop()
	for {
		var err error
		select {
		case response, more := <-results:
			if !more {
				_ = out.send("event: complete\ndata: \n\n")
				return
			}
			err = out.send(fmt.Sprintf("event: next\ndata: %s\n\n", oneLine(encode(response))))
		case <-alive.C:
			err = out.send(":\n\n")
		}
		if err != nil {
			return
		}
	}
}

// oneLine takes the line breaks out of a JSON text; inside strings there are none.
func oneLine(text []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r == '\n' || r == '\r' {
			return ' '
		}
		return r
	}, text)
}

// results runs the handler until it has no more or the context ends. gqlgen writes
// each result of a subscription into the same buffer, so it is copied before the
// handler is called again.
func results(ctx context.Context, responses graphql.ResponseHandler) <-chan *graphql.Response {
	out := make(chan *graphql.Response)
	go func() {
		defer close(out)
		for {
			response := responses(ctx)
			if response == nil {
				return
			}
			response.Data = bytes.Clone(response.Data)
			select {
			case out <- response:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// events writes server-sent events.
type events struct {
	w  http.ResponseWriter
	rc *http.ResponseController
}

func (e events) open() error {
	h := e.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would hold events back
	e.w.WriteHeader(http.StatusOK)
	return e.send(":\n\n")
}

func (e events) send(text string) error {
	_ = e.rc.SetWriteDeadline(time.Now().Add(writeTimeout)) // best effort: a test's recorder has none
	if _, err := e.w.Write([]byte(text)); err != nil {
		return err
	}
	return e.rc.Flush()
}
