package configuration

import (
	"context"
	"slices"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// ReviewState is how a review request stands.
type ReviewState string

// The states of a review request. Open and suspended ones still wait for the tenant's own change.
const (
	ReviewOpen       ReviewState = "open"
	ReviewSuspended  ReviewState = "suspended"  // overdue: the matters concerned take no applications
	ReviewResolved   ReviewState = "resolved"   // by a change of the tenant, or of the one above
	ReviewOverridden ReviewState = "overridden" // overdue: the tenant's conflicting values were dropped
)

// What happens to a conflict that is still there at the deadline, as the parent chose (四级四同, docs/kinds.md locks).
const (
	OnOverdueOverride = "override" // the child's conflicting values are dropped from its patch
	OnOverdueSuspend  = "suspend"  // the matters concerned are suspended in the child
)

// Terms are what a publication demands of tenants below whose patches conflict with
// it. Without a deadline a request stays open and nothing happens by itself.
type Terms struct {
	Deadline  *time.Time `json:"deadline,omitempty"`
	OnOverdue string     `json:"on_overdue,omitempty"`
}

// validate wants deadline and outcome together, and time to answer.
func (t Terms) validate(now time.Time, effective *time.Time) problem.List {
	var list problem.List
	from := now
	if effective != nil && effective.After(now) {
		from = *effective
	}
	switch {
	case t.Deadline == nil && t.OnOverdue == "":
	case t.Deadline == nil:
		list.Add("$.reviewDeadline", "required", "须同时给出下级复核的期限")
	case t.OnOverdue != OnOverdueOverride && t.OnOverdue != OnOverdueSuspend:
		list.Add("$.onOverdue", "required", "须同时给出逾期的处理：override 或 suspend")
	case !t.Deadline.After(from):
		list.Add("$.reviewDeadline", "too_early", "下级复核的期限应晚于变更生效时间")
	}
	return list
}

// undated warns of conflicts below that nobody has set a deadline for.
func undated(p Plan, t Terms) problem.List {
	n := 0
	for _, below := range p.Tenants {
		if len(below.Conflicts) > 0 {
			n++
		}
	}
	if n == 0 || t.Deadline != nil {
		return nil
	}
	var list problem.List
	list.Add("$.reviewDeadline", "V-06", "%d 个下级租户的配置与本次变更冲突，而没有定复核期限：复核请求将一直开着，下级沿用现有配置", n)
	list[0].Severity = problem.SeverityWarning
	return list
}

// ReviewRequest asks a tenant to put one of its resources right that conflicts with
// what an ancestor has published (复核请求). There is at most one that is not closed
// for each resource; it is brought up to date when the ancestor publishes again.
type ReviewRequest struct {
	Tenant        string
	ID            uuid.UUID
	Kind, Name    string
	Title         string
	Above         string // the tenant that published
	AboveRevision int
	Message       string // of that publication
	Problems      problem.List
	State         ReviewState
	Terms         Terms
	OpenedAt      time.Time
	UpdatedAt     time.Time
	ClosedAt      *time.Time
	Revision      *int // of the tenant, which closed it
}

func (r *ReviewRequest) key() Key { return Key{Tenant: r.Tenant, Kind: r.Kind, Name: r.Name} }

// Progress counts the tenants below that stand on what a revision changed.
type Progress struct{ Concerned, Done, InConflict int }

// Following tells how far the tenants below have followed a revision of the acting tenant. Needs config.read.
func (s *Service) Following(ctx context.Context, revision int) (Progress, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return Progress{}, err
	}
	return s.store.progress(ctx, tenancy.Acting(ctx), revision)
}

// ReviewRequests lists the acting tenant's review requests, newest first, of one
// state ("" = all), before an id (Nil = from the newest). Needs config.read.
func (s *Service) ReviewRequests(ctx context.Context, state ReviewState, before uuid.UUID, first int) ([]*ReviewRequest, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return nil, err
	}
	return s.store.reviews(ctx, state, before, first)
}

// ReviewRequest returns one review request of the acting tenant. Needs config.read.
func (s *Service) ReviewRequest(ctx context.Context, id uuid.UUID) (*ReviewRequest, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return nil, err
	}
	return s.store.review(ctx, id)
}

// reviewConflicts makes the open requests of a tenant those of its conflicts: new ones are opened, known ones brought
// up to date, all others are resolved.
func (s *Service) reviewConflicts(ctx context.Context, tenant string, conflicts []conflict, above Revision, now time.Time) error {
	known, err := s.store.unresolved(ctx)
	if err != nil {
		return err
	}
	b := s.store.db.NewBatch()
	kept := make([]Key, 0, len(conflicts))
	for _, c := range conflicts {
		kept = append(kept, c.key)
		r := &ReviewRequest{Tenant: tenant, ID: db.NewID(now), Kind: c.key.Kind, Name: c.key.Name, Title: c.title, Above: above.Tenant,
			AboveRevision: above.Number, Message: above.Message, Problems: c.problems, State: ReviewOpen, Terms: above.Terms, OpenedAt: now, UpdatedAt: now}
		i := slices.IndexFunc(known, func(k *ReviewRequest) bool { return k.key() == c.key })
		if i >= 0 {
			before := known[i]
			if r.Terms.Deadline == nil {
				r.Terms = before.Terms
			}
			if before.says(r) {
				continue
			}
			r.ID, r.OpenedAt = before.ID, before.OpenedAt
		}
		if err := s.store.askReview(b, r, i >= 0); err != nil {
			return err
		}
	}
	closeReviews(b, tenant, nil, kept, now)
	return wrap("open review requests", s.store.db.Run(ctx, b))
}

// says reports a request that asks for the same already.
func (r *ReviewRequest) says(other *ReviewRequest) bool {
	same := r.Terms.OnOverdue == other.Terms.OnOverdue && (r.Terms.Deadline == nil) == (other.Terms.Deadline == nil)
	if same && r.Terms.Deadline != nil {
		same = r.Terms.Deadline.Equal(*other.Terms.Deadline)
	}
	return same && slices.Equal(r.Problems, other.Problems)
}

// settleAbove tells the tenants above that conflicts which a revision of the tenant has put right are no more.
func (s *Service) settleAbove(ctx context.Context, tenant string, revision int) error {
	open, err := s.store.unresolved(ctx)
	if err != nil {
		return err
	}
	settled, err := s.store.closedBy(ctx, tenant, revision)
	if err != nil {
		return err
	}
	for _, above := range settled {
		if slices.ContainsFunc(open, func(r *ReviewRequest) bool { return r.Above == above }) {
			continue
		}
		there, err := s.tree.ActAs(ctx, above, "tenant "+tenant+" has settled its conflicts")
		if err != nil {
			return err
		}
		if err := s.store.settled(there, above, tenant, s.clock.Now()); err != nil {
			return err
		}
	}
	return nil
}

// ReviewOverdue is the handler of JobOverdue: a conflict that is still there when its
// deadline passes ends as the parent chose. Values that conflict are dropped from the
// tenant's patch by the system actor; where that is not asked for, or not enough, the
// matters concerned are suspended. with adds the job's own statement.
func (s *Service) ReviewOverdue(ctx context.Context, id uuid.UUID, with func(*db.Batch)) error {
	ctx = authz.With(ctx, authz.System())
	r, err := s.store.review(ctx, id)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	if r.State != ReviewOpen || r.Terms.Deadline == nil || now.Before(*r.Terms.Deadline) {
		return s.store.only(ctx, with) // answered, or given more time
	}
	base, err := s.loadBase(ctx, []string{r.Tenant})
	if err != nil {
		return err
	}
	set := NewSet(base.Layers...)
	set.stand(base.Base)
	if r.Terms.OnOverdue == OnOverdueOverride {
		if without, ok := set.withoutConflict(base, r.key()); ok {
			return s.override(ctx, without, base, r, now, with)
		}
	}
	return s.suspendOverdue(ctx, r, now, with)
}

// maxDrops bounds how often values are dropped from a patch before that is given up.
const maxDrops = 64

// withoutConflict is the set with the conflicting values of one patch left out; false when the resource is no patch, or
// leaving out values is not enough to make the tenant pass.
func (s *Set) withoutConflict(base publishedBase, key Key) (*Set, bool) {
	layers := slices.Clone(base.Layers)
	at := slices.IndexFunc(layers, func(l *Layer) bool { return l.key() == key })
	if at < 0 || layers[at].Resource.Metadata.Extends == nil {
		return nil, false
	}
	set := s
	for range maxDrops {
		problems := set.resolve(set.layers[key]).problems.Errors()
		if len(problems) == 0 {
			_, apart := set.conflicts(key.Tenant)
			return set, apart
		}
		doc, dropped := kind.Drop(layers[at].Resource.Doc, problems)
		if !dropped {
			return nil, false
		}
		layers[at] = layers[at].with(doc)
		set = NewSet(layers...)
		set.stand(base.Base)
	}
	return nil, false
}

// with is the same layer with another document.
func (l *Layer) with(doc map[string]any) *Layer {
	r := *l.Resource
	r.Doc, r.Node = doc, nil
	layouts := map[string]string{}
	for _, name := range layoutNames(r.Kind, doc) {
		if text, ok := l.Layouts[name]; ok {
			layouts[name] = text
		}
	}
	assets := map[string]string{}
	for _, asset := range kind.Assets(&r) {
		if digest, ok := l.Assets[asset.Name]; ok {
			assets[asset.Name] = digest
		}
	}
	return newLayer(&r, layouts, assets)
}

func (s *Service) override(ctx context.Context, set *Set, base publishedBase, r *ReviewRequest, now time.Time, with func(*db.Batch)) error {
	w := writing{message: "逾期未复核，按上级 " + r.Above + " 的选择以上级为准：" + r.Message, author: SystemAuthor, at: now}
	err := s.store.inTx(ctx, func(ctx context.Context) error {
		if _, err := s.publishSet(ctx, set, []string{r.Tenant}, base.revisions, w); err != nil {
			return err
		}
		return s.store.endReview(ctx, r, ReviewOverridden, now, with)
	})
	if err == nil {
		s.announce(ctx)
	}
	return err
}

// suspendOverdue suspends the matters that a conflicting resource is part of, in one revision.
func (s *Service) suspendOverdue(ctx context.Context, r *ReviewRequest, now time.Time, with func(*db.Batch)) error {
	snapshot, err := s.snapshot(ctx)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	changed := map[string]bool{Key{Tenant: r.Tenant, Kind: r.Kind, Name: r.Name}.String(): true}
	var orders []Order
	for _, f := range snapshot.view.Offered() {
		name := f.Resource.Metadata.Name
		if snapshot.status[name] == "" && touches(snapshot.view, f, changed, known, map[string]bool{}) {
			orders = append(orders, Order{Action: OrderSuspend, Matter: name, Reason: "逾期未复核上级配置变更：" + r.Message,
				Basis: "上级 " + r.Above + " 发布该变更时定的期限和处理", Transition: "该事项正按上级的新规定调整，暂停受理；已受理的办件照常办理。"})
		}
	}
	w := writing{message: "逾期未复核，按上级 " + r.Above + " 的选择挂起", author: SystemAuthor, at: now}
	err = s.store.inTx(ctx, func(ctx context.Context) error {
		if err := s.carryOut(ctx, orders, 0, w); err != nil {
			return err
		}
		return s.store.endReview(ctx, r, ReviewSuspended, now, with)
	})
	if err == nil {
		s.announce(ctx)
	}
	return err
}
