package nation

import (
	"context"
	"fmt"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

// atOnce is how many governments one change founds: its plan and its transaction stay small.
const atOnce = 40

// Publish makes the country in an installation through the path that every change
// goes: the national base and the catalogue are published by the system, as when an
// installation is set up; governments are founded by changes that one person of the
// nation submits, another approves, and that are then published, some tens of
// governments each. Governments that have published are left alone, so a run that
// was broken off is taken up where it ended. said is told how far it is.
func (n *Nation) Publish(ctx context.Context, s *configuration.Service, tree *tenancy.Tree, said func(done, of int)) error {
	if _, founded := tree.Get(n.Tenants[0].Code); !founded {
		files, err := kind.Files(tenants.FS(), tenants.National)
		if err != nil {
			return err
		}
		if err := s.Bootstrap(ctx, append(files, n.Catalogue()...)...); err != nil {
			return fmt.Errorf("publish the catalogue: %w", err)
		}
	}
	above, err := tree.ActAs(ctx, kind.National, "found the country")
	if err != nil {
		return err
	}
	var files []kind.File
	waiting := 0
	for i, t := range n.Tenants {
		if _, founded := tree.Get(t.Code); !founded {
			files = append(files, n.Government(t)...)
			waiting++
		}
		if waiting == atOnce || i == len(n.Tenants)-1 && waiting > 0 {
			if _, err := Change(above, s, files, "设立政府并采用标准目录"); err != nil {
				return err
			}
			files, waiting = nil, 0
			said(i+1, len(n.Tenants))
		}
	}
	return nil
}

// Change takes files through submission, review by another person and publication
// in the acting tenant, and returns the revision that this made of it.
func Change(ctx context.Context, s *configuration.Service, files []kind.File, message string) (int, error) {
	author, reviewer := As(ctx, "config-author"), As(ctx, "config-reviewer")
	c, err := s.SubmitChange(author, configuration.Submission{Files: files, Message: message})
	if err != nil {
		return 0, fmt.Errorf("submit: %w", err)
	}
	if c, err = s.ApproveChange(reviewer, c.ID, ""); err != nil {
		return 0, fmt.Errorf("approve: %w", err)
	}
	if c, err = s.PublishChange(reviewer, c.ID); err != nil {
		return 0, fmt.Errorf("publish: %w", err)
	}
	return c.Revisions[c.Tenant], nil
}

// As is a member of the acting tenant's staff with one role.
func As(ctx context.Context, role string) context.Context {
	acting := tenancy.Acting(ctx)
	scope, _ := tenancy.From(ctx)
	scope.Home = acting
	return authz.With(tenancy.With(ctx, scope), authz.Principal{Type: authz.TypeStaff, Account: uuid.Must(uuid.NewV7()), Staff: uuid.Must(uuid.NewV7()),
		Home: acting, Department: "platform-office", Bindings: []authz.Binding{{Role: role, Department: "platform-office"}}})
}
