package configuration

import (
	"context"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// following is one task that brings the tenants below up to date with a revision.
type following struct {
	*Service
	above   Revision
	changed []Key // by it
	gone    bool  // some of them are no more
	began   time.Time
	endless bool // nobody continues it
}

// late reports that the rest is for the next task. It is asked after something was done, so that every task gets on.
func (f *following) late() bool { return !f.endless && time.Since(f.began) > f.followTime }

// pause ends the task; when nothing failed, another goes on after a tenant.
func (f *following) pause(ctx context.Context, after string, with func(*db.Batch), err error) error {
	if err != nil {
		return err
	}
	return f.store.only(ctx, func(b *db.Batch) {
		with(b)
		continueJob(b, f.above.Tenant, f.above.Number, after, f.clock.Now())
	})
}

// patches resolves again the tenants below that hold a patch, of whatever depth, of
// a changed resource, or have installed a changed pack; false when there was no time
// for all of them. Those that have followed already are left alone: a task that was
// broken off is taken up where it ended.
func (f *following) patches(ctx context.Context) (bool, error) {
	tenant, revision := f.above.Tenant, f.above.Number
	concerned, err := f.concerned(ctx)
	if err != nil {
		return false, err
	}
	if err := f.store.expect(ctx, tenant, revision, concerned, f.clock.Now()); err != nil {
		return false, err
	}
	waiting, err := f.store.waiting(ctx, tenant, revision)
	if err != nil {
		return false, err
	}
	for _, level := range f.levels(waiting) {
		if done, err := f.level(ctx, level); err != nil || !done {
			return false, err
		}
	}
	return true, nil
}

// levels are the tenants by their depth, the highest first: each follows after those above it.
func (f *following) levels(tenants []string) [][]string {
	byDepth := map[int][]string{}
	for _, tenant := range tenants {
		row, _ := f.tree.Get(tenant)
		byDepth[len(row.Lineage)] = append(byDepth[len(row.Lineage)], tenant)
	}
	out := make([][]string, 0, len(byDepth))
	for _, depth := range slices.Sorted(maps.Keys(byDepth)) {
		out = append(out, byDepth[depth])
	}
	return out
}

// followers is how many pages of one level follow at a time: while one waits for the database another works its patches
// out. pageFollowing is how many tenants a page has at most: what stands above them is looked through once a page.
const (
	followers     = 2
	pageFollowing = 200
)

// level follows for tenants none of which stands above another; false when there was no time for all of them. What fails
// in one page keeps no other from following.
func (f *following) level(ctx context.Context, tenants []string) (bool, error) {
	rounds := (len(tenants) + followers*pageFollowing - 1) / (followers * pageFollowing)
	size := (len(tenants) + followers*rounds - 1) / (followers * rounds)
	var late atomic.Bool
	var pages errgroup.Group
	pages.SetLimit(followers)
	for page := range slices.Chunk(tenants, size) {
		pages.Go(func() (err error) {
			defer func() { // the task fails, not the node
				if cause := recover(); cause != nil {
					err = fmt.Errorf("configuration: following revision %d of %s: %v\n%s", f.above.Number, f.above.Tenant, cause, debug.Stack())
				}
			}()
			if late.Load() {
				return nil
			}
			done, err := f.page(ctx, page)
			if err == nil && !done {
				late.Store(true)
			}
			return err
		})
	}
	err := pages.Wait()
	return err == nil && !late.Load(), err
}

// concerned are the tenants below that stand on what changed.
func (f *following) concerned(ctx context.Context) ([]string, error) {
	found := map[string]bool{}
	err := f.standingOn(ctx, f.changed, func(patch Key) bool {
		found[patch.Tenant] = true
		return true
	})
	for below := range found {
		if row, ok := f.tree.Get(below); below == f.above.Tenant || !ok || row.Status == tenancy.Merged {
			delete(found, below) // what is published goes to the successor
		}
	}
	return sortedKeys(found), err
}

// page follows for some tenants, on one reading of what they and those above them declare.
func (f *following) page(ctx context.Context, tenants []string) (bool, error) {
	base, err := f.loadBase(ctx, tenants)
	if err != nil {
		return false, err
	}
	set := NewSet(base.Layers...)
	set.stand(base.Base)
	touching := f.touching()
	defer f.announce(ctx)
	for _, tenant := range tenants {
		err := f.follow(ctx, tenant, set, base, touching)
		if problem.ReasonOf(err) == "stale_base" { // it has published meanwhile
			err = f.followAlone(ctx, tenant)
		}
		if err != nil {
			return false, err
		}
		if f.late() {
			return false, nil
		}
	}
	return true, nil
}

func (f *following) followAlone(ctx context.Context, tenant string) error {
	base, err := f.loadBase(ctx, []string{tenant})
	if err != nil {
		return err
	}
	set := NewSet(base.Layers...)
	set.stand(base.Base)
	return f.follow(ctx, tenant, set, base, f.touching())
}

// touching looks for what the revision touches; nil when that is not told by the
// references of matters: something is gone, or of a kind that everything stands on.
func (f *following) touching() *touching {
	changed := map[string]bool{}
	for _, key := range f.changed {
		if f.gone || !pinnedKind(key.Kind) {
			return nil
		}
		changed[key.String()] = true
	}
	return newTouching(changed)
}

// follow lays a tenant's patches over the ancestors as they now are. What is in
// conflict by itself stays as it is while the rest follows; when the tenant as a
// whole would no longer pass the checks, all of it stays.
func (f *following) follow(ctx context.Context, tenant string, set *Set, base publishedBase, touching *touching) error {
	there, err := f.tree.ActAs(ctx, tenant, "follow a publication of "+f.above.Tenant)
	if err != nil {
		return err
	}
	open, err := f.store.unresolved(there)
	if err != nil {
		return err
	}
	var within *extent
	if touching != nil && len(open) == 0 { // it had passed the checks
		within = set.extentOf(f.above.Tenant, tenant, touching)
	}
	conflicts, apart := set.conflictsWithin(tenant, within)
	now := f.clock.Now()
	w := writing{message: "随上级 " + f.above.Tenant + " 的发布自动更新：" + f.above.Message, author: SystemAuthor, terms: f.above.Terms, at: now, within: within}
	if apart {
		err := f.store.inTx(there, func(ctx context.Context) error {
			_, err := f.publishSet(ctx, set, []string{tenant}, base.revisions, w)
			return err
		})
		if err != nil {
			return err
		}
	}
	state := followDone
	if len(conflicts) > 0 {
		state = followConflict
	}
	if len(conflicts) > 0 || len(open) > 0 {
		if err := f.reviewConflicts(there, tenant, conflicts, f.above, now); err != nil {
			return err
		}
	}
	return f.store.followed(ctx, f.above.Tenant, f.above.Number, tenant, state, now)
}

// rows renews the rows of the changed matters in the tenants below, page by page,
// beginning after a tenant; it returns the tenant up to which there was time, ""
// for all.
func (f *following) rows(ctx context.Context, after string) (string, error) {
	names, err := f.rowed(ctx)
	if err != nil || f.projection == nil || len(names) == 0 {
		return "", err
	}
	if after == "" {
		after = f.above.Tenant
	}
	seen := newKnown()
	for page := f.tree.Subtree(f.above.Tenant, after, pageBelow); len(page) > 0; page = f.tree.Subtree(f.above.Tenant, after, pageBelow) {
		err := f.store.inTx(ctx, func(ctx context.Context) error {
			for _, below := range page {
				if below.Status != tenancy.Merged {
					if err := f.row(ctx, below, names, seen); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return "", err
		}
		if after = page[len(page)-1].Code; f.late() {
			return after, nil
		}
	}
	return "", nil
}

// rowed are the matters whose rows tell of what has changed: the changed ones, and those
// of the government's own view whose flow has.
func (f *following) rowed(ctx context.Context) ([]string, error) {
	names, flows := map[string]bool{}, map[string]bool{}
	for _, key := range f.changed {
		switch key.Kind {
		case "Matter":
			names[key.Name] = true
		case "Workflow", "SpecialProcedure":
			flows[key.Kind+"/"+key.Name] = true
		}
	}
	if len(flows) > 0 {
		there, err := f.tree.ActAs(ctx, f.above.Tenant, "follow its own publication")
		if err != nil {
			return nil, err
		}
		snapshot, err := f.snapshot(there)
		if err != nil {
			return nil, err
		}
		for _, found := range snapshot.view.All("Matter") {
			spec := found.Resource.Spec.(*kind.Matter)
			if flows["Workflow/"+spec.Workflow] || slices.ContainsFunc(spec.SpecialProcedures, func(name string) bool { return flows["SpecialProcedure/"+name] }) {
				names[found.Resource.Metadata.Name] = true
			}
		}
	}
	return sortedKeys(names), nil
}
