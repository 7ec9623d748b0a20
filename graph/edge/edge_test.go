package edge_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"zhengtong/graph/edge"
	"zhengtong/internal/problem"
)

type principalKey struct{}

// sessions knows one token, "good".
type sessions struct{}

func (sessions) Authenticate(ctx context.Context, token string) (context.Context, error) {
	switch token {
	case "":
		return ctx, nil
	case "good":
		return context.WithValue(ctx, principalKey{}, "account-1"), nil
	}
	return nil, problem.New(problem.Unauthenticated, "session_ended", "会话已结束")
}

// refused shows code and reason of a refusal in headers.
func refused(w http.ResponseWriter, _ *http.Request, err error) {
	w.Header().Set("Code", string(problem.CodeOf(err)))
	w.Header().Set("Reason", problem.ReasonOf(err))
	w.WriteHeader(http.StatusTeapot)
}

func principal(ctx context.Context) string {
	s, _ := ctx.Value(principalKey{}).(string)
	return s
}

// through sends a request through an edge and answers what the handler behind saw.
func through(t *testing.T, cfg edge.Config, method string, header map[string]string) (*httptest.ResponseRecorder, edge.Request, string) {
	t.Helper()
	cfg.Authenticator, cfg.Refuse, cfg.Principal = sessions{}, refused, principal
	e, err := edge.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var seen edge.Request
	var who string
	h := e.Wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		seen, who = edge.From(r.Context()), principal(r.Context())
	}))
	r := httptest.NewRequest(method, "http://zw.example:8080/graphql", nil)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w, seen, who
}

// I2: identity comes from the session, never from input.
func TestWhoIsAsking(t *testing.T) {
	cookie := edge.Cookie + "="
	for name, c := range map[string]struct {
		method       string
		header       map[string]string
		who          string
		code, reason string
	}{
		"a visitor":                     {"POST", nil, "", "", ""},
		"a tenant makes nobody":         {"POST", map[string]string{"X-Tenant": "431321"}, "", "", ""},
		"a bearer token":                {"POST", map[string]string{"Authorization": "Bearer good"}, "account-1", "", ""},
		"another scheme":                {"POST", map[string]string{"Authorization": "Basic Z29vZA=="}, "", "UNAUTHENTICATED", "bad_authorization"},
		"an ended bearer token":         {"POST", map[string]string{"Authorization": "Bearer old"}, "", "UNAUTHENTICATED", "session_ended"},
		"an ended cookie is a visitor":  {"POST", map[string]string{"Cookie": cookie + "old", "Sec-Fetch-Site": "same-origin"}, "", "", ""},
		"a cookie from our page":        {"POST", map[string]string{"Cookie": cookie + "good", "Sec-Fetch-Site": "same-origin"}, "account-1", "", ""},
		"a cookie, only the origin":     {"POST", map[string]string{"Cookie": cookie + "good", "Origin": "http://zw.example:8080"}, "account-1", "", ""},
		"a cookie from a trusted page":  {"POST", map[string]string{"Cookie": cookie + "good", "Sec-Fetch-Site": "cross-site", "Origin": "https://app.example"}, "account-1", "", ""},
		"a cookie from a foreign page":  {"POST", map[string]string{"Cookie": cookie + "good", "Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, "", "FORBIDDEN", "cross_origin"},
		"a cookie of a sister site":     {"POST", map[string]string{"Cookie": cookie + "good", "Sec-Fetch-Site": "same-site"}, "", "FORBIDDEN", "cross_origin"},
		"a cookie from nowhere":         {"POST", map[string]string{"Cookie": cookie + "good"}, "", "FORBIDDEN", "cross_origin"},
		"a foreign upgrade":             {"GET", map[string]string{"Cookie": cookie + "good", "Upgrade": "websocket", "Origin": "https://evil.example"}, "", "FORBIDDEN", "cross_origin"},
		"reading with a cookie":         {"GET", map[string]string{"Cookie": cookie + "good"}, "account-1", "", ""},
		"a bearer token from elsewhere": {"POST", map[string]string{"Authorization": "Bearer good", "Origin": "https://evil.example"}, "account-1", "", ""},
		"a strange tenant":              {"POST", map[string]string{"X-Tenant": "43'"}, "", "BAD_REQUEST", "bad_tenant"},
		"a strange idempotency key":     {"POST", map[string]string{"Idempotency-Key": "a b"}, "", "BAD_REQUEST", "bad_idempotency_key"},
	} {
		t.Run(name, func(t *testing.T) {
			w, _, who := through(t, edge.Config{TrustedOrigins: []string{"https://app.example"}}, c.method, c.header)
			if who != c.who || w.Header().Get("Code") != c.code || w.Header().Get("Reason") != c.reason {
				t.Errorf("%q %s %s", who, w.Header().Get("Code"), w.Header().Get("Reason"))
			}
			if w.Header().Get("X-Request-Id") == "" {
				t.Error("no request id")
			}
		})
	}
}

func TestWhatTheRequestSays(t *testing.T) {
	_, seen, _ := through(t, edge.Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}, "POST", map[string]string{
		"X-Tenant": "431321", "X-Request-Id": "0190-abcdef", "Idempotency-Key": "k-1", "Accept-Language": "zh;q=0.5, en-GB",
		"X-Forwarded-For": "6.6.6.6, 203.0.113.9, 192.0.2.7",
	})
	if seen.Tenant != "431321" || seen.ID != "0190-abcdef" || seen.IdempotencyKey != "k-1" || seen.Language != edge.English ||
		seen.Host != "zw.example" || seen.Address != netip.MustParseAddr("203.0.113.9") {
		t.Errorf("%+v", seen)
	}
	_, seen, _ = through(t, edge.Config{}, "POST", map[string]string{"X-Request-Id": "<script>", "X-Forwarded-For": "6.6.6.6", "Accept-Language": "fr"})
	if seen.ID == "<script>" || seen.Address != netip.MustParseAddr("192.0.2.1") || seen.Language != edge.Chinese {
		t.Errorf("%+v", seen)
	}
}

func TestABrowserGetsItsSessionInACookie(t *testing.T) {
	for name, c := range map[string]struct {
		header map[string]string
		act    func(context.Context)
		want   string
	}{
		"sign in":         {map[string]string{"Sec-Fetch-Site": "same-origin"}, func(ctx context.Context) { edge.SetSession(ctx, "t") }, "zt_session=t; Path=/; HttpOnly; Secure; SameSite=Strict"},
		"sign in, no web": {nil, func(ctx context.Context) { edge.SetSession(ctx, "t") }, ""},
		"sign out":        {map[string]string{"Sec-Fetch-Site": "same-origin", "Cookie": "zt_session=good"}, edge.ClearSession, "zt_session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict"},
		"sign out, token": {map[string]string{"Authorization": "Bearer good"}, edge.ClearSession, ""},
	} {
		e, err := edge.New(edge.Config{Authenticator: sessions{}, Refuse: refused, Principal: principal, SecureCookie: true})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("POST", "/graphql", nil)
		for k, v := range c.header {
			r.Header.Set(k, v)
		}
		w := httptest.NewRecorder()
		e.Wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { c.act(r.Context()) })).ServeHTTP(w, r)
		if got := w.Header().Get("Set-Cookie"); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestRequestsAreLimitedPerAddressAndPrincipal(t *testing.T) {
	now := time.Unix(0, 0)
	limiter, err := edge.NewLimiter(edge.Rates{Address: edge.Rate{PerSecond: 1, Burst: 3}, Principal: edge.Rate{PerSecond: 1, Burst: 2}}, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	ask := func(from, token string) string {
		e, err := edge.New(edge.Config{Authenticator: sessions{}, Refuse: refused, Principal: principal, Limiter: limiter})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("POST", "/graphql", nil)
		r.RemoteAddr = from
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := httptest.NewRecorder()
		e.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(w, r)
		return w.Header().Get("Code")
	}
	var got []string
	for range 4 {
		got = append(got, ask("[2001:db8::1]:1", ""))
	}
	got = append(got, ask("[2001:db8::ffff]:1", ""), ask("[2001:db8:0:1::1]:1", "")) // the same /64, another one
	now = now.Add(time.Second)
	got = append(got, ask("[2001:db8::1]:1", ""))
	for _, from := range []string{"10.0.0.1:1", "10.0.0.2:1", "10.0.0.3:1"} { // one account from three addresses
		got = append(got, ask(from, "good"))
	}
	want := ",,,RATE_LIMITED,RATE_LIMITED,,,,,RATE_LIMITED"
	if strings.Join(got, ",") != want {
		t.Error(got)
	}
}
