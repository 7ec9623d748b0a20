package configuration

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// The administrative acts on a matter (R-MGT-01, R-MGT-02).
const (
	OrderSuspend  = "suspend"  // 挂起: it takes no applications for now
	OrderResume   = "resume"   // 恢复, or 收回 of what was delegated
	OrderCancel   = "cancel"   // 取消: for good; a successor may be named
	OrderMerge    = "merge"    // 合并 into another matter, or 更名: its name and codes lead there
	OrderDelegate = "delegate" // 下放 to tenants below
)

// Order is an administrative act on a matter of the acting tenant. It is part of a
// change: another person reviews it, and it takes effect with the change. Cases that
// are open go on under the version they are pinned to (R-MGT-10).
type Order struct {
	Action     string   `json:"action"`
	Matter     string   `json:"matter"` // name
	Reason     string   `json:"reason"`
	Basis      string   `json:"basis"`                // document or provision
	Transition string   `json:"transition,omitempty"` // what the guide tells applicants meanwhile (V-49)
	Successor  string   `json:"successor,omitempty"`  // merge, cancel: name of the matter that its name and codes lead to
	To         []string `json:"to,omitempty"`         // delegate: codes of tenants below
	Keep       bool     `json:"keep,omitempty"`       // delegate: the acting tenant goes on offering it too
}

// Ordered is an order that has been carried out.
type Ordered struct {
	Order
	ID          uuid.UUID
	Tenant      string
	EffectiveAt time.Time
	Author      string
	Reviewer    string
	Revision    int
}

// Status is the state that an order puts its matter in; "" when it stays as it is.
func (o Order) Status() string {
	switch o.Action {
	case OrderSuspend:
		return statusSuspended
	case OrderResume:
		return statusPublished
	case OrderCancel:
		return statusEnded
	case OrderMerge:
		return statusMerged
	case OrderDelegate:
		if !o.Keep {
			return statusDelegated
		}
	}
	return ""
}

// withOrders adds to a change what its orders declare: an Adoption in each tenant that a matter is delegated to, which
// goes again when the matter is taken back.
func (s *Service) withOrders(ctx context.Context, in Submission) (Submission, error) {
	acting := tenancy.Acting(ctx)
	for _, o := range in.Orders {
		switch o.Action {
		case OrderDelegate:
			for _, to := range o.To {
				in.Files = append(in.Files, kind.File{Path: "orders/" + to + "/" + delegation(o.Matter) + ".yaml", Content: []byte(fmt.Sprintf(
					"apiVersion: %s\nkind: Adoption\nmetadata: {tenant: %q, name: %q}\nspec:\n  title: 承接上级下放的事项\n  from: {tenant: %q}\n  select: {kinds: [Matter], names: [%q]}\n  delegated: true\n",
					kind.APIVersion, to, delegation(o.Matter), acting, o.Matter))})
			}
		case OrderResume:
			last, err := s.store.lastOrder(ctx, o.Matter)
			if err != nil {
				return in, err
			}
			if last == nil || last.Action != OrderDelegate {
				continue
			}
			for _, to := range last.To {
				in.Deletes = append(in.Deletes, Key{Tenant: to, Kind: "Adoption", Name: delegation(o.Matter)})
			}
		}
	}
	return in, nil
}

// delegation is the name of the Adoption by which a tenant below takes a delegated matter over.
func delegation(matter string) string {
	const prefix, longest = "delegated-", 63
	return prefix + matter[:min(len(matter), longest-len(prefix))]
}

// judge adds the orders of a change to what was worked out: what is wrong with them, whom they touch, and what they would do.
func (s *Service) judge(ctx context.Context, p *proposal, orders []Order) error {
	if len(orders) == 0 || p.set == nil {
		return nil
	}
	tenant := tenancy.Acting(ctx)
	status, err := s.store.matterStatus(ctx, tenant)
	if err != nil {
		return err
	}
	before := NewSet(p.base.Layers...)
	before.stand(p.base.Base)
	j := judgement{tree: s.tree, tenant: tenant, before: before.view(tenant), after: p.set.view(tenant), status: status}
	names := map[string]string{}
	for i, o := range orders {
		j.check(i, o, orders)
		if f, ok := j.before.Find("Matter", o.Matter); ok {
			names[o.Matter] = f.Resource.Title()
		}
	}
	counts := map[string]int{}
	if len(names) > 0 {
		if counts, err = s.store.openCases(ctx, tenant, sortedKeys(names)); err != nil {
			return err
		}
	}
	for _, name := range sortedKeys(counts) {
		j.warn(slices.IndexFunc(orders, func(o Order) bool { return o.Matter == name }), "matter", "%s 有 %d 件在办，按受理时的配置办结", names[name], counts[name])
		if !slices.ContainsFunc(p.plan.LiveCases, func(l LiveCases) bool { return l.Tenant == tenant && l.Matter == name }) {
			p.plan.LiveCases = append(p.plan.LiveCases, LiveCases{Tenant: tenant, Matter: name, Title: names[name], Count: counts[name]})
		}
	}
	p.report.Problems = append(p.report.Problems, j.problems...).Sorted()
	p.plan.Orders = orders
	text, err := asJSON(orders)
	if err != nil {
		return err
	}
	p.plan.Digest = kind.Digest([]byte(p.plan.Digest + text[0]))
	return nil
}

// judgement collects what is wrong with orders.
type judgement struct {
	tree          *tenancy.Tree
	tenant        string
	before, after *view
	status        map[string]string
	problems      problem.List
}

func (j *judgement) fail(i int, field, code, format string, args ...any) {
	j.problems.Add(fmt.Sprintf("$.orders[%d].%s", i, field), code, format, args...)
}

func (j *judgement) warn(i int, field, format string, args ...any) {
	j.fail(i, field, "V-49", format, args...)
	j.problems[len(j.problems)-1].Severity = problem.SeverityWarning
}

// longestText bounds reason, basis and transition text.
const longestText = 2000

func (j *judgement) check(i int, o Order, all []Order) {
	for _, text := range [][3]string{{"reason", o.Reason, "说明理由"}, {"basis", o.Basis, "写明依据的文件或条款"}} {
		if strings.TrimSpace(text[1]) == "" {
			j.fail(i, text[0], "required", "%s", text[2])
		}
	}
	if len(o.Reason) > longestText || len(o.Basis) > longestText || len(o.Transition) > longestText {
		j.fail(i, "reason", "too_long", "理由、依据、过渡说明各不超过 %d 字节", longestText)
	}
	if slices.ContainsFunc(all[:i], func(other Order) bool { return other.Matter == o.Matter }) {
		j.fail(i, "matter", "V-02", "一次变更中对一个事项只能作一项处理")
	}
	if !j.applies(i, o) {
		return
	}
	if o.Action != OrderResume && o.Status() != "" && strings.TrimSpace(o.Transition) == "" {
		j.warn(i, "transition", "没有写给办事人的过渡说明")
	}
	switch o.Action {
	case OrderMerge, OrderCancel:
		j.successor(i, o)
	case OrderDelegate:
		j.delegates(i, o)
	}
	if o.Action != OrderDelegate && (len(o.To) > 0 || o.Keep) {
		j.fail(i, "to", "V-01", "to、keep 只用于 delegate")
	}
	if o.Action != OrderMerge && o.Action != OrderCancel && o.Successor != "" {
		j.fail(i, "successor", "V-01", "successor 只用于 merge、cancel")
	}
}

// applies reports whether the matter is one of the tenant's, in a state in which it can be so acted on.
func (j *judgement) applies(i int, o Order) bool {
	from := map[string][]string{OrderSuspend: {""}, OrderResume: {statusSuspended, statusDelegated}, OrderCancel: {"", statusSuspended, statusDelegated},
		OrderMerge: {"", statusSuspended}, OrderDelegate: {"", statusSuspended}}
	states, known := from[o.Action]
	if !known {
		j.fail(i, "action", "V-01", "未知的处理 %q，应为 suspend、resume、cancel、merge 或 delegate", o.Action)
		return false
	}
	_, offered := j.before.Offer(o.Matter)
	if _, willBe := j.after.Offer(o.Matter); !offered && !willBe {
		j.fail(i, "matter", "V-03", "本租户没有实施事项 %q", o.Matter)
		return false
	}
	if !slices.Contains(states, j.status[o.Matter]) {
		j.fail(i, "matter", "V-49", "事项 %q 现为 %s，不能 %s", o.Matter, cmp.Or(j.status[o.Matter], statusPublished), o.Action)
		return false
	}
	return true
}

func (j *judgement) successor(i int, o Order) {
	switch {
	case o.Successor == "" && o.Action == OrderCancel:
		return
	case o.Successor == "":
		j.fail(i, "successor", "required", "写明并入的事项")
	case o.Successor == o.Matter:
		j.fail(i, "successor", "V-51", "事项不能并入自己")
	default:
		_, offered := j.after.Offer(o.Successor)
		if !offered || j.status[o.Successor] != "" {
			j.fail(i, "successor", "V-03", "本租户没有正在实施的事项 %q", o.Successor)
		}
	}
}

func (j *judgement) delegates(i int, o Order) {
	if len(o.To) == 0 {
		j.fail(i, "to", "required", "写明下放给哪些下级租户")
	}
	for _, to := range o.To {
		t, ok := j.tree.Get(to)
		if !ok || t.Status != tenancy.Active || !j.tree.IsAncestor(j.tenant, to) {
			j.fail(i, "to", "V-04", "%q 不是本租户在用的下级", to)
		}
	}
}

// LastOrder returns the latest administrative act on a matter of the acting tenant, for the public guide; nil when there was none.
func (s *Service) LastOrder(ctx context.Context, matter string) (*Ordered, error) {
	return s.store.lastOrder(ctx, matter)
}

// carryOut writes orders of the acting tenant in the transaction of ctx. number is the
// revision that they belong to; 0 makes one without changed entries, so that every node takes notice.
func (s *Service) carryOut(ctx context.Context, orders []Order, number int, w writing) error {
	if len(orders) == 0 {
		return nil
	}
	tenant := tenancy.Acting(ctx)
	if number == 0 {
		var err error
		if number, err = s.emptyRevision(ctx, tenant, w); err != nil {
			return err
		}
	}
	done := make([]Ordered, len(orders))
	for i, o := range orders {
		done[i] = Ordered{Order: o, ID: db.NewID(w.at), Tenant: tenant, EffectiveAt: w.at, Author: w.author, Reviewer: w.reviewer, Revision: number}
	}
	if err := s.store.insertOrders(ctx, done); err != nil {
		return err
	}
	if s.projection == nil {
		return nil
	}
	return wrap("carry out orders", s.projection.CarryOut(ctx, done))
}

// emptyRevision moves the head without changing an entry.
func (s *Service) emptyRevision(ctx context.Context, tenant string, w writing) (int, error) {
	head, err := s.store.lockHead(ctx, tenant)
	if err != nil {
		return 0, err
	}
	sequence, err := s.store.nextSequence(ctx)
	if err != nil {
		return 0, err
	}
	batch := s.store.db.NewBatch()
	insertRevision(batch, tenant, head+1, w)
	moveHead(batch, tenant, head+1, sequence, w.at)
	s.auditPublication(ctx, batch, tenant, head+1, w)
	return head + 1, wrap("write revision", s.store.db.Run(ctx, batch))
}
