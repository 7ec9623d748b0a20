package casework

import (
	"context"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
)

// RecomputePage is RecomputeClocks with pages of another size.
func (s *Service) RecomputePage(ctx context.Context, after uuid.UUID, size int, with func(*db.Batch)) error {
	return s.recomputePage(ctx, after, size, with)
}

// MigratePage is Migrate with pages of another size.
func (s *Service) MigratePage(ctx context.Context, in configuration.MigrationJob, size int, last bool, with func(*db.Batch)) error {
	return s.migratePage(ctx, in, size, last, with)
}
