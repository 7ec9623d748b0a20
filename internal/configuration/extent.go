package configuration

import (
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// extent is how far what a government above has published reaches into a tenant that
// had passed the checks before: its patches that stand on what has changed, and the
// matters that a changed resource is part of. Outside of it nothing is other than it
// was, so nothing is resolved, checked or written there. A nil extent is the whole
// tenant.
type extent struct {
	layers   map[Key]bool
	matters  map[string]bool
	touching *touching
	linked   bool // some matter leads to another, so that circles can have closed
}

// shift marks, in the tenants from just below a government down to one, the patches
// that stand on what has changed, as changed themselves.
func (t *touching) shift(set *Set, above, tenant string) {
	lineage := set.Lineage(tenant)
	for i := len(lineage) - 1; i >= 0; i-- {
		if at := lineage[i]; set.isAbove(above, at) && !t.shifted[at] {
			t.shifted[at] = true
			for _, layers := range set.byKind[at] {
				for _, l := range layers {
					if t.moved(set, l) {
						t.changed[l.Resource.Key()] = true
					}
				}
			}
		}
	}
}

// moved reports a layer under which something has changed, or above which a resource of its name has.
func (t *touching) moved(set *Set, l *Layer) bool {
	r := l.Resource
	if extends := r.Metadata.Extends; extends != nil {
		if parent, ok := set.nearest(extends.Tenant, r.Kind, extends.Name); ok && t.changed[parent.Resource.Key()] {
			return true
		}
	}
	for _, at := range set.Lineage(r.Metadata.Tenant)[1:] {
		if t.changed[(Key{Tenant: at, Kind: r.Kind, Name: r.Metadata.Name}).String()] {
			return true
		}
	}
	return false
}

// extentOf is how far the changes of a government reach into a tenant below it.
func (s *Set) extentOf(above, tenant string, t *touching) *extent {
	t.shift(s, above, tenant)
	v := s.view(tenant)
	x := &extent{layers: map[Key]bool{}, matters: map[string]bool{}, touching: t}
	for _, layers := range s.byKind[tenant] {
		for _, l := range layers {
			if t.changed[l.Resource.Key()] {
				x.layers[l.key()] = true
			}
		}
	}
	for name := range t.matters(v) {
		x.matters[name] = true
	}
	for name := range x.matters {
		f, ok := v.Find("Matter", name)
		x.linked = x.linked || ok && leads(v, f, map[string]bool{})
	}
	return x
}

func (x *extent) layer(l *Layer) bool { return x == nil || x.layers[l.key()] }

// own are the tenant's own effective resources of a kind, by name.
func (x *extent) own(s *Set, tenant, kindName string) []*Found {
	var out []*Found
	for _, l := range s.byKind[tenant][kindName] {
		if !x.layer(l) {
			continue
		}
		if r := s.resolve(l); r.found != nil {
			out = append(out, r.found)
		}
	}
	return out
}

// offered are the matters that the tenant implements, by name.
func (x *extent) offered(v *view) []*Found {
	if x == nil {
		return v.Offered()
	}
	var out []*Found
	for _, name := range sortedKeys(x.matters) {
		if f, ok := v.Offer(name); ok {
			out = append(out, f)
		}
	}
	return out
}

// names are those of the matters; nil for the whole tenant.
func (x *extent) names() []string {
	if x == nil {
		return nil
	}
	return append([]string{}, sortedKeys(x.matters)...)
}

// untouched marks the tenant's own parts of matters that are as they were, for they need not be compiled.
func (x *extent) untouched(s *Set, tenant string) map[string]bool {
	out := map[string]bool{}
	if x == nil {
		return out
	}
	for kindName, layers := range s.byKind[tenant] {
		for _, l := range layers {
			if !x.layer(l) {
				out[kindName+"/"+l.Resource.Metadata.Name] = true
			}
		}
	}
	return out
}

// circles reports whether matters, roles or services can have closed a circle.
func (x *extent) circles() bool { return x == nil || x.linked }

// basicCodes is checkBasicCodes for the matters of the extent: none has the basic code of another that is offered.
func (x *extent) basicCodes(s *Set, v *view) problem.List {
	var problems problem.List
	for _, f := range x.offered(v) {
		basic := f.Resource.Spec.(*kind.Matter).BasicCode
		if basic == "" {
			continue
		}
		var others []string
		for _, tenant := range v.lineage {
			coded := x.touching.coded(s, tenant)
			others = append(append(others, coded[basic]...), coded[codeUnknown]...)
		}
		for _, name := range others {
			other, ok := v.Offer(name)
			if ok && name != f.Resource.Metadata.Name && other.Resource.Spec.(*kind.Matter).BasicCode == basic {
				problems = append(problems, f.remark(problem.SeverityError, "$.spec.basic_code", "V-08", "", "基本编码 %s 已用于事项 %q", basic, name)...)
				break
			}
		}
	}
	return problems
}

// codeUnknown stands for the basic code of a matter that does not say it, and does not have that of the matter of its name above.
const codeUnknown = ""

// coded are the names of the matters that a tenant declares by the basic code that they say, found once.
func (t *touching) coded(s *Set, tenant string) map[string][]string {
	if ready, ok := t.codes[tenant]; ok {
		return ready
	}
	out := map[string][]string{}
	for _, l := range s.byKind[tenant]["Matter"] {
		name, extends := l.Resource.Metadata.Name, l.Resource.Metadata.Extends
		basic, _ := l.Resource.Doc["basic_code"].(string)
		if basic != codeUnknown || extends != nil && (extends.Name != name || extends.Digest != "") {
			out[basic] = append(out[basic], name)
		}
	}
	t.codes[tenant] = out
	return out
}
