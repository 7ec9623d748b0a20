package configuration

import (
	"context"
	"slices"
	"strings"

	"zhengtong/internal/authz"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// Rollback publishes the entries of an old revision of the acting tenant anew, over
// its ancestors as they now are, and returns the number of the new revision.
// Validation when they no longer pass the checks there; NotFound for a revision
// that the tenant never had. Needs config.publish.
func (s *Service) Rollback(ctx context.Context, toRevision int, message string) (int, error) {
	if err := s.require(ctx, "config.publish"); err != nil {
		return 0, err
	}
	if strings.TrimSpace(message) == "" {
		return 0, problem.Invalid(problem.List{{Path: "$.message", Code: "required", Message: "说明回退的理由", Severity: problem.SeverityError}})
	}
	tenant := tenancy.Acting(ctx)
	base, err := s.loadBase(ctx, []string{tenant})
	if err != nil {
		return 0, err
	}
	if toRevision < 1 || toRevision >= base.revisions[tenant] {
		return 0, problem.Missing()
	}
	old, err := s.layersAt(ctx, tenant, toRevision)
	if err != nil {
		return 0, err
	}
	above := slices.DeleteFunc(base.Layers, func(l *Layer) bool { return l.Resource.Metadata.Tenant == tenant })
	set := NewSet(append(above, old...)...)
	set.older = base.Older
	problems, _ := set.checkTenant(tenant)
	if err := problem.Invalid(missingFilesStop(problems)); err != nil {
		return 0, err
	}
	actor := authz.From(ctx).Actor()
	written, err := s.publish(ctx, set, []string{tenant}, base.revisions, writing{message: message, author: actor, rolledBackTo: &toRevision, at: s.clock.Now()})
	if err == nil && written[tenant] == 0 {
		err = problem.New(problem.Conflict, "nothing_to_change", "与现行修订相同，无需回退")
	}
	return written[tenant], err
}

// SuspendMatter stops new applications for a matter of the acting tenant;
// ResumeMatter lets them in again (R-MGT-02). Open cases go on (R-MGT-10). Each is a
// revision without changed entries, with its reason. They need config.publish.
func (s *Service) SuspendMatter(ctx context.Context, name, reason string) error {
	return s.setStatus(ctx, name, statusSuspended, "挂起事项 "+name+"："+reason, reason)
}

// ResumeMatter ends a suspension.
func (s *Service) ResumeMatter(ctx context.Context, name, reason string) error {
	return s.setStatus(ctx, name, statusPublished, "恢复事项 "+name+"："+reason, reason)
}

func (s *Service) setStatus(ctx context.Context, name, status, message, reason string) error {
	if err := s.require(ctx, "config.publish"); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return problem.Invalid(problem.List{{Path: "$.reason", Code: "required", Message: "须说明理由和依据", Severity: problem.SeverityError}})
	}
	w := writing{message: message, author: authz.From(ctx).Actor(), at: s.clock.Now()}
	err := s.store.inTx(ctx, func(ctx context.Context) error {
		tenant := tenancy.Acting(ctx)
		if err := s.store.updateMatterStatus(ctx, tenant, name, status, w.at); err != nil {
			return err
		}
		head, err := s.store.lockHead(ctx, tenant)
		if err != nil {
			return err
		}
		sequence, err := s.store.nextSequence(ctx)
		if err != nil {
			return err
		}
		batch := s.store.db.NewBatch()
		insertRevision(batch, tenant, head+1, w)
		moveHead(batch, tenant, head+1, sequence, w.at)
		return s.store.db.Run(ctx, batch)
	})
	if err != nil {
		return err
	}
	s.announce(ctx)
	return nil
}
