package identity

import (
	"context"
	"fmt"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// members returns staff of the acting tenant with the roles bound to them.
func (s *store) members(ctx context.Context, now time.Time, where, rest string, args ...any) ([]*StaffMember, error) {
	var found []*StaffMember
	byStaff := map[uuid.UUID]*StaffMember{}
	err := s.db.Each(ctx, func(scan func(...any) error) error {
		m := &StaffMember{}
		var locked *time.Time
		if err := scan(&m.ID, &m.Person.Staff, &m.Type, &m.Name, &m.Login, &m.Level, &m.StaffNo, &m.Department, &m.Status, &m.MustChange, &locked); err != nil {
			return err
		}
		if m.Status == StatusActive && locked != nil && now.Before(*locked) {
			m.Status = StatusLocked
		}
		found, byStaff[m.Person.Staff] = append(found, m), m
		return nil
	}, `SELECT a.id, s.id, a.type, a.name, a.login, a.level, s.staff_no, s.department, a.status, a.must_change, a.locked_until
		FROM staff s JOIN account a ON a.tenant_id = s.tenant_id AND a.id = s.account_id WHERE s.tenant_id = $1 AND `+where+" "+rest,
		append([]any{tenancy.Acting(ctx)}, args...)...)
	if err != nil || len(found) == 0 {
		return found, err
	}
	return found, s.addRoles(ctx, byStaff)
}

// addRoles reads what members of staff hold.
func (s *store) addRoles(ctx context.Context, byStaff map[uuid.UUID]*StaffMember) error {
	args := []any{tenancy.Acting(ctx)}
	for id := range byStaff {
		args = append(args, id)
	}
	return s.db.Each(ctx, func(scan func(...any) error) error {
		var id uuid.UUID
		var b RoleBound
		if err := scan(&id, &b.Role, &b.Department, &b.From, &b.To); err != nil {
			return err
		}
		m := byStaff[id]
		if b.Department == "" {
			b.Department = m.Department
		}
		m.Roles = append(m.Roles, b)
		return nil
	}, "SELECT staff_id, role, department, valid_from, valid_to FROM role_binding WHERE tenant_id = $1 AND staff_id IN ("+
		db.Placeholders(2, len(byStaff))+") ORDER BY staff_id, role, department", args...)
}

// heldThere is the condition of the bindings of a role to a member of staff in a department, which an empty column means
// when it is the member's own.
const heldThere = " FROM role_binding WHERE tenant_id = $1 AND staff_id = $2 AND role = $3 AND (department = $4 OR department = '' AND $4 = $5)"

// bind writes one binding in place of those of the same role and department. own is the member's department.
func (s *store) bind(ctx context.Context, in RoleBinding, own string, by authz.Principal, at time.Time) error {
	tenant := tenancy.Acting(ctx)
	b := s.db.NewBatch()
	bumpEpoch(b, tenant, in.Staff)
	b.Exec("DELETE"+heldThere, tenant, in.Staff, in.Role, in.Department, own)
	b.Exec("INSERT INTO role_binding (tenant_id, id, staff_id, role, department, valid_from, valid_to, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		tenant, db.NewID(at), in.Staff, in.Role, in.Department, in.From, in.To, at)
	s.audit(b, tenant, entry{by: by, action: "role.bind", object: "staff:" + in.Staff.String(), detail: in.detail(), at: at})
	return s.db.Run(ctx, b)
}

// unbind removes the bindings of a role in a department; there must be one.
func (s *store) unbind(ctx context.Context, in RoleBinding, own string, by authz.Principal, at time.Time) error {
	tenant := tenancy.Acting(ctx)
	return s.db.InTx(ctx, func(ctx context.Context) error {
		n, err := s.db.Exec(ctx, "DELETE"+heldThere, tenant, in.Staff, in.Role, in.Department, own)
		if err != nil {
			return fmt.Errorf("identity: unbind a role: %w", err)
		}
		if n == 0 {
			return problem.New(problem.Conflict, "role_not_bound", "该人员在部门 %q 没有角色 %q", in.Department, in.Role)
		}
		b := s.db.NewBatch()
		bumpEpoch(b, tenant, in.Staff)
		s.audit(b, tenant, entry{by: by, action: "role.unbind", object: "staff:" + in.Staff.String(), detail: in.detail(), at: at})
		return s.db.Run(ctx, b)
	})
}

func (b RoleBinding) detail() map[string]string {
	return map[string]string{"role": b.Role, "department": b.Department, "from": b.From, "to": b.To}
}

// bumpEpoch makes whatever was remembered of somebody's roles old.
func bumpEpoch(b *db.Batch, tenant string, staff uuid.UUID) {
	b.Require("UPDATE staff SET epoch = epoch + 1, row_version = row_version + 1 WHERE tenant_id = $1 AND id = $2", tenant, staff)
}

func (s *store) disable(ctx context.Context, m *StaffMember, reason string, by authz.Principal, at time.Time) error {
	tenant := tenancy.Acting(ctx)
	b := s.db.NewBatch()
	b.Require("UPDATE account SET status = $3, row_version = row_version + 1 WHERE tenant_id = $1 AND id = $2 AND status <> $4",
		tenant, m.ID, StatusDisabled, StatusClosed)
	b.Require("UPDATE staff SET status = $3, epoch = epoch + 1, row_version = row_version + 1 WHERE tenant_id = $1 AND id = $2", tenant, m.Person.Staff, StatusDisabled)
	endSessions(b, tenant, m.ID, at)
	s.audit(b, tenant, entry{by: by, action: "staff.disable", object: "staff:" + m.Person.Staff.String(), detail: map[string]string{"reason": reason}, at: at})
	return s.db.Run(ctx, b)
}

func (s *store) enable(ctx context.Context, m *StaffMember, hash string, by authz.Principal, at time.Time) error {
	tenant := tenancy.Acting(ctx)
	b := s.db.NewBatch()
	b.Require(`UPDATE account SET status = $3, password_hash = $4, must_change = $5, failures = 0, locked_until = NULL, row_version = row_version + 1
		WHERE tenant_id = $1 AND id = $2 AND status NOT IN ($6, $7)`, tenant, m.ID, StatusActive, hash, true, StatusFrozen, StatusClosed)
	b.Require("UPDATE staff SET status = $3, epoch = epoch + 1, row_version = row_version + 1 WHERE tenant_id = $1 AND id = $2", tenant, m.Person.Staff, StatusActive)
	endSessions(b, tenant, m.ID, at)
	s.audit(b, tenant, entry{by: by, action: "staff.enable", object: "staff:" + m.Person.Staff.String(), at: at})
	return s.db.Run(ctx, b)
}

func endSessions(b *db.Batch, tenant string, account uuid.UUID, at time.Time) {
	b.Exec("UPDATE session SET revoked_at = $3 WHERE tenant_id = $1 AND account_id = $2 AND revoked_at IS NULL", tenant, account, at)
}
