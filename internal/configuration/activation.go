package configuration

import (
	"context"
	"fmt"
	"strings"

	"zhengtong/internal/authz"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// turn moves a tenant from one state to another (SM-01).
type turn struct {
	verb     string // of the action and the audit entry, "tenant.activate"
	from, to string
	message  string // of the revision that tells every node
	reasoned bool   // a reason is required
	guarded  bool   // everything that applications need has to be there
}

var (
	activation = turn{verb: "activate", from: tenancy.Draft, to: tenancy.Active, message: "启用租户", guarded: true}
	suspension = turn{verb: "suspend", from: tenancy.Active, to: tenancy.Suspended, message: "暂停受理", reasoned: true}
	resumption = turn{verb: "resume", from: tenancy.Suspended, to: tenancy.Active, message: "恢复受理"}
)

// ActivateTenant puts the acting tenant in service: its matters take applications from
// now on. It is refused with a Validation that lists everything that is missing — a
// calendar, a department, an administrator, whatever publication would refuse, and for
// each matter that it offers somebody for every step (V-11, V-27, V-28) —, with Conflict
// "tenant_<state>" when the tenant is no draft. Needs tenant.administer.
func (s *Service) ActivateTenant(ctx context.Context, reason string) (tenancy.Tenant, error) {
	return s.turn(ctx, activation, reason)
}

// SuspendTenant lets the acting tenant take no new applications; open cases go on. Conflict "tenant_<state>" when it is
// not in service. Needs tenant.administer.
func (s *Service) SuspendTenant(ctx context.Context, reason string) (tenancy.Tenant, error) {
	return s.turn(ctx, suspension, reason)
}

// ResumeTenant ends a suspension. Conflict "tenant_<state>" when there is none. Needs tenant.administer.
func (s *Service) ResumeTenant(ctx context.Context, reason string) (tenancy.Tenant, error) {
	return s.turn(ctx, resumption, reason)
}

// turn checks and does one move. A revision without entries goes with it, so that the
// history of the configuration tells of it and every node takes notice.
func (s *Service) turn(ctx context.Context, t turn, reason string) (tenancy.Tenant, error) {
	tenant := tenancy.Acting(ctx)
	if err := s.require(ctx, "tenant."+t.verb); err != nil {
		return tenancy.Tenant{}, err
	}
	reason = strings.TrimSpace(reason)
	if err := t.checkReason(reason); err != nil {
		return tenancy.Tenant{}, err
	}
	if err := s.tree.Follow(ctx, []string{tenant}); err != nil { // another node may have been faster
		return tenancy.Tenant{}, err
	}
	if row, _ := s.tree.Get(tenant); row.Status != t.from {
		return tenancy.Tenant{}, t.wrongState(row.Status)
	}
	base := -1
	if t.guarded {
		lacking, revision, err := s.lacking(ctx, tenant)
		if err != nil {
			return tenancy.Tenant{}, err
		}
		if err := problem.Invalid(lacking); err != nil {
			return tenancy.Tenant{}, err
		}
		base = revision
	}
	if err := s.store.inTx(ctx, func(ctx context.Context) error { return s.writeTurn(ctx, t, tenant, reason, base) }); err != nil {
		return tenancy.Tenant{}, err
	}
	s.announce(ctx)
	row, _ := s.tree.Get(tenant)
	return row, nil
}

func (t turn) checkReason(reason string) error {
	var problems problem.List
	if t.reasoned && reason == "" {
		problems.Add("$.reason", "required", "说明理由")
	}
	if len(reason) > longestText {
		problems.Add("$.reason", "too_long", "理由不超过 %d 字节", longestText)
	}
	return problem.Invalid(problems)
}

func (t turn) wrongState(status string) error {
	return problem.New(problem.Conflict, "tenant_"+status, "租户现为 %s 状态，须为 %s 才能%s", status, t.from, t.message)
}

// writeTurn moves the row while the head stands still. base is the revision that was checked; negative = none.
func (s *Service) writeTurn(ctx context.Context, t turn, tenant, reason string, base int) error {
	p := authz.From(ctx)
	w := writing{message: t.message, author: p.Actor(), at: s.clock.Now()}
	if reason != "" {
		w.message += "：" + reason
	}
	number, err := s.emptyRevision(ctx, tenant, w)
	if err != nil {
		return err
	}
	if base >= 0 && number != base+1 {
		return staleBase()
	}
	b := s.store.db.NewBatch()
	b.RequireOr("stale_version", "UPDATE tenant SET status = $2, row_version = row_version + 1 WHERE tenant_id = $1 AND status = $3", tenant, t.to, t.from)
	writeAudit(b, tenant, p, "tenant."+t.verb, fmt.Sprintf("configuration %s/%d", tenant, number), w.at)
	return wrap(t.verb+" tenant", s.store.db.Run(ctx, b))
}

// receives refuses what only a tenant in service takes: applications (SM-01).
func (s *Service) receives(ctx context.Context) error {
	row, _ := s.tree.Get(tenancy.Acting(ctx))
	switch row.Status {
	case tenancy.Draft:
		return problem.New(problem.Conflict, "tenant_draft", "本区划尚在筹备，还没有开始受理")
	case tenancy.Suspended:
		return problem.New(problem.Conflict, "tenant_suspended", "本区划暂停受理新的申请，在办件照常办理")
	case tenancy.Retired:
		return problem.New(problem.Conflict, "tenant_retired", "本区划已停止服务")
	case tenancy.Merged:
		return tenantMerged()
	}
	return nil
}

// lacking lists what keeps a tenant from taking applications, and the revision at which it was looked for.
func (s *Service) lacking(ctx context.Context, tenant string) (problem.List, int, error) {
	base, err := s.loadBase(ctx, []string{tenant})
	if err != nil {
		return nil, 0, err
	}
	status, err := s.store.matterStatus(ctx, tenant)
	if err != nil {
		return nil, 0, err
	}
	if base.Holders[tenant] == nil {
		base.Holders[tenant] = map[string]Holding{} // without any staff everybody is missing
	}
	set := NewSet(base.Layers...)
	set.stand(base.Base)
	set.unmanned = problem.SeverityError
	problems := set.founding(tenant)
	set.inspect(tenant, func(at Key, found problem.List) {
		if at.Kind == "Matter" && (gone(status[at.Name]) || status[at.Name] == statusDelegated) {
			return
		}
		for _, p := range found.Errors() {
			if p.File == "" {
				p.File = at.String() // published documents have no file
			}
			problems = append(problems, p)
		}
	})
	return problems.Sorted(), base.revisions[tenant], nil
}

// administer is the permission without which nobody could act on the tenant itself.
const administer = "tenant.administer"

// founding checks what every tenant in service has: a calendar, a department of its own, somebody who administers it.
func (s *Set) founding(tenant string) problem.List {
	var problems problem.List
	v := s.view(tenant)
	add := func(code, hint, message string) {
		problems.Add("$", code, "%s", message)
		problems[len(problems)-1].File = Key{Tenant: tenant, Kind: "Tenant", Name: tenant}.String()
		problems[len(problems)-1].Hint = hint
	}
	if calendarOf(v) == nil {
		add("no_calendar", "发布名为 default 的 Calendar，或由上级提供", "没有可用的工作日历")
	}
	if len(s.byKind[tenant]["Department"]) == 0 {
		add("no_department", "发布至少一个 Department", "没有自己的部门")
	}
	if !s.administered(v) {
		add("no_administrator", "为在岗人员绑定有 "+administer+" 权限的角色", "没有在岗的租户管理员")
	}
	return problems
}

// administered reports that somebody active holds a role that administers the tenant.
func (s *Set) administered(v *view) bool {
	for _, f := range v.All("Role") {
		name := f.Resource.Metadata.Name
		if s.holders[v.Tenant()][name].Persons > 0 && roleHolds(v, name, administer) {
			return true
		}
	}
	return false
}
