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
	old, _ = s.notInForce(old) // what has ended stays ended
	above := slices.DeleteFunc(base.Layers, func(l *Layer) bool { return l.Resource.Metadata.Tenant == tenant })
	set := NewSet(append(above, old...)...)
	set.stand(base.Base)
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
