package tenancy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"zhengtong/internal/code"
)

// ErrUnknownTenant is returned when a code names no tenant in the register.
var ErrUnknownTenant = errors.New("no such tenant")

// ErrNoReason is returned when work would cross into another tenant without saying why.
var ErrNoReason = errors.New("crossing into another tenant needs a reason")

// Tenant is one row of the register.
type Tenant struct {
	Code         string   // "431321"; the realm is "national"
	DivisionCode string   // GB/T 2260, six digits or more
	Title        string   // 双峰县
	Level        string   // platform, province, city, county, township, village
	Parent       string   // code; "" for the root
	Lineage      []string // from the root down to the tenant itself
	Status       string   // Active, or another state of SM-01
	SucceededBy  string   // code of the tenant that it was merged into; "" while it goes on
	SucceededOn  string   // civil date of the merger
	Timezone     *time.Location
	CreatedAt    time.Time
	RowVersion   int
}

// The states of a tenant (SM-01).
const (
	Draft     = "draft" // being prepared: it does everything but take applications
	Active    = "active"
	Suspended = "suspended" // takes no new applications; open cases go on
	Retired   = "retired"
	Merged    = "merged" // into SucceededBy: old cases end here, everything new is the successor's
)

// GoesOn reports a tenant that holds its division code: in service, before it, or while that is suspended.
func (t Tenant) GoesOn() bool { return t.Status != Merged && t.Status != Retired }

// Scope returns the scope of somebody whose home is home ("" for the system) acting in t.
func (t Tenant) Scope(home string) Scope {
	return Scope{Realm: Realm, Home: home, Acting: t.Code, Lineage: t.Lineage, Timezone: t.Timezone}
}

// Tree answers questions about the register from memory: one immutable map,
// swapped by Refresh. It is safe for concurrent use.
type Tree struct {
	db      Database
	current atomic.Pointer[register]
}

type register struct {
	byCode   map[string]Tenant
	divided  map[string]string   // division code of a tenant that goes on, where it is not its own code → its code
	children map[string][]string // sorted codes
}

// NewTree returns an empty tree over db; call Refresh before asking.
func NewTree(db Database) *Tree {
	t := &Tree{db: db}
	t.current.Store(&register{})
	return t
}

// LoadTree returns the tree as the register has it now.
func LoadTree(ctx context.Context, db Database) (*Tree, error) {
	t := NewTree(db)
	return t, t.Refresh(ctx)
}

// Refresh reads the register again. On failure the tree stays as it was.
func (t *Tree) Refresh(ctx context.Context) error {
	rows, err := readTenants(Public(ctx), t.db)
	if err != nil {
		return fmt.Errorf("read the register of tenants: %w", err)
	}
	next := &register{byCode: make(map[string]Tenant, len(rows)), divided: map[string]string{}, children: map[string][]string{}}
	for _, row := range rows { // sorted by code
		next.byCode[row.Code] = row
		if row.GoesOn() && row.DivisionCode != row.Code {
			next.divided[row.DivisionCode] = row.Code
		}
		if row.Parent != "" {
			next.children[row.Parent] = append(next.children[row.Parent], row.Code)
		}
	}
	t.current.Store(next)
	return nil
}

// Follow reads the rows of tenants whose heads have moved, and the whole register
// again when one of them is not what the tree knows: its state or its name has changed.
func (t *Tree) Follow(ctx context.Context, codes []string) error {
	if len(codes) == 0 {
		return nil
	}
	versions, err := readVersions(Public(ctx), t.db, codes)
	if err != nil {
		return fmt.Errorf("read the register of tenants: %w", err)
	}
	for code, version := range versions {
		if known, ok := t.Get(code); !ok || known.RowVersion != version {
			return t.Refresh(ctx)
		}
	}
	return nil
}

// Get returns the tenant with the code.
func (t *Tree) Get(code string) (Tenant, bool) {
	tenant, ok := t.current.Load().byCode[code]
	return tenant, ok
}

// Resolve returns the tenant that a public code leads to now: the one with the code,
// the one that has been given it as its new division code, or the successor of one
// that was merged. A retired code of the national register leads to its successors
// there, as long as those are one tenant.
func (t *Tree) Resolve(public string) (Tenant, bool) {
	r := t.current.Load()
	if found, ok := r.lead(public); ok {
		return found, true
	}
	found := map[string]Tenant{}
	for _, successor := range code.Successors(public) {
		if tenant, ok := r.lead(successor); ok {
			found[tenant.Code] = tenant
		}
	}
	for _, tenant := range found {
		return tenant, len(found) == 1
	}
	return Tenant{}, false
}

// lead follows renaming and mergers from a code.
func (r *register) lead(public string) (Tenant, bool) {
	if renamed, ok := r.divided[public]; ok {
		public = renamed
	}
	tenant, ok := r.byCode[public]
	for range r.byCode { // a circle ends
		if !ok || tenant.SucceededBy == "" {
			break
		}
		tenant, ok = r.byCode[tenant.SucceededBy]
	}
	return tenant, ok
}

// All returns every tenant, by code.
func (t *Tree) All() []Tenant {
	r := t.current.Load()
	out := make([]Tenant, 0, len(r.byCode))
	for _, code := range slices.Sorted(maps.Keys(r.byCode)) {
		out = append(out, r.byCode[code])
	}
	return out
}

// Len returns the number of tenants.
func (t *Tree) Len() int { return len(t.current.Load().byCode) }

// Ancestors returns the tenants above code, the nearest first, the root last.
func (t *Tree) Ancestors(code string) []Tenant {
	r := t.current.Load()
	var out []Tenant
	for _, above := range slices.Backward(r.byCode[code].Lineage) {
		if tenant, ok := r.byCode[above]; ok && above != code {
			out = append(out, tenant)
		}
	}
	return out
}

// Children returns the tenants directly below code, by code.
func (t *Tree) Children(code string) []Tenant {
	r := t.current.Load()
	out := make([]Tenant, 0, len(r.children[code]))
	for _, below := range r.children[code] {
		out = append(out, r.byCode[below])
	}
	return out
}

// IsAncestor reports whether above is a proper ancestor of below.
func (t *Tree) IsAncestor(above, below string) bool {
	return above != below && slices.Contains(t.current.Load().byCode[below].Lineage, above)
}

// Subtree returns up to limit tenants at and below code in depth-first order,
// starting behind the tenant after ("" starts at code itself). An empty page
// ends the walk. The cost of a page grows with the depth and the page only.
func (t *Tree) Subtree(code, after string, limit int) []Tenant {
	r := t.current.Load()
	at := code
	if after != "" {
		at = r.following(after, code)
	}
	var out []Tenant
	for at != "" && len(out) < limit {
		tenant, ok := r.byCode[at]
		if !ok {
			break
		}
		out = append(out, tenant)
		at = r.following(at, code)
	}
	return out
}

// following returns the depth-first successor of code within the subtree of top, or "".
func (r *register) following(code, top string) string {
	if below := r.children[code]; len(below) > 0 {
		return below[0]
	}
	for code != top && code != "" {
		parent := r.byCode[code].Parent
		siblings := r.children[parent]
		i, found := slices.BinarySearch(siblings, code)
		if found && i+1 < len(siblings) {
			return siblings[i+1]
		}
		code = parent
	}
	return ""
}

// Scope returns the scope of somebody from home acting in the tenant code.
func (t *Tree) Scope(home, code string) (Scope, error) {
	tenant, ok := t.Get(code)
	if !ok {
		return Scope{}, fmt.Errorf("%w: %q", ErrUnknownTenant, code)
	}
	return tenant.Scope(home), nil
}

// ActAs is the one door for the system's own work in a tenant: a worker acts
// as the tenant of its row, a publisher as each descendant. The reason is for
// the log and the audit ("job 0190…", "republish 431321"). People never come
// through here; they cross by Gate.Cross.
func (t *Tree) ActAs(ctx context.Context, code, reason string) (context.Context, error) {
	if strings.TrimSpace(reason) == "" {
		return nil, fmt.Errorf("act as %q: %w", code, ErrNoReason)
	}
	scope, err := t.Scope("", code)
	if err != nil {
		return nil, fmt.Errorf("act as: %w", err)
	}
	return context.WithValue(With(ctx, scope), reasonKey{}, reason), nil
}
