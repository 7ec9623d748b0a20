package configuration

import (
	"fmt"
	"slices"
	"strings"

	"zhengtong/internal/expr"
	"zhengtong/schema/kind"
)

// fields checks that what documents and licences show of the form and of the facts
// exists in this matter (V-16), and that sensitive data is collected for a use (V-47).
func (c *check) fields() {
	for _, alias := range sortedKeys(c.matter.Documents) {
		d := c.matter.Documents[alias]
		found, ok := c.view.Find("DocumentTemplate", d.Name)
		if !ok {
			continue
		}
		for i, path := range d.Spec.Fields {
			c.value(found, at("$.spec.fields", i), path)
		}
	}
	for _, name := range sortedKeys(c.matter.Licences) {
		found, ok := c.view.Find("LicenceType", name)
		if !ok {
			continue
		}
		for i, f := range c.matter.Licences[name].Spec.Fields {
			c.value(found, at("$.spec.fields", i)+".from", f.From)
		}
	}
	for _, name := range sortedKeys(c.matter.Specials) {
		found, _ := c.view.Find("SpecialProcedure", name)
		for _, target := range sortedKeys(c.matter.Specials[name].WritesBack) {
			c.value(found, "$.spec.writes_back["+fmt.Sprintf("%q", target)+"]", target)
		}
	}
	if a := c.spec.AutoApproval; a != nil {
		c.expression(c.found, "$.spec.auto_approval.when", a.When)
	}
	c.unused()
}

// value checks a path that begins with form. or facts.; others are checked by the kinds.
func (c *check) value(found *Found, place, path string) {
	root, rest, ok := strings.Cut(path, ".")
	if !ok {
		return
	}
	var typ *expr.Type
	switch {
	case root == "form" && c.matter.Form != nil:
		typ = c.matter.Form.Type()
	case root == "facts":
		typ = c.matter.Facts
	default:
		return
	}
	if _, exists := typ.Field(rest); !exists {
		c.fail(found, place, "V-16", expr.Hint(rest, typ.FieldNames()), "事项 %q 没有内容 %q", c.matter.Name, path)
	}
}

func (c *check) expression(found *Found, place, source string) {
	compiler := &compiler{source: c.view, matter: c.matter}
	compiler.program(found, place, source, compiler.formCondition())
	c.problems = append(c.problems, compiler.problems...)
}

// unused warns of sensitive fields that no rule, document, licence or fee reads (V-47,
// 个人信息保护法 art. 6: only what the purpose needs).
func (c *check) unused() {
	if c.matter.Form == nil {
		return
	}
	form, ok := c.view.Find("Form", c.formName())
	if !ok {
		return
	}
	used := c.used()
	for i, path := range c.matter.Form.Sensitive() {
		reads := slices.ContainsFunc(used, func(u string) bool { return u == "form."+path || strings.HasPrefix(u, "form."+path+".") })
		if !reads {
			c.warn(form, at("$.spec.sensitive", i), "V-47", "删除该字段，或说明用途", "收集了敏感信息 %q，但没有任何地方使用", path)
		}
	}
}

func (c *check) formName() string {
	if bundle := bundleOf(c.view, c.matter); bundle != nil && c.spec.Form == "" {
		return bundle.Resource.Spec.(*kind.Bundle).Form
	}
	return c.spec.Form
}

// used lists the paths of the form that something reads.
func (c *check) used() []string {
	used := c.matter.Form.Reads()
	add := func(programs ...*expr.Program) {
		for _, p := range programs {
			if p != nil {
				used = append(used, p.Reads()...)
			}
		}
	}
	for _, p := range c.matter.Guards {
		add(p)
	}
	for _, m := range c.matter.Materials {
		add(m.RequiredWhen)
	}
	for _, s := range c.matter.Situations {
		add(s.When)
	}
	for _, d := range c.matter.Documents {
		used = append(used, d.Spec.Fields...)
	}
	for _, l := range c.matter.Licences {
		add(l.FromExpr, l.ToExpr)
		for _, f := range l.Spec.Fields {
			used = append(used, f.From)
		}
		for _, p := range l.NumberMap {
			add(p)
		}
	}
	spec := c.matter.FormSpec
	for _, p := range spec.Prefill { // matching it with the register is a use
		used = append(used, "form."+p.Field)
	}
	if spec.Dedupe != nil {
		for _, key := range spec.Dedupe.Keys {
			used = append(used, "form."+strings.TrimPrefix(key, "form."))
		}
	}
	for _, s := range c.matter.Specials {
		used = append(used, sortedKeys(s.WritesBack)...)
	}
	return used
}
