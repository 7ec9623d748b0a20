package caseworktest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

// The tenants of the fixture, from the shipped packs, and the matter it publishes.
const (
	Tenant    = "431321" // the county of the demonstration
	Neighbour = "431322" // a county beside it, with roles of the same names
	City      = "431300"
	Province  = "430000"
	Matter    = "food-business-licence"
)

// shipped compiles the packs once for all tests of a process: nothing of it is ever changed.
var shipped = sync.OnceValues(compileShipped)

type packs struct {
	matter   *configuration.Matter
	live     *configuration.Live
	calendar []byte                   // as declared, in JSON
	roles    map[string]authz.RoleSet // by tenant
}

func shippedFiles() ([]kind.File, error) {
	var files []kind.File
	for _, folder := range []string{tenants.National, "hunan"} {
		found, err := kind.Files(tenants.FS(), folder)
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	return files, nil
}

func compileShipped() (*packs, error) {
	files, err := shippedFiles()
	if err != nil {
		return nil, err
	}
	layers, problems := configuration.Read(files)
	if problems.HasErrors() {
		return nil, fmt.Errorf("caseworktest: packs: %s", problems.Errors())
	}
	set := configuration.NewSet(layers...)
	matter, problems := configuration.Compile(set.View(Tenant), Matter)
	if matter == nil {
		return nil, fmt.Errorf("caseworktest: %s: %s", Matter, problems)
	}
	live, err := configuration.CompileLive(set.View(Tenant), 1)
	if err != nil {
		return nil, err
	}
	calendar, found := set.View(Tenant).Find("Calendar", "default")
	if !found {
		return nil, errors.New("caseworktest: the county has no calendar")
	}
	p := &packs{matter: matter, live: live, calendar: calendar.Resource.Canonical(), roles: map[string]authz.RoleSet{}}
	for _, tenant := range []string{Tenant, City, Province} {
		p.roles[tenant] = configuration.RoleSet(set.View(tenant))
	}
	p.roles[Tenant] = withDispatcher(p.roles[Tenant])
	p.roles[Neighbour] = p.roles[Tenant]
	return p, nil
}

// withDispatcher adds a role that hands tasks on, which the pack leaves to each county.
func withDispatcher(set authz.RoleSet) authz.RoleSet {
	dispatcher := authz.Role{Name: "dispatcher", Title: "调度员", Scope: authz.ScopeTenant, Permissions: []string{"task.reassign", "case.record_event"}}
	return authz.RoleSet{Digest: set.Digest + "+dispatcher", Roles: append(slices.Clone(set.Roles), dispatcher)}
}

// Configuration is a casework.Configuration over one compiled matter of the
// shipped packs. A test may publish altered versions of it; cases stay pinned to
// the version they began under (invariant I4).
type Configuration struct {
	mu       sync.RWMutex
	packs    *packs
	current  *configuration.Matter
	live     *configuration.Live
	versions map[string]*configuration.Matter // by digest of their pins
}

func newConfiguration() (*Configuration, error) {
	p, err := shipped()
	if err != nil {
		return nil, err
	}
	return &Configuration{packs: p, current: p.matter, live: p.live, versions: map[string]*configuration.Matter{p.matter.Pins.Digest(): p.matter}}, nil
}

// Current returns the version in force; NotFound for another matter or tenant.
func (c *Configuration) Current(ctx context.Context, name string) (*configuration.Matter, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if name != Matter || tenancy.Acting(ctx) != Tenant {
		return nil, problem.Missing()
	}
	return c.current, nil
}

// Pinned returns the version that a case began under.
func (c *Configuration) Pinned(_ context.Context, name string, pins configuration.Pins) (*configuration.Matter, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	m, ok := c.versions[pins.Digest()]
	if !ok {
		return nil, fmt.Errorf("caseworktest: no version %s of %s", pins.Digest(), name)
	}
	return m, nil
}

// Shown is Current, whether or not the matter takes applications.
func (c *Configuration) Shown(ctx context.Context, name string) (*configuration.Matter, bool, error) {
	m, err := c.Current(ctx, name)
	return m, true, err
}

// RunningVersions lists every version that was in force, the present one as such.
func (c *Configuration) RunningVersions(ctx context.Context, name string) ([]configuration.Running, error) {
	current, err := c.Current(ctx, name)
	if err != nil {
		return nil, err
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	var out []configuration.Running
	for _, m := range c.versions {
		out = append(out, configuration.Running{Version: m.Pins.Digest(), Pins: m.Pins, Current: m == current})
	}
	return out, nil
}

// Live returns the county's calendar, departments and policies.
func (c *Configuration) Live(context.Context) (*configuration.Live, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.live, nil
}

// recalendar puts the shipped calendar with changes in force.
func (c *Configuration) recalendar(change func(*deadline.CalendarSpec)) error {
	var spec deadline.CalendarSpec
	if err := json.Unmarshal(c.packs.calendar, &spec); err != nil {
		return err
	}
	change(&spec)
	calendar, problems := deadline.NewCalendar(spec)
	if problems.HasErrors() {
		return fmt.Errorf("caseworktest: %s", problems)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	next := *c.live
	next.Calendar = calendar
	c.live = &next
	return nil
}

// RoleSet returns the roles of a tenant as its pack declares or inherits them.
func (c *Configuration) RoleSet(_ context.Context, tenant string) (authz.RoleSet, error) {
	return c.packs.roles[tenant], nil
}

// alter makes a version of the current matter with its own digest; change may
// replace parts of it but must not write into what they share with the former.
func (c *Configuration) alter(change func(*configuration.Matter)) *configuration.Matter {
	c.mu.Lock()
	defer c.mu.Unlock()
	next, spec := *c.current, *c.current.Spec
	next.Spec, next.Specials, next.Pins = &spec, maps.Clone(c.current.Specials), maps.Clone(c.current.Pins)
	change(&next)
	sum := sha256.Sum256([]byte(c.current.Digest + "+"))
	next.Digest = hex.EncodeToString(sum[:])
	next.Pins["Matter/"+Matter] = next.Digest
	c.versions[next.Pins.Digest()] = &next
	return &next
}

// Edit replaces a text of the shipped packs.
type Edit struct{ Old, New string }

// revise compiles the shipped packs with edits, each of which must apply somewhere.
func (c *Configuration) revise(edits []Edit) (*configuration.Matter, error) {
	files, err := shippedFiles()
	if err != nil {
		return nil, err
	}
	for _, e := range edits {
		applied := false
		for i, f := range files {
			if bytes.Contains(f.Content, []byte(e.Old)) {
				files[i].Content, applied = bytes.ReplaceAll(f.Content, []byte(e.Old), []byte(e.New)), true
			}
		}
		if !applied {
			return nil, fmt.Errorf("caseworktest: no pack says %q", e.Old)
		}
	}
	layers, problems := configuration.Read(files)
	if problems.HasErrors() {
		return nil, fmt.Errorf("caseworktest: revised packs: %s", problems.Errors())
	}
	matter, problems := configuration.Compile(configuration.NewSet(layers...).View(Tenant), Matter)
	if matter == nil {
		return nil, fmt.Errorf("caseworktest: revised %s: %s", Matter, problems.Errors())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.versions[matter.Pins.Digest()] = matter
	return matter, nil
}

func (c *Configuration) adopt(m *configuration.Matter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current = m
}
