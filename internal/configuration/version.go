package configuration

import (
	"context"

	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// Compare lists the fields that differ between a resource as of two revisions of the
// acting tenant (R-MGT-06); 0 is the present one. A revision at which the tenant had no
// such resource compares as empty; NotFound when neither had one, or for a revision
// that the tenant never had. Needs config.read.
func (s *Service) Compare(ctx context.Context, kindName, name string, from, to int) ([]FieldChange, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return nil, err
	}
	versions := [2]map[string]any{}
	for i, revision := range []int{from, to} {
		set, err := s.setAt(ctx, tenancy.Acting(ctx), revision)
		if err != nil {
			return nil, err
		}
		layer, ok := set.nearest(tenancy.Acting(ctx), kindName, name)
		if ok {
			versions[i] = comparableOf(set, layer, true)
		}
	}
	if versions[0] == nil && versions[1] == nil {
		return nil, problem.Missing()
	}
	return Diff(kindName, versions[0], versions[1]), nil
}

// CompareProcess tells what handling a matter asked of people as of two revisions of
// the acting tenant (R-MGT-13); 0 is the present one. Before or After is nil where the
// tenant did not offer the matter; NotFound when neither did, or for a revision that the
// tenant never had. Needs config.read.
func (s *Service) CompareProcess(ctx context.Context, matter string, from, to int) (ProcessChange, error) {
	tenant := tenancy.Acting(ctx)
	out := ProcessChange{Tenant: tenant, Matter: matter}
	if err := s.require(ctx, "config.read"); err != nil {
		return out, err
	}
	for _, side := range []struct {
		revision int
		into     **Process
	}{{from, &out.Before}, {to, &out.After}} {
		set, err := s.setAt(ctx, tenant, side.revision)
		if err != nil {
			return out, err
		}
		v := set.view(tenant)
		if *side.into = processOf(v, matter); *side.into == nil {
			continue
		}
		found, _ := v.Offer(matter)
		out.Title = found.Resource.Title()
	}
	if out.Before == nil && out.After == nil {
		return out, problem.Missing()
	}
	return out, nil
}
