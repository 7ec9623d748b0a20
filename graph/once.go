package graph

import (
	"context"
	"sync"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/casework"
	"zhengtong/internal/idempotency"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// Records are what idempotency keys were used for (idempotency.Store).
type Records interface {
	Find(ctx context.Context, principal uuid.UUID, key string) (idempotency.Use, bool, error)
	Keep(ctx context.Context, principal uuid.UUID, key idempotency.Key, kind, id string, at time.Time) error
}

// patience is how long a repeat waits for its twin in flight (the API contract, Transport).
const patience = 5 * time.Second

// flights are the keys being worked on in this process.
type flights struct {
	mu     sync.Mutex
	flying map[flight]chan struct{}
}

// flight names a key as the records do: in its tenant, of its principal.
type flight struct {
	tenant    string
	principal uuid.UUID
	key       string
}

// take waits until no twin is in flight and returns the landing; CONFLICT
// "twin_in_flight", retryable, when the twin takes longer than the patience.
func (f *flights) take(ctx context.Context, name flight) (land func(), err error) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for {
		f.mu.Lock()
		twin, busy := f.flying[name]
		if !busy {
			landed := make(chan struct{})
			if f.flying == nil {
				f.flying = map[flight]chan struct{}{}
			}
			f.flying[name] = landed
			f.mu.Unlock()
			return func() { f.land(name, landed) }, nil
		}
		f.mu.Unlock()
		select {
		case <-twin:
		case <-timer.C:
			return nil, &problem.Error{Code: problem.Conflict, Reason: "twin_in_flight", Message: "相同的请求仍在处理，请稍后重试", Retryable: true}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (f *flights) land(name flight, landed chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.flying, name)
	close(landed)
}

// once does a mutation, or, when its key was used before with the same body,
// answers again from the object that its record names. ctx acts in the tenant
// where the service writes the record, in the transaction that does the work.
//
// The work is done first and looked up after: the record's primary key undoes
// what was done before, and whatever a repeat is refused with, the record that
// stands answers it. Work that succeeded without writing a record is looked up
// as well, for it may have found itself done.
func once[T any](ctx context.Context, r *Resolver, again func(ctx context.Context, id string) (T, error), do func(context.Context) (T, error)) (T, error) {
	var none T
	key, ok := idempotency.From(ctx)
	if !ok {
		return do(ctx)
	}
	land, err := r.flights.take(ctx, flight{tenancy.Acting(ctx), authz.From(ctx).Account, key.Key})
	if err != nil {
		return none, err
	}
	defer land()
	value, err := do(ctx)
	if err == nil && idempotency.Recorded(ctx) {
		return value, nil
	}
	id, done, lookup := r.recorded(ctx, key)
	switch {
	case problem.CodeOf(lookup) == problem.IdempotencyMismatch, err == nil && lookup != nil:
		return none, lookup
	case lookup == nil && done:
		return again(ctx, id)
	}
	return value, err
}

// recorded finds what a key was used for; another body is IDEMPOTENCY_MISMATCH.
func (r *Resolver) recorded(ctx context.Context, key idempotency.Key) (id string, done bool, err error) {
	record, found, err := r.Records.Find(ctx, authz.From(ctx).Account, key.Key)
	if err != nil || !found {
		return "", false, err
	}
	if record.BodyHash != key.BodyHash {
		return "", false, idempotency.Mismatch()
	}
	return record.ID, true, nil
}

// kept is once for a service that writes no record: the key is looked up first,
// and the record follows the work, which is the same however often it is done.
// named is the object of the answer.
func kept[T any](ctx context.Context, r *Resolver, kind string, named func(T) string, again func(ctx context.Context, id string) (T, error), do func(context.Context) (T, error)) (T, error) {
	return once(ctx, r, again, func(ctx context.Context) (value T, err error) {
		key, ok := idempotency.From(ctx)
		if !ok {
			return do(ctx)
		}
		id, done, err := r.recorded(ctx, key)
		if err != nil {
			return value, err
		}
		if done {
			value, err = again(ctx, id)
		} else if value, err = do(ctx); err == nil {
			err = r.Records.Keep(ctx, authz.From(ctx).Account, key, kind, named(value), r.Clock.Now())
		}
		if err == nil {
			idempotency.Record(ctx)
		}
		return value, err
	})
}

// onCase is once for the verbs of casework, whose record names the case: a repeat
// is answered with the case as it is now.
func (r *Resolver) onCase(ctx context.Context, do func(context.Context) (*casework.View, error)) (*casework.View, error) {
	return once(ctx, r, func(ctx context.Context, id string) (*casework.View, error) {
		return r.Casework.View(ctx, uuid.FromStringOrNil(id))
	}, do)
}
