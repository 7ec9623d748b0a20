// Package authz is the one door through which every act passes:
// Decide(principal, action, object) answers allow or deny, why, and with which
// obligations. Casbin holds roles → permissions (one enforcer per digest of a
// role set), Rego adds denials and obligations, and the closed data scopes are
// compiled to both a predicate and SQL so that lists and single looks agree.
package authz

import (
	"context"
	"slices"

	"github.com/gofrs/uuid/v5"
)

// The types of principal.
const (
	TypePublic    = "public"    // nobody is signed in
	TypeApplicant = "applicant" // an account of the realm
	TypeStaff     = "staff"
	TypeSystem    = "system" // the engine itself: workers, deemed events (invariant 24)
)

// Binding is one role held in one department, by its configuration names.
type Binding struct {
	Role       string `json:"role"`
	Department string `json:"department"`
}

// Principal is who is asking, loaded once a request. Home is the tenant the
// account belongs to (the realm for applicants). Level is L1–L4.
type Principal struct {
	Type       string
	Account    uuid.UUID
	Session    uuid.UUID
	Staff      uuid.UUID
	Home       string
	Name       string
	StaffNo    string
	Level      string
	ObjectType string // service_objects value of an applicant: natural_person, enterprise, …
	USCC       string
	Department string
	Division   string
	Bindings   []Binding
	Relatives  []string // declared related parties: account ids or unified social credit codes
	Epoch      int
	MustChange bool // signed in with a one-time password, which must be changed before anything else
}

// Roles returns the names of the roles held, without repeats, sorted.
func (p Principal) Roles() []string {
	var roles []string
	for _, b := range p.Bindings {
		roles = append(roles, b.Role)
	}
	slices.Sort(roles)
	return slices.Compact(roles)
}

// Departments returns where roles are held, without repeats, sorted.
func (p Principal) Departments() []string {
	var departments []string
	for _, b := range p.Bindings {
		departments = append(departments, b.Department)
	}
	slices.Sort(departments)
	return slices.Compact(departments)
}

// Actor names the principal in events and audit rows.
func (p Principal) Actor() string {
	switch p.Type {
	case TypeStaff:
		return "staff:" + p.Staff.String()
	case TypeApplicant:
		return "account:" + p.Account.String()
	case TypeSystem:
		return "system"
	}
	return "public"
}

// System is the engine acting by itself.
func System() Principal { return Principal{Type: TypeSystem, Name: "系统"} }

type principalKey struct{}

// With puts the principal into the context; the edge does this once a request.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// From returns the principal of the request, or the public when none was set.
func From(ctx context.Context) Principal {
	if p, ok := ctx.Value(principalKey{}).(Principal); ok {
		return p
	}
	return Principal{Type: TypePublic}
}
