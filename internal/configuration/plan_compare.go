package configuration

import (
	"maps"
	"slices"

	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// compare lists what differs between two sets for the tenants.
func compare(before, after *Set, tenants, dependents []string) Plan {
	p := Plan{Tenants: []TenantPlan{}, LiveCases: []LiveCases{}}
	d := delta{before: before, after: after}
	for _, tenant := range tenants {
		t := TenantPlan{Tenant: tenant, Title: titleOf(before, after, tenant), Entries: d.entriesOf(tenant)}
		if slices.Contains(dependents, tenant) {
			t.Conflicts = d.conflictsOf(tenant)
		}
		if len(t.Entries) > 0 || len(t.Conflicts) > 0 {
			p.Tenants = append(p.Tenants, t)
		}
	}
	p.Digest = planDigest(p.Tenants)
	return p
}

func titleOf(before, after *Set, tenant string) string {
	for _, set := range []*Set{after, before} {
		if f, ok := set.own(tenant, "Tenant", tenant); ok {
			return f.Resource.Title()
		}
	}
	return tenant
}

// conflictsOf are the errors of a tenant's layers that the change touches.
func (d delta) conflictsOf(tenant string) problem.List {
	set := d.after
	var out problem.List
	for _, kindName := range sortedKeys(set.byKind[tenant]) {
		for _, l := range set.byKind[tenant][kindName] {
			if !d.touches(keyOf(l.Resource)) {
				continue
			}
			out = append(out, set.resolve(l).problems.Errors()...)
		}
	}
	return out
}

// delta is what differs between two sets.
type delta struct{ before, after *Set }

// touches reports whether a layer, or anything that it stands on, differs. What is the same in both sets is not
// resolved, so that a plan costs what it changes.
func (d delta) touches(key Key) bool {
	old, wasThere := d.before.layer(key)
	now, isThere := d.after.layer(key)
	if !wasThere || !isThere || old.Digest != now.Digest {
		return true
	}
	extends := now.Resource.Metadata.Extends
	if extends == nil {
		return false
	}
	was, found := d.before.nearest(extends.Tenant, now.Resource.Kind, extends.Name)
	is, still := d.after.nearest(extends.Tenant, now.Resource.Kind, extends.Name)
	if !found || !still || was.Resource.Metadata.Tenant != is.Resource.Metadata.Tenant || is == now {
		return true
	}
	return d.touches(keyOf(is.Resource))
}

func (d delta) entriesOf(tenant string) []PlanEntry {
	before, after := d.before, d.after
	keys := map[Key]bool{}
	for _, set := range []*Set{before, after} {
		for _, l := range set.declared(tenant) {
			keys[l.key()] = true
		}
	}
	entries := []PlanEntry{}
	for _, key := range slices.SortedFunc(maps.Keys(keys), Key.compare) {
		if !d.touches(key) {
			continue
		}
		if e, differs := entryOf(before, after, key); differs {
			entries = append(entries, e)
		}
	}
	return entries
}

func entryOf(before, after *Set, key Key) (PlanEntry, bool) {
	entry := PlanEntry{Kind: key.Kind, Name: key.Name, Fields: []FieldChange{}}
	old, wasThere := before.layer(key)
	now, isThere := after.layer(key)
	switch {
	case !wasThere:
		entry.Action = ActionAdd
	case !isThere:
		entry.Action = ActionRemove
	default:
		entry.Action = ActionChange
	}
	was, is := comparableOf(before, old, wasThere), comparableOf(after, now, isThere)
	entry.Title = firstText(is, was)
	if entry.Action == ActionChange {
		entry.Fields = append(entry.Fields, Diff(key.Kind, was, is)...)
		entry.Inherited = old.Digest == now.Digest
		if len(entry.Fields) == 0 && entry.Inherited {
			return entry, false
		}
		return entry, len(entry.Fields) > 0 || old.Digest != now.Digest
	}
	return entry, true
}

// layer finds a layer by its key, a pack's resource too.
func (s *Set) layer(key Key) (*Layer, bool) {
	if l, ok := s.layers[key]; ok {
		return l, true
	}
	for _, layers := range s.packs {
		for _, l := range layers {
			if l.key() == key {
				return l, true
			}
		}
	}
	return nil, false
}

func comparableOf(set *Set, l *Layer, ok bool) map[string]any {
	if !ok {
		return nil
	}
	if l.key() != keyOf(l.Resource) {
		return map[string]any{"spec": l.Resource.Doc}
	}
	r := set.resolve(l)
	if r.found == nil {
		return map[string]any{"spec": l.Resource.Doc}
	}
	return r.comparable()
}

func firstText(versions ...map[string]any) string {
	for _, version := range versions {
		if spec, ok := version["spec"].(map[string]any); ok {
			if title, ok := spec["title"].(string); ok {
				return title
			}
		}
	}
	return ""
}

// planDigest addresses what would change.
func planDigest(tenants []TenantPlan) string {
	var tree []any
	for _, t := range tenants {
		for _, e := range t.Entries {
			for _, f := range append([]FieldChange{{}}, e.Fields...) {
				tree = append(tree, []any{t.Tenant, e.Action, e.Kind, e.Name, f.Path, plain(f.Before), plain(f.After)})
			}
		}
	}
	return kind.Digest(kind.Canonical(tree))
}
