package configuration

import (
	"context"
	"maps"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// ChangeStatus is the state of a change request (SM-04).
type ChangeStatus string

// The states of a change request.
const (
	InReview   ChangeStatus = "in_review"
	Approved   ChangeStatus = "approved"
	Rejected   ChangeStatus = "rejected"
	Published  ChangeStatus = "published"
	Superseded ChangeStatus = "superseded" // its base moved on and it would no longer do what was reviewed
)

// Change is a change request (发布申请): files and deletions that are published together or not at all.
type Change struct {
	Tenant        string // in which it was submitted
	ID            uuid.UUID
	Status        ChangeStatus
	Message       string
	Files         []kind.File
	Deletes       []Key
	Report        Report
	Plan          Plan
	Tenants       []string       // that it writes
	Revisions     map[string]int // that it published, by tenant
	BaseRevision  int            // of Tenant, that its files were made from
	Bases         map[string]int // the same of every tenant that it writes; nil in changes of older programs
	Author        string         // "staff:<id>", or "system"
	Reviewer      string
	Reason        string
	EffectiveFrom *time.Time // nil = at publication
	Terms         Terms      // for tenants below that will be in conflict
	CreatedAt     time.Time
	DecidedAt     *time.Time
	Version       int
}

// Submission is what an author hands in.
type Submission struct {
	Files         []kind.File
	Deletes       []Key
	Orders        []Order // administrative acts on matters
	Message       string
	EffectiveFrom *time.Time // nil = on the day that the resources say (metadata.effective.from), or at publication
	Terms         Terms
	// Base is the revision of the acting tenant that the files were made from; nil = the one in force. What was published
	// since is merged with them (merge.go).
	Base *int
}

// bases are the revisions that the files were made from, where they are said.
func (in Submission) bases(ctx context.Context) map[string]int {
	if in.Base == nil {
		return nil
	}
	return map[string]int{tenancy.Acting(ctx): *in.Base}
}

// SubmitChange checks a change on the present base and puts it up for review. It is
// refused with Validation when a check has errors or a field conflicts with what was
// published since its base, with Conflict "nothing_to_change" when it would change
// nothing. Needs config.author.
func (s *Service) SubmitChange(ctx context.Context, in Submission) (*Change, error) {
	if err := s.require(ctx, "config.author"); err != nil {
		return nil, err
	}
	if strings.TrimSpace(in.Message) == "" {
		return nil, problem.Invalid(problem.List{{Path: "$.message", Code: "required", Message: "说明变更的目的", Severity: problem.SeverityError}})
	}
	return s.submit(ctx, in, authz.From(ctx).Actor())
}

func (s *Service) submit(ctx context.Context, in Submission, author string) (*Change, error) {
	if s.merged(ctx) {
		return nil, tenantMerged()
	}
	in.Deletes = deletesHere(ctx, in.Deletes)
	in, err := s.withOrders(ctx, in)
	if err != nil {
		return nil, err
	}
	p, err := s.propose(ctx, in.Files, in.Deletes, in.Orders, in.bases(ctx), in.EffectiveFrom)
	if err != nil {
		return nil, err
	}
	defer s.checked.bringBack(p.checked)
	if err := p.refusal(in.Orders); err != nil {
		return nil, err
	}
	if err := problem.Invalid(in.Terms.validate(s.clock.Now(), p.plan.EffectiveFrom)); err != nil {
		return nil, err
	}
	p.report.Problems = append(p.report.Problems, undated(p.plan, in.Terms)...)
	now := s.clock.Now()
	c := &Change{Tenant: tenancy.Acting(ctx), ID: db.NewID(now), Status: InReview, Message: in.Message, Files: in.Files, Deletes: in.Deletes,
		Report: p.report, Plan: p.plan, Tenants: p.report.Tenants, Bases: map[string]int{}, Author: author,
		EffectiveFrom: p.plan.EffectiveFrom, Terms: in.Terms, CreatedAt: now, Version: 1}
	for _, tenant := range append(concerned(ctx, p.layers, p.deletes), p.report.Tenants...) {
		c.Bases[tenant] = p.base.revisions[tenant]
	}
	maps.Copy(c.Bases, in.bases(ctx))
	c.BaseRevision = c.Bases[c.Tenant]
	return c, s.store.insertChange(ctx, c)
}

// ApproveChange lets a change through. The reviewer is never its author
// (R-MGT-03). A change that would no longer do what its plan says is Conflict
// "stale_base": it is to be brought up to date first. Needs config.review.
func (s *Service) ApproveChange(ctx context.Context, id uuid.UUID, reason string) (*Change, error) {
	return s.decide(ctx, id, Approved, reason)
}

// RejectChange sends a change back with a reason. Needs config.review.
func (s *Service) RejectChange(ctx context.Context, id uuid.UUID, reason string) (*Change, error) {
	if strings.TrimSpace(reason) == "" {
		return nil, problem.Invalid(problem.List{{Path: "$.reason", Code: "required", Message: "退回须说明理由", Severity: problem.SeverityError}})
	}
	return s.decide(ctx, id, Rejected, reason)
}

func (s *Service) decide(ctx context.Context, id uuid.UUID, to ChangeStatus, reason string) (*Change, error) {
	if err := s.require(ctx, "config.review"); err != nil {
		return nil, err
	}
	c, err := s.store.change(ctx, id)
	if err != nil {
		return nil, err
	}
	reviewer := authz.From(ctx).Actor()
	switch {
	case c.Author == reviewer:
		return nil, problem.Denied("config.review", "separation", "提交人不能审核自己的变更")
	case c.Status != InReview:
		return nil, problem.New(problem.Conflict, "not_in_review", "该变更不在待审核状态")
	}
	if to == Approved {
		p, err := s.again(ctx, c)
		if err != nil {
			return nil, err
		}
		s.checked.bringBack(p.checked)
		if p.outdated(c) {
			return nil, staleBase()
		}
	}
	now := s.clock.Now()
	c.Status, c.Reviewer, c.Reason, c.DecidedAt = to, reviewer, reason, &now
	return c, s.store.updateChange(ctx, c)
}

// PublishChange publishes an approved change, all of it in one transaction, or
// books it for its effective instant. When the base has moved so that the change
// would write or do something other than what was reviewed, it is superseded and the
// answer is Conflict "stale_base"; RebaseChange brings it up to date, to be reviewed
// again. Running cases keep what they pinned. Needs config.publish.
func (s *Service) PublishChange(ctx context.Context, id uuid.UUID) (*Change, error) {
	if err := s.require(ctx, "config.publish"); err != nil {
		return nil, err
	}
	c, err := s.store.change(ctx, id)
	if err != nil {
		return nil, err
	}
	if c.Status != Approved {
		return nil, problem.New(problem.Conflict, "not_approved", "该变更未经审核通过，或已发布")
	}
	if c.EffectiveFrom != nil && c.EffectiveFrom.After(s.clock.Now()) {
		return c, s.store.schedule(ctx, c, s.clock.Now())
	}
	return c, s.release(ctx, c, nil)
}

// PublishScheduled is the handler of JobPublish: it publishes a change whose
// effective instant has come. with adds the job's own statement to the transaction.
func (s *Service) PublishScheduled(ctx context.Context, id uuid.UUID, with func(*db.Batch)) error {
	c, err := s.store.change(ctx, id)
	if err != nil {
		return err
	}
	if c.Status != Approved {
		return s.store.only(ctx, with)
	}
	err = s.release(ctx, c, with)
	if problem.CodeOf(err) == problem.Conflict || problem.CodeOf(err) == problem.Validation {
		// It is superseded: those who review are told, and its author can see so.
		return s.store.tellAll(ctx, EventOutdated, []map[string]any{{"message": c.Message, "author": c.Author}}, s.clock.Now(), with)
	}
	return err
}

// release works the change out once more on the present base and publishes it.
func (s *Service) release(ctx context.Context, c *Change, with func(*db.Batch)) error {
	p, err := s.again(ctx, c)
	if err != nil {
		return err
	}
	if p.outdated(c) {
		c.Status = Superseded
		if err := s.store.updateChange(ctx, c); err != nil {
			return err
		}
		return staleBase()
	}
	now := s.clock.Now()
	w := writing{message: c.Message, author: c.Author, reviewer: c.Reviewer, change: &c.ID, terms: c.Terms, at: now}
	err = s.store.inTx(ctx, func(ctx context.Context) error {
		c.Status = Published
		if c.Revisions, err = s.publishSet(ctx, p.set, p.report.Tenants, p.base.revisions, w); err != nil {
			return err
		}
		if err := s.carryOut(ctx, c.Plan.Orders, c.Revisions[c.Tenant], w); err != nil {
			return err
		}
		if with != nil {
			if err := s.store.only(ctx, with); err != nil {
				return err
			}
		}
		return s.store.updateChange(ctx, c)
	})
	if err != nil {
		return err
	}
	s.announce(ctx)
	return nil
}
