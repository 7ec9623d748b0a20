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

// Republish is the handler of JobRepublish: after the acting tenant has published,
// every tenant below that holds a patch of what changed is resolved again and, when
// that is free of conflict, published by the system actor; a conflict opens a review
// request there instead. Rows of matters that tenants below offer without a patch
// are renewed. with adds the job's own statement once all is done; doing it twice changes nothing.
func (s *Service) Republish(ctx context.Context, with func(*db.Batch)) error {
	tenant := tenancy.Acting(ctx)
	ctx = authz.With(ctx, authz.System())
	after := tenant
	for {
		page := s.tree.Subtree(tenant, after, pageBelow)
		if len(page) == 0 {
			return s.store.only(ctx, with)
		}
		for _, below := range page {
			if err := s.follow(ctx, below, tenant); err != nil {
				return err
			}
		}
		after = page[len(page)-1].Code
	}
}

// follow brings one tenant up to date with its ancestors.
func (s *Service) follow(ctx context.Context, below tenancy.Tenant, above string) error {
	there, err := s.tree.ActAs(ctx, below.Code, "follow a publication of "+above)
	if err != nil {
		return err
	}
	behind, err := s.store.behind(there, below.Code)
	if err != nil {
		return err
	}
	if behind {
		return s.resolveAgain(there, below.Code, above)
	}
	return s.reproject(there)
}

// resolveAgain lays the tenant's patches over the ancestors as they now are.
func (s *Service) resolveAgain(ctx context.Context, tenant, above string) error {
	base, err := s.loadBase(ctx, []string{tenant})
	if err != nil {
		return err
	}
	set := NewSet(base.Layers...)
	set.older = base.Older
	problems, _ := set.checkTenant(tenant)
	w := writing{message: "随上级 " + above + " 的发布自动更新", author: SystemAuthor, at: s.clock.Now()}
	if problems.HasErrors() {
		return s.openReview(ctx, set, tenant, problems.Sorted(), w, base.revisions[tenant])
	}
	_, err = s.publish(ctx, set, []string{tenant}, base.revisions, w)
	return err
}

// openReview asks the tenant to put a conflict right: it goes on with what it has. One open request is enough.
func (s *Service) openReview(ctx context.Context, set *Set, tenant string, problems problem.List, w writing, base int) error {
	open, err := s.store.changesWhere(ctx, "author = $2 AND state = $3", 1, SystemAuthor, string(InReview))
	if err != nil || len(open) > 0 {
		return err
	}
	plan := Plan{Tenants: []TenantPlan{{Tenant: tenant, Title: titleOf(set, set, tenant), Entries: []PlanEntry{}, Conflicts: problems}}, LiveCases: []LiveCases{}}
	plan.Digest = planDigest(plan.Tenants)
	return s.store.insertChange(ctx, &Change{Tenant: tenant, ID: db.NewID(w.at), Status: InReview, Message: w.message + "，与本地配置冲突",
		Report: Report{Problems: problems, Tenants: []string{tenant}}, Plan: plan, Tenants: []string{tenant}, BaseRevision: base, Author: SystemAuthor,
		CreatedAt: w.at, Version: 1})
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
		return s.project(ctx, snapshot.view, snapshot.revisions[tenancy.Acting(ctx)], s.clock.Now())
	})
}
