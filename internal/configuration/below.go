package configuration

import (
	"context"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// pageBelow is how many tenants below are looked at before the next page is asked for.
const pageBelow = 100

// Republish is the handler of JobRepublish: after the acting tenant has published
// a revision, every tenant below that holds a patch of what changed is resolved
// again and published by the system actor; what is in conflict stays as it is and
// becomes a review request there. Rows of matters that tenants below offer without
// a patch are renewed. How far this is can be read by Following. with adds the job's
// own statement once all is done; doing it twice changes nothing.
func (s *Service) Republish(ctx context.Context, revision int, with func(*db.Batch)) error {
	tenant := tenancy.Acting(ctx)
	ctx = authz.With(ctx, authz.System())
	above, err := s.store.revision(ctx, tenant, revision)
	if err != nil {
		return err
	}
	concerned, err := s.concerned(ctx, tenant, revision)
	if err != nil {
		return err
	}
	if err := s.store.expect(ctx, tenant, revision, concerned, s.clock.Now()); err != nil {
		return err
	}
	waiting := map[string]bool{}
	for _, below := range concerned {
		waiting[below] = true
	}
	after := tenant
	for {
		page := s.tree.Subtree(tenant, after, pageBelow)
		if len(page) == 0 {
			break
		}
		for _, below := range page {
			if below.Status == tenancy.Merged {
				continue // what is published goes to its successor
			}
			state, err := s.follow(ctx, below, above)
			if err != nil {
				return err
			}
			if !waiting[below.Code] {
				continue
			}
			if err := s.store.followed(ctx, tenant, revision, below.Code, state, s.clock.Now()); err != nil {
				return err
			}
		}
		after = page[len(page)-1].Code
	}
	if err := s.settleAbove(ctx, tenant, revision); err != nil {
		return err
	}
	return s.store.only(ctx, with)
}

// concerned are the tenants below that hold a patch, of whatever depth, of a resource that a revision changed, or have
// installed a pack that it changed.
func (s *Service) concerned(ctx context.Context, tenant string, revision int) ([]string, error) {
	changed, err := s.store.changedIn(ctx, tenant, revision)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	err = s.standingOn(ctx, changed, func(patch Key) bool {
		found[patch.Tenant] = true
		return true
	})
	for below := range found {
		if row, ok := s.tree.Get(below); below == tenant || !ok || row.Status == tenancy.Merged {
			delete(found, below)
		}
	}
	return sortedKeys(found), err
}

// follow brings one tenant up to date with its ancestors and says how that ended.
func (s *Service) follow(ctx context.Context, below tenancy.Tenant, above Revision) (string, error) {
	there, err := s.tree.ActAs(ctx, below.Code, "follow a publication of "+above.Tenant)
	if err != nil {
		return "", err
	}
	behind, err := s.store.behind(there, below.Code)
	if err != nil {
		return "", err
	}
	if !behind {
		if behind, err = s.passed(there, below.Code); err != nil {
			return "", err
		}
	}
	if behind {
		return s.resolveAgain(there, below.Code, above)
	}
	return followDone, s.reproject(there)
}

// resolveAgain lays the tenant's patches over the ancestors as they now are. What is
// in conflict by itself stays as it is while the rest follows; when the tenant as a
// whole would no longer pass the checks, all of it stays.
func (s *Service) resolveAgain(ctx context.Context, tenant string, above Revision) (string, error) {
	base, err := s.loadBase(ctx, []string{tenant})
	if err != nil {
		return "", err
	}
	set := NewSet(base.Layers...)
	set.stand(base.Base)
	conflicts, apart := set.conflicts(tenant)
	w := writing{message: "随上级 " + above.Tenant + " 的发布自动更新：" + above.Message, author: SystemAuthor, terms: above.Terms, at: s.clock.Now()}
	if apart {
		if _, err := s.publish(ctx, set, []string{tenant}, base.revisions, w); err != nil {
			return "", err
		}
	}
	if err := s.reviewConflicts(ctx, tenant, conflicts, above, w.at); err != nil {
		return "", err
	}
	if len(conflicts) > 0 {
		return followConflict, nil
	}
	return followDone, nil
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
	at := map[Key]int{}
	single := 0
	for _, kindName := range sortedKeys(s.byKind[tenant]) {
		for _, l := range s.byKind[tenant][kindName] {
			single += len(s.resolve(l).problems.Errors())
		}
	}
	all := 0
	s.inspect(tenant, func(key Key, found problem.List) {
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
	if l, ok := s.layers[key.String()]; ok {
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

// reproject renews the rows of matters that the tenant offers; those that did not change are left alone.
func (s *Service) reproject(ctx context.Context) error {
	if s.projection == nil {
		return nil
	}
	snapshot, err := s.rebuild(ctx)
	if problem.CodeOf(err) == problem.NotFound {
		return nil // the tenant publishes nothing, nor does anyone above
	}
	if err != nil {
		return err
	}
	return s.store.inTx(ctx, func(ctx context.Context) error {
		return s.project(ctx, snapshot.view, snapshot.revisions[tenancy.Acting(ctx)], s.clock.Now(), nil)
	})
}
