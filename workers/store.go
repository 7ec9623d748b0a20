package workers

import (
	"context"
	"errors"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/internal/queue"
)

// dispatch holds the queries of the relay: all tenants at once, dispatch columns only (I3).
type dispatch struct{ relay *db.Relay }

// place is the key of a row that waits.
type place struct {
	tenant string
	id     uuid.UUID
	at     time.Time // created_at of an outbox row or job, fire_at of a timer
}

// Each tenant takes its turn: the first waiting row of every tenant comes
// before anyone's second. The cost follows the rows that wait, not those that are done.

// events lists waiting outbox rows, in turn.
func (d dispatch) events(ctx context.Context, limit int) ([]place, error) {
	return d.places(ctx, `SELECT tenant_id, id, created_at FROM (
		SELECT tenant_id, id, created_at, row_number() OVER (PARTITION BY tenant_id ORDER BY created_at, id) AS turn
		FROM outbox WHERE state = 'pending') AS waiting ORDER BY turn, created_at, id LIMIT $1`, limit)
}

// timers lists rungs that are due, in turn.
func (d dispatch) timers(ctx context.Context, now time.Time, limit int) ([]place, error) {
	return d.places(ctx, `SELECT tenant_id, id, fire_at FROM (
		SELECT tenant_id, id, fire_at, row_number() OVER (PARTITION BY tenant_id ORDER BY fire_at, id) AS turn
		FROM timer WHERE state = 'waiting' AND fire_at <= $2) AS waiting ORDER BY turn, fire_at, id LIMIT $1`, limit, now)
}

// due is a job to lease now: new by business time $4, or with a lease that ran out by machine time $5.
const due = "((state = 'pending' AND run_at <= $4) OR (state = 'dispatched' AND lease_until < $5))"

func (d dispatch) jobs(ctx context.Context, now, wall time.Time, limit int) ([]place, error) {
	return d.places(ctx, `SELECT tenant_id, id, created_at FROM (
		SELECT tenant_id, id, created_at, run_at, row_number() OVER (PARTITION BY tenant_id ORDER BY run_at, created_at, id) AS turn
		FROM job WHERE (state = 'pending' AND run_at <= $2) OR (state = 'dispatched' AND lease_until < $3)) AS waiting
		ORDER BY turn, run_at, id LIMIT $1`, limit, now, wall)
}

func (d dispatch) places(ctx context.Context, sql string, args ...any) ([]place, error) {
	var found []place
	err := d.relay.Each(ctx, func(scan func(dest ...any) error) error {
		var p place
		if err := scan(&p.tenant, &p.id, &p.at); err != nil {
			return err
		}
		found = append(found, p)
		return nil
	}, sql, args...)
	return found, err
}

// lease takes the jobs for this process until the machine's time until. Jobs
// that another relay is taking at this moment are passed over.
func (d dispatch) lease(ctx context.Context, jobs []place, now, wall, until time.Time) ([]queue.Task, error) {
	var tasks []queue.Task
	b := d.relay.NewBatch()
	for i, p := range jobs {
		first := i == 0
		b.Query(func(rows *db.Rows) error {
			if first {
				tasks = tasks[:0] // the batch may be run again
			}
			for rows.Next() {
				var t queue.Task
				if err := rows.Scan(&t.Tenant, &t.JobID, &t.Type, &t.Attempt); err != nil {
					return err
				}
				tasks = append(tasks, t)
			}
			return rows.Err()
		}, `UPDATE job SET state = 'dispatched', attempt = attempt + 1, lease_until = $6
			WHERE tenant_id = $1 AND id = $2 AND created_at = $3 AND id IN (
				SELECT id FROM job WHERE tenant_id = $1 AND id = $2 AND created_at = $3 AND `+due+d.relay.SkipLocked()+`)
			RETURNING tenant_id, id, type, attempt`, p.tenant, p.id, p.at, now, wall, until)
	}
	if err := d.relay.Run(ctx, b); err != nil {
		return nil, err
	}
	return tasks, nil
}

// orphan ends every lease at once: what a process had taken before it died.
func (d dispatch) orphan(ctx context.Context, wall time.Time) error {
	_, err := d.relay.Exec(ctx, "UPDATE job SET lease_until = $1 WHERE state = 'dispatched' AND lease_until > $1", wall)
	return err
}

// release gives back a lease whose task could not be queued.
func (d dispatch) release(ctx context.Context, t queue.Task) error {
	_, err := d.relay.Exec(ctx, `UPDATE job SET state = 'pending', lease_until = NULL
		WHERE tenant_id = $1 AND id = $2 AND state = 'dispatched' AND attempt = $3`, t.Tenant, t.JobID, t.Attempt)
	return err
}

// busy reports whether anything is due by now or under way.
func (d dispatch) busy(ctx context.Context, now time.Time) (bool, error) {
	var n int
	err := d.relay.QueryRow(ctx, `SELECT CASE WHEN EXISTS (SELECT 1 FROM outbox WHERE state = 'pending')
		OR EXISTS (SELECT 1 FROM timer WHERE state = 'waiting' AND fire_at <= $1)
		OR EXISTS (SELECT 1 FROM job WHERE state = 'pending' AND run_at <= $1)
		OR EXISTS (SELECT 1 FROM job WHERE state = 'dispatched') THEN 1 ELSE 0 END`, now).Scan(&n)
	return n == 1, err
}

// next returns the earliest instant after now at which something becomes due; zero when nothing will.
func (d dispatch) next(ctx context.Context, now time.Time) (time.Time, error) {
	var earliest time.Time
	for _, sql := range []string{
		"SELECT fire_at FROM timer WHERE state = 'waiting' AND fire_at > $1 ORDER BY fire_at LIMIT 1",
		"SELECT run_at FROM job WHERE state = 'pending' AND run_at > $1 ORDER BY run_at LIMIT 1",
	} {
		var at time.Time
		err := d.relay.QueryRow(ctx, sql, now).Scan(&at)
		if errors.Is(err, db.ErrNoRows) {
			continue
		}
		if err != nil {
			return time.Time{}, err
		}
		if earliest.IsZero() || at.Before(earliest) {
			earliest = at
		}
	}
	return earliest, nil
}

// oldest returns when the oldest waiting outbox row was written; zero when none waits.
func (d dispatch) oldest(ctx context.Context) (time.Time, error) {
	var at time.Time
	err := d.relay.QueryRow(ctx, "SELECT created_at FROM outbox WHERE state = 'pending' ORDER BY created_at LIMIT 1").Scan(&at)
	if errors.Is(err, db.ErrNoRows) {
		return time.Time{}, nil
	}
	return at, err
}
