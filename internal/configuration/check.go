package configuration

import (
	"zhengtong/internal/code"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// check collects what is wrong with one concrete matter beyond what its kinds and
// the pure cores say by themselves (docs/kinds.md).
type check struct {
	set      *Set
	view     *view
	found    *Found // the Matter
	matter   *Matter
	spec     *kind.Matter
	problems problem.List
}

// checkMatter runs the checks of one concrete matter that compiles.
func (s *Set) checkMatter(v *view, f *Found, m *Matter) problem.List {
	c := &check{set: s, view: v, found: f, matter: m, spec: m.Spec}
	c.binding()
	c.codes()
	c.flow()
	c.performers()
	c.seals()
	c.fields()
	c.holders()
	return c.problems
}

// fail reports an error at a path of a resource that the matter is made of.
func (c *check) fail(f *Found, path, code, hint, format string, args ...any) {
	c.problems = append(c.problems, f.remark(problem.SeverityError, path, code, hint, format, args...)...)
}

func (c *check) warn(f *Found, path, code, hint, format string, args ...any) {
	c.problems = append(c.problems, f.remark(problem.SeverityWarning, path, code, hint, format, args...)...)
}

// remark is one placed problem of a resource.
func (f *Found) remark(severity problem.Severity, path, code, hint, format string, args ...any) problem.List {
	var list problem.List
	list.Add(path, code, format, args...)
	list[0].Severity, list[0].Hint = severity, hint
	return f.place(list)
}

// binding checks what the tenant must bring to a matter (V-13): a department, and the elements of the guide (R-CAT-06).
func (c *check) binding() {
	b := c.matter.Binding
	if b.Department == "" {
		c.fail(c.found, "$.spec.implementing_department", "V-13", "写明部门，或建立该条线的部门", "本租户没有条线为 %q 的部门", c.spec.Line)
		return
	}
	if c.spec.BundleOnly || c.spec.IsInternal() {
		return
	}
	for _, element := range [][2]string{{"address", b.Address}, {"hours", b.Hours}, {"phone", b.Phone}, {"complaint", b.Complaint}} {
		if element[1] == "" {
			c.fail(c.found, "$.spec.guide."+element[0], "V-13", "写在事项的 guide 或部门的 places", "办事指南缺少 %s", element[0])
		}
	}
}

// codes checks that the code of the item is its body's, level's and matter's (V-08).
func (c *check) codes() {
	if c.spec.ImplementationCode == "" || c.spec.BasicCode == "" || c.matter.Binding.USCC == "" {
		return
	}
	if want := implementationCode(c.spec, c.matter.Binding.USCC); want != "" && want != c.spec.ImplementationCode {
		c.fail(c.found, "$.spec.implementation_code", "V-08", "应为 "+want, "实施编码应由实施部门的统一社会信用代码、层级和基本编码组成")
	}
}

// implementationCode is the 31-character code of a matter at a body; "" when a part is missing or wrong.
func implementationCode(spec *kind.Matter, uscc string) string {
	level, err := code.ParseLevel(spec.ExerciseLevel)
	if err != nil {
		return ""
	}
	built, err := code.BuildImplementation(uscc, level, spec.BasicCode)
	if err != nil {
		return ""
	}
	return built
}

// checkView runs the checks of a tenant's configuration as a whole.
// It marks in compiled the parts that it has compiled on the way.
func (s *Set) checkView(v *view, within *extent, compiled map[string]bool) problem.List {
	var problems problem.List
	problems = append(problems, s.checkTenantTree(v)...)
	problems = append(problems, s.checkBasicCodes(v, within)...)
	problems = append(problems, s.checkRoleFields(v, within)...)
	if within.circles() {
		problems = append(problems, checkCircles(v)...)
	}
	problems = append(problems, checkSupervision(v)...)
	problems = append(problems, checkComplaints(v)...)
	problems = append(problems, checkBundles(v, compiled)...)
	problems = append(problems, checkRecords(v)...)
	problems = append(problems, s.checkPacks(v)...)
	return problems
}

// checkTenantTree checks that a tenant is declared, under a parent that is, without a circle.
func (s *Set) checkTenantTree(v *view) problem.List {
	tenant := v.Tenant()
	if !s.known(tenant) {
		var list problem.List
		for _, kindName := range sortedKeys(s.byKind[tenant]) {
			l := s.byKind[tenant][kindName][0]
			list.Add("$.metadata.tenant", "V-03", "租户 %q 没有声明", tenant)
			return l.Resource.Locate(list)
		}
		return nil
	}
	found, ok := s.own(tenant, "Tenant", tenant)
	parent := s.parents[tenant]
	switch {
	case !ok || tenant == kind.National:
		return nil
	case !s.known(parent):
		return found.remark(problem.SeverityError, "$.spec.parent", "V-03", "与上级的配置一起提交", "上级租户 %q 没有声明", parent)
	}
	seen := map[string]bool{}
	for at := tenant; at != ""; at = s.parents[at] {
		if seen[at] {
			return found.remark(problem.SeverityError, "$.spec.parent", "V-51", "", "上级租户成环")
		}
		seen[at] = true
	}
	return s.checkSuccession(found)
}

// checkSuccession checks that a tenant is merged into one that is in service itself, with nobody left below.
func (s *Set) checkSuccession(found *Found) problem.List {
	into := found.Resource.Spec.(*kind.Tenant).SucceededBy
	if into == nil {
		return nil
	}
	tenant := found.Resource.Metadata.Tenant
	for below, parent := range s.parents {
		if parent == tenant && s.goesOn(below) {
			return found.remark(problem.SeverityError, "$.spec.succeeded_by", "V-51", "先改下级租户的 parent", "还有下级租户 %q", below)
		}
	}
	if l, ok := s.layers[keyOfTenant(into.Tenant)]; ok && l.Resource.Doc["succeeded_by"] != nil {
		return found.remark(problem.SeverityError, "$.spec.succeeded_by.tenant", "V-51", "写最终承继的租户", "租户 %q 自己也已并入其他租户", into.Tenant)
	}
	return nil
}

// goesOn reports a declared tenant that has not been merged into another.
func (s *Set) goesOn(tenant string) bool {
	l, ok := s.layers[keyOfTenant(tenant)]
	return ok && l.Resource.Doc["succeeded_by"] == nil
}

// checkDivisions refuses one division code for two tenants that go on (V-07). others are the tenants of the register.
func (s *Set) checkDivisions(others func() []tenancy.Tenant) problem.List {
	var problems problem.List
	holder := map[string]string{}
	if others == nil {
		others = func() []tenancy.Tenant { return nil }
	}
	for _, t := range others() {
		if _, declared := s.layers[keyOfTenant(t.Code)]; !declared && t.GoesOn() {
			holder[t.DivisionCode] = t.Code
		}
	}
	for _, tenant := range s.Tenants() {
		l, ok := s.layers[keyOfTenant(tenant)]
		if !ok || !s.goesOn(tenant) {
			continue
		}
		division, _ := l.Resource.Doc["division_code"].(string)
		if other, taken := holder[division]; taken && division != "" {
			var list problem.List
			list.Add("$.spec.division_code", "V-07", "区划代码 %s 已是在用租户 %q 的", division, other)
			problems = append(problems, l.Resource.Locate(list)...)
			continue
		}
		holder[division] = tenant
	}
	return problems
}

// checkBasicCodes refuses one basic code on two matters of a tenant (V-08).
func (s *Set) checkBasicCodes(v *view, within *extent) problem.List {
	if within != nil {
		return within.basicCodes(s, v)
	}
	var problems problem.List
	names := map[string]string{}
	for _, f := range v.Offered() {
		basic := f.Resource.Spec.(*kind.Matter).BasicCode
		if basic == "" {
			continue
		}
		if other, taken := names[basic]; taken {
			problems = append(problems, f.remark(problem.SeverityError, "$.spec.basic_code", "V-08", "", "基本编码 %s 已用于事项 %q", basic, other)...)
			continue
		}
		names[basic] = f.Resource.Metadata.Name
	}
	return problems
}

// explored is the state-space report of a net, made once a document.
func (s *Set) explored(f *Found, n *workflow.Net) problem.List {
	if list, ok := s.proofs[f.Digest]; ok {
		return list
	}
	list := workflow.Explore(n, workflow.Bound{}).Problems
	s.proofs[f.Digest] = list
	return list
}
