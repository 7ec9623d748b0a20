package configuration

import (
	"context"
	"slices"
)

// patchRow is an entry in force that stands on an ancestor's resource.
type patchRow struct {
	key  Key
	from string // the tenant that it names in metadata.extends
	on   string // the tenant whose resource it found from there upwards
}

// coming are the entries below that do not stand on a resource of this name in the
// key's tenant, but would if there were one: they name the tenant, or one between, in
// metadata.extends, and found the resource further above.
func (s *Service) coming(ctx context.Context, key Key) ([]Key, error) {
	row, registered := s.tree.Get(key.Tenant)
	if !registered {
		return nil, nil
	}
	var out []Key
	for _, above := range row.Lineage {
		if above == key.Tenant {
			continue
		}
		there, err := s.tree.ActAs(ctx, above, "find who will stand on "+key.String())
		if err != nil {
			return nil, err
		}
		patches, err := s.store.patchesFrom(there, Key{Tenant: above, Kind: key.Kind, Name: key.Name}, maxPatches)
		if err != nil {
			return nil, err
		}
		for _, p := range patches {
			if named, ok := s.tree.Get(p.from); ok && p.key.Tenant != key.Tenant && slices.Contains(named.Lineage, key.Tenant) {
				out = append(out, p.key)
			}
		}
	}
	return out, nil
}
