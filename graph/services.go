package graph

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"zhengtong/internal/authz"
	"zhengtong/internal/clock"
	"zhengtong/internal/tenancy"
)

// Services are what resolvers call: one small interface for each domain, declared
// in the domain's `<domain>_map.go` beside the functions that map its types to
// graph/model, and satisfied by the service of that name. A resolver is three
// steps: decode (ids by target, pages with relay.PageOf), one call, encode.
type Services struct {
	Clock        clock.Clock
	Tree         Tree
	Authz        Door
	Records      Records
	Identity     Identity
	Casework     Cases
	Files        Files
	Work         Tasks
	Specials     Specials
	Catalogue    Matters
	Declared     Declared
	Declarations Configuration
	Interchange  Interchange
	Simulations  Simulations
	Migrations   Migrations
	Documents    Documents
	Licences     Licences
	Inbox        Inbox
	Linked       Linked
	Archives     Archives
	Bus          Bus
	// Attempts bounds how often one case number is tried with query codes; nil for no bound.
	Attempts func(key string) error
}

// Tree answers questions about the register of tenants (tenancy.Tree).
type Tree interface {
	Scope(home, code string) (tenancy.Scope, error)
	Get(code string) (tenancy.Tenant, bool)
	Resolve(public string) (tenancy.Tenant, bool)
	Children(code string) []tenancy.Tenant
	Subtree(code, after string, limit int) []tenancy.Tenant
	IsAncestor(above, below string) bool
}

// Door is the one door of authorization (authz.Authorizer).
type Door interface {
	Require(ctx context.Context, action string, o authz.Object) (authz.Decision, error)
	Decide(ctx context.Context, action string, o authz.Object) (authz.Decision, error)
	DecideFor(ctx context.Context, p authz.Principal, action string, o authz.Object) (authz.Decision, error)
	Permissions(ctx context.Context, p authz.Principal) ([]string, error)
}

// NewResolver checks that no service is missing and registers the loaders of node(id).
func NewResolver(s Services) (*Resolver, error) {
	r := &Resolver{Services: s, flights: &flights{}}
	var errs []error
	fields := reflect.ValueOf(s)
	for i := range fields.NumField() {
		name := fields.Type().Field(i).Name
		if fields.Field(i).IsNil() && name != "Attempts" {
			errs = append(errs, fmt.Errorf("graph: service %s is missing", name))
		}
	}
	r.Nodes = r.nodes()
	return r, errors.Join(errs...)
}
