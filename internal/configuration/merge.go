package configuration

import (
	"context"
	"slices"
	"strings"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// Divergence is a field of a resource that a change writes and that was published anew
// since the change's files were made: what it was then, what it is now, and what the
// change makes of it; nil where the value is absent. Path is that of problems, `$` for
// a whole resource. Conflict: both changed it, to something different.
type Divergence struct {
	Tenant, Kind, Name string
	Path               string
	Base, Theirs, Mine any
	Conflict           bool
}

// CodeEditConflict is the problem of a field that a change and what was published since its base set differently (SM-04).
const CodeEditConflict = "edit_conflict"

// changeMerge lays a change over what was published since its files were made.
type changeMerge struct {
	tenant   string
	since    int            // the revision that the files were made from
	old, now map[Key]*Layer // of the tenant, then and now
	fields   []Divergence
	problems problem.List
}

// mergeWith is a change whose base may have moved, merged with what is published by now:
// the layers and deletions to lay over the base, what both sides have done to the
// resources of the change, and conflicts as problems placed in the change's files.
// since are the revisions that the files were made from; a tenant without one has not moved.
// lasting leaves out what will have ended when the change takes effect.
func (s *Service) mergeWith(ctx context.Context, layers []*Layer, deletes []Key, since map[string]int, base publishedBase,
	lasting func([]*Layer) []*Layer) (out proposal, err error) {
	out.layers, out.deletes = layers, deletes
	for _, tenant := range sortedKeys(since) {
		if since[tenant] == base.revisions[tenant] {
			continue
		}
		if since[tenant] < 0 || since[tenant] > base.revisions[tenant] {
			out.report.Problems.Add("$.baseRevision", "no_revision", "%s 没有修订 %d", tenant, since[tenant])
			continue
		}
		m := changeMerge{tenant: tenant, since: since[tenant], now: ownLayers(base.Layers, tenant)}
		row, registered := s.tree.Get(tenant)
		if !registered {
			continue
		}
		then, err := s.layersAt(tenancy.With(ctx, row.Scope("")), tenant, since[tenant])
		if err != nil {
			return out, err
		}
		m.old = ownLayers(lasting(then), tenant)
		out.layers, out.deletes = m.layers(out.layers), m.deletes(out.deletes)
		out.fields = append(out.fields, m.fields...)
		out.report.Problems = append(out.report.Problems, m.problems...)
	}
	return out, nil
}

// ownLayers are the layers that a tenant has written, by key.
func ownLayers(layers []*Layer, tenant string) map[Key]*Layer {
	out := map[Key]*Layer{}
	for _, l := range layers {
		if l.Resource.Metadata.Tenant == tenant && !l.installed() {
			out[l.key()] = l
		}
	}
	return out
}

func (m *changeMerge) layers(layers []*Layer) []*Layer {
	var out []*Layer
	for _, mine := range layers {
		if mine.Resource.Metadata.Tenant != m.tenant {
			out = append(out, mine)
			continue
		}
		if l := m.layer(mine); l != nil {
			out = append(out, l)
		}
	}
	return out
}

// layer merges one resource; nil when the change has nothing to say about it.
func (m *changeMerge) layer(mine *Layer) *Layer {
	base, theirs := m.old[mine.key()], m.now[mine.key()]
	switch {
	case sameLayer(base, theirs) || sameLayer(theirs, mine) || mine.broken:
		return mine
	case sameLayer(base, mine):
		return nil // what they did stands
	case base == nil || theirs == nil:
		m.conflict(mine, kind.Edit{Base: base.tree(), Theirs: theirs.tree(), Mine: mine.tree()})
		return mine
	}
	tree, edits := kind.Reconcile(mine.Resource.Kind, base.tree().(map[string]any), theirs.tree().(map[string]any), mine.tree().(map[string]any))
	for _, e := range edits {
		if e.Clash {
			m.conflict(mine, e)
			continue
		}
		m.note(mine.key(), e)
	}
	merged, err := layerOf(mine.Resource.Kind, tree)
	if err != nil {
		m.conflict(mine, kind.Edit{Base: base.tree(), Theirs: theirs.tree(), Mine: mine.tree()})
		return mine
	}
	merged.merged = true
	merged.Resource.Node, merged.Resource.File, merged.Resource.DocIndex = mine.Resource.Node, mine.Resource.File, mine.Resource.DocIndex
	return merged
}

func sameLayer(a, b *Layer) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Digest == b.Digest
}

// tree is the authored document without its kind; nil for no layer.
func (l *Layer) tree() any {
	if l == nil {
		return nil
	}
	return withAssets(l.Assets, map[string]any{"metadata": l.Resource.Metadata.Tree(), "spec": anyMap(l.Resource.Doc), "layouts": textMap(l.Layouts)})
}

// layerOf makes a layer of an authored document.
func layerOf(kindName string, tree map[string]any) (*Layer, error) {
	tree["kind"] = kindName
	body := kind.Canonical(tree)
	return readLayer(body, kind.Digest(body))
}

// deletes leaves out what is gone already; what was changed since is a conflict.
func (m *changeMerge) deletes(keys []Key) []Key {
	return slices.DeleteFunc(slices.Clone(keys), func(key Key) bool {
		if key.Tenant != m.tenant {
			return false
		}
		base, theirs := m.old[key], m.now[key]
		if theirs == nil {
			return base != nil
		}
		if !sameLayer(base, theirs) {
			m.note(key, kind.Edit{Base: base.tree(), Theirs: theirs.tree(), Clash: true})
			m.problems.Add("$.delete["+key.local()+"]", CodeEditConflict, "自修订 %d 以来 %s %s 已有改动，本次要删除", m.since, key.Kind, key.Name)
		}
		return false
	})
}

func (m *changeMerge) note(key Key, e kind.Edit) {
	path := e.Path
	if path == "" {
		path = "$"
	}
	m.fields = append(m.fields, Divergence{Tenant: key.Tenant, Kind: key.Kind, Name: key.Name, Path: path,
		Base: e.Base, Theirs: e.Theirs, Mine: e.Mine, Conflict: e.Clash})
}

func (m *changeMerge) conflict(mine *Layer, e kind.Edit) {
	e.Clash = true
	m.note(mine.key(), e)
	var list problem.List
	list.Add(strings.TrimSuffix("$."+e.Path, "."), CodeEditConflict, "自修订 %d 以来已由 %s 改为 %s，本次为 %s", m.since, shown(e.Base), shown(e.Theirs), shown(e.Mine))
	list[0].Hint = "在最新修订上重做这一处，再提交"
	m.problems = append(m.problems, mine.Resource.Locate(list)...)
}

// maxShown is how much of a value a message shows, in characters.
const maxShown = 60

func shown(value any) string {
	if value == nil {
		return "（无）"
	}
	text := []rune(string(kind.Canonical(value)))
	if len(text) > maxShown {
		return string(text[:maxShown]) + "…"
	}
	return string(text)
}

// written addresses the documents that a change writes: those that differ from what is published, and those that go.
func (p *proposal) written() string {
	now := map[Key]string{}
	for _, l := range p.base.Layers {
		now[l.key()] = l.Digest
	}
	digests := map[string]any{}
	for _, l := range p.layers {
		if now[l.key()] != l.Digest {
			digests[l.key().String()] = l.Digest
		}
	}
	for _, key := range p.deletes {
		if now[key] != "" {
			digests[key.String()] = ""
		}
	}
	return kind.Digest(kind.Canonical(digests))
}

// again works a change out on what is published by now; it keeps the instant that it was submitted for.
func (s *Service) again(ctx context.Context, c *Change) (proposal, error) {
	since := c.Bases
	if since == nil {
		since = map[string]int{c.Tenant: c.BaseRevision}
	}
	return s.propose(ctx, c.Files, c.Deletes, c.Plan.Orders, since, c.EffectiveFrom)
}

// outdated reports a proposal that is not what was reviewed: the documents that it writes, or what they change, are others.
func (p *proposal) outdated(c *Change) bool {
	return missingFilesStop(p.report.Problems).HasErrors() || p.plan.Digest != c.Plan.Digest
}

// Comparison is how a change stands to what was published since its files were made (SM-04).
type Comparison struct {
	// Outdated: published now it would do something other than what its plan says, or nothing: it is to be brought up to date.
	Outdated bool
	Fields   []Divergence // of the resources that both sides changed; the conflicting ones are to be resolved by a new change
	Report   Report       // what the checks find on the present base
}

// CompareChange compares a change that is not decided for good with what was published since its files were made: base,
// theirs, mine. Needs config.read.
func (s *Service) CompareChange(ctx context.Context, id uuid.UUID) (Comparison, error) {
	c, err := s.Change(ctx, id)
	if err != nil || !c.open() {
		return Comparison{}, err
	}
	p, err := s.again(ctx, c)
	return Comparison{Outdated: p.outdated(c), Fields: p.fields, Report: p.report}, err
}

// open reports a change that can still come into force.
func (c *Change) open() bool { return c.Status != Published && c.Status != Rejected }

// RebaseChange brings a change up to date with what was published since its files were
// made: fields that only one side changed are merged, the plan is made anew, and what was
// approved is to be reviewed again. It is refused with Validation when fields conflict
// (CodeEditConflict) or the merged documents fail a check, each placed in the change's
// files; with Conflict "not_open" when it is published or rejected, "nothing_to_change"
// when everything that it would do has been done. Needs config.author.
func (s *Service) RebaseChange(ctx context.Context, id uuid.UUID) (*Change, error) {
	if err := s.require(ctx, "config.author"); err != nil {
		return nil, err
	}
	c, err := s.store.change(ctx, id)
	if err != nil {
		return nil, err
	}
	if !c.open() {
		return nil, problem.New(problem.Conflict, "not_open", "该变更已发布或已退回")
	}
	p, err := s.again(ctx, c)
	if err != nil {
		return nil, err
	}
	if !p.outdated(c) && c.Status != Superseded {
		return c, nil
	}
	if err := p.refusal(c.Plan.Orders); err != nil {
		return nil, err
	}
	if err := problem.Invalid(c.Terms.validate(s.clock.Now(), c.EffectiveFrom)); err != nil {
		return nil, err
	}
	p.report.Problems = append(p.report.Problems, undated(p.plan, c.Terms)...)
	c.Report, c.Plan, c.Tenants = p.report, p.plan, p.report.Tenants
	c.Status, c.Reviewer, c.Reason, c.DecidedAt = InReview, "", "", nil
	return c, s.store.renewChange(ctx, c, authz.From(ctx), s.clock.Now())
}

// refusal is why a proposal cannot be put up for review; nil when it can.
func (p *proposal) refusal(orders []Order) error {
	if err := problem.Invalid(missingFilesStop(p.report.Problems)); err != nil {
		return err
	}
	if len(p.plan.Tenants) == 0 && len(orders) == 0 {
		return problem.New(problem.Conflict, "nothing_to_change", "与已发布的配置相同，没有需要变更的内容")
	}
	return nil
}
