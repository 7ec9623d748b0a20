package configuration

import (
	"context"
	"fmt"
	"strings"
)

// touched returns, for each tenant, the last of its publications up to the given
// revision that began or ended an entry of one of the keys ("Kind/name").
func (s *store) touched(ctx context.Context, tenants []string, upTo map[string]int, keys []string) ([]Edition, error) {
	var args []any
	arg := func(value any) string {
		args = append(args, value)
		return fmt.Sprintf("$%d", len(args))
	}
	names := make([]string, len(keys))
	for i, key := range keys {
		kindName, name := splitKey(key)
		names[i] = "kind = " + arg(kindName) + " AND name = " + arg(name)
	}
	var begun, ended []string
	for _, tenant := range tenants {
		if upTo[tenant] == 0 {
			continue
		}
		code, last := arg(tenant), arg(upTo[tenant])
		begun = append(begun, "tenant_id = "+code+" AND from_revision <= "+last)
		ended = append(ended, "tenant_id = "+code+" AND to_revision <= "+last)
	}
	if len(keys) == 0 || len(begun) == 0 {
		return nil, nil
	}
	of := " FROM configuration_entry WHERE (" + strings.Join(names, " OR ") + ") AND ("
	sql := `SELECT r.tenant_id, r.number, r.effective_from FROM (SELECT tenant_id, max(number) AS number FROM (
			SELECT tenant_id, from_revision AS number` + of + strings.Join(begun, " OR ") + `)
			UNION ALL SELECT tenant_id, to_revision` + of + strings.Join(ended, " OR ") + `)) events GROUP BY tenant_id) latest
		JOIN configuration_revision r ON r.tenant_id = latest.tenant_id AND r.number = latest.number`
	var out []Edition
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var e Edition
		err := scan(&e.Tenant, &e.Revision, &e.At)
		out = append(out, e)
		return err
	}, sql, args...)
	return out, wrap("read the publications of resources", err)
}
