package configuration

import (
	"cmp"
	"fmt"
	"slices"

	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// Base is what a change stands on: the layers that are published already. For
// files alone it is the national base (see BaseOf).
type Base struct {
	Layers []*Layer
	// Older answers the layers, nearest first, of an older effective version; nil without a history.
	Older func(kindName string, extends *kind.Extends) []*Layer
	// Holders counts active staff: tenant → role → persons (V-27, V-28); nil where nobody knows, as offline.
	Holders map[string]map[string]Holding
	// Register lists the tenants of the installation, for codes must be unique among all of them; nil offline.
	Register func() []tenancy.Tenant
	// Running answers the version of a tenant's matter that open cases are pinned to, nil when there are none (V-56); nil offline.
	Running func(tenant, matter, version string) (*Matter, error)
	parts   *parts // compiled before; nil when there are none
}

// BaseOf reads files as a base. Its own problems are an error: a base is published, so it was checked.
func BaseOf(files []kind.File) (Base, error) {
	layers, problems := Read(files)
	if problems.HasErrors() {
		return Base{}, fmt.Errorf("configuration: base: %w", problem.Invalid(problems))
	}
	return Base{Layers: layers}, nil
}

// Report is what the checks found in a change (R-CFG-06). Problems are sorted by
// place; a resource with errors is left out of later stages, so that one mistake is
// reported once.
type Report struct {
	Problems  problem.List
	Resources int // read from the files
	Matters   int // compiled, over all tenants of the change
	Tenants   []string
}

// OK reports that nothing stops publication.
func (r Report) OK() bool { return !r.Problems.HasErrors() }

// Validate runs the whole publish check of docs/kinds.md over files as one change on a base.
func Validate(files []kind.File, base Base) Report {
	_, report := Check(files, nil, base)
	return report
}

// Check builds the set that publishing the files would make, without the deleted
// resources, and runs the publish check over every tenant that the change writes.
func Check(files []kind.File, deletes []Key, base Base) (*Set, Report) {
	layers, problems := Read(files)
	return checkLayers(layers, problems, deletes, base)
}

// checkLayers is Check over files that have been read.
func checkLayers(layers []*Layer, problems problem.List, deletes []Key, base Base) (*Set, Report) {
	set := NewSet(overlay(base.Layers, layers, deletes)...)
	set.stand(base)
	report := Report{Resources: len(layers), Problems: append(keyedProblems(layers, problems), set.problems...)}
	touched := map[string]bool{}
	for _, l := range layers {
		touched[l.Resource.Metadata.Tenant] = true
	}
	for _, key := range deletes {
		touched[key.Tenant] = true
	}
	report.Tenants = sortedKeys(touched)
	report.Problems = append(report.Problems, checkRemoved(base, deletes)...)
	for _, tenant := range report.Tenants {
		found, matters := set.checkTenant(tenant)
		report.Problems = append(report.Problems, found...)
		report.Matters += matters
	}
	if slices.ContainsFunc(layers, func(l *Layer) bool { return l.Resource.Kind == "Tenant" }) {
		report.Problems = append(report.Problems, set.checkDivisions(base.Register)...)
	}
	report.Problems = append(report.Problems, set.checkMigrations(layers, base)...).Sorted()
	return set, report
}

// checkRemoved warns of matters that a change takes away without a word to those who
// would apply, or have applied (V-49).
func checkRemoved(base Base, deletes []Key) problem.List {
	var problems problem.List
	var before *Set
	for i, key := range deletes {
		if key.Kind != "Matter" {
			continue
		}
		if before == nil {
			before = NewSet(base.Layers...)
			before.stand(base)
		}
		f, ok := before.own(key.Tenant, key.Kind, key.Name)
		if ok && !f.Resource.Spec.(*kind.Matter).Abstract && f.Resource.Spec.(*kind.Matter).TransitionNote == "" {
			problems.Warn(at("$.delete", i), "V-49", "要取消的事项 %q 没有过渡说明", key.Name)
			problems[len(problems)-1].Hint = "先发布 transition_note，或用取消事项并说明过渡办法"
		}
	}
	return problems
}

// stand gives a set what its base knows besides layers.
func (s *Set) stand(base Base) {
	s.older, s.holders = base.Older, base.Holders
	if base.parts != nil {
		s.parts = base.parts
	}
}

// Key names a resource of a tenant.
type Key struct {
	Tenant string `json:"tenant"`
	Kind   string `json:"kind"`
	Name   string `json:"name"`
}

// String is tenant/Kind/name.
func (k Key) String() string { return k.Tenant + "/" + k.Kind + "/" + k.Name }

// compare orders keys by tenant, kind and name.
func (k Key) compare(other Key) int {
	return cmp.Or(cmp.Compare(k.Tenant, other.Tenant), cmp.Compare(k.Kind, other.Kind), cmp.Compare(k.Name, other.Name))
}

// keyOfTenant names the resource that declares a tenant.
func keyOfTenant(tenant string) Key { return Key{tenant, "Tenant", tenant} }

func keyOf(r *kind.Resource) Key {
	return Key{Tenant: r.Metadata.Tenant, Kind: r.Kind, Name: r.Metadata.Name}
}

// overlay lays a change over a base.
func overlay(base, change []*Layer, deletes []Key) []*Layer {
	gone := map[string]bool{}
	for _, key := range deletes {
		gone[key.String()] = true
	}
	for _, l := range change {
		gone[l.key().String()] = true
	}
	var out []*Layer
	for _, l := range base {
		if !gone[l.key().String()] {
			out = append(out, l)
		}
	}
	return append(out, change...)
}

// keyedProblems writes the paths of reading problems with the keys of lists, as all later stages do.
func keyedProblems(layers []*Layer, problems problem.List) problem.List {
	for i := range problems {
		p := &problems[i]
		var holder *kind.Resource
		for _, l := range layers {
			if line, _ := l.Resource.Position("$"); l.Resource.File == p.File && line <= p.Line {
				holder = l.Resource
			}
		}
		if holder != nil {
			p.Path = (&Found{Resource: holder}).keyed(p.Path)
		}
	}
	return problems
}

// checkTenant runs the publish check over one tenant and counts the matters it offers.
func (s *Set) checkTenant(tenant string) (problem.List, int) {
	var problems problem.List
	n := s.inspect(tenant, func(_ Key, found problem.List) { problems = append(problems, found...) })
	return problems, n
}

// inspect runs the publish check over one tenant, telling of each finding in which
// of its resources it lies: a layer of its own, a matter that it offers, or the
// Tenant when it concerns the whole. It counts the matters.
func (s *Set) inspect(tenant string, note func(at Key, found problem.List)) int {
	return s.inspectWithin(tenant, nil, note)
}

// inspectWithin is inspect as far as something can have changed.
func (s *Set) inspectWithin(tenant string, within *extent, note func(at Key, found problem.List)) int {
	for _, kindName := range sortedKeys(s.byKind[tenant]) {
		for _, l := range s.byKind[tenant][kindName] {
			if within.layer(l) {
				note(l.key(), s.resolve(l).problems)
			}
		}
	}
	view := s.view(tenant)
	s.link(view, within, note)
	offered := within.offered(view)
	compiled := within.untouched(s, tenant)
	for _, f := range offered {
		note(Key{Tenant: tenant, Kind: "Matter", Name: f.Resource.Metadata.Name}, s.inspectMatter(view, f, compiled))
	}
	whole := s.checkBases(view, within, compiled)
	whole = append(whole, s.checkView(view, within, compiled)...)
	note(Key{Tenant: tenant, Kind: "Tenant", Name: tenant}, append(whole, s.checkAlone(view, compiled)...))
	return len(offered)
}

// inspectMatter compiles and checks one offered matter, and notes the parts it is made of.
func (s *Set) inspectMatter(view *view, f *Found, compiled map[string]bool) problem.List {
	c := compile(view, f)
	c.note(compiled)
	problems := append(s.linkParts(view, c.matter.Pins), linked(c.problems)...)
	if !c.missing && !c.problems.HasErrors() {
		problems = append(problems, s.checkMatter(view, f, c.matter)...)
	}
	return problems
}

// linked leaves missing parts out of a compiler's problems: linking has reported each, or it has errors of its own.
func linked(list problem.List) problem.List {
	return slices.DeleteFunc(slices.Clone(list), func(p problem.Problem) bool { return p.Code == "V-03" })
}
