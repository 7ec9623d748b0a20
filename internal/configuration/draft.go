package configuration

import (
	"context"

	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// Draft answers the acting tenant's configuration with files laid over what is
// published, and its lineage from the tenant up. Nothing is written. Files with errors
// are refused with VALIDATION. Needs config.simulate.
func (s *Service) Draft(ctx context.Context, files []kind.File) (Source, []string, error) {
	if err := s.require(ctx, "config.simulate"); err != nil {
		return nil, nil, err
	}
	if len(files) == 0 {
		now, err := s.snapshot(ctx)
		if err != nil {
			return nil, nil, err
		}
		return now.view, now.view.lineage, nil
	}
	layers, problems := Read(files)
	if foreign := s.trespass(ctx, layers, nil); foreign.HasErrors() {
		return nil, nil, problem.Invalid(trespassing(layers, problems, foreign).Problems)
	}
	base, err := s.loadBase(ctx, concerned(ctx, layers, nil))
	if err != nil {
		return nil, nil, err
	}
	set, report := checkLayers(layers, problems, nil, base.Base)
	if err := problem.Invalid(report.Problems); err != nil {
		return nil, nil, err
	}
	tenant := tenancy.Acting(ctx)
	return set.View(tenant), set.Lineage(tenant), nil
}
