package workers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/internal/queue"
	"zhengtong/internal/tenancy"
)

// rows holds the queries made as the tenant of a row.
type rows struct{ db *db.DB }

// events reads the waiting outbox rows at the places, oldest first.
func (r rows) events(ctx context.Context, places []place) ([]Event, error) {
	args := []any{tenancy.Acting(ctx)}
	for _, p := range places {
		args = append(args, p.id)
	}
	var events []Event
	err := r.db.Each(ctx, func(scan func(dest ...any) error) error {
		var e Event
		var of uuid.NullUUID
		var payload string
		if err := scan(&e.ID, &e.Topic, &of, &payload, &e.At); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(payload), &e); err != nil {
			return fmt.Errorf("outbox row %s: %w", e.ID, err)
		}
		e.Case = of.UUID
		events = append(events, e)
		return nil
	}, "SELECT id, topic, case_id, payload, created_at FROM outbox WHERE tenant_id = $1 AND state = 'pending' AND id IN ("+
		db.Placeholders(2, len(places))+") ORDER BY created_at, id", args...)
	return events, err
}

// relay marks the events dispatched and writes their jobs, all or nothing.
// Conflict "lost_claim" says that another relay has had one of them.
func (r rows) relay(ctx context.Context, events []Event, jobs []planned, now time.Time) error {
	tenant := tenancy.Acting(ctx)
	b := r.db.NewBatch()
	for _, e := range events {
		b.RequireOr("lost_claim", `UPDATE outbox SET state = 'dispatched', dispatched_at = $4
			WHERE tenant_id = $1 AND id = $2 AND created_at = $3 AND state = 'pending'`, tenant, e.ID, e.At, now)
	}
	for _, j := range jobs {
		payload, err := json.Marshal(j.event)
		if err != nil {
			return err
		}
		insertJob(b, tenant, j.route.Job, j.route.Job+"/"+j.event.ID.String(), j.event.Case, payload, now)
	}
	return r.db.Run(ctx, b)
}

// fire writes the job of a timer that is due.
func (r rows) fire(ctx context.Context, timer place, now time.Time) error {
	tenant := tenancy.Acting(ctx)
	payload, err := json.Marshal(timerPayload{Timer: timer.id})
	if err != nil {
		return err
	}
	b := r.db.NewBatch()
	b.RequireOr("lost_claim", `UPDATE timer SET state = 'dispatched' WHERE tenant_id = $1 AND id = $2 AND state = 'waiting' AND fire_at = $3`,
		tenant, timer.id, timer.at)
	insertJob(b, tenant, JobTimer, JobTimer+"/"+timer.id.String(), uuid.Nil, payload, now)
	return r.db.Run(ctx, b)
}

func insertJob(b *db.Batch, tenant, kind, key string, of uuid.UUID, payload []byte, now time.Time) {
	b.Exec(`INSERT INTO job (tenant_id, id, type, key, case_id, payload, run_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
		tenant, db.NewID(now), kind, key, uuid.NullUUID{UUID: of, Valid: of != uuid.Nil}, string(payload), now)
}

// errStale is returned for a task whose attempt is over: done, dead, or taken by a later one.
var errStale = errors.New("the attempt is over")

// load reads the job of a task.
func (r rows) load(ctx context.Context, t queue.Task) (Job, error) {
	j := Job{ID: t.JobID, Tenant: t.Tenant, Type: t.Type, Attempt: t.Attempt}
	var state, payload string
	var attempt int
	var of uuid.NullUUID
	err := r.db.QueryRow(ctx, "SELECT key, case_id, payload, state, attempt, created_at FROM job WHERE tenant_id = $1 AND id = $2 AND type = $3",
		t.Tenant, t.JobID, t.Type).Scan(&j.Key, &of, &payload, &state, &attempt, &j.created)
	if errors.Is(err, db.ErrNoRows) {
		return Job{}, fmt.Errorf("%w: no such job", errStale)
	}
	if err != nil {
		return Job{}, err
	}
	if state != stateDispatched || attempt != t.Attempt {
		return Job{}, fmt.Errorf("%w: attempt %d is %s", errStale, attempt, state)
	}
	j.Case, j.Payload = of.UUID, json.RawMessage(payload)
	return j, nil
}

// fail notes why an attempt failed. The next one follows at the machine's time
// retry, or never when the state is dead. It reports whether the attempt still counted.
func (r rows) fail(ctx context.Context, t queue.Task, state, reason string, retry, now time.Time) (bool, error) {
	var doneAt *time.Time
	if state == stateDead {
		doneAt = &now
	}
	n, err := r.db.Exec(ctx, `UPDATE job SET state = $4, reason = $5, lease_until = $6, done_at = $7
		WHERE tenant_id = $1 AND id = $2 AND state = 'dispatched' AND attempt = $3`, t.Tenant, t.JobID, t.Attempt, state, reason, retry, doneAt)
	return n == 1, err
}
