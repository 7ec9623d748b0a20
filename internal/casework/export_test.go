package casework

import (
	"context"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
)

// RecomputePage is RecomputeClocks with pages of another size.
func (s *Service) RecomputePage(ctx context.Context, after uuid.UUID, size int, with func(*db.Batch)) error {
	return s.recomputePage(ctx, after, size, with)
}
