// Package identity knows who is asking: accounts of applicants in the realm and
// of staff in their tenant, sessions, and the principal that each request acts
// as. Identity comes from the session, never from input (invariant I2).
package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/clock"
	"zhengtong/internal/crypt"
	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// The states of an account (SM-02).
const (
	StatusActive   = "active"
	StatusLocked   = "locked"
	StatusFrozen   = "frozen"
	StatusDisabled = "disabled"
	StatusClosed   = "closed"
)

// Policy is what a tenant demands of sign-ins (Tenant.policies).
type Policy struct {
	LockAfter int           // failures before the account is locked (R-ACC-29)
	LockFor   time.Duration //
	Idle      time.Duration // without a request
	Absolute  time.Duration // since sign-in
	MinLength int           // of a new password, in characters
	Classes   int           // of characters that a new password has at least
	History   int           // how many of the last passwords may not come again
}

// DefaultPolicy holds where a tenant declares none.
var DefaultPolicy = Policy{LockAfter: 5, LockFor: 30 * time.Minute, Idle: 30 * time.Minute, Absolute: 12 * time.Hour,
	MinLength: 10, Classes: 3, History: 5}

// Config names what the service needs. Policies answers for the acting tenant. Without
// Authz the verbs by which a tenant manages its staff are refused.
type Config struct {
	DB        *db.DB
	Clock     clock.Clock
	Tree      *tenancy.Tree
	Keys      *crypt.Keys
	Passwords *crypt.Passwords
	Policies  func(ctx context.Context) (Policy, error)
	Authz     Door
	Offices   Offices // with Authz
}

// Service signs in and loads principals. It is safe for concurrent use.
type Service struct {
	store     *store
	clock     clock.Clock
	tree      *tenancy.Tree
	keys      *crypt.Keys
	passwords *crypt.Passwords
	policies  func(ctx context.Context) (Policy, error)
	authz     Door
	offices   Offices
}

// New checks that nothing is missing.
func New(c Config) (*Service, error) {
	var errs []error
	for name, absent := range map[string]bool{"DB": c.DB == nil, "Clock": c.Clock == nil, "Tree": c.Tree == nil, "Keys": c.Keys == nil,
		"Passwords": c.Passwords == nil, "Offices": c.Authz != nil && c.Offices == nil} {
		if absent {
			errs = append(errs, fmt.Errorf("identity: %s is missing", name))
		}
	}
	if c.Policies == nil {
		c.Policies = func(context.Context) (Policy, error) { return DefaultPolicy, nil }
	}
	return &Service{store: &store{db: c.DB}, clock: c.Clock, tree: c.Tree, keys: c.Keys, passwords: c.Passwords, policies: c.Policies,
		authz: c.Authz, offices: c.Offices}, errors.Join(errs...)
}

// SignInInput opens a session. Staff name their tenant, applicants do not.
type SignInInput struct {
	Login    string
	Password string
	Tenant   string
	Address  string // of the client, for the log-in history
}

// Session is an open session; Token is known to its holder alone.
type Session struct {
	Token     string
	ExpiresAt time.Time
	Principal authz.Principal
}

// refusedSignIn is one answer for an unknown login, a wrong password and an
// account that may not sign in, so that nothing is learnt about others.
func refusedSignIn() error {
	return problem.New(problem.Unauthenticated, "bad_credentials", "用户名或密码错误，或账户暂不可用")
}

// SignIn checks the password and opens a session. Failures are counted; beyond
// the tenant's limit the account is locked for a time (R-ACC-06, R-ACC-29).
func (s *Service) SignIn(ctx context.Context, in SignInInput) (*Session, error) {
	home := in.Tenant
	if home == "" {
		home = tenancy.Realm
	}
	scope, err := s.tree.Scope(home, home)
	if err != nil {
		return nil, refusedSignIn()
	}
	ctx = tenancy.With(ctx, scope)
	account, err := s.store.accountByLogin(ctx, strings.TrimSpace(in.Login))
	if err != nil && !errors.Is(err, db.ErrNoRows) {
		return nil, err
	}
	if account == nil {
		account = &Account{}
	}
	ok, _, err := s.passwords.Check(ctx, account.PasswordHash, in.Password)
	if err != nil {
		return nil, err
	}
	now := s.clock.Now()
	if account.ID == uuid.Nil || account.Status != StatusActive || now.Before(account.LockedUntil) {
		return nil, refusedSignIn()
	}
	policy, err := s.policies(ctx)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, s.fail(ctx, account, policy, now)
	}
	return s.openSession(ctx, account, policy, in.Address, now)
}

func (s *Service) fail(ctx context.Context, a *Account, policy Policy, now time.Time) error {
	if err := s.countFailure(ctx, a, policy, now); err != nil {
		return err
	}
	return refusedSignIn()
}

// countFailure counts a wrong password; beyond the tenant's limit the account is locked for a time.
func (s *Service) countFailure(ctx context.Context, a *Account, policy Policy, now time.Time) error {
	locked := time.Time{}
	if policy.LockAfter > 0 && a.Failures+1 >= policy.LockAfter {
		locked = now.Add(policy.LockFor)
	}
	return s.store.recordFailure(ctx, a.ID, locked)
}

func (s *Service) openSession(ctx context.Context, a *Account, policy Policy, address string, now time.Time) (*Session, error) {
	principal, err := s.principal(ctx, a)
	if err != nil {
		return nil, err
	}
	secret := crypt.NewToken()
	row := sessionRow{ID: db.NewID(now), Account: a.ID, TokenHash: crypt.TokenDigest(secret), CreatedAt: now, ExpiresAt: now.Add(policy.Absolute), Address: address}
	if err := s.store.insertSession(ctx, row); err != nil {
		return nil, err
	}
	principal.Session = row.ID
	return &Session{Token: tenancy.Acting(ctx) + "." + secret, ExpiresAt: row.ExpiresAt, Principal: principal}, nil
}

// Resolve makes a token into the principal of its session. An empty token is the
// public. An unknown, ended or idle session is refused as Unauthenticated.
func (s *Service) Resolve(ctx context.Context, token string) (authz.Principal, error) {
	if token == "" {
		return authz.Principal{Type: authz.TypePublic}, nil
	}
	home, secret, _ := strings.Cut(token, ".")
	scope, err := s.tree.Scope(home, home)
	if err != nil {
		return authz.Principal{}, ended()
	}
	ctx = tenancy.With(ctx, scope)
	session, account, staff, err := s.store.session(ctx, crypt.TokenDigest(secret), s.today(ctx))
	if errors.Is(err, db.ErrNoRows) {
		return authz.Principal{}, ended()
	}
	if err != nil {
		return authz.Principal{}, err
	}
	policy, err := s.policies(ctx)
	if err != nil {
		return authz.Principal{}, err
	}
	now := s.clock.Now()
	if !now.Before(session.ExpiresAt) || now.Sub(session.LastSeen) > policy.Idle || account.Status != StatusActive {
		return authz.Principal{}, ended()
	}
	if now.Sub(session.LastSeen) > time.Minute {
		if err := s.store.touch(ctx, session.ID, now); err != nil {
			return authz.Principal{}, err
		}
	}
	principal, err := principalOf(ctx, account, staff)
	principal.Session = session.ID
	return principal, err
}

// today is the civil day in the acting tenant.
func (s *Service) today(ctx context.Context) string {
	return deadline.DateOf(s.clock.Now(), tenancy.Location(ctx)).String()
}

func ended() error {
	return problem.New(problem.Unauthenticated, "session_ended", "登录已失效，请重新登录")
}

// principal loads who an account is: an applicant, or a staff member with the
// roles that hold today.
func (s *Service) principal(ctx context.Context, a *Account) (authz.Principal, error) {
	if a.Type != authz.TypeStaff {
		return principalOf(ctx, a, nil)
	}
	staff, err := s.store.staff(ctx, a.ID, s.today(ctx))
	if err != nil && !errors.Is(err, db.ErrNoRows) {
		return authz.Principal{}, err
	}
	return principalOf(ctx, a, staff)
}

// principalOf is the principal of an account; an account of staff without an active staff side is nobody's.
func principalOf(ctx context.Context, a *Account, staff *authz.Principal) (authz.Principal, error) {
	p := authz.Principal{Type: authz.TypeApplicant, Name: a.Name}
	if a.Type == authz.TypeStaff {
		if staff == nil {
			return authz.Principal{}, ended()
		}
		p = *staff
		p.Type = authz.TypeStaff
	}
	p.Account, p.Home, p.Level, p.ObjectType, p.USCC = a.ID, tenancy.Acting(ctx), a.Level, a.ObjectType, a.USCC
	p.MustChange = a.MustChange
	return p, nil
}

// SignOut ends the session of ctx. It reports whether there was one.
func (s *Service) SignOut(ctx context.Context) (bool, error) {
	p := authz.From(ctx)
	if p.Session == uuid.Nil {
		return false, nil
	}
	n, err := s.store.revoke(s.home(ctx, p), p.Account, p.Session, false, s.clock.Now())
	return n > 0, err
}

// EndOtherSessions ends every other session of the account (R-PRF-13). It returns how many.
func (s *Service) EndOtherSessions(ctx context.Context) (int, error) {
	p := authz.From(ctx)
	if p.Session == uuid.Nil {
		return 0, ended()
	}
	return s.store.revoke(s.home(ctx, p), p.Account, p.Session, true, s.clock.Now())
}

// home acts in the tenant that the account belongs to.
func (s *Service) home(ctx context.Context, p authz.Principal) context.Context {
	scope, err := s.tree.Scope(p.Home, p.Home)
	if err != nil {
		return ctx
	}
	return tenancy.With(ctx, scope)
}
