package matter

import (
	"context"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/tenancy"
)

// current leads from u.matter_id to the matter that it has become part of, s, where it
// has: statistics follow a merger (R-MGT-11).
const current = ` LEFT JOIN matter m ON m.tenant_id = u.tenant_id AND m.id = u.matter_id
	LEFT JOIN matter_alias a ON a.tenant_id = m.tenant_id AND a.alias = m.name
	LEFT JOIN matter s ON s.tenant_id = a.tenant_id AND s.name = a.matter `

// heat sums the applications of each matter of the acting tenant since a civil date.
func (s *store) heat(ctx context.Context, since string) (map[uuid.UUID]int, error) {
	out := map[uuid.UUID]int{}
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var id uuid.UUID
		var n int
		err := scan(&id, &n)
		out[id] = n
		return err
	}, "SELECT COALESCE(s.id, u.matter_id), SUM(u.submitted) FROM matter_usage u"+current+"WHERE u.tenant_id = $1 AND u.day >= $2 GROUP BY 1", tenancy.Acting(ctx), since)
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
	}, "SELECT DISTINCT COALESCE(s.id, u.matter_id) FROM case_file u"+current+"WHERE u.tenant_id = $1 AND u.applicant_id = $2 AND u.created_at >= $3 LIMIT $4",
		tenancy.Acting(ctx), account, since, maxHistory)
	return out, err
}

// usage sums the applications of one matter, and of those that have become part of it, since a civil date.
func (s *store) usage(ctx context.Context, id uuid.UUID, since string) (*Usage, error) {
	u := &Usage{Since: since}
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var c ChannelUsage
		var last string
		if err := scan(&c.Channel, &c.Submitted, &last); err != nil {
			return err
		}
		u.LastUsed = max(u.LastUsed, last)
		if c.Submitted > 0 {
			u.Submitted += c.Submitted
			u.Channels = append(u.Channels, c)
		}
		return nil
	}, `SELECT u.channel, SUM(CASE WHEN u.day >= $3 THEN u.submitted ELSE 0 END), MAX(u.day) FROM matter_usage u
		WHERE u.tenant_id = $1 AND u.matter_id IN (SELECT id FROM matter WHERE tenant_id = $1 AND id = $2
			UNION ALL SELECT m.id FROM matter s JOIN matter_alias a ON a.tenant_id = s.tenant_id AND a.matter = s.name
				JOIN matter m ON m.tenant_id = a.tenant_id AND m.name = a.alias WHERE s.tenant_id = $1 AND s.id = $2)
		GROUP BY u.channel ORDER BY u.channel`, tenancy.Acting(ctx), id, since)
	return u, err
}
