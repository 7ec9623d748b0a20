package configuration

import (
	"cmp"
	"context"
	"slices"

	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// liveCases counts the open cases of every matter that a changed resource is part
// of, in the tenants of the plan and below them, each as that tenant.
func (s *Service) liveCases(ctx context.Context, before, after *Set, p Plan) ([]LiveCases, error) {
	out := []LiveCases{}
	counted := map[string]bool{}
	for _, t := range p.Tenants {
		titles := affectedMatters(before, after, t)
		if len(titles) == 0 {
			continue
		}
		for _, below := range s.tree.Subtree(t.Tenant, "", maxCounted) {
			if counted[below.Code] && below.Code != t.Tenant {
				continue
			}
			counted[below.Code] = true
			rows, err := s.countCases(ctx, below, titles)
			if err != nil {
				return nil, err
			}
			out = append(out, rows...)
		}
	}
	slices.SortFunc(out, func(a, b LiveCases) int {
		return cmp.Or(cmp.Compare(a.Tenant, b.Tenant), cmp.Compare(a.Matter, b.Matter))
	})
	return slices.CompactFunc(out, func(a, b LiveCases) bool { return a.Tenant == b.Tenant && a.Matter == b.Matter }), nil
}

func (s *Service) countCases(ctx context.Context, tenant tenancy.Tenant, titles map[string]string) ([]LiveCases, error) {
	there, err := s.tree.ActAs(ctx, tenant.Code, "plan configuration: count open cases")
	if err != nil {
		return nil, err
	}
	counts, err := s.store.openCases(there, tenant.Code, sortedKeys(titles))
	if err != nil {
		return nil, err
	}
	var out []LiveCases
	for _, name := range sortedKeys(counts) {
		out = append(out, LiveCases{Tenant: tenant.Code, Matter: name, Title: titles[name], Count: counts[name]})
	}
	return out, nil
}

// affectedMatters are the matters, name → title, that a changed resource of the tenant is part of, before or after.
func affectedMatters(before, after *Set, t TenantPlan) map[string]string {
	changed := map[string]bool{}
	for _, e := range t.Entries {
		changed[e.Kind+"/"+e.Name] = true
	}
	titles := map[string]string{}
	for _, set := range []*Set{before, after} {
		view := set.view(t.Tenant)
		for _, f := range view.All("Matter") {
			if touches(view, f, changed, map[string]bool{}) {
				titles[f.Resource.Metadata.Name] = f.Resource.Title()
			}
		}
	}
	return titles
}

// touches reports whether a resource is, or leads by its references to, a changed one.
func touches(v *view, f *Found, changed, seen map[string]bool) bool {
	key := f.Resource.Kind + "/" + f.Resource.Metadata.Name
	if changed[key] {
		return true
	}
	if seen[key] {
		return false
	}
	seen[key] = true
	for _, ref := range kind.References(f.Resource) {
		if !pinnedKind(ref.Kind) {
			continue
		}
		if next, ok := v.Find(ref.Kind, ref.Name); ok && touches(v, next, changed, seen) {
			return true
		}
		if changed[ref.Kind+"/"+ref.Name] {
			return true // it is gone
		}
	}
	return false
}

// pinnedKind reports the kinds that a case is pinned to (docs/kinds.md, pinned at submission).
func pinnedKind(kindName string) bool {
	switch kindName {
	case "Matter", "Form", "Workflow", "Material", "FeeSchedule", "SpecialProcedure", "DocumentTemplate", "LicenceType", "ArchiveClass", "ComplaintPolicy":
		return true
	}
	return false
}
