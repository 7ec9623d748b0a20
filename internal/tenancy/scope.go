// Package tenancy says on whose behalf a request or a job runs, and where.
//
// A tenant is a government: a province, a city, a county. Staff belong to one
// tenant; applicants belong to the realm tenant "national". A principal has a
// home, each request one acting tenant, and both travel in the context as a
// Scope that is set once at the edge (docs/architecture.md I2). Whatever reads or
// writes without a scope is refused by internal/db.
//
// Two doors lead from one tenant into another, and both are here: Tree.ActAs
// for the system's own work, Gate.Cross for people, audited on both sides (I3).
package tenancy

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"
)

// Realm is the tenant that holds applicants' accounts, sessions and wallets, and the root of the tree.
const Realm = "national"

// Scope is who is asking, where.
type Scope struct {
	Realm    string         // tenant of applicants' accounts: "national"
	Home     string         // tenant the principal belongs to; "" for the system
	Acting   string         // tenant whose rows are read and written
	Lineage  []string       // from the root down to Acting, both included: whose configuration is inherited
	Timezone *time.Location // of the acting tenant: civil dates are its dates
}

// Path returns the lineage as the database keeps it: "national/430000/431300".
func (s Scope) Path() string { return strings.Join(s.Lineage, "/") }

// Same reports whether two scopes see the same rows.
func (s Scope) Same(other Scope) bool {
	return s.Acting == other.Acting && slices.Equal(s.Lineage, other.Lineage)
}

type (
	scopeKey  struct{}
	publicKey struct{}
	reasonKey struct{}
)

// With returns a context that acts in the scope. Missing parts are filled in:
// Realm, a Lineage of the realm and Acting, and the time of China.
func With(ctx context.Context, s Scope) context.Context {
	if s.Realm == "" {
		s.Realm = Realm
	}
	if len(s.Lineage) == 0 && s.Acting != "" {
		s.Lineage = []string{s.Realm}
		if s.Acting != s.Realm {
			s.Lineage = append(s.Lineage, s.Acting)
		}
	}
	if s.Timezone == nil {
		s.Timezone = beijing
	}
	return context.WithValue(ctx, scopeKey{}, s)
}

// beijing is the one civil time of China; a fixed zone, for no daylight saving has been kept since 1991.
var beijing = time.FixedZone("Asia/Shanghai", 8*60*60)

// From returns the scope and whether one with an acting tenant was set.
func From(ctx context.Context) (Scope, bool) {
	s, ok := ctx.Value(scopeKey{}).(Scope)
	return s, ok && s.Acting != ""
}

// Acting returns the tenant whose rows ctx may see, or "".
func Acting(ctx context.Context) string {
	s, _ := From(ctx)
	return s.Acting
}

// Location returns the acting tenant's time zone; China's without a scope.
func Location(ctx context.Context) *time.Location {
	if s, ok := From(ctx); ok && s.Timezone != nil {
		return s.Timezone
	}
	return beijing
}

// zones are the time zones that have been loaded; thousands of tenants share one.
var zones sync.Map

// Zone is the time zone of an IANA name. An unknown name is an error.
func Zone(name string) (*time.Location, error) {
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	kept, _ := zones.LoadOrStore(name, zone)
	return kept.(*time.Location), nil
}

// Public returns a context for what belongs to no tenant: the register of
// tenants and the installation's virtual clock. It sees nothing else.
func Public(ctx context.Context) context.Context {
	return context.WithValue(context.WithValue(ctx, scopeKey{}, Scope{}), publicKey{}, true)
}

// IsPublic reports whether ctx was made by Public and no scope has been set since.
func IsPublic(ctx context.Context) bool {
	open, _ := ctx.Value(publicKey{}).(bool)
	return open && Acting(ctx) == ""
}

// Reason returns why the system or a person crossed into the acting tenant; "" when nobody did.
func Reason(ctx context.Context) string {
	reason, _ := ctx.Value(reasonKey{}).(string)
	return reason
}
