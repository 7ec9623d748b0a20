package archive

import (
	"context"
	"errors"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// store holds every query of the package.
type store struct{ db *db.DB }

const columns = "id, case_id, archive_class, digest, root, size, items, retention_until, status, created_at"

func (s store) byCase(ctx context.Context, caseID uuid.UUID) (*Package, error) {
	p := &Package{}
	err := s.db.QueryRow(ctx, "SELECT "+columns+" FROM archive_package WHERE tenant_id = $1 AND case_id = $2", tenancy.Acting(ctx), caseID).
		Scan(&p.ID, &p.Case, &p.Class, &p.Digest, &p.Root, &p.Size, &p.Items, &p.RetentionUntil, &p.Status, &p.CreatedAt)
	if errors.Is(err, db.ErrNoRows) {
		return nil, problem.Missing()
	}
	return p, err
}

// insert adds the package's row. The case must be at the version that follows
// the one that was packed: if something else has happened since, it is missing
// from the package, which is then made anew. The first statement asks that and changes nothing.
func (s store) insert(b *db.Batch, tenant string, p *Package, version int) {
	b.Require("UPDATE case_file SET row_version = row_version WHERE tenant_id = $1 AND id = $2 AND row_version = $3", tenant, p.Case, version)
	b.Exec("INSERT INTO archive_package (tenant_id, "+columns+") VALUES ("+db.Placeholders(1, 11)+")", tenant, p.ID, p.Case, p.Class, p.Digest, p.Root, p.Size,
		p.Items, p.RetentionUntil, p.Status, p.CreatedAt)
}

// settle runs with alone: there was nothing left to do.
func (s store) settle(ctx context.Context, with func(*db.Batch)) error {
	b := s.db.NewBatch()
	with(b)
	return s.db.Run(ctx, b)
}
