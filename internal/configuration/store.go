package configuration

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unique"

	"zhengtong/internal/db"
)

// The forms of a resource_version row.
const (
	formAuthored  = "authored"
	formEffective = "effective"
)

// store holds the service's queries. A tenant reads its own rows and its ancestors'.
type store struct{ db *db.DB }

// among writes `column IN ($from, …)` for values, appending them to args.
func among(column string, values []string, args []any) (string, []any) {
	marks := make([]string, len(values))
	for i, value := range values {
		args = append(args, value)
		marks[i] = fmt.Sprintf("$%d", len(args))
	}
	return column + " IN (" + strings.Join(marks, ", ") + ")", args
}

// heads returns the revision in force of each of the tenants that has published something.
func (s *store) heads(ctx context.Context, tenants []string) (map[string]int, error) {
	where, args := among("tenant_id", tenants, nil)
	out := map[string]int{}
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var tenant string
		var revision int
		err := scan(&tenant, &revision)
		out[tenant] = revision
		return err
	}, "SELECT tenant_id, revision FROM configuration_head WHERE "+where, args...)
	return out, wrap("read heads", err)
}

// entryRow is a configuration entry with the document it leads to.
type entryRow struct {
	tenant, kind, name string
	digest             string // of body
	body               []byte
}

// entriesAt returns a tenant's entries at a revision by kind and name, with the digests of their effective documents
// alone; the resources of its packs, which have none, are not among them.
func (s *store) entriesAt(ctx context.Context, tenant string, revision int) ([]entryRow, error) {
	var out []entryRow
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		row := entryRow{tenant: tenant}
		err := scan(&row.kind, &row.name, &row.digest)
		row.kind, row.name = unique.Make(row.kind).Value(), unique.Make(row.name).Value() // the same in thousands of tenants
		out = append(out, row)
		return err
	}, `SELECT kind, name, effective_digest FROM configuration_entry WHERE tenant_id = $1 AND from_revision <= $2
		AND (to_revision IS NULL OR to_revision > $2) AND effective_digest <> ''`, tenant, revision)
	slices.SortFunc(out, func(a, b entryRow) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.name, b.name)) })
	return out, wrap("read entries", err)
}

// authoredAt returns the digests of a tenant's authored documents at a revision, by kind and name.
func (s *store) authoredAt(ctx context.Context, tenant string, revision int) ([]string, error) {
	var out []string
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var digest string
		err := scan(&digest)
		out = append(out, digest)
		return err
	}, `SELECT digest FROM configuration_entry WHERE tenant_id = $1 AND from_revision <= $2 AND (to_revision IS NULL OR to_revision > $2)
		ORDER BY kind, name`, tenant, revision)
	return out, wrap("read authored entries", err)
}

// maxAmong bounds the values of one `IN`.
const maxAmong = 500

// documents returns documents of a tenant in one form by digest.
func (s *store) documents(ctx context.Context, tenant, form string, digests []string) ([]entryRow, error) {
	if len(digests) == 0 {
		return nil, nil
	}
	where, args := among("digest", digests, []any{tenant, form})
	return s.entries(ctx, "SELECT tenant_id, kind, name, digest, body FROM resource_version WHERE tenant_id = $1 AND form = $2 AND "+where, args...)
}

// versions returns effective documents by digest, from whichever of the tenants holds them.
func (s *store) versions(ctx context.Context, tenants, digests []string) ([]entryRow, error) {
	byTenant, args := among("tenant_id", tenants, nil)
	byDigest, args := among("digest", digests, args)
	return s.entries(ctx, "SELECT tenant_id, kind, name, digest, body FROM resource_version WHERE form = 'effective' AND "+
		byTenant+" AND "+byDigest, args...)
}

func (s *store) entries(ctx context.Context, sql string, args ...any) ([]entryRow, error) {
	var out []entryRow
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var row entryRow
		var body string
		if err := scan(&row.tenant, &row.kind, &row.name, &row.digest, &body); err != nil {
			return err
		}
		row.body = []byte(body)
		out = append(out, row)
		return nil
	}, sql, args...)
	return out, wrap("read entries", err)
}

// matterStatus returns the tenant's matters that are suspended or cancelled.
func (s *store) matterStatus(ctx context.Context, tenant string) (map[string]string, error) {
	out := map[string]string{}
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var name, status string
		err := scan(&name, &status)
		out[name] = status
		return err
	}, "SELECT name, status FROM matter WHERE tenant_id = $1 AND status <> 'published'", tenant)
	return out, wrap("read matter status", err)
}

// holders counts a tenant's active staff by the roles that bind on a civil day; nil while nobody holds any, which is
// nobody's fault yet.
func (s *store) holders(ctx context.Context, tenant, today string) (map[string]Holding, error) {
	var out map[string]Holding
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var role string
		var h Holding
		err := scan(&role, &h.Persons, &h.Only)
		if out == nil {
			out = map[string]Holding{}
		}
		out[role] = h
		return err
	}, `SELECT b.role, count(DISTINCT b.staff_id), min(CAST(b.staff_id AS text)) FROM role_binding b JOIN staff s ON s.tenant_id = b.tenant_id AND s.id = b.staff_id
		WHERE b.tenant_id = $1 AND s.status = 'active' AND (b.valid_from = '' OR b.valid_from <= $2) AND (b.valid_to = '' OR b.valid_to >= $2)
		GROUP BY b.role`, tenant, today)
	return out, wrap("count staff by role", err)
}

// changedHeads returns all tenants' heads from a sequence on; the relay alone sees them all.
func (s *store) changedHeads(ctx context.Context, from int64) (map[string]int, int64, error) {
	out := map[string]int{}
	last := int64(0)
	err := s.db.Relay().Each(ctx, func(scan func(dest ...any) error) error {
		var tenant string
		var revision int
		var sequence int64
		err := scan(&tenant, &revision, &sequence)
		out[tenant] = revision
		last = max(last, sequence)
		return err
	}, "SELECT tenant_id, revision, sequence FROM configuration_head WHERE sequence >= $1 ORDER BY sequence", from)
	return out, last, wrap("read changed heads", err)
}

// wrap says what failed, leaving nil alone.
func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("configuration: %s: %w", what, err)
}
