package configuration

import (
	"slices"

	"zhengtong/internal/expr"
	"zhengtong/internal/form"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// checkAlone compiles a tenant's own forms, flows, templates and licence types that no
// matter of the tenant has compiled: those of bases for the tenants below, and those
// not used yet. What needs a matter to be judged (roles, fee formulas) waits for one.
func (s *Set) checkAlone(v *view, compiled map[string]bool) problem.List {
	var problems problem.List
	for _, kindName := range []string{"Form", "Workflow", "DocumentTemplate", "LicenceType"} {
		for _, f := range s.ownAll(v.Tenant(), kindName) {
			if compiled[kindName+"/"+f.Resource.Metadata.Name] {
				continue
			}
			c := &compiler{source: v, matter: &Matter{Tenant: v.Tenant(), Spec: &kind.Matter{}, Pins: Pins{},
				Documents: map[string]*Document{}, Licences: map[string]*LicenceType{}}}
			switch kindName {
			case "Form":
				c.formOf(f)
			case "Workflow":
				net, list := workflow.Compile(Definition(f.Resource.Spec.(*kind.Workflow)))
				c.lift(f, "$", list)
				if net != nil {
					problems = append(problems, f.place(slices.Clone(s.explored(f, net)))...)
				}
			case "DocumentTemplate":
				spec := f.Resource.Spec.(*kind.DocumentTemplate)
				_, list := layoutOf(f, spec.Layout, spec.Fields)
				c.lift(f, "$.spec", list)
			case "LicenceType": // its expressions read a form, which only a matter brings
				c.blind = true
				c.licence(f, f.Resource.Metadata.Name)
			}
			problems = append(problems, c.problems...)
		}
	}
	return problems
}

// checkBases compiles a tenant's own abstract matters as far as they go: what they name
// binds in the tenants below, but what they say must be right already.
func (s *Set) checkBases(v *view, within *extent, compiled map[string]bool) problem.List {
	var problems problem.List
	for _, f := range within.own(s, v.Tenant(), "Matter") {
		if !f.Resource.Spec.(*kind.Matter).Abstract {
			continue
		}
		c := compile(v, f)
		c.note(compiled)
		problems = append(problems, slices.DeleteFunc(linked(c.problems), func(p problem.Problem) bool { return p.Code == "V-38" })...)
	}
	return problems
}

// note marks the parts that have been compiled.
func (c *compiler) note(compiled map[string]bool) {
	for pin := range c.matter.Pins {
		compiled[pin] = true
	}
}

// formOf compiles a form; nil when it has errors.
func (c *compiler) formOf(found *Found) *form.Form {
	var declared form.Spec
	if err := remarshal(found.Resource.Doc, &declared); err != nil {
		c.at(found, "$.spec", "V-15", "%v", err)
		return nil
	}
	compiled, problems := form.Compile(declared, form.Options{ServiceObjects: c.matter.Spec.ServiceObjects, CodeSets: c.codeSets()})
	c.lift(found, "$.spec", problems)
	c.prefill(found, compiled)
	return compiled
}

// prefill checks that the named service answers what is to be filled in (V-16).
func (c *compiler) prefill(found *Found, compiled *form.Form) {
	if compiled == nil {
		return
	}
	for i, p := range found.Resource.Spec.(*kind.Form).Prefill {
		path := at("$.spec.prefill", i) + ".from"
		service, ok := c.source.Find("DataService", p.Source)
		if !ok {
			continue // none named, or reported by linking
		}
		if in := service.Resource.Spec.(*kind.DataService).Inbound; in != nil {
			if name, known, ok := kind.SchemaField(in.Schema, p.From); !ok {
				c.problems = append(c.problems, found.remark(problem.SeverityError, path, "V-16", expr.Hint(name, known), "数据服务 %q 没有字段 %q", p.Source, name)...)
			}
		}
	}
}
