package graph

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/gofrs/uuid/v5"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vikstrous/dataloadgen"

	"zhengtong/internal/casework"
	"zhengtong/internal/configuration"
	"zhengtong/internal/identity"
	"zhengtong/internal/problem"
)

// key names a row in its tenant.
type key struct {
	tenant string
	id     uuid.UUID
}

// loaders gather what the nodes of one answer ask for one by one into one query a
// kind and tenant, and read nothing twice.
type loaders struct {
	people    *dataloadgen.Loader[key, identity.Person]
	tasks     *dataloadgen.Loader[key, []*casework.Task]
	cases     *dataloadgen.Loader[key, *casework.Summary]
	heads     memo[*ast.Field, bool] // whether a selection of a matter names its head only
	views     memo[key, *casework.View]
	drafts    memo[key, *casework.Draft]
	resources memo[string, *configuration.Description]
}

// gather is how long a loader waits for more to ask for: the siblings in a list
// ask within microseconds of each other.
const gather = time.Millisecond

// most bounds one query of a loader.
const most = 200

type loadersKey struct{}

func (r *Resolver) withLoaders(ctx context.Context) context.Context {
	return context.WithValue(ctx, loadersKey{}, &loaders{
		people: batched(r, r.people),
		tasks:  batched(r, r.openTasks),
		cases:  batched(r, r.summaries),
	})
}

// loadersOf returns the loaders of the answer; outside one, loaders of its own.
func (r *Resolver) loadersOf(ctx context.Context) *loaders {
	if l, ok := ctx.Value(loadersKey{}).(*loaders); ok {
		return l
	}
	return r.withLoaders(ctx).Value(loadersKey{}).(*loaders)
}

func (r *Resolver) people(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]identity.Person, error) {
	return r.Identity.People(ctx, ids)
}

// openTasks answers every case, also one that has no task.
func (r *Resolver) openTasks(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID][]*casework.Task, error) {
	found, err := r.Casework.OpenTasks(ctx, ids)
	if err != nil {
		return nil, err
	}
	all := make(map[uuid.UUID][]*casework.Task, len(ids))
	for _, id := range ids {
		all[id] = found[id]
	}
	return all, nil
}

func (r *Resolver) summaries(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*casework.Summary, error) {
	return r.Casework.Summaries(ctx, ids)
}

// batched makes a query by ids in the acting tenant into a loader over tenants.
func batched[V any](r *Resolver, query func(context.Context, []uuid.UUID) (map[uuid.UUID]V, error)) *dataloadgen.Loader[key, V] {
	return dataloadgen.NewMappedLoader(func(ctx context.Context, keys []key) (map[key]V, error) {
		ids := map[string][]uuid.UUID{}
		for _, k := range keys {
			ids[k.tenant] = append(ids[k.tenant], k.id)
		}
		found, failed := map[key]V{}, dataloadgen.MappedFetchError[key]{}
		for tenant, wanted := range ids {
			rows, err := inTenant(ctx, r, tenant, wanted, query)
			if err != nil {
				for _, id := range wanted {
					failed[key{tenant, id}] = err
				}
				continue
			}
			for id, row := range rows {
				found[key{tenant, id}] = row
			}
		}
		return found, failed
	}, dataloadgen.WithWait(gather), dataloadgen.WithBatchCapacity(most))
}

func inTenant[V any](ctx context.Context, r *Resolver, tenant string, ids []uuid.UUID, query func(context.Context, []uuid.UUID) (map[uuid.UUID]V, error)) (map[uuid.UUID]V, error) {
	ctx, err := r.within(ctx, tenant)
	if err != nil {
		return nil, err
	}
	return query(ctx, ids)
}

// load reads through a loader; what it does not find is NOT_FOUND.
func load[V any](ctx context.Context, l *dataloadgen.Loader[key, V], k key) (V, error) {
	row, err := l.Load(ctx, k)
	if errors.Is(err, dataloadgen.ErrNotFound) {
		return row, problem.Missing()
	}
	return row, err
}

// memo reads each key once, however many ask at the same time.
type memo[K comparable, V any] struct {
	mu   sync.Mutex
	seen map[K]func() (V, error)
}

func (m *memo[K, V]) get(k K, read func() (V, error)) (V, error) {
	m.mu.Lock()
	if m.seen == nil {
		m.seen = map[K]func() (V, error){}
	}
	once, ok := m.seen[k]
	if !ok {
		once = sync.OnceValues(read)
		m.seen[k] = once
	}
	m.mu.Unlock()
	return once()
}
