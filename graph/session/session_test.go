package session_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/edge"
	"zhengtong/graph/session"
	"zhengtong/internal/authz"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

var account = uuid.Must(uuid.NewV4())

// sessions knows two tokens.
type sessions struct{}

func (sessions) Resolve(_ context.Context, token string) (authz.Principal, error) {
	switch token {
	case "":
		return authz.Principal{Type: authz.TypePublic}, nil
	case "clerk":
		return authz.Principal{Type: authz.TypeStaff, Account: account, Home: "431321"}, nil
	case "firm":
		return authz.Principal{Type: authz.TypeApplicant, Account: account, Home: tenancy.Realm}, nil
	}
	return authz.Principal{}, problem.New(problem.Unauthenticated, "session_ended", "登录已失效")
}

// tenants are two counties and the realm.
type tenants struct{}

func (tenants) Scope(home, code string) (tenancy.Scope, error) {
	switch code {
	case tenancy.Realm, "431321", "431322":
		return tenancy.Scope{Home: home, Acting: code}, nil
	}
	return tenancy.Scope{}, fmt.Errorf("%w: %q", tenancy.ErrUnknownTenant, code)
}

// Resolve leads the retired 431399 to its successor.
func (tenants) Resolve(code string) (tenancy.Tenant, bool) {
	if code == "431399" {
		return tenancy.Tenant{Code: "431322"}, true
	}
	return tenancy.Tenant{Code: code}, code == tenancy.Realm || code == "431321" || code == "431322"
}

// I2: staff act at home; applicants and visitors where they ask to, else in the realm.
func TestWhereARequestActs(t *testing.T) {
	a, err := session.New(session.Config{Sessions: sessions{}, Tenants: tenants{}, TenantOf: func(host string) string {
		if host == "shuangfeng.example" {
			return "431321"
		}
		return ""
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, token, tenant, host   string
		home, acting, asked, reason string
	}{
		{"a visitor", "", "", "", "", "national", "national", ""},
		{"a visitor with a former code", "", "431399", "", "", "431322", "431322", ""},
		{"a visitor in a county", "", "431321", "", "", "431321", "431321", ""},
		{"a visitor at a county's host", "", "", "shuangfeng.example", "", "431321", "431321", ""},
		{"the header before the host", "", "431322", "shuangfeng.example", "", "431322", "431322", ""},
		{"a firm", "firm", "", "", "national", "national", "national", ""},
		{"a firm in a county", "firm", "431322", "", "national", "431322", "431322", ""},
		{"a clerk", "clerk", "", "", "431321", "431321", "431321", ""},
		{"a clerk looking elsewhere", "clerk", "431322", "", "431321", "431321", "431322", ""},
		{"nowhere", "", "999999", "", "", "", "", "NOT_FOUND"},
		{"a clerk nowhere", "clerk", "999999", "", "", "", "", "NOT_FOUND"},
		{"an ended session", "old", "431321", "", "", "", "", "UNAUTHENTICATED"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, err := a.Authenticate(edge.With(t.Context(), edge.Request{Tenant: c.tenant, Host: c.host}), c.token)
			if string(problem.CodeOf(err)) != c.reason {
				t.Fatal(err)
			}
			if err != nil {
				return
			}
			scope, _ := tenancy.From(ctx)
			if scope.Home != c.home || scope.Acting != c.acting || session.Asked(ctx) != c.asked {
				t.Errorf("home %q, acting %q, asked %q", scope.Home, scope.Acting, session.Asked(ctx))
			}
			if known := session.Account(ctx) != ""; known != (c.token != "") {
				t.Errorf("rate-limited as %q", session.Account(ctx))
			}
		})
	}
	if _, err := session.New(session.Config{}); err == nil {
		t.Error("an authenticator without sessions")
	}
}
