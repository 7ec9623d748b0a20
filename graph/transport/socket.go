package transport

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"zhengtong/internal/problem"
)

const (
	subprotocol   = "graphql-transport-ws"
	initTimeout   = 10 * time.Second
	maxOperations = 50 // running at once on one connection
)

// The close codes of the graphql-transport-ws protocol.
const (
	closeBadMessage   = 4400
	closeUnauthorised = 4401
	closeForbidden    = 4403
	closeInitTimeout  = 4408
	closeDuplicate    = 4409
	closeInitTwice    = 4429
)

// message is one message of the protocol.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// socket upgrades to graphql-transport-ws and serves the connection until it ends.
// The edge has checked the origin of a cookie's upgrade; a bearer token comes in
// connection_init, which a foreign page cannot know.
func (t *Transport) socket(w http.ResponseWriter, r *http.Request) {
	if !slices.Contains(websocket.Subprotocols(r), subprotocol) {
		t.refuse(w, r, mediaJSON, http.StatusBadRequest, badRequest("subprotocol", "只支持 WebSocket 子协议 %s", subprotocol))
		return
	}
	upgrader := websocket.Upgrader{
		Subprotocols: []string{subprotocol},
		CheckOrigin:  func(*http.Request) bool { return true },
		Error: func(w http.ResponseWriter, r *http.Request, status int, err error) {
			t.refuse(w, r, mediaJSON, status, badRequest("upgrade", "WebSocket 握手失败：%v", err))
		},
	}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	ctx, cancel := context.WithTimeout(r.Context(), t.cfg.Lifetime)
	c := &connection{Transport: t, ws: ws, running: map[string]context.CancelFunc{}}
	defer c.end(cancel)
	stop := context.AfterFunc(ctx, func() { _ = ws.Close() }) // wakes the reader
	defer stop()
	c.serve(ctx)
}

// connection is one WebSocket.
type connection struct {
	*Transport
	ws *websocket.Conn

	writing sync.Mutex

	mu      sync.Mutex
	running map[string]context.CancelFunc
	work    sync.WaitGroup
}

// end stops what runs and waits for it.
func (c *connection) end(cancel context.CancelFunc) {
	cancel()
	_ = c.ws.Close()
	c.work.Wait()
}

func (c *connection) serve(ctx context.Context) {
	c.ws.SetReadLimit(MaxBody)
	ctx, ok := c.handshake(ctx)
	if !ok {
		return
	}
	c.work.Go(func() { c.beat(ctx) })
	for {
		_ = c.ws.SetReadDeadline(time.Now().Add(2*c.cfg.KeepAlive + writeTimeout))
		m, ok := c.next()
		if !ok || !c.handle(ctx, m) {
			return
		}
	}
}

// handshake waits for connection_init and authenticates its token, if it brings one.
func (c *connection) handshake(ctx context.Context) (context.Context, bool) {
	late := time.AfterFunc(initTimeout, func() { c.close(closeInitTimeout, "Connection initialisation timeout") })
	m, ok := c.next()
	if !late.Stop() || !ok {
		return nil, false
	}
	if m.Type != "connection_init" {
		c.close(closeUnauthorised, "Unauthorized")
		return nil, false
	}
	var init struct {
		Authorization string `json:"Authorization"`
		Tenant        string `json:"X-Tenant"`
	}
	if len(m.Payload) > 0 && json.Unmarshal(m.Payload, &init) != nil {
		c.close(closeBadMessage, "Invalid connection_init")
		return nil, false
	}
	ctx, err := c.cfg.Authenticate(ctx, bearer(init.Authorization), init.Tenant)
	if err != nil {
		c.close(closeForbidden, string(problem.CodeOf(err)))
		return nil, false
	}
	return ctx, c.send(message{Type: "connection_ack"})
}

func bearer(header string) string {
	const scheme = "Bearer "
	if len(header) > len(scheme) && header[:len(scheme)] == scheme {
		return header[len(scheme):]
	}
	return header
}

// next reads a message; a broken one closes the connection.
func (c *connection) next() (message, bool) {
	_, text, err := c.ws.ReadMessage()
	if err != nil {
		return message{}, false
	}
	var m message
	if json.Unmarshal(text, &m) != nil || m.Type == "" {
		c.close(closeBadMessage, "Invalid message")
		return message{}, false
	}
	return m, true
}

// handle obeys one message; false ends the connection.
func (c *connection) handle(ctx context.Context, m message) bool {
	switch m.Type {
	case "ping":
		return c.send(message{Type: "pong", Payload: m.Payload})
	case "pong":
		return true
	case "complete":
		c.mu.Lock()
		cancel := c.running[m.ID]
		c.mu.Unlock()
		if cancel != nil {
			cancel()
		}
		return true
	case "subscribe":
		return c.subscribe(ctx, m)
	case "connection_init":
		c.close(closeInitTwice, "Too many initialisation requests")
	default:
		c.close(closeBadMessage, "Unknown message type")
	}
	return false
}

// subscribe starts an operation under the client's id.
func (c *connection) subscribe(ctx context.Context, m message) bool {
	if m.ID == "" {
		c.close(closeBadMessage, "Missing id")
		return false
	}
	opCtx, cancel := context.WithCancel(ctx)
	c.mu.Lock()
	_, duplicate := c.running[m.ID]
	full := len(c.running) >= maxOperations
	if !duplicate && !full {
		c.running[m.ID] = cancel
	}
	c.mu.Unlock()
	switch {
	case duplicate:
		cancel()
		c.close(closeDuplicate, "Subscriber for "+m.ID+" already exists")
		return false
	case full:
		cancel()
		return c.send(c.failed(ctx, m.ID, gqlerror.List{wrap(problem.New(problem.RateLimited, "operations", "同一连接上的操作过多"))}))
	}
	c.work.Go(func() {
		last := c.run(opCtx, m)
		ended := opCtx.Err() != nil // a client that said complete wants to hear no more
		c.forget(m.ID, cancel)      // before the last message: after it the client may use the id again
		if !ended {
			c.send(last)
		}
	})
	return true
}

func (c *connection) forget(id string, cancel context.CancelFunc) {
	cancel()
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.running, id)
}

// run executes an operation, sends `next` for each result and answers the last
// message: `complete`, or `error` when it never began.
func (c *connection) run(ctx context.Context, m message) (last message) {
	defer func() {
		if v := recover(); v != nil {
			last = c.failed(ctx, m.ID, gqlerror.List{wrap(c.cfg.Executor.PresentRecoveredError(ctx, v))})
		}
	}()
	ctx = graphql.StartOperationTrace(ctx)
	params, err := parse(m.Payload)
	if err == nil {
		err = c.cfg.Take(ctx)
	}
	if err != nil {
		return c.failed(ctx, m.ID, gqlerror.List{wrap(err)})
	}
	op, errs := c.cfg.Executor.CreateOperationContext(ctx, params)
	if errs != nil {
		return c.failed(ctx, m.ID, errs)
	}
	responses, ctx := c.cfg.Executor.DispatchOperation(ctx, op)
	for response := responses(ctx); response != nil; response = responses(ctx) {
		if ctx.Err() != nil || !c.send(message{ID: m.ID, Type: "next", Payload: encode(response)}) {
			break
		}
	}
	return message{ID: m.ID, Type: "complete"}
}

func (c *connection) failed(ctx context.Context, id string, errs gqlerror.List) message {
	return message{ID: id, Type: "error", Payload: marshal(c.cfg.Executor.DispatchError(ctx, errs).Errors)}
}

// beat pings, so that proxies keep the connection and a dead client is noticed.
func (c *connection) beat(ctx context.Context) {
	ticker := time.NewTicker(c.cfg.KeepAlive)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if !c.send(message{Type: "ping"}) {
				return
			}
		}
	}
}

func (c *connection) send(m message) bool {
	c.writing.Lock()
	defer c.writing.Unlock()
	_ = c.ws.SetWriteDeadline(time.Now().Add(writeTimeout))
	return c.ws.WriteJSON(m) == nil
}

func (c *connection) close(code int, reason string) {
	_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(time.Second))
	_ = c.ws.Close()
}
