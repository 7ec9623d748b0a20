package configuration

import (
	"context"
	"fmt"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// Revision is a published set of a tenant's own entries (配置修订).
type Revision struct {
	Tenant       string
	Number       int
	Message      string
	Author       string
	Reviewer     string
	Change       *uuid.UUID // request that it came from
	RolledBackTo *int
	Terms        Terms // for tenants below whose patches conflict with it
	CreatedAt    time.Time
}

// Revisions lists the acting tenant's revisions, newest first, before a number (0 = from the newest). Needs config.read.
func (s *Service) Revisions(ctx context.Context, before, first int) ([]Revision, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return nil, err
	}
	return s.store.revisions(ctx, tenancy.Acting(ctx), before, first)
}

// Changes lists the acting tenant's change requests, newest first, of one status
// ("" = all), before an id (Nil = from the newest). Needs config.read.
func (s *Service) Changes(ctx context.Context, status ChangeStatus, before uuid.UUID, first int) ([]*Change, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return nil, err
	}
	where, args := "1 = 1", []any{}
	if status != "" {
		args = append(args, string(status))
		where += " AND state = $2"
	}
	if before != uuid.Nil {
		args = append(args, before)
		where += fmt.Sprintf(" AND id < $%d", len(args)+1)
	}
	return s.store.changesWhere(ctx, where, first, args...)
}

// Change returns one change request of the acting tenant. Needs config.read.
func (s *Service) Change(ctx context.Context, id uuid.UUID) (*Change, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return nil, err
	}
	return s.store.change(ctx, id)
}

// Resources lists the resources of the acting tenant, inherited ones too, of one
// kind or all, by kind and name after those given. Needs config.read.
func (s *Service) Resources(ctx context.Context, kindName string, afterKind, afterName string, first int) ([]*Found, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return nil, err
	}
	snapshot, err := s.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	var out []*Found
	for _, info := range kind.Kinds() {
		if kindName != "" && info.Name != kindName || info.Name < afterKind {
			continue
		}
		for _, f := range snapshot.view.All(info.Name) {
			if info.Name == afterKind && f.Resource.Metadata.Name <= afterName {
				continue
			}
			if out = append(out, f); len(out) == first {
				return out, nil
			}
		}
	}
	return out, nil
}
