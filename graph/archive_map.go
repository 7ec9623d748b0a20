package graph

import (
	"context"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/model"
	"zhengtong/internal/archive"
	"zhengtong/internal/casework"
)

// Archives answers for the packages of ended cases (archive.Service).
type Archives interface {
	ByCase(ctx context.Context, caseID uuid.UUID) (*archive.Package, error)
}

// archiveOf is the package of a case that was looked at; nil until it is filed.
// The package itself is handed out by the archive, not here: it holds everything
// unmasked, and lending it is an act of its own (R-ARC-06).
func (r *Resolver) archiveOf(ctx context.Context, v *casework.View) (*model.ArchivePackage, error) {
	p, err := orNull(r.Archives.ByCase(ctx, v.Case().ID))
	if err != nil || p == nil {
		return nil, err
	}
	return &model.ArchivePackage{Digest: p.Digest, Status: p.Status, RetentionUntil: opt(p.RetentionUntil), PackagedAt: p.CreatedAt}, nil
}
