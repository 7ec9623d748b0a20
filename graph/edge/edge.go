package edge

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strings"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/idempotency"
	"zhengtong/internal/problem"
)

// Authenticator makes a token into a context with principal, home and acting
// tenant. An empty token is an anonymous visitor, who still acts in a tenant for
// public reads (From(ctx).Tenant and Host say which one is asked for). An unknown
// or ended session is an UNAUTHENTICATED problem.
type Authenticator interface {
	Authenticate(ctx context.Context, token string) (context.Context, error)
}

// Config names what the edge needs.
type Config struct {
	Authenticator Authenticator
	// Refuse writes an error in the shape of the API and with a fitting status.
	Refuse func(w http.ResponseWriter, r *http.Request, err error)
	// Principal is the key under which an authenticated context is rate-limited; "" for anonymous ones.
	Principal func(ctx context.Context) string
	// Limiter bounds requests per address and principal; nil for none (benchmarks).
	Limiter *Limiter
	// TrustedProxies may name the client in X-Forwarded-For.
	TrustedProxies []netip.Prefix
	// TrustedOrigins may use the cookie besides our own origin, such as "https://zw.example.gov.cn".
	TrustedOrigins []string
	// SecureCookie marks the cookie Secure; false only for plain HTTP on loopback.
	SecureCookie bool
}

// Edge is the middleware.
type Edge struct {
	cfg    Config
	origin *http.CrossOriginProtection
}

// New checks the configuration and returns the middleware.
func New(cfg Config) (*Edge, error) {
	if cfg.Authenticator == nil || cfg.Refuse == nil || cfg.Principal == nil {
		return nil, errors.New("edge: authenticator, refuse and principal are required")
	}
	origin := http.NewCrossOriginProtection()
	for _, o := range cfg.TrustedOrigins {
		if err := origin.AddTrustedOrigin(o); err != nil {
			return nil, err
		}
	}
	return &Edge{cfg: cfg, origin: origin}, nil
}

// Wrap puts the edge before a handler: request id, language, address, limits, origin, session.
func (e *Edge) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req, err := e.read(w, r)
		w.Header().Set("X-Request-Id", req.ID)
		ctx := With(r.Context(), req)
		r = r.WithContext(ctx)
		if err == nil {
			err = e.admit(req, r)
		}
		if err == nil {
			ctx, err = e.session(ctx, req)
		}
		if err == nil {
			err = e.Take(ctx)
		}
		if err != nil {
			e.cfg.Refuse(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// Open is the edge of what is the same for everybody: request id, language and the
// limit of the address, and no session.
func (e *Edge) Open(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Cookie") // nobody is somebody here
		r.Header.Del("Authorization")
		req, err := e.read(w, r)
		w.Header().Set("X-Request-Id", req.ID)
		r = r.WithContext(With(r.Context(), req))
		if err == nil {
			err = e.admit(req, r)
		}
		if err != nil {
			e.cfg.Refuse(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

var (
	requestID  = regexp.MustCompile(`^[A-Za-z0-9-]{8,64}$`)
	tenantCode = regexp.MustCompile(`^[a-z0-9-]{1,63}$`)
)

// read gathers what the request says. It always answers an id and a language, so that its own refusals can be worded.
func (e *Edge) read(w http.ResponseWriter, r *http.Request) (Request, error) {
	req := Request{
		ID:             r.Header.Get("X-Request-Id"),
		Language:       language(r.Header.Get("Accept-Language")),
		Tenant:         r.Header.Get("X-Tenant"),
		Host:           hostname(r.Host),
		Address:        e.address(r),
		UserAgent:      r.UserAgent(),
		IdempotencyKey: r.Header.Get("Idempotency-Key"),
		browser:        r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Origin") != "",
		secure:         e.cfg.SecureCookie,
		header:         &responseHeader{h: w.Header()},
	}
	if !requestID.MatchString(req.ID) {
		id, err := uuid.NewV7()
		if err != nil {
			return req, err
		}
		req.ID = id.String()
	}
	if req.Tenant != "" && !tenantCode.MatchString(req.Tenant) {
		return req, badTenant()
	}
	if len(r.Header.Values("Idempotency-Key")) > 0 {
		if err := idempotency.Check(req.IdempotencyKey); err != nil {
			return req, err
		}
	}
	return req, token(&req, r)
}

// token takes the bearer token, else the cookie.
func token(req *Request, r *http.Request) error {
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, value, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") || value == "" {
			return problem.New(problem.Unauthenticated, "bad_authorization", "Authorization 应为 Bearer 令牌")
		}
		req.Token = strings.TrimSpace(value)
		return nil
	}
	if c, err := r.Cookie(Cookie); err == nil && c.Value != "" {
		req.Token, req.FromCookie = c.Value, true
	}
	return nil
}

// admit takes from the address's bucket and, where the session is a cookie, wants
// whatever is more than a read to come from our own pages.
func (e *Edge) admit(req Request, r *http.Request) error {
	if err := e.cfg.Limiter.takeAddress(req.Address); err != nil {
		return err
	}
	upgrade := r.Header.Get("Upgrade") != ""
	safe := (r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions) && !upgrade
	if !req.FromCookie || safe {
		return nil
	}
	if req.browser {
		check := r.Clone(r.Context())
		check.Method = http.MethodPost // an upgrade is a GET, yet may carry mutations
		if e.origin.Check(check) == nil {
			return nil
		}
	}
	return problem.New(problem.Forbidden, "cross_origin", "不接受来自其他站点的请求")
}

// session authenticates. A browser whose cookie has ended goes on as a visitor, so that it can sign in again;
// a bearer token that is no good is refused.
func (e *Edge) session(ctx context.Context, req Request) (context.Context, error) {
	authed, err := e.cfg.Authenticator.Authenticate(ctx, req.Token)
	if err != nil && req.FromCookie && problem.CodeOf(err) == problem.Unauthenticated {
		return e.cfg.Authenticator.Authenticate(ctx, "")
	}
	return authed, err
}

// Authenticate is for transports whose token and tenant come inside the stream, as
// browsers can set no headers there (graphql-transport-ws). An empty token keeps the
// request's own, an empty tenant likewise.
func (e *Edge) Authenticate(ctx context.Context, token, tenant string) (context.Context, error) {
	req := From(ctx)
	if token != "" {
		req.Token, req.FromCookie = token, false
	}
	if tenant != "" {
		if !tenantCode.MatchString(tenant) {
			return nil, badTenant()
		}
		req.Tenant = tenant
	}
	return e.session(With(ctx, req), req)
}

// Take takes one token from the principal's bucket: one for each operation of a stream.
func (e *Edge) Take(ctx context.Context) error {
	return e.cfg.Limiter.takePrincipal(e.cfg.Principal(ctx))
}

func badTenant() error {
	return problem.New(problem.BadRequest, "bad_tenant", "X-Tenant 应为区划代码")
}

func hostname(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return strings.ToLower(host)
	}
	return strings.ToLower(hostport)
}
