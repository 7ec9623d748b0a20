package bench

import (
	"context"
	"fmt"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/relay"
)

// openShare: one case in this many is still being handled, the newest ones.
const openShare = 20

// fill copies the model case: n cases, one each ten minutes into the past, with
// their tasks. The newest are as the model is, the others ended.
func (w *world) fill(ctx context.Context, n int) error {
	tx, err := w.owner.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	_, err = tx.Exec(ctx, `INSERT INTO case_file SELECT r.* FROM case_file c, generate_series(1, $3::int) i,
		LATERAL jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'draft_id', gen_random_uuid(), 'case_no', 'S' || lpad(i::text, 9, '0'),
			'created_at', c.created_at - i * interval '10 minutes', 'received_at', c.received_at - i * interval '10 minutes')
			|| CASE WHEN i * $4::int <= $3::int THEN '{}' ELSE jsonb_build_object('status', 'ended', 'outcome', 'granted', 'due_on', '', 'finished_at', c.created_at) END) r
		WHERE c.tenant_id = $1 AND c.id = $2`, county, w.model.kase, n, openShare)
	if err != nil {
		return fmt.Errorf("copy the model case: %w", err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO task SELECT r.* FROM task t, case_file c,
		LATERAL jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'case_id', c.id, 'opened_at', c.created_at)
			|| CASE WHEN c.finished_at IS NULL THEN '{}' ELSE jsonb_build_object('state', 'done', 'closed_at', c.finished_at, 'action', 'accept') END) r
		WHERE t.tenant_id = $1 AND t.case_id = $2 AND c.tenant_id = $1 AND c.case_no LIKE 'S%'`, county, w.model.kase)
	if err != nil {
		return fmt.Errorf("copy the model's tasks: %w", err)
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	_, err = w.owner.Exec(ctx, "VACUUM ANALYZE")
	return err
}

// drafts copies the model's draft n times, unsubmitted, and returns the copies.
func (w *world) drafts(ctx context.Context, n int) ([]uuid.UUID, error) {
	ids := make([]uuid.UUID, n)
	texts := make([]string, n)
	for i := range ids {
		id, err := uuid.NewV7()
		if err != nil {
			return nil, err
		}
		ids[i], texts[i] = id, id.String()
	}
	_, err := w.owner.Exec(ctx, `INSERT INTO draft SELECT r.* FROM draft d, unnest($3::uuid[]) AS fresh(id),
		LATERAL jsonb_populate_record(d, jsonb_build_object('id', fresh.id, 'case_id', NULL, 'row_version', 1)) r
		WHERE d.tenant_id = $1 AND d.id = $2`, county, w.model.draft, texts)
	if err != nil {
		return nil, fmt.Errorf("copy the model draft: %w", err)
	}
	return ids, nil
}

// draftID is the id of a draft in the API.
func draftID(id uuid.UUID) string { return relay.Of(relay.Draft, county, id).String() }
