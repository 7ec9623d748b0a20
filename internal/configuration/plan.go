package configuration

import (
	"context"
	"slices"
	"time"

	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// The actions of a plan entry.
const (
	ActionAdd    = "add"
	ActionChange = "change"
	ActionRemove = "remove"
)

// Plan is what publishing a change would do (docs/architecture.md). Its digest is that
// of the differences and of the documents written: the same change on the same base has the same digest.
type Plan struct {
	Tenants   []TenantPlan `json:"tenants"`
	LiveCases []LiveCases  `json:"live_cases"`
	Orders    []Order      `json:"orders,omitempty"`
	Digest    string       `json:"digest"`
	// Deadlines are the limits that would be others for applications received from now on.
	Deadlines []DeadlineMove `json:"deadlines"`
	// Processes compares stages, materials, days and visits of each matter (R-MGT-13).
	Processes []ProcessChange `json:"processes"`
	Moved     MovedClocks     `json:"moved"`
	// EffectiveFrom is when it takes effect; nil = when it is published.
	EffectiveFrom *time.Time `json:"effective_from,omitempty"`
	Ends          []End      `json:"ends,omitempty"`
	// Truncated says that more tenants below are concerned, or more deadlines or processes change, than were looked at.
	Truncated bool `json:"truncated,omitempty"`
}

// TenantPlan is what changes for one tenant.
type TenantPlan struct {
	Tenant  string      `json:"tenant"`
	Title   string      `json:"title"`
	Entries []PlanEntry `json:"entries"`
	// Conflicts are what keeps a tenant below from following: a review request will be opened there.
	Conflicts problem.List `json:"conflicts,omitempty"`
}

// PlanEntry is one resource that changes. Inherited: the tenant's own document stays, only its ancestor's moves.
type PlanEntry struct {
	Action    string        `json:"action"`
	Kind      string        `json:"kind"`
	Name      string        `json:"name"`
	Title     string        `json:"title"`
	Inherited bool          `json:"inherited"`
	Fields    []FieldChange `json:"fields"`
}

// LiveCases counts the open cases of a matter that the change touches, at most 10,000; they keep what they pinned (I4).
type LiveCases struct {
	Tenant string `json:"tenant"`
	Matter string `json:"matter"`
	Title  string `json:"title"`
	Count  int    `json:"count"`
}

// Bounds of what a plan looks at below the tenants of the change.
const (
	maxDependents = 200
	maxCounted    = 500
	maxLiveCases  = 10_000
)

// Plan says what publishing files, deletes and orders in the acting tenant, or
// below it, would change. It changes nothing. Needs config.read.
func (s *Service) Plan(ctx context.Context, in Submission) (Plan, Report, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return Plan{}, Report{}, err
	}
	in, err := s.withOrders(ctx, in)
	if err != nil {
		return Plan{}, Report{}, err
	}
	defer s.gatherBelow(ctx)()
	p, err := s.propose(ctx, in.Files, in.Deletes, in.Orders, in.bases(ctx), in.EffectiveFrom)
	s.checked.bringBack(p.checked)
	return p.plan, p.report, err
}

// Validate runs the checks over files as one change on what is published for the acting tenant. Needs config.read.
func (s *Service) Validate(ctx context.Context, files []kind.File) (Report, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return Report{}, err
	}
	layers, problems := Read(files)
	if foreign := s.trespass(ctx, layers, nil); foreign.HasErrors() {
		return trespassing(layers, problems, foreign), nil
	}
	base, err := s.loadBase(ctx, concerned(ctx, layers, nil))
	if err != nil {
		return Report{}, err
	}
	absent, err := s.absentAssets(ctx, layers, files)
	if err != nil {
		return Report{}, err
	}
	_, report := checkLayers(layers, append(problems, absent...), nil, base.Base)
	return report, nil
}

// trespassing reports a change that reaches outside the acting tenant by the files
// alone: comparing it with what is published there would tell what that is (I3).
func trespassing(layers []*Layer, problems, foreign problem.List) Report {
	return Report{Resources: len(layers), Problems: append(keyedProblems(layers, problems), foreign...).Sorted()}
}

// proposal is a change worked out on the present base.
type proposal struct {
	base    publishedBase
	checked *checked // to be brought back by whoever does not publish it
	set     *Set
	report  Report
	plan    Plan
	layers  []*Layer     // that are laid over the base
	deletes []Key        // that are taken from it
	fields  []Divergence // between the change and what was published since its files were made
}

// propose works a change out; since are the revisions that its files were made from, nil = those in force; from is the
// instant that it is submitted for, nil = what its resources say, or at publication.
func (s *Service) propose(ctx context.Context, files []kind.File, deletes []Key, orders []Order, since map[string]int, from *time.Time) (proposal, error) {
	deletes = deletesHere(ctx, deletes)
	p := proposal{plan: Plan{EffectiveFrom: from}}
	layers, problems := Read(files)
	if foreign := s.trespass(ctx, layers, deletes); foreign.HasErrors() {
		p.report = trespassing(layers, problems, foreign)
		return p, nil
	}
	dependents, truncated, err := s.dependents(ctx, layers, deletes)
	if err != nil {
		return p, err
	}
	if p.base, err = s.loadBase(ctx, append(concerned(ctx, layers, deletes), dependents...)); err != nil {
		return p, err
	}
	absent, err := s.absentAssets(ctx, layers, files)
	if err != nil {
		return p, err
	}
	lasting := s.lastingUntil(layers, from)
	p.base.Layers = lasting(p.base.Layers)
	m, err := s.mergeWith(ctx, layers, deletes, since, p.base, lasting)
	if err != nil {
		return p, err
	}
	p.layers, p.deletes, p.fields = m.layers, m.deletes, m.fields
	if p.checked, err = s.check(ctx, files, p.layers, append(problems, absent...), p.deletes, p.base.Base); err != nil {
		return p, err
	}
	p.set, p.report = p.checked.set, p.checked.report
	p.report.Problems = append(p.report.Problems, m.report.Problems...).Sorted()
	before := NewSet(p.base.Layers...)
	before.stand(p.base.Base)
	p.plan = compare(before, p.set, append(slices.Clone(p.report.Tenants), dependents...), dependents)
	p.plan.Digest = kind.Digest([]byte(p.plan.Digest + p.written()))
	p.plan.Truncated = truncated
	if err := s.foresee(ctx, &p); err != nil {
		return p, err
	}
	s.timing(&p, from)
	return p, s.judge(ctx, &p, orders)
}

// foresee adds to a plan what follows from its differences: the cases, deadlines and
// clocks of every tenant that it reaches.
func (s *Service) foresee(ctx context.Context, p *proposal) error {
	concerned, err := s.reach(ctx, p.base, p.set, &p.plan)
	if err != nil {
		return err
	}
	if p.plan.LiveCases, err = s.liveCases(ctx, concerned); err != nil {
		return err
	}
	p.report.Problems = append(p.report.Problems, left(concerned, p.plan.LiveCases)...).Sorted()
	var more, further bool
	p.plan.Deadlines, more = deadlineMoves(concerned, s.clock.Now())
	p.plan.Processes, further = processChanges(concerned)
	p.plan.Truncated = p.plan.Truncated || more || further
	p.plan.Moved, err = s.movedClocks(ctx, concerned)
	return err
}

// left tells the reviewer, at each matter, how many open cases the change leaves on their own version (V-49, I4).
func left(concerned []reached, live []LiveCases) problem.List {
	after := map[string]*view{}
	for _, r := range concerned {
		after[r.tenant.Code] = r.after
	}
	var problems problem.List
	for _, l := range live {
		f, ok := after[l.Tenant].Find("Matter", l.Matter)
		if !ok {
			problems.Warn("$.delete", "V-49", "事项 %q（%s）有 %d 件在办，仍按受理时的版本办完", l.Matter, l.Tenant, l.Count)
			continue
		}
		problems = append(problems, f.remark(problem.SeverityWarning, "$.spec", "V-49", "需要时另作迁移",
			"事项 %q（%s）有 %d 件在办，仍按受理时的版本办完", l.Matter, l.Tenant, l.Count)...)
	}
	return problems
}

// concerned are the acting tenant and the tenants that a change writes.
func concerned(ctx context.Context, layers []*Layer, deletes []Key) []string {
	tenants := map[string]bool{tenancy.Acting(ctx): true}
	for _, l := range layers {
		tenants[l.Resource.Metadata.Tenant] = true
		if above, ok := l.Resource.Doc["parent"].(string); ok && l.Resource.Kind == "Tenant" {
			tenants[above] = true // of a tenant that the change founds
		}
	}
	for _, key := range deletes {
		tenants[key.Tenant] = true
	}
	return sortedKeys(tenants)
}

// deletesHere fills in the acting tenant where a deletion names none.
func deletesHere(ctx context.Context, deletes []Key) []Key {
	out := slices.Clone(deletes)
	for i := range out {
		if out[i].Tenant == "" {
			out[i].Tenant = tenancy.Acting(ctx)
		}
	}
	return out
}

// trespass reports resources of tenants that are not the acting one nor below it (R-CFG-02).
func (s *Service) trespass(ctx context.Context, layers []*Layer, deletes []Key) problem.List {
	acting := tenancy.Acting(ctx)
	set := NewSet(layers...)
	var problems problem.List
	below := func(tenant string) bool {
		if tenant == acting || s.tree.IsAncestor(acting, tenant) {
			return true
		}
		_, registered := s.tree.Get(tenant)
		if registered {
			return false
		}
		for _, above := range set.Lineage(tenant)[1:] { // a tenant that the change founds, under one of ours
			if above == acting || above != kind.National && s.tree.IsAncestor(acting, above) {
				return true
			}
		}
		return false
	}
	for _, l := range layers {
		if !below(l.Resource.Metadata.Tenant) {
			var list problem.List
			list.Add("$.metadata.tenant", "V-04", "%q 不是本租户或其下级，不能在此发布", l.Resource.Metadata.Tenant)
			problems = append(problems, l.Resource.Locate(list)...)
		}
	}
	for _, key := range deletes {
		if !below(key.Tenant) {
			problems.Add("$.delete", "V-04", "%q 不是本租户或其下级", key.Tenant)
		}
	}
	return problems
}

// dependents are the tenants below that hold a patch of a changed resource and are not written themselves.
func (s *Service) dependents(ctx context.Context, layers []*Layer, deletes []Key) ([]string, bool, error) {
	own := map[string]bool{}
	var queue []Key
	for _, l := range layers {
		own[l.Resource.Metadata.Tenant] = true
		if pack := l.Resource.Metadata.Pack; pack != "" {
			queue = append(queue, Key{Tenant: l.Resource.Metadata.Tenant, Kind: "Adoption", Name: pack})
			continue
		}
		queue = append(queue, keyOf(l.Resource))
	}
	queue = append(queue, deletes...)
	found := map[string]bool{}
	truncated := false
	err := s.standingOn(ctx, queue, func(patch Key) bool {
		if !own[patch.Tenant] {
			found[patch.Tenant] = true
		}
		truncated = len(found) > maxDependents
		return !truncated
	})
	all := sortedKeys(found)
	return all[:min(len(all), maxDependents)], truncated, err
}

// standingOn tells of every entry in force below that stands on the resources, patches of patches too, until told to stop.
// Those that would stand on one of them, if it is new, are among them.
func (s *Service) standingOn(ctx context.Context, queue []Key, each func(patch Key) bool) error {
	for _, key := range slices.Clone(queue) {
		patches, err := s.coming(ctx, key)
		if err != nil {
			return err
		}
		for _, patch := range patches {
			if !each(patch) {
				return nil
			}
		}
		queue = append(queue, patches...)
	}
	for len(queue) > 0 {
		key := queue[0]
		queue = queue[1:]
		if _, registered := s.tree.Get(key.Tenant); !registered {
			continue
		}
		there, err := s.tree.ActAs(ctx, key.Tenant, "find who stands on "+key.String())
		if err != nil {
			return err
		}
		patches, err := s.store.patchesOf(there, key, maxPatches)
		if err != nil {
			return err
		}
		for _, patch := range patches {
			if !each(patch) {
				return nil
			}
		}
		queue = append(queue, patches...)
	}
	return nil
}

// maxPatches bounds how many tenants can stand directly on one resource: all counties of the country, with room.
const maxPatches = 10_000
