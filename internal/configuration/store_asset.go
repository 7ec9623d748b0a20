package configuration

import (
	"context"
	"errors"
	"time"

	"zhengtong/internal/blob"
	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// requestAsset writes the announcement of a file; one that is stored stays as it is.
func (s *store) requestAsset(ctx context.Context, a *Asset) error {
	_, err := s.db.Exec(ctx, `INSERT INTO asset (tenant_id, sha256, size, mime, status, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (tenant_id, sha256) DO UPDATE SET size = excluded.size, mime = excluded.mime, status = excluded.status, reason = '',
			created_by = excluded.created_by, created_at = excluded.created_at
		WHERE asset.status <> 'stored'`, a.Tenant, a.SHA256, a.Size, a.MIME, a.Status, a.CreatedBy, a.CreatedAt)
	return wrap("request asset", err)
}

// asset returns a file of the acting tenant; NotFound when there is none.
func (s *store) asset(ctx context.Context, sha256 string) (*Asset, error) {
	a := &Asset{Tenant: tenancy.Acting(ctx), SHA256: sha256}
	err := s.db.QueryRow(ctx, "SELECT size, mime, status, reason, created_by, created_at FROM asset WHERE tenant_id = $1 AND sha256 = $2", a.Tenant, sha256).
		Scan(&a.Size, &a.MIME, &a.Status, &a.Reason, &a.CreatedBy, &a.CreatedAt)
	if errors.Is(err, db.ErrNoRows) {
		return nil, problem.Missing()
	}
	return a, wrap("read asset", err)
}

// settleAsset writes what checking the bytes has found.
func (s *store) settleAsset(ctx context.Context, a *Asset, at time.Time) error {
	_, err := s.db.Exec(ctx, "UPDATE asset SET status = $1, reason = $2, mime = $3, stored_at = $4 WHERE tenant_id = $5 AND sha256 = $6 AND status <> 'stored'",
		a.Status, a.Reason, a.MIME, at, a.Tenant, a.SHA256)
	return wrap("settle asset", err)
}

// storedAssets says which of the tenants keeps each of the files: digest → tenant.
func (s *store) storedAssets(ctx context.Context, tenants, digests []string) (map[string]string, error) {
	byTenant, args := among("tenant_id", tenants, nil)
	byDigest, args := among("sha256", digests, args)
	out := map[string]string{}
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var tenant, digest string
		err := scan(&tenant, &digest)
		out[digest] = tenant
		return err
	}, "SELECT tenant_id, sha256 FROM asset WHERE status = 'stored' AND "+byTenant+" AND "+byDigest, args...)
	return out, wrap("read assets", err)
}

// insertAsset writes the row of a file that came with a shipped pack and is stored already.
func insertAsset(b *db.Batch, tenant, digest string, content []byte, at time.Time) {
	b.Exec(`INSERT INTO asset (tenant_id, sha256, size, mime, status, created_by, created_at, stored_at) VALUES ($1, $2, $3, $4, 'stored', $5, $6, $6)
		ON CONFLICT (tenant_id, sha256) DO UPDATE SET status = 'stored', mime = excluded.mime, size = excluded.size, stored_at = excluded.stored_at`,
		tenant, digest, len(content), blob.TypeOf(content), SystemAuthor, at)
}
