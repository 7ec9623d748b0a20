package configuration

import (
	"context"
	"maps"
	"sync"
	"sync/atomic"

	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// reached is one tenant of a plan, or below one, as it is and as it would be.
type reached struct {
	tenant        tenancy.Tenant
	before, after *view
	touched       map[string]string // matters that a changed resource is part of: name → title
}

// reach finds every tenant that a plan concerns: those it changes and those below
// them that inherit from them, with the matters that a changed resource is part of.
// What a tenant has laid over or pinned for itself is not touched by what its ancestor
// changes (invariant I4, R-CFG-03).
func (s *Service) reach(ctx context.Context, base publishedBase, after *Set, p *Plan) ([]reached, error) {
	changed := map[string]bool{}
	for _, t := range p.Tenants {
		for _, e := range t.Entries {
			changed[Key{Tenant: t.Tenant, Kind: e.Kind, Name: e.Name}.String()] = true
		}
	}
	loaded := map[string]bool{}
	for tenant := range base.revisions {
		loaded[tenant] = true
	}
	for tenant := range after.byKind {
		loaded[tenant] = true
	}
	now, then := newTouching(changed), newTouching(changed)
	seen := map[string]bool{}
	var out []reached
	for _, t := range p.Tenants {
		for _, below := range s.tree.Subtree(t.Tenant, "", maxCounted) {
			if seen[below.Code] {
				continue
			}
			if len(seen) == maxCounted {
				p.Truncated = true
				return out, nil
			}
			seen[below.Code] = true
			r, err := s.reachTenant(ctx, below, after, loaded)
			if problem.CodeOf(err) == problem.NotFound {
				continue // it has no configuration yet
			}
			if err != nil {
				return nil, err
			}
			r.touched = maps.Clone(then.matters(r.after))
			maps.Copy(r.touched, now.matters(r.before))
			out = append(out, r)
		}
	}
	return out, nil
}

// gatherBelow begins to gather what the acting tenant and those below it have in force,
// while a plan is checked that will look at it; an error is met again by whoever looks.
// The function that it returns ends that. Not within a transaction, whose connection
// serves one at a time.
func (s *Service) gatherBelow(ctx context.Context) (end func()) {
	var ended atomic.Bool
	var group sync.WaitGroup
	group.Go(func() {
		for _, below := range s.tree.Subtree(tenancy.Acting(ctx), "", maxCounted) {
			if ended.Load() {
				return
			}
			if there, err := s.tree.ActAs(ctx, below.Code, "plan configuration"); err == nil {
				_, _ = s.snapshot(there)
			}
		}
	})
	return func() {
		ended.Store(true)
		group.Wait()
	}
}

// reachTenant is a tenant as published, and with the draft in place of what the draft knows.
func (s *Service) reachTenant(ctx context.Context, tenant tenancy.Tenant, after *Set, loaded map[string]bool) (reached, error) {
	there, err := s.tree.ActAs(ctx, tenant.Code, "plan configuration")
	if err != nil {
		return reached{}, err
	}
	now, err := s.snapshot(there)
	if err != nil {
		return reached{}, err
	}
	draft := &view{lineage: now.view.lineage, shelf: drafted{after, loaded, now.view.shelf}}
	return reached{tenant: tenant, before: now.view, after: draft}, nil
}

// drafted is a shelf on which a draft lies over what is published.
type drafted struct {
	set       *Set
	loaded    map[string]bool // tenants whose resources are in the set, all of them
	published shelf
}

func (d drafted) own(tenant, kindName, name string) (*Found, bool) {
	if d.loaded[tenant] {
		return d.set.own(tenant, kindName, name)
	}
	return d.published.own(tenant, kindName, name)
}

func (d drafted) ownAll(tenant, kindName string) []*Found {
	if d.loaded[tenant] {
		return d.set.ownAll(tenant, kindName)
	}
	return d.published.ownAll(tenant, kindName)
}

// liveCases counts the open cases of the matters that a plan touches, each as its tenant.
func (s *Service) liveCases(ctx context.Context, concerned []reached) ([]LiveCases, error) {
	out := []LiveCases{}
	for _, r := range concerned {
		if len(r.touched) == 0 {
			continue
		}
		there, err := s.tree.ActAs(ctx, r.tenant.Code, "plan configuration: count open cases")
		if err != nil {
			return nil, err
		}
		counts, err := s.store.openCases(there, r.tenant.Code, sortedKeys(r.touched))
		if err != nil {
			return nil, err
		}
		for _, name := range sortedKeys(counts) {
			out = append(out, LiveCases{Tenant: r.tenant.Code, Matter: name, Title: r.touched[name], Count: counts[name]})
		}
	}
	return out, nil
}

// touches reports whether a resource is, or leads by its references to, a changed one
// of the tenant that it resolves to. What was found for shared parts is kept in known.
func touches(v *view, f *Found, changed, known, path map[string]bool) bool {
	key := Key{Tenant: f.Owner, Kind: f.Resource.Kind, Name: f.Resource.Metadata.Name}.String()
	if changed[key] {
		return true
	}
	if answer, done := known[key]; done || path[key] {
		return answer
	}
	path[key] = true
	answer := false
	for _, ref := range f.references() {
		if !pinnedKind(ref.Kind) {
			continue
		}
		if next, ok := v.Find(ref.Kind, ref.Name); ok && touches(v, next, changed, known, path) {
			answer = true
			break
		}
	}
	delete(path, key)
	known[key] = answer
	return answer
}
