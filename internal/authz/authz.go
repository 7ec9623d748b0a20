package authz

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/problem"
	"zhengtong/policies"
)

// RoleSource gives the effective roles of a tenant; internal/configuration does.
type RoleSource interface {
	RoleSet(ctx context.Context, tenant string) (RoleSet, error)
}

// Authorizer decides. It is safe for concurrent use.
type Authorizer struct {
	roles       RoleSource
	actions     map[string]policies.Action
	obligations *obligations
	mu          sync.Mutex
	compiled    map[string]*compiledRoles // by digest of the role set
}

// New prepares the door from the policies folder.
func New(ctx context.Context, roles RoleSource) (*Authorizer, error) {
	if roles == nil {
		return nil, fmt.Errorf("authz: roles source missing")
	}
	actions, err := policies.Actions()
	if err != nil {
		return nil, err
	}
	prepared, err := prepareObligations(ctx)
	if err != nil {
		return nil, err
	}
	return &Authorizer{roles: roles, actions: actions, obligations: prepared, compiled: map[string]*compiledRoles{}}, nil
}

// With is the same door for other roles: those of a draft that is not published.
func (a *Authorizer) With(roles RoleSource) *Authorizer {
	return &Authorizer{roles: roles, actions: a.actions, obligations: a.obligations, compiled: map[string]*compiledRoles{}}
}

// Decide answers whether the principal of ctx may do action on object. An
// action without a row in policies/actions.yaml is denied.
func (a *Authorizer) Decide(ctx context.Context, action string, o Object) (Decision, error) {
	return a.DecideFor(ctx, From(ctx), action, o)
}

// DecideFor answers the same for another principal (explainDecision).
func (a *Authorizer) DecideFor(ctx context.Context, p Principal, action string, o Object) (Decision, error) {
	row, known := a.actions[action]
	if !known {
		return Decision{Reason: "unknown_action"}, nil
	}
	if p.Type == TypeSystem {
		return Decision{Allow: true, Reason: "system"}, nil
	}
	if !slices.Contains(row.Subject, p.Type) {
		if p.Type == TypePublic {
			return Decision{Reason: "unauthenticated"}, nil
		}
		return Decision{Reason: "subject"}, nil
	}
	decision, err := a.bySubject(ctx, p, action, row, o)
	if err != nil || !decision.Allow {
		return decision, err
	}
	return a.obligations.apply(ctx, p, action, o, decision)
}

func (a *Authorizer) bySubject(ctx context.Context, p Principal, action string, row policies.Action, o Object) (Decision, error) {
	switch p.Type {
	case TypePublic:
		return Decision{Allow: true, Reason: "public"}, nil
	case TypeApplicant:
		return decideApplicant(p, row, o), nil
	}
	return a.decideStaff(ctx, p, action, row, o)
}

func decideApplicant(p Principal, row policies.Action, o Object) Decision {
	if row.Owner && o.Owner != p.Account {
		return Decision{Reason: "scope"}
	}
	if row.Level && p.Level < o.MinLevel {
		return Decision{Reason: "level", Obligations: []Obligation{{Type: "require_level", Fields: []string{o.MinLevel}}}}
	}
	return Decision{Allow: true, Reason: "owner"}
}

func (a *Authorizer) decideStaff(ctx context.Context, p Principal, action string, row policies.Action, o Object) (Decision, error) {
	if p.Home != o.Tenant && o.Tenant != "" && !row.Cross {
		return Decision{Reason: "scope"}, nil
	}
	if row.Owner && !row.Scope {
		return Decision{Allow: o.Owner == p.Account, Reason: "owner"}, nil
	}
	roles, err := a.rolesOf(ctx, p.Home)
	if err != nil {
		return Decision{}, err
	}
	permission := row.Needs
	if permission == "$task" {
		permission = o.Permission
	}
	able := p.Bindings
	if permission != "" {
		if able, err = roles.holders(p.Bindings, permission); err != nil {
			return Decision{}, err
		}
		if len(able) == 0 {
			return Decision{Reason: "permission", Permission: permission}, nil
		}
	}
	if row.Task {
		return decideTask(p, able, permission, o), nil
	}
	if row.Scope && !visibilityOf(roles, p, able).Match(o) {
		return Decision{Reason: "scope", Permission: permission}, nil
	}
	return Decision{Allow: true, Reason: "permission", Permission: permission}, nil
}

// decideTask: may act = candidate or assignee of the task ∧ holds the
// permission ∧ no separation or recusal rule (docs/kinds.md).
func decideTask(p Principal, able []Binding, permission string, o Object) Decision {
	if o.Task == nil {
		return Decision{Reason: "not_candidate", Permission: permission}
	}
	if slices.Contains(o.Excluded, p.Staff) {
		return Decision{Reason: "separation", Permission: permission}
	}
	assigned := o.Task.Assignee != uuid.Nil
	if assigned && o.Task.Assignee != p.Staff {
		return Decision{Reason: "assigned_to_other", Permission: permission}
	}
	candidate := slices.Contains(p.Bindings, Binding{Role: o.Task.Role, Department: o.Task.Department})
	if !assigned && !candidate {
		return Decision{Reason: "not_candidate", Permission: permission}
	}
	if permission != "" && !slices.ContainsFunc(able, func(b Binding) bool { return b.Department == o.Task.Department }) {
		return Decision{Reason: "permission", Permission: permission}
	}
	return Decision{Allow: true, Reason: "task", Permission: permission}
}

// Visible returns which cases of the acting tenant the principal of ctx may list.
func (a *Authorizer) Visible(ctx context.Context) (Visibility, error) {
	p := From(ctx)
	switch p.Type {
	case TypeApplicant:
		return Visibility{Owner: p.Account}, nil
	case TypeSystem:
		return Visibility{All: true}, nil
	case TypeStaff:
		roles, err := a.rolesOf(ctx, p.Home)
		if err != nil {
			return Visibility{}, err
		}
		return visibilityOf(roles, p, p.Bindings), nil
	}
	return Visibility{}, nil
}

func visibilityOf(roles *compiledRoles, p Principal, bindings []Binding) Visibility {
	var v Visibility
	for _, b := range bindings {
		v.widen(roles.scopes[b.Role], p, b)
	}
	return v
}

// Permissions lists what the principal of ctx holds, for the viewer.
func (a *Authorizer) Permissions(ctx context.Context, p Principal) ([]string, error) {
	if p.Type != TypeStaff {
		return nil, nil
	}
	roles, err := a.rolesOf(ctx, p.Home)
	if err != nil {
		return nil, err
	}
	return roles.permissions(p.Bindings)
}

func (a *Authorizer) rolesOf(ctx context.Context, tenant string) (*compiledRoles, error) {
	set, err := a.roles.RoleSet(ctx, tenant)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if c, ok := a.compiled[set.Digest]; ok {
		return c, nil
	}
	c, err := compileRoles(set)
	if err != nil {
		return nil, err
	}
	a.compiled[set.Digest] = c
	return c, nil
}

// Require turns a denial into the refusal a caller shows: Unauthenticated, the
// silent NotFound when the object is out of scope, else Forbidden with the
// permission.
func (a *Authorizer) Require(ctx context.Context, action string, o Object) (Decision, error) {
	d, err := a.Decide(ctx, action, o)
	if err != nil || d.Allow {
		return d, err
	}
	return d, Refusal(d)
}

// Refusal is the error for a denied decision.
func Refusal(d Decision) error {
	switch d.Reason {
	case "unauthenticated":
		return problem.New(problem.Unauthenticated, "", "请先登录")
	case "scope", "cross_tenant":
		return problem.Missing()
	}
	return problem.Denied(d.Permission, d.Reason, "%s", refusalText(d))
}

func refusalText(d Decision) string {
	switch d.Reason {
	case "permission":
		return "没有所需权限：" + d.Permission
	case "separation":
		return "职责分离：同一办件的这一环节须由他人办理"
	case "recusal":
		return "须回避：您与本办件当事人有利害关系"
	case "not_candidate":
		return "您不是本任务的办理人"
	case "assigned_to_other":
		return "本任务已由他人办理"
	case "level":
		return "账户认证等级不足，请先提升等级"
	}
	return "不允许的操作"
}
