package casework

import (
	"context"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

const (
	draftColumns = "id, account_id, matter_name, form, materials, pins, case_id, expires_at, created_at, updated_at, row_version"
	fileColumns  = "id, owner_id, material, filename, size, mime, sha256, status, reason, created_by, created_at"
)

func (s *store) draft(ctx context.Context, id uuid.UUID) (*Draft, error) {
	d := &Draft{}
	row := s.db.QueryRow(ctx, "SELECT "+draftColumns+" FROM draft WHERE tenant_id = $1 AND id = $2", tenancy.Acting(ctx), id)
	if err := d.read(row.Scan); err == db.ErrNoRows {
		return nil, problem.Missing()
	} else if err != nil {
		return nil, err
	}
	return d, nil
}

func (s *store) drafts(ctx context.Context, account uuid.UUID, limit int) ([]*Draft, error) {
	rows, err := s.db.Query(ctx, "SELECT "+draftColumns+" FROM draft WHERE tenant_id = $1 AND account_id = $2 AND case_id IS NULL ORDER BY updated_at DESC, id LIMIT $3",
		tenancy.Acting(ctx), account, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []*Draft
	return found, collect[Draft](&found)(rows)
}

func (s *store) insertDraft(ctx context.Context, d *Draft) error {
	form, materials, pins, err := d.columns()
	if err != nil {
		return err
	}
	b := s.db.NewBatch()
	b.Exec("INSERT INTO draft (tenant_id, "+draftColumns+") VALUES ($1, "+db.Placeholders(2, 11)+")", tenancy.Acting(ctx), d.ID, d.Account, d.Matter,
		form, materials, pins, nil, d.ExpiresAt, d.CreatedAt, d.UpdatedAt, d.Version)
	if err := keepResult(ctx, b, "draft", d.ID.String(), d.UpdatedAt); err != nil {
		return err
	}
	return s.db.Run(ctx, b)
}

func (s *store) updateDraft(ctx context.Context, d *Draft) error {
	form, materials, pins, err := d.columns()
	if err != nil {
		return err
	}
	b := s.db.NewBatch()
	b.Require("UPDATE draft SET form = $3, materials = $4, expires_at = $5, updated_at = $6, pins = $8, row_version = row_version + 1 WHERE tenant_id = $1 AND id = $2 AND row_version = $7 AND case_id IS NULL",
		tenancy.Acting(ctx), d.ID, form, materials, d.ExpiresAt, d.UpdatedAt, d.Version, pins)
	if err := keepResult(ctx, b, "draft", d.ID.String(), d.UpdatedAt); err != nil {
		return err
	}
	d.Version++
	return s.db.Run(ctx, b)
}

// files lists the files uploaded for an owner (draft or case), by id.
func (s *store) files(ctx context.Context, owner uuid.UUID) (map[uuid.UUID]FileObject, error) {
	rows, err := s.db.Query(ctx, "SELECT "+fileColumns+" FROM file_object WHERE tenant_id = $1 AND owner_id = $2", tenancy.Acting(ctx), owner)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []*FileObject
	if err := collect[FileObject](&list)(rows); err != nil {
		return nil, err
	}
	found := map[uuid.UUID]FileObject{}
	for _, f := range list {
		found[f.ID] = *f
	}
	return found, nil
}

func (s *store) file(ctx context.Context, id uuid.UUID) (*FileObject, error) {
	f := &FileObject{}
	row := s.db.QueryRow(ctx, "SELECT "+fileColumns+" FROM file_object WHERE tenant_id = $1 AND id = $2", tenancy.Acting(ctx), id)
	if err := f.read(row.Scan); err == db.ErrNoRows {
		return nil, problem.Missing()
	} else if err != nil {
		return nil, err
	}
	return f, nil
}

func (s *store) insertFile(ctx context.Context, f *FileObject) error {
	b := s.db.NewBatch()
	b.Exec("INSERT INTO file_object (tenant_id, "+fileColumns+") VALUES ($1, "+db.Placeholders(2, 11)+")", tenancy.Acting(ctx), f.ID, f.Owner, f.Material,
		f.Filename, f.Size, f.MIME, f.SHA256, f.Status, f.Reason, f.CreatedBy, f.CreatedAt)
	if err := keepResult(ctx, b, "file", f.ID.String(), f.CreatedAt); err != nil {
		return err
	}
	return s.db.Run(ctx, b)
}

func (s *store) settleFile(ctx context.Context, f *FileObject) error {
	b := s.db.NewBatch()
	b.Require("UPDATE file_object SET status = $3, reason = $4, mime = $5, stored_at = $6 WHERE tenant_id = $1 AND id = $2", tenancy.Acting(ctx), f.ID,
		f.Status, f.Reason, f.MIME, f.CreatedAt)
	return s.db.Run(ctx, b)
}

// matterID is the projection row of a matter of the acting tenant. A matter keeps
// its id for good (internal/matter), so it is read once.
func (s *store) matterID(ctx context.Context, name string) (uuid.UUID, error) {
	key := tenancy.Acting(ctx) + "/" + name
	if id, known := s.matterIDs.Get(key); known {
		return id, nil
	}
	var id uuid.UUID
	err := s.db.QueryRow(ctx, "SELECT id FROM matter WHERE tenant_id = $1 AND name = $2", tenancy.Acting(ctx), name).Scan(&id)
	if err == db.ErrNoRows {
		return uuid.Nil, problem.Missing()
	}
	if err == nil {
		s.matterIDs.Add(key, id)
	}
	return id, err
}
