package identity_test

import (
	"context"
	"testing"
	"time"

	"zhengtong/internal/authz"
	"zhengtong/internal/clock"
	"zhengtong/internal/crypt"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/identity"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

const (
	county   = "431321"
	password = "Zhengtong#2026"
)

// people are two applicants, a reviewer who also stands in for the decider, and a namesake in the county beside.
const people = `
password: "Zhengtong#2026"
applicants:
  - {login: lixiang, type: natural_person, object_type: natural_person, level: L2, name: 李湘, id_type: resident_identity_card, id_no: "431321199003070013",
     mobile: "13900000003", email: lixiang@example.com}
  - {login: xiangwei, type: legal_person, object_type: enterprise, level: L3, name: 双峰县湘味餐饮有限公司, uscc: 91431321MA4L00011P}
staff:
  "431321":
    - {login: shencha, name: 张审, staff_no: "21011", department: scjgj, roles: [reviewer, approver]}
  "431322":
    - {login: shencha, name: 邻审, staff_no: "22011", department: zjj, roles: [reviewer]}
`

// town is an installation with those people, at 2026-03-02 09:00 in China.
type town struct {
	*testing.T
	db    *db.DB
	clock *clock.Manual
	tree  *tenancy.Tree
	*identity.Service
}

func each(t *testing.T, run func(w *town)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { run(newTown(t, d)) })
}

func newTown(t *testing.T, d *db.DB) *town {
	t.Helper()
	w := &town{T: t, db: d, clock: clock.NewManual(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC))}
	w.tree = dbtest.Tree(t, d, w.clock.Now(), "national", "national/431321", "national/431322")
	keys, err := crypt.NewKeys("std", crypt.NewMaster())
	w.ok(err)
	door, err := authz.New(t.Context(), declared{})
	w.ok(err)
	w.Service, err = identity.New(identity.Config{DB: d, Clock: w.clock, Tree: w.tree, Keys: keys, Passwords: crypt.NewPasswords(crypt.TestCost, 2),
		Authz: door, Offices: declared{}})
	w.ok(err)
	w.ok(w.LoadRoster(t.Context(), []byte(people)))
	return w
}

func (w *town) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// in acts in a tenant.
func (w *town) in(tenant string) context.Context {
	w.Helper()
	scope, err := w.tree.Scope(tenant, tenant)
	w.ok(err)
	return tenancy.With(w.Context(), scope)
}

// exec changes rows of a tenant; $1 is the tenant.
func (w *town) exec(tenant, sql string, args ...any) {
	w.Helper()
	n, err := w.db.Exec(w.in(tenant), sql, append([]any{tenant}, args...)...)
	w.ok(err)
	if n == 0 {
		w.Fatalf("nothing changed by %s", sql)
	}
}

func (w *town) try(login, secret, tenant string) (*identity.Session, error) {
	return w.SignIn(w.Context(), identity.SignInInput{Login: login, Password: secret, Tenant: tenant, Address: "192.0.2.1"})
}

func (w *town) signIn(login, tenant string) *identity.Session {
	w.Helper()
	session, err := w.try(login, password, tenant)
	w.ok(err)
	return session
}

// as acts as the holder of a session.
func (w *town) as(s *identity.Session) context.Context {
	w.Helper()
	p, err := w.Resolve(w.Context(), s.Token)
	w.ok(err)
	return authz.With(w.Context(), p)
}

// ended expects a session that no longer counts.
func (w *town) ended(s *identity.Session, why string) {
	w.Helper()
	if _, err := w.Resolve(w.Context(), s.Token); problem.ReasonOf(err) != "session_ended" {
		w.Errorf("%s: %v", why, err)
	}
}
