package configuration

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// JobOverdue ends a review request whose deadline has passed: {"review"}. Its handler is Service.ReviewOverdue.
const JobOverdue = "configuration.overdue"

// The events of this package, for the people who review a tenant's configuration.
const (
	EventPublished       = "config.published"
	EventReviewRequested = "config.review_requested"
	EventReviewOverdue   = "config.review_overdue"
	EventGuideStale      = "config.guide_stale"
	EventOutdated        = "config.outdated" // a change did not come into force at its instant: its base had moved
	EventEndKept         = "config.end_kept" // a resource has ended, but something still needs it
)

// IsEvent tells these events from those of cases.
func IsEvent(topic string) bool { return strings.HasPrefix(topic, "config.") }

// The states of a tenant that follows a publication.
const (
	followWaiting  = "waiting"
	followDone     = "done"
	followConflict = "conflict"
)

// revision returns one revision of a tenant of the lineage.
func (s *store) revision(ctx context.Context, tenant string, number int) (Revision, error) {
	list, err := s.revisions(ctx, tenant, number+1, 1)
	if err != nil {
		return Revision{}, err
	}
	if len(list) == 0 || list[0].Number != number {
		return Revision{}, problem.Missing()
	}
	return list[0], nil
}

// changedIn are the resources that a revision of the acting tenant began or ended, a pack's as the Adoption of the pack;
// gone reports that some have no successor.
func (s *store) changedIn(ctx context.Context, tenant string, revision int) (keys []Key, gone bool, err error) {
	err = s.db.Each(ctx, func(scan func(dest ...any) error) error {
		k := Key{Tenant: tenant}
		var begun int
		err := scan(&k.Kind, &k.Name, &begun)
		if pack, _, ok := strings.Cut(k.Name, "/"); ok {
			k.Kind, k.Name = "Adoption", pack
		}
		keys, gone = append(keys, k), gone || begun == 0
		return err
	}, `SELECT kind, name, max(CASE WHEN from_revision = $2 THEN 1 ELSE 0 END) FROM configuration_entry
		WHERE tenant_id = $1 AND (from_revision = $2 OR to_revision = $2) GROUP BY kind, name`, tenant, revision)
	return keys, gone, wrap("read what a revision changed", err)
}

// expect notes who is to follow a revision; those noted already keep their state.
func (s *store) expect(ctx context.Context, tenant string, revision int, below []string, now time.Time) error {
	b := s.db.NewBatch()
	for _, at := range below {
		b.Exec(`INSERT INTO configuration_follow (tenant_id, revision, below, state, updated_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (tenant_id, revision, below) DO NOTHING`, tenant, revision, at, followWaiting, now)
	}
	return wrap("note who follows", s.db.Run(ctx, b))
}

// waiting are the tenants that have not followed a revision yet.
func (s *store) waiting(ctx context.Context, tenant string, revision int) ([]string, error) {
	var out []string
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var below string
		err := scan(&below)
		out = append(out, below)
		return err
	}, "SELECT below FROM configuration_follow WHERE tenant_id = $1 AND revision = $2 AND state = $3 ORDER BY below", tenant, revision, followWaiting)
	return out, wrap("read who is to follow", err)
}

// followed notes how a tenant has followed a revision. One that is up to date has settled its earlier conflicts too.
func (s *store) followed(ctx context.Context, tenant string, revision int, below, state string, now time.Time) error {
	b := s.db.NewBatch()
	b.Exec("UPDATE configuration_follow SET state = $1, updated_at = $2 WHERE tenant_id = $3 AND revision = $4 AND below = $5",
		state, now, tenant, revision, below)
	if state == followDone {
		settle(b, tenant, below, now)
	}
	return wrap("note who has followed", s.db.Run(ctx, b))
}

func settle(b *db.Batch, tenant, below string, now time.Time) {
	b.Exec("UPDATE configuration_follow SET state = $1, updated_at = $2 WHERE tenant_id = $3 AND below = $4 AND state = 'conflict'",
		followDone, now, tenant, below)
}

func (s *store) settled(ctx context.Context, tenant, below string, now time.Time) error {
	b := s.db.NewBatch()
	settle(b, tenant, below, now)
	return wrap("note a settled conflict", s.db.Run(ctx, b))
}

func (s *store) progress(ctx context.Context, tenant string, revision int) (Progress, error) {
	var p Progress
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var state string
		var n int
		err := scan(&state, &n)
		p.Concerned += n
		switch state {
		case followDone:
			p.Done += n
		case followConflict:
			p.InConflict += n
		}
		return err
	}, "SELECT state, count(*) FROM configuration_follow WHERE tenant_id = $1 AND revision = $2 GROUP BY state", tenant, revision)
	return p, wrap("count who has followed", err)
}

const reviewColumns = `id, kind, name, title, above, above_revision, message, problems, state, deadline, on_overdue, opened_at, updated_at,
	closed_at, revision`

// askReview opens a request or brings an open one up to date, tells the reviewers, and books its deadline.
func (s *store) askReview(b *db.Batch, r *ReviewRequest, known bool) error {
	text, err := asJSON(r.Problems)
	if err != nil {
		return err
	}
	if known {
		b.Exec(`UPDATE review_request SET title = $1, above = $2, above_revision = $3, message = $4, problems = $5, state = $6, deadline = $7,
			on_overdue = $8, updated_at = $9 WHERE tenant_id = $10 AND id = $11 AND closed_at IS NULL`, r.Title, r.Above, r.AboveRevision, r.Message,
			text[0], string(r.State), r.Terms.Deadline, r.Terms.OnOverdue, r.UpdatedAt, r.Tenant, r.ID)
	} else {
		b.Exec(`INSERT INTO review_request (tenant_id, id, kind, name, title, above, above_revision, message, problems, state, deadline, on_overdue,
			opened_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)`, r.Tenant, r.ID, r.Kind, r.Name, r.Title, r.Above,
			r.AboveRevision, r.Message, text[0], string(r.State), r.Terms.Deadline, r.Terms.OnOverdue, r.OpenedAt)
	}
	if r.Terms.Deadline != nil {
		b.Exec(`INSERT INTO job (tenant_id, id, type, key, payload, run_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`, r.Tenant, db.NewID(r.UpdatedAt),
			JobOverdue, fmt.Sprintf("%s/%s/%d", JobOverdue, r.ID, r.Terms.Deadline.Unix()), `{"review":"`+r.ID.String()+`"}`, *r.Terms.Deadline, r.UpdatedAt)
	}
	return tell(b, r.Tenant, EventReviewRequested, r.fields(), r.UpdatedAt)
}

// fields are what messages say of a request.
func (r *ReviewRequest) fields() map[string]any {
	out := map[string]any{"kind": r.Kind, "name": r.Name, "title": r.Title, "above": r.Above, "message": r.Message, "on_overdue": r.Terms.OnOverdue}
	if r.Terms.Deadline != nil {
		out["deadline"] = r.Terms.Deadline.UTC().Format(time.RFC3339)
	}
	return out
}

// tell writes an event of a tenant's configuration for the relay.
func tell(b *db.Batch, tenant, topic string, fields map[string]any, at time.Time) error {
	payload, err := asJSON(map[string]any{"fields": fields})
	if err != nil {
		return err
	}
	b.Exec("INSERT INTO outbox (tenant_id, id, topic, payload, created_at) VALUES ($1, $2, $3, $4, $5)", tenant, db.NewID(at), topic, payload[0], at)
	return nil
}

// closeReviews resolves the tenant's requests except those for the kept resources; revision is nil when no revision did.
func closeReviews(b *db.Batch, tenant string, revision *int, kept []Key, at time.Time) {
	args := []any{at, revision, tenant}
	sql := "UPDATE review_request SET state = 'resolved', closed_at = $1, updated_at = $1, revision = $2 WHERE tenant_id = $3 AND closed_at IS NULL"
	for _, key := range kept {
		args = append(args, key.Kind, key.Name)
		sql += fmt.Sprintf(" AND NOT (kind = $%d AND name = $%d)", len(args)-1, len(args))
	}
	b.Exec(sql, args...)
}

// endReview ends an overdue request in a state, tells the reviewers and adds the job's own statement.
func (s *store) endReview(ctx context.Context, r *ReviewRequest, state ReviewState, now time.Time, with func(*db.Batch)) error {
	b := s.db.NewBatch()
	var closed *time.Time
	if state == ReviewOverridden {
		closed = &now
	}
	b.Exec("UPDATE review_request SET state = $1, closed_at = $2, updated_at = $3 WHERE tenant_id = $4 AND id = $5", string(state), closed, now, r.Tenant, r.ID)
	fields := r.fields()
	fields["outcome"] = string(state)
	if err := tell(b, r.Tenant, EventReviewOverdue, fields, now); err != nil {
		return err
	}
	if with != nil {
		with(b)
	}
	return wrap("end a review request", s.db.Run(ctx, b))
}

// closedBy are the tenants above whose conflicts a revision of the tenant has settled.
func (s *store) closedBy(ctx context.Context, tenant string, revision int) ([]string, error) {
	var out []string
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var above string
		err := scan(&above)
		out = append(out, above)
		return err
	}, "SELECT DISTINCT above FROM review_request WHERE tenant_id = $1 AND revision = $2", tenant, revision)
	return out, wrap("read settled conflicts", err)
}

// review returns a review request of the acting tenant; NotFound when there is none.
func (s *store) review(ctx context.Context, id uuid.UUID) (*ReviewRequest, error) {
	list, err := s.reviewsWhere(ctx, "id = $2", 1, id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, problem.Missing()
	}
	return list[0], nil
}

// unresolved are the acting tenant's requests that are not closed.
func (s *store) unresolved(ctx context.Context) ([]*ReviewRequest, error) {
	return s.reviewsWhere(ctx, "closed_at IS NULL", maxRevision)
}

func (s *store) reviews(ctx context.Context, state ReviewState, before uuid.UUID, first int) ([]*ReviewRequest, error) {
	where, args := "1 = 1", []any{}
	if state != "" {
		args = append(args, string(state))
		where += " AND state = $2"
	}
	if before != uuid.Nil {
		args = append(args, before)
		where += fmt.Sprintf(" AND id < $%d", len(args)+1)
	}
	return s.reviewsWhere(ctx, where, first, args...)
}

func (s *store) reviewsWhere(ctx context.Context, where string, limit int, args ...any) ([]*ReviewRequest, error) {
	tenant := tenancy.Acting(ctx)
	var out []*ReviewRequest
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		r := &ReviewRequest{Tenant: tenant}
		var problems json.RawMessage
		var state string
		if err := scan(&r.ID, &r.Kind, &r.Name, &r.Title, &r.Above, &r.AboveRevision, &r.Message, &problems, &state, &r.Terms.Deadline, &r.Terms.OnOverdue,
			&r.OpenedAt, &r.UpdatedAt, &r.ClosedAt, &r.Revision); err != nil {
			return err
		}
		r.State = ReviewState(state)
		out = append(out, r)
		return json.Unmarshal(problems, &r.Problems)
	}, fmt.Sprintf("SELECT %s FROM review_request WHERE tenant_id = $1 AND %s ORDER BY id DESC LIMIT %d", reviewColumns, where, limit),
		append([]any{tenant}, args...)...)
	return out, wrap("read review requests", err)
}
