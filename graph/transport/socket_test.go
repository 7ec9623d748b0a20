package transport_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// dial opens a connection and says the messages given.
func dial(t *testing.T, messages ...string) *websocket.Conn {
	t.Helper()
	s := serve(t, time.Minute)
	d := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}}
	ws, _, err := d.DialContext(t.Context(), "ws"+strings.TrimPrefix(s.URL, "http")+"/graphql", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	_ = ws.SetReadDeadline(time.Now().Add(5 * time.Second))
	say(t, ws, messages...)
	return ws
}

func say(t *testing.T, ws *websocket.Conn, messages ...string) {
	t.Helper()
	for _, m := range messages {
		if err := ws.WriteMessage(websocket.TextMessage, []byte(m)); err != nil {
			t.Fatal(err)
		}
	}
}

func hear(t *testing.T, ws *websocket.Conn, want ...string) {
	t.Helper()
	for _, w := range want {
		_, got, err := ws.ReadMessage()
		if err != nil || strings.TrimSpace(string(got)) != w {
			t.Fatalf("want %s, got %s, %v", w, got, err)
		}
	}
}

const (
	hello = `{"type":"connection_init"}`
	ack   = `{"type":"connection_ack"}`
)

func TestASubscriptionOverWebSocket(t *testing.T) {
	ws := dial(t, `{"type":"connection_init","payload":{"Authorization":"Bearer good"}}`)
	hear(t, ws, ack)
	say(t, ws, `{"id":"1","type":"subscribe","payload":{"query":"subscription{count(to:2)}"}}`)
	hear(t, ws, `{"id":"1","type":"next","payload":{"data":{"count":1}}}`, `{"id":"1","type":"next","payload":{"data":{"count":2}}}`, `{"id":"1","type":"complete"}`)
	say(t, ws, `{"type":"ping","payload":{"a":1}}`)
	hear(t, ws, `{"type":"pong","payload":{"a":1}}`)
}

func TestAQueryOverWebSocket(t *testing.T) {
	ws := dial(t, hello, `{"id":"q","type":"subscribe","payload":{"query":"mutation{touch}"}}`)
	hear(t, ws, ack, `{"id":"q","type":"next","payload":{"data":{"touch":""}}}`, `{"id":"q","type":"complete"}`)
}

func TestABrokenOperationIsAnErrorAndNothingMore(t *testing.T) {
	ws := dial(t, hello)
	hear(t, ws, ack)
	for _, payload := range []string{`{"query":"subscription{nothing}"}`, `[]`, `{}`} {
		say(t, ws, `{"id":"1","type":"subscribe","payload":`+payload+`}`)
		_, raw, err := ws.ReadMessage()
		var m struct {
			ID, Type string
			Payload  []any
		}
		if err != nil || json.Unmarshal(raw, &m) != nil || m.ID != "1" || m.Type != "error" || len(m.Payload) == 0 {
			t.Errorf("%s: %s, %v", payload, raw, err)
		}
	}
}

func TestTheClientEndsAnOperation(t *testing.T) {
	ws := dial(t, hello, `{"id":"1","type":"subscribe","payload":{"query":"subscription{for_ever}"}}`, `{"id":"1","type":"complete"}`)
	hear(t, ws, ack)
	say(t, ws, `{"id":"2","type":"subscribe","payload":{"query":"subscription{count(to:1)}"}}`)
	hear(t, ws, `{"id":"2","type":"next","payload":{"data":{"count":1}}}`, `{"id":"2","type":"complete"}`)
}

// The close codes of the graphql-transport-ws protocol.
func TestBreachesOfTheProtocolCloseTheConnection(t *testing.T) {
	forever := `{"id":"1","type":"subscribe","payload":{"query":"subscription{for_ever}"}}`
	for name, c := range map[string]struct {
		say  []string
		code int
	}{
		"subscribe before init": {[]string{forever}, 4401},
		"a bad token":           {[]string{`{"type":"connection_init","payload":{"Authorization":"Bearer bad"}}`}, 4403},
		"init twice":            {[]string{hello, hello}, 4429},
		"the same id twice":     {[]string{hello, forever, forever}, 4409},
		"an unknown type":       {[]string{hello, `{"type":"dance"}`}, 4400},
		"no JSON":               {[]string{hello, `dance`}, 4400},
		"no id":                 {[]string{hello, `{"type":"subscribe","payload":{}}`}, 4400},
	} {
		t.Run(name, func(t *testing.T) {
			ws := dial(t, c.say...)
			for {
				if _, _, err := ws.ReadMessage(); err != nil {
					if !websocket.IsCloseError(err, c.code) {
						t.Error(err)
					}
					return
				}
			}
		})
	}
}

func TestAMessageOverOneMebibyteEndsTheConnection(t *testing.T) {
	ws := dial(t, hello)
	hear(t, ws, ack)
	_ = ws.WriteMessage(websocket.TextMessage, make([]byte, 1<<20+1))
	if _, _, err := ws.ReadMessage(); err == nil {
		t.Error("still open")
	}
}

func TestOtherSubprotocolsAreRefused(t *testing.T) {
	s := serve(t, time.Minute)
	d := websocket.Dialer{Subprotocols: []string{"graphql-ws"}}
	_, res, err := d.DialContext(t.Context(), "ws"+strings.TrimPrefix(s.URL, "http")+"/graphql", nil)
	if err == nil || res.StatusCode != http.StatusBadRequest {
		t.Error(err)
	}
}
