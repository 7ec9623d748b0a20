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
