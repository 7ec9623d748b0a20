package configuration

import (
	"context"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/internal/tenancy"
)

// JobExpire ends what is no longer in force in its tenant. Its handler is Service.Expire.
const JobExpire = "configuration.expire"

// expireJob books the end of a day's resources, once.
func expireJob(b *db.Batch, tenant, day string, at, now time.Time) {
	booking{tenant, JobExpire, "expire/" + day, struct{}{}, at}.once(b, now)
}

// scheduledBefore are the acting tenant's changes that were booked for an instant which has come, earliest first.
func (s *store) scheduledBefore(ctx context.Context, now time.Time) ([]uuid.UUID, error) {
	var out []uuid.UUID
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var id uuid.UUID
		err := scan(&id)
		out = append(out, id)
		return err
	}, `SELECT c.id FROM change_request c JOIN job j ON j.tenant_id = c.tenant_id AND j.type = $1 AND j.key = 'publish/' || CAST(c.id AS text)
		WHERE c.tenant_id = $2 AND c.state = 'approved' AND c.effective_from <= $3 ORDER BY c.effective_from, c.id`, JobPublish, tenancy.Acting(ctx), now)
	return out, wrap("read changes that are due", err)
}

// tellAll tells the reviewers of some things, and adds what with adds.
func (s *store) tellAll(ctx context.Context, topic string, about []map[string]any, at time.Time, with func(*db.Batch)) error {
	b := s.db.NewBatch()
	for _, fields := range about {
		if err := tell(b, tenancy.Acting(ctx), topic, fields, at); err != nil {
			return err
		}
	}
	if with != nil {
		with(b)
	}
	return wrap("tell the reviewers", s.db.Run(ctx, b))
}
