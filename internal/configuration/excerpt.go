package configuration

import (
	"cmp"
	"context"
	"slices"

	"zhengtong/internal/tenancy"
)

// excerpts are, of tenants as published, what decides which of some matters they
// offer and by whom: the tenant, its departments and Adoptions, and the matters of
// these names. They implement shelf for a view that is asked for no more than that.
type excerpts map[string]map[string][]*Found // tenant → kind → by name

func (e excerpts) own(tenant, kindName, name string) (*Found, bool) {
	list := e[tenant][kindName]
	i, ok := slices.BinarySearchFunc(list, name, func(f *Found, name string) int { return cmp.Compare(f.Resource.Metadata.Name, name) })
	if !ok {
		return nil, false
	}
	return list[i], true
}

func (e excerpts) ownAll(tenant, kindName string) []*Found { return e[tenant][kindName] }

// row renews the rows of some matters in one tenant. seen are excerpts of tenants that
// others are below; they are read once.
func (f *following) row(ctx context.Context, below tenancy.Tenant, names []string, seen excerpts) error {
	there, err := f.tree.ActAs(ctx, below.Code, "follow a publication of "+f.above.Tenant)
	if err != nil {
		return err
	}
	shelf := excerpts{}
	for _, at := range below.Lineage[:len(below.Lineage)-1] {
		if seen[at] == nil {
			if seen[at], _, err = f.store.excerpt(there, at, names); err != nil {
				return err
			}
		}
		shelf[at] = seen[at]
	}
	own, revision, err := f.store.excerpt(there, below.Code, names)
	if err != nil || revision == 0 {
		return err // it has published nothing
	}
	shelf[below.Code] = own
	lineage := slices.Clone(below.Lineage)
	slices.Reverse(lineage)
	v := &view{lineage: lineage, shelf: shelf}
	within := &extent{matters: map[string]bool{}}
	for _, name := range names {
		within.matters[name] = true
	}
	return f.project(there, v, revision, f.clock.Now(), nil, within)
}

// excerpt reads the excerpt of a tenant of the lineage, with its revision in force; 0 when it has published nothing.
func (s *store) excerpt(ctx context.Context, tenant string, matters []string) (map[string][]*Found, int, error) {
	out := map[string][]*Found{}
	var revision int
	where, args := among("e.name", matters, []any{tenant})
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var row entryRow
		if err := scan(&revision, &row.kind, &row.digest, &row.body); err != nil {
			return err
		}
		found, err := readFound(row.body, row.digest, tenant)
		if err != nil {
			return nil //nolint:nilerr // this program no longer understands it: nobody is offered it (see decoded)
		}
		out[row.kind] = append(out[row.kind], found)
		return nil
	}, `SELECT h.revision, e.kind, v.digest, v.body FROM configuration_head h
		JOIN configuration_entry e ON e.tenant_id = h.tenant_id AND e.to_revision IS NULL
		JOIN resource_version v ON v.tenant_id = e.tenant_id AND v.digest = e.effective_digest AND v.form = 'effective'
		WHERE h.tenant_id = $1 AND (e.kind IN ('Tenant', 'Department', 'Adoption') OR e.kind = 'Matter' AND `+where+`) ORDER BY e.kind, e.name`, args...)
	return out, revision, wrap("read which matters are offered", err)
}
