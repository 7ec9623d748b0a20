package graph

import (
	"context"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/identity"
)

// changePassword replaces the caller's password. It leaves no record of its key: the
// hash of a body that holds passwords is not to be kept, and done again it is refused.
func (r *Resolver) changePassword(ctx context.Context, in model.ChangePasswordInput) (*model.ChangePasswordPayload, error) {
	p := authz.From(ctx)
	if _, err := r.Authz.Require(ctx, "password.change", authz.Object{Kind: "account", Tenant: p.Home, Owner: p.Account}); err != nil {
		return nil, err
	}
	ended, err := r.Identity.ChangePassword(ctx, identity.PasswordChange{Current: in.Current, New: in.New})
	if err != nil {
		return nil, err
	}
	p.MustChange = false
	viewer, err := r.viewer(authz.With(ctx, p))
	return &model.ChangePasswordPayload{Ended: ended, Viewer: viewer, ClientMutationID: in.ClientMutationID}, err
}

// issued is a member of staff with the password that was made just now.
type issued struct {
	member   *identity.StaffMember
	password string
}

// onMemberKept does a verb on staff once for its key; a repetition is answered with the
// member as they are now, without the password, which is kept nowhere.
func (r *Resolver) onMemberKept(ctx context.Context, do func(ctx context.Context) (*identity.StaffMember, string, error)) (*model.StaffMember, string, error) {
	again := func(ctx context.Context, id string) (issued, error) {
		m, err := r.Identity.Member(ctx, uuid.FromStringOrNil(id))
		return issued{member: m}, err
	}
	s, err := kept(ctx, r, "staff", func(s issued) string { return s.member.ID.String() }, again, func(ctx context.Context) (issued, error) {
		m, password, err := do(ctx)
		return issued{m, password}, err
	})
	if err != nil {
		return nil, "", err
	}
	m, err := r.member(ctx, s.member)
	return m, s.password, err
}

func (r *Resolver) newMember(ctx context.Context, in model.CreateStaffInput) (*model.StaffMember, string, error) {
	member := identity.NewMember{Login: in.Login, Name: in.Name, StaffNo: in.StaffNo, Department: in.Department}
	for _, role := range in.Roles {
		member.Roles = append(member.Roles, identity.RoleHeld{Role: role.Role, Department: or(role.Department, "")})
	}
	return r.onMemberKept(ctx, func(ctx context.Context) (*identity.StaffMember, string, error) {
		return r.Identity.CreateStaff(ctx, member)
	})
}

// onMember finds a member of the viewer's own tenant and does a verb on them.
func (r *Resolver) onMember(ctx context.Context, id relay.ID, do func(ctx context.Context, staff uuid.UUID) (*identity.StaffMember, string, error)) (*model.StaffMember, string, error) {
	staff, err := r.colleagues(ctx, &id)
	if err != nil {
		return nil, "", err
	}
	return r.onMemberKept(ctx, func(ctx context.Context) (*identity.StaffMember, string, error) { return do(ctx, staff[0]) })
}

func (r *Resolver) binding(ctx context.Context, id relay.ID, b identity.RoleBinding, do func(context.Context, identity.RoleBinding) (*identity.StaffMember, error)) (*model.StaffMember, error) {
	m, _, err := r.onMember(ctx, id, func(ctx context.Context, staff uuid.UUID) (*identity.StaffMember, string, error) {
		b.Staff = staff
		m, err := do(ctx, b)
		return m, "", err
	})
	return m, err
}

// members lists the staff of the viewer's tenant.
func (r *Resolver) members(ctx context.Context, page relay.Page) (*model.StaffMemberConnection, error) {
	after := ""
	if page.After != nil {
		after = page.After[0]
	}
	rows, err := r.Identity.Staff(ctx, after, page.First+1)
	if err != nil {
		return nil, err
	}
	rows, more := relay.Cut(page, rows)
	nodes := make(map[uuid.UUID]*model.StaffMember, len(rows))
	for _, row := range rows {
		if nodes[row.ID], err = r.member(ctx, row); err != nil {
			return nil, err
		}
	}
	list, info := edges(page, rows, more, func(m *identity.StaffMember) []string { return []string{m.StaffNo} },
		func(cursor string, m *identity.StaffMember) *model.StaffMemberEdge {
			return &model.StaffMemberEdge{Cursor: cursor, Node: nodes[m.ID]}
		})
	return &model.StaffMemberConnection{Edges: list, PageInfo: info}, nil
}

// member shows a member of staff with the titles and reaches that their roles have now.
func (r *Resolver) member(ctx context.Context, m *identity.StaffMember) (*model.StaffMember, error) {
	home := authz.From(ctx).Home
	live, err := r.live(ctx, home)
	if err != nil {
		return nil, err
	}
	return &model.StaffMember{Account: accountModel(home, m.Person, false), Login: m.Login, Status: m.Status, MustChangePassword: m.MustChange,
		Roles: each(m.Roles, func(b identity.RoleBound) *model.RoleBinding { return roleModel(home, live, b) })}, nil
}

// roleModel shows a role that is held; one that the tenant has no more keeps its name.
func roleModel(tenant string, live *configuration.Live, b identity.RoleBound) *model.RoleBinding {
	out := &model.RoleBinding{Role: b.Role, Title: b.Role, DataScope: "assigned", Department: departmentModel(tenant, b.Department, live.Departments[b.Department]),
		ValidFrom: opt(b.From), ValidTo: opt(b.To)}
	if role := live.Roles[b.Role]; role != nil {
		out.Title, out.DataScope = role.Title, role.DataScope
	}
	return out
}
