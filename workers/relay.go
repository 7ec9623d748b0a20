package workers

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/queue"
)

// The sizes of one pass. A tenant's share is what is left when all have had their turn.
const (
	eventBatch = 200
	timerBatch = 100
	queueDepth = 4 // tasks waiting in the queue, for each one that runs: more would be dispatched unfairly early
)

// run relays until ctx ends: at once after a ring, else at each poll.
func (w *Workers) run(ctx context.Context) {
	defer close(w.stopped)
	tick := time.NewTicker(w.config.Poll)
	defer tick.Stop()
	for {
		moved, err := w.Pass(ctx)
		if err != nil && ctx.Err() == nil {
			w.config.Log.WarnContext(ctx, "relay", "error", err)
		}
		if moved > 0 && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-w.config.Bell.c:
		}
	}
}

// Pass relays once what waits now: events and timers become jobs, due jobs are
// queued. It returns how many rows it moved. When several processes run, one of
// them relays events and timers, all of them queue jobs.
func (w *Workers) Pass(ctx context.Context) (moved int, err error) {
	w.pass.Lock()
	defer w.pass.Unlock()
	if follower, ok := w.config.Clock.(interface{ Refresh(context.Context) error }); ok {
		if err := follower.Refresh(ctx); err != nil {
			return 0, err
		}
	}
	leads, err := w.lead(ctx)
	if err != nil {
		return 0, err
	}
	steps := []func(context.Context) (int, error){w.queueJobs}
	if leads {
		steps = []func(context.Context) (int, error){w.relayEvents, w.relayTimers, w.queueJobs}
	}
	for _, step := range steps {
		n, stepErr := step(ctx)
		moved, err = moved+n, errors.Join(err, stepErr)
	}
	return moved, err
}

// lead reports whether this process relays for the installation. That only
// saves work: two that relay the same row are told apart by the row itself.
func (w *Workers) lead(ctx context.Context) (bool, error) {
	if w.leader != nil {
		if w.leader.Check(ctx) == nil {
			return true, nil
		}
		w.resign()
	}
	lock, err := w.config.DB.TryLock(ctx, "relay")
	if errors.Is(err, db.ErrLockHeld) {
		return false, nil
	}
	w.leader = lock
	return err == nil, err
}

func (w *Workers) resign() {
	if w.leader != nil {
		w.leader.Release()
		w.leader = nil
	}
}

// relayEvents turns outbox rows into the jobs of their consumers, tenant by tenant.
func (w *Workers) relayEvents(ctx context.Context) (int, error) {
	places, err := w.dispatch.events(ctx, eventBatch)
	if err != nil {
		return 0, err
	}
	moved := 0
	for _, group := range byTenant(places) {
		n, groupErr := w.relayGroup(ctx, group)
		moved, err = moved+n, errors.Join(err, groupErr)
	}
	return moved, err
}

func (w *Workers) relayGroup(ctx context.Context, group []place) (int, error) {
	ctx, err := w.as(ctx, group[0].tenant, "relay events")
	if err != nil {
		return 0, err
	}
	events, err := w.rows.events(ctx, group)
	if err != nil || len(events) == 0 {
		return 0, err
	}
	err = w.rows.relay(ctx, events, plan(ctx, w.config.Routes, events), w.config.Clock.Now())
	if lostClaim(err) { // another relay is at it: leave it to that one
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	w.tell(ctx, group[0].tenant, events)
	return len(events), nil
}

// News is what subscribers are told of an event: that the case is worth another look.
type News struct {
	Event   string `json:"event"`
	Seq     int64  `json:"seq"`
	Version int    `json:"version"`
}

// CaseTopic is where the events of a case are told (GraphQL caseChanged).
func CaseTopic(tenant, caseID string) queue.Topic {
	return queue.Topic{Tenant: tenant, Name: "case:" + caseID}
}

// tell publishes relayed events. A message that is lost is no event lost: whoever reads looks at the case.
func (w *Workers) tell(ctx context.Context, tenant string, events []Event) {
	if w.config.Bus == nil {
		return
	}
	for _, e := range events {
		payload, err := json.Marshal(News{Event: e.Topic, Seq: e.Seq, Version: e.Version})
		if err == nil {
			err = w.config.Bus.Publish(ctx, CaseTopic(tenant, e.Case.String()), string(payload))
		}
		if err != nil {
			w.config.Log.DebugContext(ctx, "subscribers were not told", "tenant", tenant, "error", err)
			return
		}
	}
}

// relayTimers turns due rungs into jobs.
func (w *Workers) relayTimers(ctx context.Context) (int, error) {
	now := w.config.Clock.Now()
	places, err := w.dispatch.timers(ctx, now, timerBatch)
	if err != nil {
		return 0, err
	}
	moved := 0
	for _, p := range places {
		there, fireErr := w.as(ctx, p.tenant, "relay timer "+p.id.String())
		if fireErr == nil {
			fireErr = w.rows.fire(there, p, now)
		}
		switch {
		case fireErr == nil:
			moved++
		case !lostClaim(fireErr):
			err = errors.Join(err, fireErr)
		}
	}
	return moved, err
}

// queueJobs leases due jobs, as many as the queue should hold, and queues them.
// While Redis is away nothing is leased, so that no attempt is wasted.
func (w *Workers) queueJobs(ctx context.Context) (int, error) {
	waiting, err := w.config.Queue.Depth(ctx)
	if err != nil {
		return 0, err
	}
	room := w.config.Parallel*queueDepth - int(waiting)
	if room <= 0 {
		return 0, nil
	}
	now, wall := w.config.Clock.Now(), w.config.Machine.Now()
	places, err := w.dispatch.jobs(ctx, now, wall, room)
	if err != nil || len(places) == 0 {
		return 0, err
	}
	tasks, err := w.dispatch.lease(ctx, places, now, wall, wall.Add(w.config.Lease))
	if err != nil {
		return 0, err
	}
	for i, task := range tasks {
		if err := w.config.Queue.Enqueue(ctx, task); err != nil {
			return i, errors.Join(err, w.giveBack(ctx, tasks[i:]))
		}
	}
	return len(tasks), nil
}

func (w *Workers) giveBack(ctx context.Context, tasks []queue.Task) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	var errs []error
	for _, task := range tasks {
		errs = append(errs, w.dispatch.release(ctx, task))
	}
	return errors.Join(errs...)
}

func lostClaim(err error) bool { return problem.ReasonOf(err) == "lost_claim" }

// byTenant groups places, tenants in the order of their first.
func byTenant(places []place) [][]place {
	at := map[string]int{}
	var groups [][]place
	for _, p := range places {
		i, known := at[p.tenant]
		if !known {
			i = len(groups)
			at[p.tenant] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], p)
	}
	return groups
}
