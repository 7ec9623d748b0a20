package identity_test

import (
	"context"
	"slices"
	"testing"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/identity"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// declared are the roles and departments of every tenant of the town.
type declared struct{}

func (declared) RoleSet(context.Context, string) (authz.RoleSet, error) {
	return authz.RoleSet{Digest: "town", Roles: []authz.Role{
		{Name: "admin", Scope: authz.ScopeTenant, Permissions: []string{"tenant.administer", "staff.manage", "role.bind"}},
		{Name: "personnel", Scope: authz.ScopeTenant, Permissions: []string{"staff.manage"}},
		{Name: "reviewer", Scope: authz.ScopeDepartment, Permissions: []string{"case.review"}},
	}}, nil
}

func (declared) Live(context.Context) (*configuration.Live, error) {
	return &configuration.Live{
		Departments: map[string]*kind.Department{"scjgj": {Title: "市场监管局"}, "zjj": {Title: "住建局"}},
		Roles:       map[string]*kind.Role{"admin": {ConflictsWith: []string{"approver"}}, "personnel": {}, "reviewer": {}, "approver": {}},
	}, nil
}

// hire makes a member of staff with roles as the system does, and signs them in.
func (w *town) hire(login string, roles ...string) *identity.Session {
	w.Helper()
	staff := &identity.NewStaff{StaffNo: "9-" + login, Department: "scjgj"}
	for _, role := range roles {
		staff.Roles = append(staff.Roles, identity.RoleHeld{Role: role})
	}
	_, err := w.Create(w.in(county), identity.NewAccount{Type: authz.TypeStaff, Login: login, Password: password, Level: "L3", Name: login, Staff: staff})
	w.ok(err)
	return w.signIn(login, county)
}

// at acts as the holder of a session in the own tenant.
func (w *town) at(s *identity.Session) context.Context {
	w.Helper()
	return authz.With(w.in(county), authz.From(w.as(s)))
}

func (w *town) refused(err error, code problem.Code, reason string) {
	w.Helper()
	if problem.CodeOf(err) != code || reason != "" && problem.ReasonOf(err) != reason && !codes(err)[reason] {
		w.Errorf("%v, want %s %s", err, code, reason)
	}
}

// R-CFG-01, SM-02: an administrator makes staff and says what they may do; each act is on record.
func TestAdministratorsMakeStaff(t *testing.T) {
	each(t, func(w *town) {
		admin := w.hire("admin", "admin")
		member, secret, err := w.CreateStaff(w.at(admin), identity.NewMember{Login: "xinren", Name: "新人", StaffNo: "21099", Department: "scjgj", Roles: []identity.RoleHeld{{Role: "reviewer"}}})
		w.ok(err)
		session, err := w.try("xinren", secret, county)
		w.ok(err)
		if !session.Principal.MustChange || !slices.Equal(session.Principal.Bindings, []authz.Binding{{Role: "reviewer", Department: "scjgj"}}) {
			w.Errorf("%+v", session.Principal)
		}
		staff := session.Principal.Staff
		bound, err := w.BindRole(w.at(admin), identity.RoleBinding{Staff: staff, RoleBound: identity.RoleBound{Role: "approver", Department: "zjj", From: "2026-03-01", To: "2026-03-31"}})
		w.ok(err)
		if p := authz.From(w.as(session)); len(bound.Roles) != 2 || !slices.Contains(p.Bindings, authz.Binding{Role: "approver", Department: "zjj"}) || p.Epoch != session.Principal.Epoch+1 {
			w.Errorf("bound: %+v", p)
		}
		bound, err = w.BindRole(w.at(admin), identity.RoleBinding{Staff: staff, RoleBound: identity.RoleBound{Role: "approver", Department: "zjj", From: "2026-04-01"}})
		w.ok(err)
		if p := authz.From(w.as(session)); len(bound.Roles) != 2 || len(p.Bindings) != 1 {
			w.Errorf("bound from another day: %+v", p)
		}
		for range 2 {
			_, err = w.UnbindRole(w.at(admin), identity.RoleBinding{Staff: staff, RoleBound: identity.RoleBound{Role: "reviewer"}})
			if err != nil {
				break
			}
		}
		w.refused(err, problem.Conflict, "role_not_bound")
		if p := authz.From(w.as(session)); len(p.Bindings) != 0 {
			w.Errorf("unbound: %+v", p)
		}
		_, err = w.DisableStaff(w.at(admin), staff, "离职")
		w.ok(err)
		w.ended(session, "disabled")
		if _, err := w.try("xinren", secret, county); err == nil {
			w.Error("disabled, and yet it opens")
		}
		again, fresh, err := w.EnableStaff(w.at(admin), staff)
		w.ok(err)
		if again.Status != identity.StatusActive || !again.MustChange || fresh == secret {
			w.Errorf("enabled: %+v", again)
		}
		_, err = w.try("xinren", fresh, county)
		w.ok(err)
		page, err := w.Staff(w.at(admin), "21011", 1)
		w.ok(err)
		if len(page) != 1 || page[0].ID != member.ID || page[0].Login != "xinren" || len(page[0].Roles) != 1 {
			w.Errorf("the page after 21011: %+v", page)
		}
		var acts int
		w.ok(w.db.QueryRow(w.in(county), `SELECT count(DISTINCT action) FROM audit_log WHERE tenant_id = $1 AND actor = $2
			AND action IN ('staff.create', 'role.bind', 'role.unbind', 'staff.disable', 'staff.enable')`, county, authz.From(w.as(admin)).Actor()).Scan(&acts))
		if acts != 5 {
			w.Errorf("%d kinds of act on record", acts)
		}
	})
}

// What an administrator may not: act on oneself, name what the tenant has not, join roles that exclude each other, reach next door.
func TestLimitsOfAdministrators(t *testing.T) {
	each(t, func(w *town) {
		admin, personnel, clerk := w.hire("admin", "admin"), w.hire("renshi", "personnel"), w.signIn("shencha", county)
		own, other := admin.Principal.Staff, clerk.Principal.Staff
		bind := func(s *identity.Session, staff uuid.UUID, role string) error {
			_, err := w.BindRole(w.at(s), identity.RoleBinding{Staff: staff, RoleBound: identity.RoleBound{Role: role}})
			return err
		}
		create := func(s *identity.Session, m identity.NewMember) error {
			_, _, err := w.CreateStaff(w.at(s), m)
			return err
		}
		w.refused(bind(admin, own, "reviewer"), problem.Forbidden, "self")
		_, err := w.UnbindRole(w.at(admin), identity.RoleBinding{Staff: own, RoleBound: identity.RoleBound{Role: "admin"}})
		w.refused(err, problem.Forbidden, "self")
		_, err = w.DisableStaff(w.at(admin), own, "自己")
		w.refused(err, problem.Forbidden, "self")
		_, _, err = w.EnableStaff(w.at(admin), own)
		w.refused(err, problem.Forbidden, "self")
		_, err = w.DisableStaff(w.at(admin), other, " ")
		w.refused(err, problem.Validation, "length")

		w.refused(bind(admin, other, "wizard"), problem.Validation, "unknown_role")
		w.refused(bind(admin, other, "admin"), problem.Validation, "conflicting_role") // the reviewer is an approver too
		w.refused(bind(personnel, other, "reviewer"), problem.Forbidden, "permission")
		w.refused(bind(clerk, own, "reviewer"), problem.Forbidden, "permission")
		w.refused(bind(admin, w.signIn("shencha", "431322").Principal.Staff, "reviewer"), problem.NotFound, "")
		_, err = w.BindRole(w.at(admin), identity.RoleBinding{Staff: other, RoleBound: identity.RoleBound{Role: "reviewer", From: "2026-03-02", To: "2026-03-01"}})
		w.refused(err, problem.Validation, "order")

		good := identity.NewMember{Login: "xinren", Name: "新人", StaffNo: "21099", Department: "scjgj"}
		for code, change := range map[string]func(m *identity.NewMember){
			"format": func(m *identity.NewMember) { m.Login = "x y" }, "length": func(m *identity.NewMember) { m.Name = "" },
			"unknown_department": func(m *identity.NewMember) { m.Department = "nowhere" }, "taken": func(m *identity.NewMember) { m.Login = "shencha" },
			"conflicting_role": func(m *identity.NewMember) { m.Roles = []identity.RoleHeld{{Role: "approver"}, {Role: "admin"}} },
			"unknown_role":     func(m *identity.NewMember) { m.Roles = []identity.RoleHeld{{Role: "wizard"}} },
		} {
			m := good
			change(&m)
			w.refused(create(admin, m), problem.Validation, code)
		}
		good.StaffNo = "21011"
		w.refused(create(admin, good), problem.Validation, "taken")
		good.StaffNo, good.Roles = "21099", []identity.RoleHeld{{Role: "reviewer"}}
		w.refused(create(personnel, good), problem.Forbidden, "permission")
		good.Roles = nil
		w.ok(create(personnel, good))
		w.refused(create(clerk, good), problem.Forbidden, "permission")
		_, err = w.Staff(w.at(clerk), "", 10)
		w.refused(err, problem.Forbidden, "permission")
	})
}
