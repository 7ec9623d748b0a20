package identity

import (
	"context"
	"crypto/rand"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// Door is the one door of authorization; *authz.Authorizer is one.
type Door interface {
	Require(ctx context.Context, action string, o authz.Object) (authz.Decision, error)
}

// Offices tells which departments and roles the acting tenant has; *configuration.Service is one.
type Offices interface {
	Live(ctx context.Context) (*configuration.Live, error)
}

// StaffMember is a member of staff as the administrators of the tenant see them.
type StaffMember struct {
	Person
	Status     string // of the account (SM-02)
	MustChange bool   // the password is a one-time password
	Roles      []RoleBound
}

// RoleBound is a role with where and when it is held; From and To are civil dates, "" for no bound.
type RoleBound struct {
	Role       string
	Department string
	From       string
	To         string
}

// NewMember is a member of staff to be. A role without a department is held in the own one.
type NewMember struct {
	Login      string
	Name       string
	StaffNo    string
	Department string
	Roles      []RoleHeld
}

var (
	loginPattern   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$`)
	staffNoPattern = regexp.MustCompile(`^[A-Za-z0-9-]{1,32}$`)
)

// longestName and longestReason bound texts that people write, in characters.
const (
	longestName   = 50
	longestReason = 500
)

// OneTimePassword makes a password that its account must change before anything else:
// 26 letters and digits of chance; the end only satisfies the classes that a password must have.
func OneTimePassword() string { return rand.Text() + "-a1" }

// CreateStaff makes an account for a member of staff of the acting tenant and returns
// it with its one-time password, which is kept nowhere. Validation names a login or
// number that is taken, and roles and departments that the tenant has not. Needs
// staff.manage, and role.bind when roles are given.
func (s *Service) CreateStaff(ctx context.Context, in NewMember) (*StaffMember, string, error) {
	if err := s.require(ctx, "staff.manage"); err != nil {
		return nil, "", err
	}
	if len(in.Roles) > 0 {
		if err := s.require(ctx, "role.bind"); err != nil {
			return nil, "", err
		}
	}
	live, err := s.live(ctx)
	if err != nil {
		return nil, "", err
	}
	in.Login, in.Name, in.StaffNo = strings.TrimSpace(in.Login), strings.TrimSpace(in.Name), strings.TrimSpace(in.StaffNo)
	if err := problem.Invalid(in.check(live)); err != nil {
		return nil, "", err
	}
	password := OneTimePassword()
	account := NewAccount{Type: authz.TypeStaff, Login: in.Login, Password: password, OneTime: true, Level: "L3", Name: in.Name,
		Staff: &NewStaff{StaffNo: in.StaffNo, Department: in.Department, Roles: in.Roles}}
	id, err := s.Create(ctx, account)
	if err != nil {
		return nil, "", taken(err)
	}
	member, err := s.Member(ctx, id)
	return member, password, err
}

// check lists everything that is wrong with a member to be.
func (m NewMember) check(live *configuration.Live) problem.List {
	var problems problem.List
	if !loginPattern.MatchString(m.Login) {
		problems.Add("$.login", "format", "登录名为 2 至 64 个字母、数字或 . _ -，以字母或数字开头")
	}
	if n := utf8.RuneCountInString(m.Name); n == 0 || n > longestName {
		problems.Add("$.name", "length", "姓名应为 1 至 %d 个字", longestName)
	}
	if !staffNoPattern.MatchString(m.StaffNo) {
		problems.Add("$.staffNo", "format", "工号为 1 至 32 个字母、数字或 -")
	}
	problems = append(problems, checkDepartment(live, "$.department", m.Department)...)
	var roles []string
	for i, held := range m.Roles {
		path := fmt.Sprintf("$.roles[%d]", i)
		problems = append(problems, checkRole(live, path, held)...)
		problems = append(problems, checkConflicts(live, path+".role", held.Role, roles)...)
		roles = append(roles, held.Role)
	}
	return problems
}

func checkDepartment(live *configuration.Live, path, name string) problem.List {
	var problems problem.List
	if live.Departments[name] == nil {
		problems.Add(path, "unknown_department", "本租户没有部门 %q", name)
	}
	return problems
}

func checkRole(live *configuration.Live, path string, held RoleHeld) problem.List {
	var problems problem.List
	if live.Roles[held.Role] == nil {
		problems.Add(path+".role", "unknown_role", "本租户没有角色 %q", held.Role)
	}
	if held.Department != "" {
		problems = append(problems, checkDepartment(live, path+".department", held.Department)...)
	}
	return problems
}

// checkConflicts refuses a role that one person must not hold beside another (Role.conflicts_with).
func checkConflicts(live *configuration.Live, path, role string, held []string) problem.List {
	var problems problem.List
	against := func(r *kind.Role, name string) bool { return r != nil && slices.Contains(r.ConflictsWith, name) }
	for _, other := range held {
		if against(live.Roles[role], other) || against(live.Roles[other], role) {
			problems.Add(path, "conflicting_role", "角色 %q 与已有的角色 %q 不得由同一人兼任", role, other)
		}
	}
	return problems
}

// taken words a login or staff number that somebody has.
func taken(err error) error {
	var problems problem.List
	switch {
	case db.IsDuplicate(err, "account_tenant_id_login_key"):
		problems.Add("$.login", "taken", "登录名已被使用")
	case db.IsDuplicate(err, "staff_tenant_id_staff_no_key"):
		problems.Add("$.staffNo", "taken", "工号已被使用")
	default:
		return err
	}
	return problem.Invalid(problems)
}

// RoleBinding is a role to bind to, or to take from, a member of staff of the acting
// tenant. Without a department it is the own one; dates are civil dates, "" for no bound.
type RoleBinding struct {
	Staff uuid.UUID
	RoleBound
}

// BindRole lets a member of staff hold a role in a department; one that is held there
// already gets the dates. It counts from the next request on. Nobody binds a role to
// themselves: Forbidden "self". Validation names what the tenant has not, and roles that
// one person must not hold together. Needs role.bind.
func (s *Service) BindRole(ctx context.Context, in RoleBinding) (*StaffMember, error) {
	member, live, err := s.bindable(ctx, in)
	if err != nil {
		return nil, err
	}
	problems := checkRole(live, "$", RoleHeld{Role: in.Role, Department: in.Department})
	problems = append(problems, in.checkDates()...)
	var others []string
	for _, held := range member.Roles {
		if held.Role != in.Role {
			others = append(others, held.Role)
		}
	}
	problems = append(problems, checkConflicts(live, "$.role", in.Role, others)...)
	if err := problem.Invalid(problems); err != nil {
		return nil, err
	}
	if in.Department == "" {
		in.Department = member.Department
	}
	if err := s.store.bind(ctx, in, member.Department, authz.From(ctx), s.clock.Now()); err != nil {
		return nil, err
	}
	return s.Member(ctx, in.Staff)
}

// UnbindRole takes a role from a member of staff; Conflict "role_not_bound" when it is
// not held there. Nobody takes a role from themselves: Forbidden "self". Needs role.bind.
func (s *Service) UnbindRole(ctx context.Context, in RoleBinding) (*StaffMember, error) {
	member, _, err := s.bindable(ctx, in)
	if err != nil {
		return nil, err
	}
	if in.Department == "" {
		in.Department = member.Department
	}
	if err := s.store.unbind(ctx, in, member.Department, authz.From(ctx), s.clock.Now()); err != nil {
		return nil, err
	}
	return s.Member(ctx, in.Staff)
}

// bindable decides whether the caller may change what a member of staff holds.
func (s *Service) bindable(ctx context.Context, in RoleBinding) (*StaffMember, *configuration.Live, error) {
	if err := s.require(ctx, "role.bind"); err != nil {
		return nil, nil, err
	}
	if err := others(ctx, "role.bind", in.Staff); err != nil {
		return nil, nil, err
	}
	member, err := s.Member(ctx, in.Staff)
	if err != nil {
		return nil, nil, err
	}
	live, err := s.live(ctx)
	return member, live, err
}

func (b RoleBinding) checkDates() problem.List {
	var problems problem.List
	for _, date := range [][2]string{{"$.validFrom", b.From}, {"$.validTo", b.To}} {
		if _, err := deadline.ParseDate(date[1]); date[1] != "" && err != nil {
			problems.Add(date[0], "date", "日期应为 YYYY-MM-DD")
		}
	}
	if len(problems) == 0 && b.From != "" && b.To != "" && b.To < b.From {
		problems.Add("$.validTo", "order", "止日不得早于起日")
	}
	return problems
}

// DisableStaff lets a member of staff of the acting tenant sign in no more and ends the
// sessions (SM-02). Nobody disables themselves: Forbidden "self". Needs staff.manage.
func (s *Service) DisableStaff(ctx context.Context, staff uuid.UUID, reason string) (*StaffMember, error) {
	if err := s.require(ctx, "staff.manage"); err != nil {
		return nil, err
	}
	if err := others(ctx, "staff.manage", staff); err != nil {
		return nil, err
	}
	var problems problem.List
	if n := utf8.RuneCountInString(strings.TrimSpace(reason)); n == 0 || n > longestReason {
		problems.Add("$.reason", "length", "理由应为 1 至 %d 个字", longestReason)
	}
	if err := problem.Invalid(problems); err != nil {
		return nil, err
	}
	member, err := s.Member(ctx, staff)
	if err != nil {
		return nil, err
	}
	if err := s.store.disable(ctx, member, strings.TrimSpace(reason), authz.From(ctx), s.clock.Now()); err != nil {
		return nil, err
	}
	return s.Member(ctx, staff)
}

// EnableStaff lets a member of staff sign in again who was disabled, is locked or has
// lost the password (SM-02): with a one-time password, which is kept nowhere. Conflict
// "account_<state>" when the account is frozen or closed. Nobody enables themselves:
// Forbidden "self". Needs staff.manage.
func (s *Service) EnableStaff(ctx context.Context, staff uuid.UUID) (*StaffMember, string, error) {
	if err := s.require(ctx, "staff.manage"); err != nil {
		return nil, "", err
	}
	if err := others(ctx, "staff.manage", staff); err != nil {
		return nil, "", err
	}
	member, err := s.Member(ctx, staff)
	if err != nil {
		return nil, "", err
	}
	if member.Status == StatusFrozen || member.Status == StatusClosed {
		return nil, "", problem.New(problem.Conflict, "account_"+member.Status, "账户为 %s 状态，不能在此恢复", member.Status)
	}
	password := OneTimePassword()
	hash, err := s.passwords.Hash(ctx, password)
	if err != nil {
		return nil, "", err
	}
	if err := s.store.enable(ctx, member, hash, authz.From(ctx), s.clock.Now()); err != nil {
		return nil, "", err
	}
	member, err = s.Member(ctx, staff)
	return member, password, err
}

// Member is one member of staff of the acting tenant by account or staff id; NotFound when there is none.
func (s *Service) Member(ctx context.Context, id uuid.UUID) (*StaffMember, error) {
	found, err := s.store.members(ctx, s.clock.Now(), "(a.id = $2 OR s.id = $2)", "LIMIT 1", id)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, problem.Missing()
	}
	return found[0], nil
}

// Staff lists the staff of the acting tenant by staff number, from the one after. Needs staff.manage.
func (s *Service) Staff(ctx context.Context, after string, first int) ([]*StaffMember, error) {
	if err := s.require(ctx, "staff.manage"); err != nil {
		return nil, err
	}
	return s.store.members(ctx, s.clock.Now(), "s.staff_no > $2", "ORDER BY s.staff_no LIMIT $3", after, first)
}

// others refuses acts on oneself.
func others(ctx context.Context, permission string, staff uuid.UUID) error {
	if p := authz.From(ctx); p.Staff == staff || p.Account == staff {
		return problem.Denied(permission, "self", "不能对自己办理，须由另一人办理")
	}
	return nil
}

// require asks the door for an act on the staff of the acting tenant.
func (s *Service) require(ctx context.Context, action string) error {
	if s.authz == nil {
		return problem.Denied(action, "no_authorizer", "尚未配置访问控制")
	}
	_, err := s.authz.Require(ctx, action, authz.Object{Kind: "staff", Tenant: tenancy.Acting(ctx)})
	return err
}

func (s *Service) live(ctx context.Context) (*configuration.Live, error) {
	if s.offices == nil {
		return &configuration.Live{}, nil
	}
	return s.offices.Live(ctx)
}
