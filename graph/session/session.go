// Package session puts who is asking, and where, into the context of a request
// (invariant I2): it is the Authenticator that graph/edge calls once a request.
//
// Staff act in their home, whatever tenant they ask for. Applicants and visitors
// act in the tenant they ask for, by X-Tenant or by host name, else in the realm.
// Asking makes nobody somebody; authz decides what may be done there.
package session

import (
	"context"
	"errors"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/edge"
	"zhengtong/internal/authz"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// Sessions makes a token into the principal of its session (identity.Service).
type Sessions interface {
	Resolve(ctx context.Context, token string) (authz.Principal, error)
}

// Tenants finds tenants by code (tenancy.Tree).
type Tenants interface {
	Scope(home, code string) (tenancy.Scope, error)
	// Resolve follows a former code to the tenant that it leads to now.
	Resolve(code string) (tenancy.Tenant, bool)
}

// Config names what the authenticator needs.
type Config struct {
	Sessions Sessions
	Tenants  Tenants
	// TenantOf answers the tenant that a host name stands for, "" when it stands for none; optional.
	TenantOf func(host string) string
}

// Authenticator implements edge.Authenticator.
type Authenticator struct{ cfg Config }

// New checks that nothing is missing.
func New(cfg Config) (*Authenticator, error) {
	if cfg.Sessions == nil || cfg.Tenants == nil {
		return nil, errors.New("session: sessions and tenants are required")
	}
	if cfg.TenantOf == nil {
		cfg.TenantOf = func(string) string { return "" }
	}
	return &Authenticator{cfg: cfg}, nil
}

type askedKey struct{}

// Asked is the tenant in which the request reads what is public: the one it asks
// for, else the one it acts in.
func Asked(ctx context.Context) string {
	if code, ok := ctx.Value(askedKey{}).(string); ok {
		return code
	}
	return tenancy.Acting(ctx)
}

// Account is the key under which a request is rate-limited: its account, "" for visitors.
func Account(ctx context.Context) string {
	if p := authz.From(ctx); p.Account != uuid.Nil {
		return p.Account.String()
	}
	return ""
}

// Authenticate makes a token into a context with principal, home and acting
// tenant. An ended session is UNAUTHENTICATED, an unknown tenant NOT_FOUND.
func (a *Authenticator) Authenticate(ctx context.Context, token string) (context.Context, error) {
	p, err := a.cfg.Sessions.Resolve(ctx, token)
	if err != nil {
		return nil, err
	}
	asked, err := a.asked(ctx, p)
	if err != nil {
		return nil, err
	}
	acting := asked
	if p.Type == authz.TypeStaff {
		if acting, err = a.cfg.Tenants.Scope(p.Home, p.Home); err != nil {
			return nil, problem.Missing()
		}
	}
	ctx = context.WithValue(ctx, askedKey{}, asked.Acting)
	return authz.With(tenancy.With(ctx, acting), p), nil
}

// asked is the scope the request asks for: X-Tenant, else the host's tenant, else
// the principal's home, for visitors the realm.
func (a *Authenticator) asked(ctx context.Context, p authz.Principal) (tenancy.Scope, error) {
	req := edge.From(ctx)
	for _, code := range []string{req.Tenant, a.cfg.TenantOf(req.Host), p.Home, tenancy.Realm} {
		if code == "" {
			continue
		}
		if now, ok := a.cfg.Tenants.Resolve(code); ok && code != p.Home {
			code = now.Code // a former code leads to the tenant that it is now
		}
		scope, err := a.cfg.Tenants.Scope(p.Home, code)
		if errors.Is(err, tenancy.ErrUnknownTenant) {
			return scope, problem.Missing()
		}
		return scope, err
	}
	return tenancy.Scope{}, problem.Missing()
}
