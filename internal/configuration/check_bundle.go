package configuration

import (
	"zhengtong/internal/expr"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// checkBundles runs the checks of a tenant's bundles: members that fit (V-41), materials
// that they share (V-42), and the same checks of form, flow, documents, performers and
// seals as a matter has. It marks in compiled the parts that it has compiled.
func checkBundles(v *view, compiled map[string]bool) problem.List {
	var problems problem.List
	for _, f := range v.shelf.ownAll(v.Tenant(), "Bundle") {
		spec := f.Resource.Spec.(*kind.Bundle)
		problems = append(problems, checkMembers(v, f, spec)...)
		problems = append(problems, checkShared(v, f, spec)...)
		problems = append(problems, checkBundleFlow(v, f, spec, compiled)...)
	}
	return problems
}

// checkMembers compares each member with the matter it names; a member in another tenant is checked there.
func checkMembers(v *view, f *Found, spec *kind.Bundle) problem.List {
	var problems problem.List
	for i, m := range spec.Members {
		found, ok := v.Find("Matter", m.Matter)
		if !ok || m.Tenant != "" {
			continue
		}
		path := at("$.spec.members", i)
		matter := found.Resource.Spec.(*kind.Matter)
		if department := bind(v, matter).Department; department != m.Department {
			problems = append(problems, f.remark(problem.SeverityError, path+".department", "V-41", "", "事项 %q 由 %q 实施", m.Matter, department)...)
		}
		if matter.PromisedLimit != nil {
			if order, known := matter.PromisedLimit.Compare(spec.Limits.Promised); !known || order > 0 {
				problems = append(problems, f.remark(problem.SeverityError, path+".matter", "V-41", "", "成员事项承诺 %s，长于联办承诺的 %s，或单位无法比较", matter.PromisedLimit, spec.Limits.Promised)...)
			}
		}
	}
	return problems
}

// checkBundleFlow compiles what a bundle shares with a matter by standing in for one.
func checkBundleFlow(v *view, f *Found, spec *kind.Bundle, compiled map[string]bool) problem.List {
	stand := &kind.Matter{}
	stand.Form, stand.Workflow, stand.Documents, stand.ArchiveClass = spec.Form, spec.Workflow, spec.Documents, spec.ArchiveClass
	stand.ImplementingDepartment, stand.Extension = spec.Lead.Department, spec.Limits.Extension
	stand.Initiation = "on_application"
	c := &compiler{source: v, matter: &Matter{Tenant: v.Tenant(), Name: f.Resource.Metadata.Name, Digest: f.Digest, Pins: Pins{}, Spec: stand,
		Guards: map[workflow.Guard]*expr.Program{}, Specials: map[string]*kind.SpecialProcedure{}, Documents: map[string]*Document{},
		Licences: map[string]*LicenceType{}}}
	c.matter.Binding = bind(v, stand)
	c.form(f)
	c.facts(f)
	c.flow(f)
	c.documents(f)
	condition := c.formCondition()
	for i, m := range spec.Members {
		c.program(f, at("$.spec.members", i)+".required_when", m.RequiredWhen, condition)
	}
	c.program(f, "$.spec.decision.grant_when", spec.Decision.GrantWhen, expr.Spec{Context: expr.FlowCondition, Form: c.formType(), Phase: expr.Handling})
	c.note(compiled)
	if c.missing || c.problems.HasErrors() {
		return linked(c.problems)
	}
	set, _ := v.shelf.(*Set)
	checks := &check{set: set, view: v, found: f, matter: c.matter, spec: stand, problems: c.problems}
	if found, ok := v.Find("Workflow", stand.Workflow); ok {
		terms := workflow.Terms{Documents: sortedKeys(spec.Documents), DeemedAcceptance: deemed(spec)}
		checks.problems = append(checks.problems, found.place(workflow.CheckTerms(c.matter.Net, terms))...)
		checks.problems = append(checks.problems, found.place(append(problem.List{}, set.explored(found, c.matter.Net)...))...)
		checks.inputs(found)
	}
	checks.performers()
	checks.seals()
	checks.holders()
	return checks.problems
}

// asked is a material as one member asks for it.
type asked struct {
	member string
	term   kind.MatterMaterial
	found  *Found
}

// checkShared checks that one upload can serve all members (V-42): all members that ask
// for a shared material see one definition of it and want as many copies, and no two
// materials carry one title with different definitions, which union_dedupe would offer
// to the applicant as one.
func checkShared(v *view, f *Found, spec *kind.Bundle) problem.List {
	var problems problem.List
	byName, byTitle := map[string][]asked{}, map[string][]asked{}
	for _, m := range spec.Members {
		there := v
		if m.Tenant != "" {
			other, ok := v.shelf.(*Set)
			if !ok || !other.known(m.Tenant) {
				continue // another tenant's, and not among the files
			}
			there = other.view(m.Tenant)
		}
		found, ok := there.Find("Matter", m.Matter)
		if !ok {
			continue // reported by linking
		}
		for _, term := range found.Resource.Spec.(*kind.Matter).Materials {
			if material, ok := there.Find("Material", term.Ref); ok {
				a := asked{m.ID, term, material}
				byName[term.Ref] = append(byName[term.Ref], a)
				byTitle[material.Resource.Title()] = append(byTitle[material.Resource.Title()], a)
			}
		}
	}
	report := func(path, hint, format string, args ...any) {
		problems = append(problems, f.remark(problem.SeverityError, path, "V-42", hint, format, args...)...)
	}
	var shared []string
	if spec.Materials != nil {
		shared = spec.Materials.Shared
	}
	for i, name := range shared {
		path := at("$.spec.materials.shared", i)
		for _, a := range byName[name] {
			switch first := byName[name][0]; {
			case a.found.Digest != first.found.Digest:
				report(path, "各成员引用同一份材料", "成员 %q 与 %q 的材料 %q 定义不同", first.member, a.member, name)
			case copies(a) != copies(first):
				report(path, "统一 copies", "成员 %q 与 %q 要求的材料 %q 份数不同（%d、%d）", first.member, a.member, name, copies(first), copies(a))
			}
		}
	}
	for _, title := range sortedKeys(byTitle) {
		for _, a := range byTitle[title][1:] {
			if first := byTitle[title][0]; a.term.Ref != first.term.Ref && a.found.Digest != first.found.Digest {
				report("$.spec.members[id="+a.member+"].matter", "引用同一份材料，或改名", "材料“%s”在成员 %q 中是 %q，在成员 %q 中是 %q，定义不同",
					title, first.member, first.term.Ref, a.member, a.term.Ref)
				break
			}
		}
	}
	return problems
}

// copies is how many copies a member wants of a material.
func copies(a asked) int {
	if a.term.Copies != nil {
		return *a.term.Copies
	}
	return a.found.Resource.Spec.(*kind.Material).Copies
}

func deemed(spec *kind.Bundle) bool {
	return spec.Acceptance != nil && spec.Acceptance.Window != nil && spec.Acceptance.Window.OnExpiry == "deemed_accepted"
}
