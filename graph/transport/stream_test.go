package transport_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"go.uber.org/goleak"

	"zhengtong/graph/edge"
	"zhengtong/graph/limit"
	"zhengtong/graph/transport"
	"zhengtong/internal/idempotency"
	"zhengtong/internal/problem"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var schema = gqlparser.MustLoadSchema(&ast.Source{Input: `
	type Query { hello: String }
	type Mutation { touch: String again: String }
	type Subscription { count(to: Int!): Int! for_ever: Int! }`})

// small is a schema whose subscription counts, or waits for ever.
func small() graphql.ExecutableSchema {
	return &graphql.ExecutableSchemaMock{
		SchemaFunc: func() *ast.Schema { return schema },
		ExecFunc: func(ctx context.Context) graphql.ResponseHandler {
			op := graphql.GetOperationContext(ctx)
			field := op.Operation.SelectionSet[0].(*ast.Field)
			switch field.Name {
			case "count":
				to, _ := strconv.Atoi(field.Arguments[0].Value.Raw)
				return counter(to)
			case "for_ever":
				return func(context.Context) *graphql.Response { <-ctx.Done(); return nil }
			case "touch":
				key, _ := idempotency.From(ctx)
				return graphql.OneShot(&graphql.Response{Data: json.RawMessage(`{"touch":"` + key.Key + `"}`)})
			}
			return graphql.OneShot(&graphql.Response{Data: json.RawMessage("{\"hello\":\n\"世界\"}")})
		},
		ComplexityFunc: func(context.Context, string, string, int, map[string]any) (int, bool) { return 0, false },
	}
}

func counter(to int) graphql.ResponseHandler {
	i := 0
	return func(context.Context) *graphql.Response {
		if i++; i > to {
			return nil
		}
		return &graphql.Response{Data: json.RawMessage(`{"count":` + strconv.Itoa(i) + `}`)}
	}
}

// serve starts the transports; the token "good" signs in, "" is a visitor.
func serve(t *testing.T, lifetime time.Duration) *httptest.Server {
	t.Helper()
	guard, err := limit.NewGuard(small(), limit.Default())
	if err != nil {
		t.Fatal(err)
	}
	tr, err := transport.New(transport.Config{Executor: guard, Lifetime: lifetime, KeepAlive: time.Minute,
		Take: func(context.Context) error { return nil },
		Authenticate: func(ctx context.Context, token, _ string) (context.Context, error) {
			if token == "" || token == "good" {
				return ctx, nil
			}
			return nil, problem.New(problem.Unauthenticated, "", "请先登录")
		}})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/graphql", tr.GraphQL)
	mux.HandleFunc("/graphql/stream", tr.Stream)
	keyed := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req := edge.Request{IdempotencyKey: r.Header.Get("Idempotency-Key")}
		mux.ServeHTTP(w, r.WithContext(edge.With(r.Context(), req)))
	})
	s := httptest.NewServer(keyed)
	t.Cleanup(func() { s.Close(); http.DefaultClient.CloseIdleConnections() })
	return s
}

func do(t *testing.T, method, address, body string, header ...string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	return res
}

func read(t *testing.T, r io.Reader) string {
	t.Helper()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEventsOfASubscription(t *testing.T) {
	s := serve(t, time.Minute)
	for name, res := range map[string]*http.Response{
		"GET":  do(t, http.MethodGet, s.URL+"/graphql/stream?query="+url.QueryEscape("subscription{count(to:2)}"), ""),
		"POST": do(t, http.MethodPost, s.URL+"/graphql/stream", `{"query":"subscription{count(to:2)}"}`),
	} {
		want := ":\n\nevent: next\ndata: {\"data\":{\"count\":1}}\n\nevent: next\ndata: {\"data\":{\"count\":2}}\n\nevent: complete\ndata: \n\n"
		if got := read(t, res.Body); got != want || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestEventsOfAQueryAreOneLineEach(t *testing.T) {
	res := do(t, http.MethodPost, serve(t, time.Minute).URL+"/graphql/stream", `{"query":"{hello}"}`)
	if got := read(t, res.Body); !strings.Contains(got, "data: {\"data\":{\"hello\": \"世界\"}}\n\nevent: complete") {
		t.Errorf("%q", got)
	}
}

func TestWhatIsWrongWithAStreamedOperationIsAnEvent(t *testing.T) {
	res := do(t, http.MethodPost, serve(t, time.Minute).URL+"/graphql/stream", `{"query":"subscription{nothing}"}`)
	if got := read(t, res.Body); res.StatusCode != 200 || !strings.Contains(got, `event: next`+"\n"+`data: {"errors":[`) || !strings.HasSuffix(got, "event: complete\ndata: \n\n") {
		t.Errorf("%d %q", res.StatusCode, got)
	}
}

func TestAStreamDoesNotTakeMutationsByGet(t *testing.T) {
	s := serve(t, time.Minute)
	if res := do(t, http.MethodGet, s.URL+"/graphql/stream?query=mutation%7Btouch%7D", ""); res.StatusCode != http.StatusMethodNotAllowed {
		t.Error(res.StatusCode)
	}
	if res := do(t, http.MethodPut, s.URL+"/graphql/stream", ""); res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") != "GET, POST" {
		t.Error(res.StatusCode)
	}
}

func TestAStreamEndsWithItsLifetimeAndWithItsClient(t *testing.T) {
	s := serve(t, 50*time.Millisecond)
	res := do(t, http.MethodPost, s.URL+"/graphql/stream", `{"query":"subscription{for_ever}"}`)
	if got := read(t, res.Body); !strings.HasSuffix(got, "event: complete\ndata: \n\n") {
		t.Errorf("%q", got)
	}
	long := do(t, http.MethodPost, serve(t, time.Hour).URL+"/graphql/stream", `{"query":"subscription{for_ever}"}`)
	if line, err := bufio.NewReader(long.Body).ReadString('\n'); err != nil || line != ":\n" {
		t.Fatal(line, err)
	}
	long.Body.Close() // goleak sees whether the server let go
}

func TestTheIdempotencyKeyReachesOneMutation(t *testing.T) {
	s := serve(t, time.Minute)
	res := do(t, http.MethodPost, s.URL+"/graphql", `{"query":"mutation{touch}"}`, "Idempotency-Key", "k1")
	if got := read(t, res.Body); got != `{"data":{"touch":"k1"}}` {
		t.Error(got)
	}
	res = do(t, http.MethodPost, s.URL+"/graphql", `{"query":"mutation{touch again}"}`, "Idempotency-Key", "k1")
	if res.StatusCode != http.StatusBadRequest {
		t.Error(res.StatusCode)
	}
}

func TestTheBodyHashIgnoresOrderAndNothingElse(t *testing.T) {
	hash := func(query string, variables map[string]any) [32]byte {
		return transport.BodyHash(&graphql.RawParams{Query: query, Variables: variables})
	}
	one := hash("mutation{a}", map[string]any{"a": json.Number("1"), "b": json.Number("2")})
	if one != hash("mutation{a}", map[string]any{"b": json.Number("2"), "a": json.Number("1")}) {
		t.Error("the order of variables makes another body")
	}
	if one == hash("mutation{a}", map[string]any{"a": json.Number("1"), "b": json.Number("3")}) || one == hash("mutation{b}", map[string]any{"a": json.Number("1"), "b": json.Number("2")}) {
		t.Error("another body has the same hash")
	}
}
