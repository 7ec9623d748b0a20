package matter

import (
	"context"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/tenancy"
)

// heat sums the applications of each matter of the acting tenant since a civil date.
func (s *store) heat(ctx context.Context, since string) (map[uuid.UUID]int, error) {
	out := map[uuid.UUID]int{}
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var id uuid.UUID
		var n int
		err := scan(&id, &n)
		out[id] = n
		return err
	}, "SELECT matter_id, SUM(submitted) FROM matter_usage WHERE tenant_id = $1 AND day >= $2 GROUP BY matter_id", tenancy.Acting(ctx), since)
	return out, err
}

// history lists the matters that an account has applied for in the acting tenant since an instant.
func (s *store) history(ctx context.Context, account uuid.UUID, since time.Time) (map[uuid.UUID]bool, error) {
	out := map[uuid.UUID]bool{}
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var id uuid.UUID
		err := scan(&id)
		out[id] = true
		return err
	}, "SELECT DISTINCT matter_id FROM case_file WHERE tenant_id = $1 AND applicant_id = $2 AND created_at >= $3 LIMIT $4", tenancy.Acting(ctx), account, since, maxHistory)
	return out, err
}

// usage sums the applications of one matter since a civil date.
func (s *store) usage(ctx context.Context, id uuid.UUID, since string) (*Usage, error) {
	u := &Usage{Since: since}
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var c ChannelUsage
		if err := scan(&c.Channel, &c.Submitted); err != nil {
			return err
		}
		u.Submitted += c.Submitted
		u.Channels = append(u.Channels, c)
		return nil
	}, "SELECT channel, SUM(submitted) FROM matter_usage WHERE tenant_id = $1 AND matter_id = $2 AND day >= $3 GROUP BY channel ORDER BY channel",
		tenancy.Acting(ctx), id, since)
	if err != nil {
		return nil, err
	}
	err = s.db.QueryRow(ctx, "SELECT COALESCE(MAX(day), '') FROM matter_usage WHERE tenant_id = $1 AND matter_id = $2", tenancy.Acting(ctx), id).Scan(&u.LastUsed)
	return u, err
}
