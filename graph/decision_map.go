package graph

import (
	"context"
	"slices"
	"strings"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/authz"
	"zhengtong/internal/casework"
	"zhengtong/internal/problem"
)

// rules are what authz consults, in its order, with the reasons by which each
// refuses; a decision's reason tells how far it came.
var rules = []struct {
	name, detail string
	refuses      []string
}{
	{"action", "操作在权限目录中，且对此类主体开放", []string{"unknown_action", "subject", "unauthenticated"}},
	{"tenant", "对象在主体所在机构，或关系允许跨机构", []string{"cross_tenant"}},
	{"permission", "主体的角色含有所需权限", []string{"permission", "level"}},
	{"scope", "对象在主体的数据范围内", []string{"scope"}},
	{"candidate", "主体是任务的办理人或候选人", []string{"not_candidate", "assigned_to_other"}},
	{"separation", "职责分离：未办理过相互分离的环节", []string{"separation"}},
	{"recusal", "与当事人无利害关系", []string{"recusal", "policy"}},
}

// explain answers why a principal may or may not do an action to an object.
func (r *Resolver) explain(ctx context.Context, principal relay.ID, action string, object relay.ID) (*model.DecisionExplanation, error) {
	if _, err := r.Authz.Require(ctx, "decision.explain", authz.Object{Kind: "decision", Tenant: authz.From(ctx).Home}); err != nil {
		return nil, err
	}
	if err := principal.Expect(relay.Account); err != nil {
		return nil, err
	}
	if principal.Tenant != authz.From(ctx).Home {
		return nil, problem.Missing()
	}
	p, err := r.Identity.PrincipalOf(ctx, principal.UUID())
	if err != nil {
		return nil, err
	}
	v, o, err := r.objectOf(ctx, object)
	if err != nil {
		return nil, err
	}
	d, err := r.Authz.DecideFor(ctx, p, action, o)
	if err == nil && d.Reason == "unknown_action" && v != nil {
		d, err = r.decideTask(ctx, p, action, v, object.UUID())
	}
	if err != nil {
		return nil, err
	}
	return explanation(d), nil
}

// decideTask answers for a permission, such as `case.decide`, which is exercised by
// acting on a task: the one named, or any open one of the case.
func (r *Resolver) decideTask(ctx context.Context, p authz.Principal, permission string, v *casework.View, id uuid.UUID) (authz.Decision, error) {
	d := authz.Decision{Reason: "not_candidate", Permission: permission}
	for _, t := range v.Tasks() {
		if !t.Open() || (id != v.Case().ID && id != t.ID) {
			continue
		}
		o := v.TaskObject(t, "")
		o.Permission = permission
		var err error
		if d, err = r.Authz.DecideFor(ctx, p, "task.act", o); err != nil || d.Allow {
			return d, err
		}
	}
	return d, nil
}

// objectOf gathers the facts of an object that decisions look at, with its case.
func (r *Resolver) objectOf(ctx context.Context, id relay.ID) (*casework.View, authz.Object, error) {
	ctx, key, err := r.target(ctx, id, relay.Case, relay.Task, relay.SpecialRun, relay.Extension, relay.IssuedDocument, relay.Tenant)
	if err != nil {
		return nil, authz.Object{}, err
	}
	if id.Type == relay.Tenant {
		return nil, authz.Object{Kind: "tenant", Tenant: id.Tenant}, nil
	}
	// Reading the audit of decisions is a right of its own: nothing of the case is shown.
	ctx = authz.With(ctx, authz.System())
	var v *casework.View
	if id.Type == relay.Case {
		v, err = r.Casework.View(ctx, key)
	} else {
		v, err = r.Casework.ViewOf(ctx, parts[id.Type], key)
	}
	if err != nil {
		return nil, authz.Object{}, err
	}
	if t := taskIn(v, key); t != nil {
		return v, v.TaskObject(t, ""), nil
	}
	return v, v.Object(), nil
}

func explanation(d authz.Decision) *model.DecisionExplanation {
	out := &model.DecisionExplanation{Allowed: d.Allow, Reason: d.Reason, Permission: opt(d.Permission), Steps: []*model.DecisionStep{},
		Obligations: each(d.Obligations, func(o authz.Obligation) string {
			return strings.TrimSuffix(o.Type+":"+strings.Join(o.Fields, ","), ":")
		})}
	for _, rule := range rules {
		passed := d.Allow || !slices.Contains(rule.refuses, d.Reason)
		out.Steps = append(out.Steps, &model.DecisionStep{Rule: rule.name, Passed: passed, Detail: rule.detail})
		if !passed {
			break
		}
	}
	return out
}
