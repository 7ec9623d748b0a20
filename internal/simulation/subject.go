package simulation

import (
	"context"
	"encoding/json"

	"zhengtong/internal/authz"
	"zhengtong/internal/card"
	"zhengtong/internal/configuration"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// Subject is what is tried: a matter compiled from a draft, with what is read live.
type Subject struct {
	Matter  *configuration.Matter
	Live    *configuration.Live
	Roles   authz.RoleSet
	Rules   []*card.Rule // that watch the matter
	Lineage []string     // from the root down to the tenant
}

// NewSubject compiles a matter of a source; lineage leads from the tenant up. A matter
// with errors is refused with VALIDATION, one that is not there with NOT_FOUND.
func NewSubject(source configuration.Source, lineage []string, name string) (Subject, error) {
	if _, ok := source.Find("Matter", name); !ok {
		return Subject{}, problem.Missing()
	}
	matter, problems := configuration.Compile(source, name)
	if err := problem.Invalid(problems); err != nil {
		return Subject{}, err
	}
	live, err := configuration.CompileLive(source, 0)
	if err != nil {
		return Subject{}, err
	}
	rules, err := Rules(source, matter)
	if err != nil {
		return Subject{}, err
	}
	down := make([]string, len(lineage))
	for i, tenant := range lineage {
		down[len(lineage)-1-i] = tenant
	}
	return Subject{Matter: matter, Live: live, Roles: configuration.RoleSet(source), Rules: rules, Lineage: down}, nil
}

// Rules compiles the supervision rules that watch a matter: those that it names, and
// those that name it.
func Rules(source configuration.Source, m *configuration.Matter) ([]*card.Rule, error) {
	var rules []*card.Rule
	for _, found := range source.All("SupervisionRule") {
		var spec card.Spec
		if err := json.Unmarshal(kind.Canonical(found.Resource.Doc), &spec); err != nil {
			return nil, err
		}
		name := found.Resource.Metadata.Name
		rule, problems := card.Compile(name, spec)
		if err := problem.Invalid(problems); err != nil {
			return nil, err
		}
		if rule != nil && rule.Watches(m.Name, m.Binding.Department) && (contains(m.Spec.SupervisionRules, name) || rule.Names(m.Name)) {
			rules = append(rules, rule)
		}
	}
	return rules, nil
}

func contains(list []string, name string) bool {
	for _, one := range list {
		if one == name {
			return true
		}
	}
	return false
}

// fixed are the roles of a draft.
type fixed struct{ roles authz.RoleSet }

func (f fixed) RoleSet(context.Context, string) (authz.RoleSet, error) { return f.roles, nil }

// acting is a context in the subject's tenant as somebody.
func (s Subject) acting(ctx context.Context, p authz.Principal) context.Context {
	scope := tenancy.Scope{Home: p.Home, Acting: s.Matter.Tenant, Lineage: s.Lineage, Timezone: s.Live.Location}
	return authz.With(tenancy.With(ctx, scope), p)
}
