package configuration

import (
	"context"
	"slices"

	"zhengtong/internal/authz"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// SystemAuthor is written as the author of what the engine itself publishes.
const SystemAuthor = "system"

// Bootstrap publishes shipped packs as the system actor: the national base and any
// tenants given with it, in one transaction. On an empty database it registers
// the tenants; later it publishes what differs, such as the base of a newer
// program. Problems of the packs are a Validation refusal.
func (s *Service) Bootstrap(ctx context.Context, files ...kind.File) error {
	return s.Found(ctx, "随程序提供的配置包", files...)
}

// Found publishes files as the system actor under what is published already: the
// tenants that an operator founds. What its dates keep out of force now is left out. It
// is refused like Bootstrap.
func (s *Service) Found(ctx context.Context, message string, files ...kind.File) error {
	ctx = authz.With(ctx, authz.System())
	if err := s.tree.Refresh(ctx); err != nil {
		return err
	}
	layers, problems := Read(files)
	layers, left := s.notInForce(layers)
	if len(left) > 0 {
		s.log.WarnContext(ctx, "configuration: not in force, left out", "resources", names(left))
	}
	tenants := slices.DeleteFunc(concerned(ctx, layers, nil), func(tenant string) bool { return tenant == "" })
	base, err := s.loadBase(ctx, tenants)
	if err != nil {
		return err
	}
	set, report := checkLayers(layers, problems, nil, base.Base)
	if err := problem.Invalid(missingFilesStop(report.Problems)); err != nil {
		return err
	}
	if err := s.keepAssets(ctx, layers, files); err != nil {
		return err
	}
	w := writing{message: message, author: SystemAuthor, at: s.clock.Now(), assets: contents(files)}
	_, err = s.publish(ctx, set, report.Tenants, base.revisions, w)
	return err
}

// publish writes revisions in one transaction and brings this node up to date.
func (s *Service) publish(ctx context.Context, set *Set, tenants []string, bases map[string]int, w writing) (map[string]int, error) {
	var written map[string]int
	err := s.store.inTx(ctx, func(ctx context.Context) (err error) {
		written, err = s.publishSet(ctx, set, tenants, bases, w)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.announce(ctx)
	return written, nil
}

// announce shows this node what was just published and tells the others.
func (s *Service) announce(ctx context.Context) {
	if err := s.tree.Refresh(ctx); err != nil {
		s.log.WarnContext(ctx, "configuration: register of tenants not read", "error", err)
	}
	if err := s.Refresh(ctx); err != nil {
		s.log.WarnContext(ctx, "configuration: heads not read", "error", err)
	}
	if s.bus == nil {
		return
	}
	if err := s.bus.Publish(ctx, topic(), ""); err != nil {
		s.log.WarnContext(ctx, "configuration: other nodes not told; they poll", "error", err)
	}
}

// missingFilesStop turns the warning of a missing layout or asset into the error that it is at publication (V-37).
func missingFilesStop(list problem.List) problem.List {
	out := make(problem.List, len(list))
	for i, p := range list {
		if p.Code == CodeMissingFile && p.Severity == problem.SeverityWarning {
			p.Severity = problem.SeverityError
		}
		out[i] = p
	}
	return out
}
