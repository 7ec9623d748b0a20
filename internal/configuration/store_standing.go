package configuration

import (
	"context"
	"fmt"
)

// patchesFrom are the entries of tenants below that stand on a resource of the acting tenant, though they name a tenant
// further down in metadata.extends.
func (s *store) patchesFrom(ctx context.Context, key Key, limit int) ([]patchRow, error) {
	var out []patchRow
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		p := patchRow{on: key.Tenant}
		err := scan(&p.key.Tenant, &p.key.Kind, &p.key.Name, &p.from)
		out = append(out, p)
		return err
	}, fmt.Sprintf(`SELECT tenant_id, kind, name, extends_from FROM configuration_entry WHERE extends_tenant = $1 AND kind = $2 AND extends_name = $3
		AND extends_from <> '' AND extends_from <> extends_tenant AND to_revision IS NULL ORDER BY tenant_id LIMIT %d`, limit), key.Tenant, key.Kind, key.Name)
	return out, wrap("read patches", err)
}

// nearerThan are the resources of a tenant's lineage that bear the name of what one of its patches stands on further above.
func (s *store) nearerThan(ctx context.Context, tenant string, lineage []string) ([]patchRow, error) {
	where, args := among("n.tenant_id", lineage, []any{tenant})
	var out []patchRow
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var p patchRow
		err := scan(&p.key.Tenant, &p.key.Kind, &p.key.Name, &p.from, &p.on)
		out = append(out, p)
		return err
	}, `SELECT n.tenant_id, n.kind, n.name, e.extends_from, e.extends_tenant FROM configuration_entry e
		JOIN configuration_entry n ON n.kind = e.kind AND n.name = e.extends_name AND n.to_revision IS NULL
		WHERE e.tenant_id = $1 AND e.to_revision IS NULL AND e.extends_from <> '' AND e.extends_from <> e.extends_tenant
			AND n.tenant_id <> e.tenant_id AND n.tenant_id <> e.extends_tenant AND `+where, args...)
	return out, wrap("look for nearer resources", err)
}
