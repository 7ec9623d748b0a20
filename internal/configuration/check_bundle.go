package configuration

import (
	"zhengtong/internal/expr"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// checkBundles runs the checks of a tenant's bundles: members that fit (V-41), and the
// same checks of form, flow, documents, performers and seals as a matter has.
func checkBundles(v *view) problem.List {
	var problems problem.List
	for _, f := range v.shelf.ownAll(v.Tenant(), "Bundle") {
		spec := f.Resource.Spec.(*kind.Bundle)
		problems = append(problems, checkMembers(v, f, spec)...)
		problems = append(problems, checkBundleFlow(v, f, spec)...)
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
func checkBundleFlow(v *view, f *Found, spec *kind.Bundle) problem.List {
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
	return checks.problems
}

func deemed(spec *kind.Bundle) bool {
	return spec.Acceptance != nil && spec.Acceptance.Window != nil && spec.Acceptance.Window.OnExpiry == "deemed_accepted"
}
