// Package edge turns an HTTP request into a context: who asks, where, in which
// language, under which request id. It knows interfaces only; the services that
// stand behind them are given to it by cmd.
//
// Nothing in a request makes anyone somebody (I2): identity comes from the
// session's token, and X-Tenant only asks to act in a tenant.
package edge

import (
	"context"
	"net/http"
	"net/netip"
	"sync"
)

// Language is the language in which refusals are worded.
type Language string

// The languages of the message catalogue.
const (
	Chinese Language = "zh"
	English Language = "en"
)

// Request is what the edge knows of an HTTP request. It is set once and read only.
type Request struct {
	ID             string     // request id, also the reference shown with errors
	Language       Language   // Chinese unless Accept-Language prefers English
	Tenant         string     // division code of X-Tenant, "" when absent: a wish, not a right
	Host           string     // host name asked for, without port: the other way to ask for a tenant
	Address        netip.Addr // client's address; invalid when unknown
	UserAgent      string
	IdempotencyKey string // Idempotency-Key, checked; "" when absent
	Token          string // session token, "" when anonymous
	FromCookie     bool   // the token came in the cookie, so the client is a browser

	browser bool // the client sends Sec-Fetch-Site or Origin
	secure  bool
	header  *responseHeader
}

// responseHeader lets a resolver set a cookie before the answer is written.
type responseHeader struct {
	mu sync.Mutex
	h  http.Header
}

type requestKey struct{}

// From returns the request of a context; one without (a job, a test) is in Chinese and has no id.
func From(ctx context.Context) Request {
	if r, ok := ctx.Value(requestKey{}).(Request); ok {
		return r
	}
	return Request{Language: Chinese}
}

// With returns a context that carries the request.
func With(ctx context.Context, r Request) context.Context {
	return context.WithValue(ctx, requestKey{}, r)
}

// Cookie is the name of the session cookie.
const Cookie = "zt_session"

// SetSession gives a browser its session as an HttpOnly cookie; any other client
// keeps the token itself and gets none. The cookie has no expiry of its own: the
// session ends on the server, whose clock may be a virtual one. Call it from signIn.
func SetSession(ctx context.Context, token string) {
	if r := From(ctx); r.browser {
		r.setCookie(&http.Cookie{Value: token})
	}
}

// ClearSession takes the cookie away. Call it from signOut.
func ClearSession(ctx context.Context) {
	if r := From(ctx); r.FromCookie {
		r.setCookie(&http.Cookie{MaxAge: -1})
	}
}

func (r Request) setCookie(c *http.Cookie) {
	if r.header == nil {
		return
	}
	c.Name, c.Path, c.HttpOnly, c.Secure, c.SameSite = Cookie, "/", true, r.secure, http.SameSiteStrictMode
	r.header.mu.Lock()
	defer r.header.mu.Unlock()
	r.header.h.Set("Set-Cookie", c.String())
}
