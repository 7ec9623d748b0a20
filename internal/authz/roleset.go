package authz

import (
	"fmt"
	"slices"
	"sync"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"zhengtong/policies"
)

// Scope is a role's data_scope (domain rule 3.2.1 Role).
type Scope string

// The closed data scopes, narrowest first.
const (
	ScopeOwn        Scope = "own"
	ScopeAssigned   Scope = "assigned"
	ScopeDivision   Scope = "division"
	ScopeDepartment Scope = "department"
	ScopeHall       Scope = "hall"
	ScopeTenant     Scope = "tenant"
	ScopeSubtree    Scope = "subtree"
)

// Role is one effective role of a tenant.
type Role struct {
	Name          string
	Title         string
	Permissions   []string
	Scope         Scope
	Inherits      string
	ConflictsWith []string
}

// RoleSet is the effective roles of a tenant; tenants that inherit the same
// roles share one digest, hence one enforcer.
type RoleSet struct {
	Digest string
	Roles  []Role
}

// compiledRoles answers "does this role hold that permission" from a Casbin
// enforcer, each answer kept after it was first given.
type compiledRoles struct {
	enforcer *casbin.Enforcer
	scopes   map[string]Scope
	mu       sync.RWMutex
	cached   map[[2]string]bool
}

func compileRoles(set RoleSet) (*compiledRoles, error) {
	text, err := policies.FS.ReadFile("model.conf")
	if err != nil {
		return nil, fmt.Errorf("authz: %w", err)
	}
	m, err := model.NewModelFromString(string(text))
	if err != nil {
		return nil, fmt.Errorf("authz: casbin model: %w", err)
	}
	enforcer, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, fmt.Errorf("authz: casbin enforcer: %w", err)
	}
	c := &compiledRoles{enforcer: enforcer, scopes: map[string]Scope{}, cached: map[[2]string]bool{}}
	for _, role := range set.Roles {
		c.scopes[role.Name] = role.Scope
		for _, permission := range role.Permissions {
			if _, err := enforcer.AddPolicy(role.Name, permission); err != nil {
				return nil, fmt.Errorf("authz: role %s: %w", role.Name, err)
			}
		}
		if role.Inherits != "" {
			if _, err := enforcer.AddGroupingPolicy(role.Name, role.Inherits); err != nil {
				return nil, fmt.Errorf("authz: role %s inherits %s: %w", role.Name, role.Inherits, err)
			}
		}
	}
	return c, nil
}

func (c *compiledRoles) holds(role, permission string) (bool, error) {
	key := [2]string{role, permission}
	c.mu.RLock()
	answer, known := c.cached[key]
	c.mu.RUnlock()
	if known {
		return answer, nil
	}
	if _, exists := c.scopes[role]; !exists {
		return false, nil
	}
	answer, err := c.enforcer.Enforce(role, permission)
	if err != nil {
		return false, fmt.Errorf("authz: casbin: %w", err)
	}
	c.mu.Lock()
	c.cached[key] = answer
	c.mu.Unlock()
	return answer, nil
}

// holders returns the bindings whose role holds the permission.
func (c *compiledRoles) holders(bindings []Binding, permission string) ([]Binding, error) {
	var found []Binding
	for _, b := range bindings {
		ok, err := c.holds(b.Role, permission)
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, b)
		}
	}
	return found, nil
}

// permissions returns every permission of the bindings, sorted.
func (c *compiledRoles) permissions(bindings []Binding) ([]string, error) {
	var all []string
	for _, b := range bindings {
		granted, err := c.enforcer.GetImplicitPermissionsForUser(b.Role)
		if err != nil {
			return nil, fmt.Errorf("authz: casbin: %w", err)
		}
		for _, row := range granted {
			all = append(all, row[1])
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}
