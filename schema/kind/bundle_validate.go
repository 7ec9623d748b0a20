package kind

import (
	"slices"
	"strings"
)

// validate checks V-09 for the whole, V-41 and V-51 as far as the bundle itself shows.
func (b *Bundle) validate(v *visit) {
	var ids, departments []string
	after := map[string]string{}
	for _, m := range b.Members {
		ids, departments = append(ids, m.ID), append(departments, m.Department)
		after[m.ID] = m.After
	}
	if !slices.Contains(departments, b.Lead.Department) {
		v.fail("lead.department", "V-41", suggest(b.Lead.Department, departments), "牵头部门不是任何成员的部门")
	}
	if order, known := b.Limits.Promised.Compare(b.Limits.Statutory.Limit); !known || order > 0 {
		v.fail("limits.promised", "V-09", "", "承诺时限 %s 长于法定时限 %s，或单位无法比较", b.Limits.Promised, b.Limits.Statutory.Limit)
	}
	if d := b.Limits.MemberDefault; d != nil {
		if order, known := d.Compare(b.Limits.Statutory.Limit); !known || order > 0 {
			v.fail("limits.member_default", "V-41", "", "成员时限长于总的法定时限")
		}
	}
	if b.Correction != nil && b.Correction.CollectWithin != nil && b.Acceptance != nil && b.Acceptance.Window != nil {
		if order, known := b.Correction.CollectWithin.Compare(b.Acceptance.Window.Limit); !known || order > 0 {
			v.fail("correction.collect_within", "V-41", "", "补正汇总时间长于受理时限")
		}
	}
	b.validateMembers(v, ids, after)
	told{promised: &b.Limits.Promised, statutory: &b.Limits.Statutory.Limit}.contradictGuide(v, b.Guide)
	if s := b.Stage; s != nil && !slices.Contains(s.Of, s.Name) {
		v.fail("stage.name", "V-41", suggest(s.Name, s.Of), "阶段 %q 不在 of 中", s.Name)
	}
}

// validateMembers checks every place that names a member, and that "after" makes no circle.
func (b *Bundle) validateMembers(v *visit, ids []string, after map[string]string) {
	need := func(place, id string) {
		if !slices.Contains(ids, id) {
			v.fail(place, "V-41", suggest(id, ids), "没有成员 %q", id)
		}
	}
	for i, m := range b.Members {
		if m.After == "" {
			continue
		}
		place := at("members", i) + ".after"
		need(place, m.After)
		steps := 0
		for id := m.After; id != "" && steps <= len(ids); id = after[id] {
			steps++
		}
		if steps > len(ids) {
			v.fail(place, "V-51", "", "成员先后成环")
		}
	}
	if b.MemberClock != nil {
		for i, id := range b.MemberClock.Critical {
			need(at("member_clock.critical", i), id)
		}
	}
	if p := b.Decision.PartialResult; p != nil {
		for i, id := range p.Members {
			need(at("decision.partial_result.members", i), id)
		}
	}
	if b.DataReuse != nil {
		for i, path := range b.DataReuse.Expose {
			id, _, _ := strings.Cut(path, ".")
			need(at("data_reuse.expose", i), id)
		}
	}
}
