package configuration

import (
	"context"
	"time"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// pageBelow is how many tenants below share one reading of what is above them.
const pageBelow = 100

// followTime is how long one task of following goes on before another continues it; a task has 25 seconds
// (workers.TaskTime).
const followTime = 10 * time.Second

// Republish is the handler of JobRepublish: after the acting tenant has published
// a revision, every tenant below that holds a patch of what changed is resolved
// again and published by the system actor; what is in conflict stays as it is and
// becomes a review request there. Then the rows of the changed matters are renewed
// in every tenant below. How far this is can be read by Following. with adds the
// job's own statement; what then remains after ten seconds is the next job's. Without
// it all is done at once. Doing it twice changes nothing.
func (s *Service) Republish(ctx context.Context, revision int, with func(*db.Batch)) error {
	return s.RepublishAfter(ctx, revision, "", with)
}

// RepublishAfter continues Republish where the rows have been renewed up to a tenant.
func (s *Service) RepublishAfter(ctx context.Context, revision int, after string, with func(*db.Batch)) error {
	tenant := tenancy.Acting(ctx)
	f := &following{Service: s, began: time.Now(), endless: with == nil}
	ctx = authz.With(ctx, authz.System())
	var err error
	if f.above, err = s.store.revision(ctx, tenant, revision); err != nil {
		return err
	}
	if f.changed, f.gone, err = s.store.changedIn(ctx, tenant, revision); err != nil {
		return err
	}
	if done, err := f.patches(ctx); err != nil || !done {
		return f.pause(ctx, after, with, err)
	}
	if reached, err := f.rows(ctx, after); err != nil || reached != "" {
		return f.pause(ctx, reached, with, err)
	}
	if err := s.settleAbove(ctx, tenant, revision); err != nil {
		return err
	}
	return s.store.only(ctx, with)
}

// conflict is what keeps one resource of a tenant from following its ancestors.
type conflict struct {
	key      Key
	title    string
	problems problem.List
}

// conflicts groups the errors of a tenant by the resource that they lie in. apart
// reports that they all lie in single patches, so that the rest can follow.
func (s *Set) conflicts(tenant string) (list []conflict, apart bool) {
	return s.conflictsWithin(tenant, nil)
}

func (s *Set) conflictsWithin(tenant string, within *extent) (list []conflict, apart bool) {
	at := map[Key]int{}
	single := 0
	for _, kindName := range sortedKeys(s.byKind[tenant]) {
		for _, l := range s.byKind[tenant][kindName] {
			if within.layer(l) {
				single += len(s.resolve(l).problems.Errors())
			}
		}
	}
	all := 0
	s.inspectWithin(tenant, within, func(key Key, found problem.List) {
		errors := found.Errors()
		if len(errors) == 0 {
			return
		}
		all += len(errors)
		i, known := at[key]
		if !known {
			i = len(list)
			at[key] = i
			list = append(list, conflict{key: key, title: s.titleAt(key)})
		}
		list[i].problems = append(list[i].problems, errors...).Sorted()
	})
	return list, all == single
}

// titleAt is the title of a resource as its tenant sees it, or its name.
func (s *Set) titleAt(key Key) string {
	if l, ok := s.layers[key]; ok {
		for _, at := range append([]*Layer{l}, s.resolve(l).chain...) {
			if title, ok := at.Resource.Doc["title"].(string); ok {
				return title
			}
		}
	}
	if f, ok := s.view(key.Tenant).Find(key.Kind, key.Name); ok {
		return f.Resource.Title()
	}
	return key.Name
}
