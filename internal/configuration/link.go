package configuration

import (
	"slices"
	"strconv"
	"strings"

	"zhengtong/internal/expr"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// link resolves every name in a tenant's own resources: it exists here, in an
// ancestor or in the change (V-03), never in a sibling's or another branch's
// configuration (V-04). Role and department names are V-05. Names in an abstract
// base bind where a matter becomes concrete, so there they are not asked for.
func (s *Set) link(v *view, within *extent, note func(at Key, found problem.List)) {
	at := func(f *Found) Key {
		return Key{Tenant: v.Tenant(), Kind: f.Resource.Kind, Name: f.Resource.Metadata.Name}
	}
	for _, kindName := range sortedKeys(s.byKind[v.Tenant()]) {
		for _, f := range within.own(s, v.Tenant(), kindName) {
			note(at(f), s.linkOne(v, f))
		}
	}
	for _, f := range within.offered(v) {
		if f.Owner != v.Tenant() { // made concrete here: its late names are due
			note(at(f), s.linkOne(v, f))
		}
	}
}

func (s *Set) linkOne(v *view, f *Found) problem.List {
	problems := f.place(missingAssets(f))
	for _, ref := range f.references() {
		if ref.Optional && !f.adopted || ref.Name == "*" {
			continue
		}
		late := ref.Tenant == "" && !f.adopted && bindsLate(v, append([]string{ref.Kind}, ref.Or...))
		if p, bad := s.dangling(v, ref); bad && !(late && !concrete(f)) {
			problems = append(problems, f.place(problem.List{p})...)
		}
	}
	return problems
}

// missingAssets warns of files that a resource names by `asset:` and that are not
// there: they must be before publication (V-37).
func missingAssets(f *Found) problem.List {
	var problems problem.List
	for _, asset := range f.files() {
		if f.Assets[asset.Name] == "" {
			problems.Warn(asset.Path, CodeMissingFile, "文件 %s 尚未提供", asset.Name)
		}
	}
	return problems
}

// dangling reports a name that means nothing the tenant can see.
func (s *Set) dangling(v *view, ref kind.Ref) (problem.Problem, bool) {
	kinds := append([]string{ref.Kind}, ref.Or...)
	p := problem.Problem{Path: ref.Path, Severity: problem.SeverityError}
	if ref.Tenant != "" {
		return s.danglingElsewhere(v, ref, p)
	}
	for _, kindName := range kinds {
		if _, ok := s.nearest(v.Tenant(), kindName, ref.Name); ok {
			return p, false
		}
	}
	p.Code = "V-03"
	if ref.Kind == "Role" || ref.Kind == "Department" {
		p.Code = "V-05"
	}
	p.Message = "没有 " + strings.Join(kinds, " 或 ") + " " + strconv.Quote(ref.Name)
	p.Hint = s.hint(v, kinds, ref.Name)
	for _, kindName := range kinds {
		if other := s.sibling(v, kindName, ref.Name); other != "" {
			p.Code, p.Hint = "V-04", "租户 "+other+" 有此资源，但不能引用其他分支的资源"
		}
	}
	return p, true
}

// danglingElsewhere checks a reference that names its tenant: Department.line_parent, a Pack.
func (s *Set) danglingElsewhere(v *view, ref kind.Ref, p problem.Problem) (problem.Problem, bool) {
	above := ref.Tenant == v.Tenant() || s.isAbove(ref.Tenant, v.Tenant())
	_, exists := s.layers[Key{ref.Tenant, ref.Kind, ref.Name}]
	switch {
	case !above:
		p.Code, p.Message = "V-04", strconv.Quote(ref.Tenant)+" 不是本租户的上级"
	case !exists:
		p.Code, p.Message = "V-03", "租户 "+ref.Tenant+" 没有 "+ref.Kind+" "+strconv.Quote(ref.Name)
	default:
		return p, false
	}
	return p, true
}

// concrete reports a matter that is not only a base.
func concrete(f *Found) bool {
	matter, ok := f.Resource.Spec.(*kind.Matter)
	return ok && !matter.Abstract
}

// bindsLate reports a name that a resource of a level above leaves to the tenants
// below: roles, offices, seals and documents are those of the tenant that makes a
// matter concrete. There linkParts asks for them again. Counties leave nothing open.
func bindsLate(v *view, kinds []string) bool {
	for _, kindName := range kinds {
		switch kindName {
		case "Role", "Department", "SealPolicy", "DocumentTemplate", "Hall":
		default:
			return false
		}
	}
	level := v.Level()
	return level == "platform" || level == "province" || level == "city"
}

// linkParts resolves the names in the parts of a concrete matter in the tenant that offers it.
func (s *Set) linkParts(v *view, pins Pins) problem.List {
	var problems problem.List
	for _, pin := range sortedKeys(pins) {
		kindName, name, _ := strings.Cut(pin, "/")
		f, ok := v.Find(kindName, name)
		if !ok || kindName == "Matter" {
			continue
		}
		for _, ref := range f.references() {
			if p, bad := s.dangling(v, ref); bad && ref.Tenant == "" && ref.Name != "*" {
				problems = append(problems, f.place(problem.List{p})...)
			}
		}
	}
	return problems
}

// sibling finds a tenant outside the lineage that has the name: the likely source of a misplaced reference.
func (s *Set) sibling(v *view, kindName, name string) string {
	for _, tenant := range s.Tenants() {
		if slices.Contains(v.lineage, tenant) {
			continue
		}
		if _, ok := s.layers[Key{tenant, kindName, name}]; ok {
			return tenant
		}
	}
	return ""
}

// hint offers the nearest name that would do.
func (s *Set) hint(v *view, kinds []string, name string) string {
	var names []string
	for _, kindName := range kinds {
		for _, tenant := range v.lineage {
			for _, l := range s.byKind[tenant][kindName] {
				names = append(names, l.Resource.Metadata.Name)
			}
		}
	}
	return expr.Hint(name, names)
}
