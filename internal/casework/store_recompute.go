package casework

import (
	"context"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/configuration"
	"zhengtong/internal/tenancy"
)

// casesWithClocks lists the cases of the acting tenant that have a clock which runs or
// is suspended, by id after the one given.
func (s *store) casesWithClocks(ctx context.Context, after uuid.UUID, limit int) ([]uuid.UUID, error) {
	var found []uuid.UUID
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var id uuid.UUID
		err := scan(&id)
		found = append(found, id)
		return err
	}, "SELECT DISTINCT case_id FROM clock WHERE tenant_id = $1 AND state IN ('running', 'suspended') AND case_id > $2 ORDER BY case_id LIMIT $3",
		tenancy.Acting(ctx), after, limit)
	return found, err
}

// nextRecompute asks, once, for the page of cases that follows.
func (s *store) nextRecompute(ctx context.Context, calendar string, after uuid.UUID, now time.Time) error {
	b := s.db.NewBatch()
	configuration.AskForRecompute(b, tenancy.Acting(ctx), configuration.CalendarJob{Key: calendar, After: after}, now)
	return s.db.Run(ctx, b)
}
