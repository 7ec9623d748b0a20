// Package caseworktest is a county for tests: the shipped packs compiled, their
// tenants registered, a roster of people signed in, and a clock that stands still
// until the test moves it.
package caseworktest

import (
	"context"
	_ "embed"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/blob"
	"zhengtong/internal/casework"
	"zhengtong/internal/clock"
	"zhengtong/internal/configuration"
	"zhengtong/internal/crypt"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/deadline"
	"zhengtong/internal/identity"
	"zhengtong/internal/tenancy"
)

// TB is what the fixture asks of a test; *testing.T and *rapid.T have it.
type TB interface {
	Helper()
	Context() context.Context
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// County is the fixture. Its methods fail the test when what they do fails.
type County struct {
	TB
	DB            *db.DB
	Clock         *clock.Manual
	Cases         *casework.Service
	Identity      *identity.Service
	Configuration *Configuration
	MatterID      uuid.UUID
	tree          *tenancy.Tree
	objects       *blob.Store
	people        map[string]authz.Principal
}

//go:embed roster.yaml
var roster []byte

// people are the logins of the roster by the tenant they sign in to; "" for applicants.
var people = map[string][]string{
	"":        {"xiangwei", "yongfeng", "lixiang"},
	Tenant:    {"chuangkou", "shencha", "shencha2", "hecha", "hecha2", "jueding", "juzhang", "dangan", "jiancha", "jianzhi", "diaodu", "bianzhi"},
	City:      {"shi-jiancha"},
	Province:  {"sheng-jiancha"},
	Neighbour: {"linshen"},
}

// New sets a county up in an empty database, at 2026-03-02 09:00, a Monday.
func New(t testing.TB, d *db.DB, objects *blob.Store) *County {
	t.Helper()
	conf, err := newConfiguration()
	if err != nil {
		t.Fatal(err)
	}
	c := &County{TB: t, DB: d, Clock: clock.NewManual(time.Time{}), Configuration: conf, objects: objects, people: map[string]authz.Principal{}}
	c.At("2026-03-02 09:00")
	c.tree = dbtest.Tree(t, d, c.Clock.Now(), "national", "national/430000", "national/430000/431300", "national/430000/431300/431321",
		"national/430000/431300/431322")
	c.settle()
	c.publish(conf.current)
	door, err := authz.New(t.Context(), conf)
	if err != nil {
		t.Fatal(err)
	}
	if c.Cases, err = casework.New(casework.Config{DB: d, Clock: c.Clock, Configuration: conf, Authz: door, Objects: objects}); err != nil {
		t.Fatal(err)
	}
	return c
}

// With is the same county, reporting to another test (one run of a property).
func (c *County) With(t TB) *County {
	other := *c
	other.TB = t
	return &other
}

// settle opens the accounts of the roster and signs them in.
func (c *County) settle() {
	c.Helper()
	keys, err := crypt.NewKeys("std", crypt.NewMaster())
	c.must(err)
	c.Identity, err = identity.New(identity.Config{DB: c.DB, Clock: c.Clock, Tree: c.tree, Keys: keys, Passwords: crypt.NewPasswords(crypt.TestCost, 2)})
	c.must(err)
	c.must(c.Identity.LoadRoster(c.Context(), roster))
	for tenant, logins := range people {
		for _, login := range logins {
			session, err := c.Identity.SignIn(c.Context(), identity.SignInInput{Login: login, Password: "Zhengtong#2026", Tenant: tenant})
			c.must(err)
			c.people[login] = session.Principal
		}
	}
}

// In acts in a tenant as nobody in particular.
func (c *County) In(ctx context.Context, tenant string) context.Context {
	c.Helper()
	scope, err := c.tree.Scope(tenant, tenant)
	c.must(err)
	return tenancy.With(ctx, scope)
}

// As acts in the county as somebody, by login; "" is the public.
func (c *County) As(login string) context.Context { return c.AsIn(login, Tenant) }

// AsIn acts in a tenant as somebody.
func (c *County) AsIn(login, tenant string) context.Context {
	c.Helper()
	if login == "" {
		return c.In(c.Context(), tenant)
	}
	p := c.Person(login)
	scope, err := c.tree.Scope(p.Home, tenant)
	c.must(err)
	return authz.With(tenancy.With(c.Context(), scope), p)
}

// System acts in the county as the engine.
func (c *County) System() context.Context {
	return authz.With(c.In(c.Context(), Tenant), authz.System())
}

// Person is who signed in with a login.
func (c *County) Person(login string) authz.Principal {
	c.Helper()
	p, ok := c.people[login]
	if !ok {
		c.Fatalf("nobody signs in as %q", login)
	}
	return p
}

// Staff returns the staff id behind a login.
func (c *County) Staff(login string) uuid.UUID { c.Helper(); return c.Person(login).Staff }

// At moves the clock to a civil time of the county: "2026-03-02 09:00".
func (c *County) At(civil string) {
	c.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", civil, time.FixedZone("Asia/Shanghai", 8*60*60))
	c.must(err)
	c.Clock.Set(at)
}

// Publish puts an altered version of the matter in force. Cases already filed keep theirs.
func (c *County) Publish(change func(*configuration.Matter)) {
	c.Helper()
	next := c.Configuration.alter(change)
	c.Configuration.adopt(next)
	c.publish(next)
}

// Revise puts the shipped packs with edits in force and answers the version that the
// matter then has. Cases already filed keep theirs.
func (c *County) Revise(edits ...Edit) *configuration.Matter {
	c.Helper()
	next, err := c.Configuration.revise(edits)
	c.must(err)
	c.InForce(next)
	return next
}

// InForce puts a version of the matter in force that was so before.
func (c *County) InForce(m *configuration.Matter) {
	c.Helper()
	c.Configuration.adopt(m)
	c.publish(m)
}

// Calendar puts the shipped calendar with changes in force, as when one is published.
func (c *County) Calendar(change func(*deadline.CalendarSpec)) {
	c.Helper()
	c.must(c.Configuration.recalendar(change))
}

// Head moves the matter's head alone to an altered version, as when publication
// overtakes a submission that has read the former one.
func (c *County) Head(change func(*configuration.Matter)) {
	c.Helper()
	c.publish(c.Configuration.alter(change))
}

// SetStatus suspends, cancels or publishes the matter.
func (c *County) SetStatus(status string) {
	c.Helper()
	_, err := c.DB.Exec(c.System(), "UPDATE matter SET status = $3 WHERE tenant_id = $1 AND id = $2", Tenant, c.MatterID, status)
	c.must(err)
}

// LagRow leaves the matter's row behind its head, as when a government above has
// published and the rows below have not been renewed yet.
func (c *County) LagRow() {
	c.Helper()
	_, err := c.DB.Exec(c.System(), "UPDATE matter SET digest = 'former' WHERE tenant_id = $1 AND id = $2", Tenant, c.MatterID)
	c.must(err)
}

// publish writes the entry in force of the matter and its projection row.
func (c *County) publish(m *configuration.Matter) {
	c.Helper()
	ctx := c.In(c.Context(), Tenant)
	if c.MatterID != uuid.Nil {
		_, err := c.DB.Exec(ctx, "UPDATE matter SET digest = $3, revision = revision + 1 WHERE tenant_id = $1 AND id = $2", Tenant, c.MatterID, m.Digest)
		c.must(err)
		_, err = c.DB.Exec(ctx, "UPDATE configuration_entry SET effective_digest = $3 WHERE tenant_id = $1 AND kind = 'Matter' AND name = $2", Tenant, m.Name, m.Digest)
		c.must(err)
		return
	}
	c.MatterID = db.NewID(c.Clock.Now())
	_, err := c.DB.Exec(ctx, `INSERT INTO matter (tenant_id, id, name, title, item_type, department, digest, revision, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)`, Tenant, c.MatterID, m.Name, m.Spec.Title, m.Spec.ItemType, m.Binding.Department, m.Digest, c.Clock.Now())
	c.must(err)
	_, err = c.DB.Exec(ctx, `INSERT INTO configuration_entry (tenant_id, kind, name, from_revision, digest, effective_digest)
		VALUES ($1, 'Matter', $2, 1, $3, $3)`, Tenant, m.Name, m.Digest)
	c.must(err)
}

func (c *County) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}
