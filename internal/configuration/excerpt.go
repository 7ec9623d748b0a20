package configuration

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// excerpts are, of tenants as published, what decides which of some matters they
// offer and by whom, and what the row of a matter tells of its flow: the tenant, its
// departments and Adoptions, the matters of these names, and the workflows and special
// procedures that they name. They implement shelf for a view that is asked for no more
// than that.
type excerpts map[string]map[string][]*Found // tenant → kind → by name

// known are excerpts of tenants that others are below; they are read once.
type known struct {
	of    excerpts
	flows map[string]map[string][]*Found // by tenant and the names that were asked for
}

func newKnown() known { return known{of: excerpts{}, flows: map[string]map[string][]*Found{}} }

func (e excerpts) own(tenant, kindName, name string) (*Found, bool) {
	list := e[tenant][kindName]
	i, ok := slices.BinarySearchFunc(list, name, func(f *Found, name string) int { return cmp.Compare(f.Resource.Metadata.Name, name) })
	if !ok {
		return nil, false
	}
	return list[i], true
}

func (e excerpts) ownAll(tenant, kindName string) []*Found { return e[tenant][kindName] }

// row renews the rows of some matters in one tenant.
func (f *following) row(ctx context.Context, below tenancy.Tenant, names []string, seen known) error {
	there, err := f.tree.ActAs(ctx, below.Code, "follow a publication of "+f.above.Tenant)
	if err != nil {
		return err
	}
	shelf := excerpts{}
	for _, at := range below.Lineage[:len(below.Lineage)-1] {
		if seen.of[at] == nil {
			if seen.of[at], _, err = f.store.excerpt(there, at, names); err != nil {
				return err
			}
		}
		shelf[at] = maps.Clone(seen.of[at])
	}
	own, revision, err := f.store.excerpt(there, below.Code, names)
	if err != nil || revision == 0 {
		return err // it has published nothing
	}
	shelf[below.Code] = own
	if err := f.addFlows(there, shelf, below, seen); err != nil {
		return err
	}
	lineage := slices.Clone(below.Lineage)
	slices.Reverse(lineage)
	v := &view{lineage: lineage, shelf: shelf}
	within := &extent{matters: map[string]bool{}}
	for _, name := range names {
		within.matters[name] = true
	}
	return f.project(there, v, revision, f.clock.Now(), nil, within)
}

// addFlows adds what the matters of a shelf name for their flows, wherever in the lineage it is declared.
func (f *following) addFlows(ctx context.Context, shelf excerpts, below tenancy.Tenant, seen known) (err error) {
	wanted := shelf.flowNames()
	if len(wanted) == 0 {
		return nil
	}
	for _, at := range below.Lineage {
		key := at + "\n" + strings.Join(wanted, "\n")
		flows, ready := seen.flows[key]
		if !ready {
			if flows, err = f.store.flows(ctx, at, wanted); err != nil {
				return err
			}
			if at != below.Code {
				seen.flows[key] = flows
			}
		}
		maps.Copy(shelf[at], flows)
	}
	return nil
}

// flowNames are the workflows and special procedures that the matters name, sorted.
func (e excerpts) flowNames() []string {
	var out []string
	for _, kinds := range e {
		for _, f := range kinds["Matter"] {
			spec := f.Resource.Spec.(*kind.Matter)
			out = append(append(out, spec.SpecialProcedures...), spec.Workflow)
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(name string) bool { return name == "" })
}

// flows reads a tenant's workflows and special procedures of these names, by kind.
func (s *store) flows(ctx context.Context, tenant string, names []string) (map[string][]*Found, error) {
	where, args := among("e.name", names, []any{tenant})
	out, _, err := s.inForce(ctx, tenant, "e.kind IN ('Workflow', 'SpecialProcedure') AND "+where, args)
	return out, wrap("read the flows of matters", err)
}

// excerpt reads the excerpt of a tenant of the lineage, with its revision in force; 0 when it has published nothing.
func (s *store) excerpt(ctx context.Context, tenant string, matters []string) (map[string][]*Found, int, error) {
	where, args := among("e.name", matters, []any{tenant})
	out, revision, err := s.inForce(ctx, tenant, "(e.kind IN ('Tenant', 'Department', 'Adoption') OR e.kind = 'Matter' AND "+where+")", args)
	return out, revision, wrap("read which matters are offered", err)
}

// inForce reads a tenant's effective resources in force that a condition lets through, by kind, each by name, with the
// revision; 0 when there are none. The first argument is the tenant.
func (s *store) inForce(ctx context.Context, tenant, where string, args []any) (map[string][]*Found, int, error) {
	out := map[string][]*Found{}
	var revision int
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
		WHERE h.tenant_id = $1 AND `+where+` ORDER BY e.kind, e.name`, args...)
	return out, revision, err
}
