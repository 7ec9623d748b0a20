package configuration

import (
	"context"
	"slices"
	"strings"
	"time"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// The problems of effective dates, besides those of overlapping ranges (V-02).
const (
	// CodeEffectiveStart: a resource says to take effect on another day than the change that publishes it.
	CodeEffectiveStart = "effective_start"
	// CodeEffectiveEnd: a resource would have ended before it begins, or something still needs it when it ends.
	CodeEffectiveEnd = "effective_end"
)

// End is when a resource of a plan ends by itself (metadata.effective.to).
type End struct {
	Tenant string    `json:"tenant"`
	Kind   string    `json:"kind"`
	Name   string    `json:"name"`
	At     time.Time `json:"at"` // the first instant at which it is no longer in force
}

// zone is the time zone in which a tenant's days begin.
func (s *Service) zone(tenant string) *time.Location {
	for at := tenant; at != ""; {
		row, ok := s.tree.Get(at)
		if !ok {
			break
		}
		if row.Timezone != nil {
			return row.Timezone
		}
		at = row.Parent
	}
	return time.FixedZone("Asia/Shanghai", 8*60*60)
}

// starts is the instant at which a resource says to take effect; zero when it says nothing.
func (l *Layer) starts(zone *time.Location) time.Time {
	if e := l.Resource.Metadata.Effective; e != nil && e.From != "" {
		return civil(e.From, 0, zone)
	}
	return time.Time{}
}

// ends is the first instant at which a resource is no longer in force; zero when it says nothing.
func (l *Layer) ends(zone *time.Location) time.Time {
	if e := l.Resource.Metadata.Effective; e != nil && e.To != "" {
		return civil(e.To, 1, zone)
	}
	return time.Time{}
}

// civil is the beginning of a day, so many days later; zero for what is no date, which reading has reported.
func civil(day string, later int, zone *time.Location) time.Time {
	at, err := time.ParseInLocation(time.DateOnly, day, zone)
	if err != nil {
		return time.Time{}
	}
	return at.AddDate(0, 0, later)
}

// inForce reports whether the dates of a resource leave it in force at an instant.
func (s *Service) inForce(l *Layer, at time.Time) bool {
	zone := s.zone(l.Resource.Metadata.Tenant)
	ends := l.ends(zone)
	return !l.starts(zone).After(at) && (ends.IsZero() || ends.After(at))
}

// timing works out when a change takes effect and what of it ends by itself. A change
// takes effect as a whole: at the instant that it was submitted for, or on the day that
// its resources say, from when that lies ahead. Contradictions are problems placed in the
// change's files. Only resources that differ from what is published count.
func (s *Service) timing(p *proposal, submitted *time.Time) {
	p.plan.EffectiveFrom = submitted
	now := s.clock.Now()
	published := map[Key]*Layer{}
	for _, l := range p.base.Layers {
		published[l.key()] = l
	}
	changed := slices.DeleteFunc(slices.Clone(p.layers), func(l *Layer) bool {
		return l.Resource.Metadata.Effective == nil || sameLayer(published[l.key()], l)
	})
	for _, l := range changed {
		s.start(p, l, published[l.key()], submitted, now)
	}
	from := now
	if at := p.plan.EffectiveFrom; at != nil && at.After(now) {
		from = *at
	}
	for _, l := range changed {
		at := l.ends(s.zone(l.Resource.Metadata.Tenant))
		if at.IsZero() || l.Resource.Metadata.Pack != "" {
			continue
		}
		if !at.After(from) {
			p.remark(l, "to", CodeEffectiveEnd, "删去该资源，或改写失效日期", "生效之前已经失效（%s）", l.Resource.Metadata.Effective.To)
		}
		p.plan.Ends = append(p.plan.Ends, End{Tenant: l.Resource.Metadata.Tenant, Kind: l.Resource.Kind, Name: l.Resource.Metadata.Name, At: at})
	}
	s.foreseeEnds(p)
	p.report.Problems = p.report.Problems.Sorted()
}

// lastingUntil leaves out of layers what will have ended by itself when a change of other
// layers takes effect: it is planned on what will be there. What it takes the place of at
// that very instant is there. A change without an instant of its own meets what there is.
func (s *Service) lastingUntil(change []*Layer, submitted *time.Time) func([]*Layer) []*Layer {
	now := s.clock.Now()
	written := map[Key]bool{}
	var from time.Time
	for _, l := range change {
		written[l.key()] = true
		if at := l.starts(s.zone(l.Resource.Metadata.Tenant)); from.IsZero() && at.After(now) {
			from = at
		}
	}
	if submitted != nil {
		from = *submitted
	}
	return func(layers []*Layer) []*Layer {
		return slices.DeleteFunc(slices.Clone(layers), func(l *Layer) bool {
			ends := l.ends(s.zone(l.Resource.Metadata.Tenant))
			return !from.IsZero() && !ends.IsZero() && l.Resource.Metadata.Pack == "" && (ends.Before(from) || ends.Equal(from) && !written[l.key()])
		})
	}
}

// start takes the day into account on which a changed resource says to take effect.
func (s *Service) start(p *proposal, l, before *Layer, submitted *time.Time, now time.Time) {
	if l.Resource.Metadata.Pack != "" {
		p.remark(l, "", CodeEffectiveStart, "写在安装它的 Adoption 上", "配置包的资源不写生效和失效日期")
		return
	}
	zone := s.zone(l.Resource.Metadata.Tenant)
	at, day := l.starts(zone), l.Resource.Metadata.Effective.From
	if !at.After(now) {
		return
	}
	switch {
	case submitted != nil && submitted.In(zone).Format(time.DateOnly) != day:
		p.remark(l, "from", CodeEffectiveStart, "两处写同一天，或只写一处", "写明自 %s 生效，本次变更则于 %s 生效", day, submitted.In(zone).Format(time.DateTime))
	case p.plan.EffectiveFrom == nil:
		p.plan.EffectiveFrom = &at
	case submitted == nil && !p.plan.EffectiveFrom.Equal(at):
		p.remark(l, "from", CodeEffectiveStart, "分作两次变更提交", "一次变更同时生效，另有资源写明自 %s 生效", p.plan.EffectiveFrom.In(zone).Format(time.DateOnly))
	}
	if before != nil && before.Resource.Metadata.Effective != nil && before.Resource.Metadata.Effective.To >= day {
		p.remark(l, "from", "V-02", "从其后一日起生效，或先改现行版本的失效日期", "与现行版本的有效期重叠：它至 %s 失效", before.Resource.Metadata.Effective.To)
	}
}

// remark is an error at a resource's effective dates.
func (p *proposal) remark(l *Layer, field, code, hint, format string, args ...any) {
	var list problem.List
	list.Add(strings.TrimSuffix("$.metadata.effective."+field, "."), code, format, args...)
	list[0].Hint = hint
	p.report.Problems = append(p.report.Problems, l.Resource.Locate(list)...)
}

// maxEndings is how many instants at which something ends are foreseen one by one; what ends later is taken together.
const maxEndings = 20

// foreseeEnds refuses a change after which something that ends by itself would still be
// needed: nothing that is published may fail later for a reason that can be seen now.
func (s *Service) foreseeEnds(p *proposal) {
	if p.report.Problems.HasErrors() {
		return
	}
	layers := overlay(p.base.Layers, p.layers, p.deletes)
	for _, tenant := range p.report.Tenants {
		at := map[time.Time][]*Layer{}
		for _, l := range layers {
			if ends := l.ends(s.zone(tenant)); l.Resource.Metadata.Tenant == tenant && l.Resource.Metadata.Pack == "" && !ends.IsZero() {
				at[ends] = append(at[ends], l)
			}
		}
		instants := make([]time.Time, 0, len(at))
		for instant := range at {
			instants = append(instants, instant)
		}
		slices.SortFunc(instants, time.Time.Compare)
		var gone, ending []*Layer
		set := p.set
		for i, instant := range instants {
			gone, ending = append(gone, at[instant]...), append(ending, at[instant]...)
			if i >= maxEndings && i < len(instants)-1 {
				continue
			}
			without := set.less(p.base.Base, layers, gone)
			if found := newErrors(tenant, set, without); len(found) > 0 {
				for _, l := range ending {
					p.remark(l, "to", CodeEffectiveEnd, "由下一版本接替，或让引用它的资源同时失效",
						"%s %q 失效后仍被引用：%s", l.Resource.Kind, l.Resource.Metadata.Name, found[0].Message)
				}
				break
			}
			set, ending = without, nil
		}
	}
}

// less is a set of layers without some of them.
func (s *Set) less(base Base, layers, gone []*Layer) *Set {
	keys := make([]Key, len(gone))
	for i, l := range gone {
		keys[i] = l.key()
	}
	out := NewSet(overlay(layers, nil, keys)...)
	out.older, out.holders, out.proofs = base.Older, base.Holders, s.proofs
	return out
}

// newErrors are the errors of a tenant in one set that it does not have in another.
func newErrors(tenant string, before, after *Set) problem.List {
	known := map[string]bool{}
	found, _ := before.checkTenant(tenant)
	for _, p := range found.Errors() {
		known[p.Code+p.Path+p.Message] = true
	}
	found, _ = after.checkTenant(tenant)
	return slices.DeleteFunc(found.Errors(), func(p problem.Problem) bool { return known[p.Code+p.Path+p.Message] })
}

// Expire is the handler of JobExpire: what ends by itself in the acting tenant is no
// longer published, by a revision of the system actor; an ancestor's version is in force
// again where it was a patch. What takes its place at the same instant comes first. What
// something else still needs stays, and the reviewers are told. with adds the job's own
// statement; doing it again does nothing more.
func (s *Service) Expire(ctx context.Context, with func(*db.Batch)) error {
	tenant := tenancy.Acting(ctx)
	ctx = authz.With(ctx, authz.System())
	now := s.clock.Now()
	due, err := s.store.scheduledBefore(ctx, now)
	if err != nil {
		return err
	}
	for _, id := range due {
		if err := s.PublishScheduled(ctx, id, nil); err != nil {
			return err
		}
	}
	base, err := s.loadBase(ctx, []string{tenant})
	if err != nil {
		return err
	}
	set, gone, kept := s.lapse(base, tenant, now)
	told := make([]map[string]any, len(kept))
	for i, l := range kept {
		told[i] = map[string]any{"kind": l.Resource.Kind, "name": l.Resource.Metadata.Name, "title": set.titleAt(l.key())}
	}
	w := writing{message: "到期失效：" + strings.Join(names(gone), "、"), author: SystemAuthor, at: now}
	err = s.store.inTx(ctx, func(ctx context.Context) error {
		if len(gone) > 0 {
			if _, err := s.publishSet(ctx, set, []string{tenant}, base.revisions, w); err != nil {
				return err
			}
		}
		return s.store.tellAll(ctx, EventEndKept, told, now, with)
	})
	if err == nil && len(gone) > 0 {
		s.announce(ctx)
	}
	return err
}

// lapse takes out of a base what has ended in a tenant, matters first, and says what could not be for something needs it.
func (s *Service) lapse(base publishedBase, tenant string, now time.Time) (set *Set, gone, kept []*Layer) {
	set = NewSet(base.Layers...)
	set.older, set.holders = base.Older, base.Holders
	var ended []*Layer
	for _, l := range base.Layers {
		if at := l.ends(s.zone(tenant)); l.Resource.Metadata.Tenant == tenant && l.Resource.Metadata.Pack == "" && !at.IsZero() && !at.After(now) {
			ended = append(ended, l)
		}
	}
	slices.SortStableFunc(ended, func(a, b *Layer) int {
		switch {
		case (a.Resource.Kind == "Matter") == (b.Resource.Kind == "Matter"):
			return 0
		case a.Resource.Kind == "Matter":
			return -1
		}
		return 1
	})
	for _, l := range ended {
		without := set.less(base.Base, base.Layers, append(slices.Clone(gone), l))
		if len(newErrors(tenant, set, without)) > 0 {
			kept = append(kept, l)
			continue
		}
		set, gone = without, append(gone, l)
	}
	return set, gone, kept
}

func names(layers []*Layer) []string {
	out := make([]string, len(layers))
	for i, l := range layers {
		out[i] = l.key().local()
	}
	return out
}

// notInForce are the resources among layers that their dates keep out of force now, apart from the others.
func (s *Service) notInForce(layers []*Layer) (in, out []*Layer) {
	now := s.clock.Now()
	for _, l := range layers {
		if l.Resource.Metadata.Pack == "" && !s.inForce(l, now) {
			out = append(out, l)
			continue
		}
		in = append(in, l)
	}
	return in, out
}

// scheduleEnds books the ends of what a revision writes.
func (s *Service) scheduleEnds(b *db.Batch, tenant string, writes []entryWrite, now time.Time) {
	zone, booked := s.zone(tenant), map[string]bool{}
	for _, w := range writes {
		if w.layer == nil || w.layer.Resource.Metadata.Pack != "" {
			continue
		}
		at := w.layer.ends(zone)
		if at.IsZero() {
			continue
		}
		if day := w.layer.Resource.Metadata.Effective.To; !booked[day] {
			booked[day] = true
			expireJob(b, tenant, day, at, now)
		}
	}
}
