package configuration

import (
	"fmt"
	"maps"
	"slices"

	"zhengtong/internal/code"
	"zhengtong/internal/document/layout"
	"zhengtong/internal/expr"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

func (c *compiler) documents(from *Found) {
	for _, alias := range slices.Sorted(maps.Keys(c.matter.Spec.Documents)) {
		c.document(from, "$.spec.documents."+alias, alias, c.matter.Spec.Documents[alias])
	}
	for name, special := range c.matter.Specials {
		found, _ := c.source.Find("SpecialProcedure", name)
		c.document(found, "$.spec.notify_applicant", special.NotifyApplicant, special.NotifyApplicant)
	}
}

func (c *compiler) document(from *Found, path, alias, name string) {
	found, ok := c.want(from, path, "DocumentTemplate", name)
	if !ok {
		return
	}
	seal := c.seal(found, found.Resource.Spec.(*kind.DocumentTemplate).Seal)
	c.matter.Documents[alias] = part(c, "document|"+found.Digest+"|"+seal, func() *Document { return c.compileDocument(found, name, seal) })
}

func (c *compiler) compileDocument(found *Found, name, seal string) *Document {
	spec := found.Resource.Spec.(*kind.DocumentTemplate)
	d := &Document{Name: name, Digest: found.Digest, Spec: spec, Series: name, Seal: seal}
	var problems problem.List
	if d.Layout, problems = layoutOf(found, spec.Layout, spec.Fields); len(problems) > 0 {
		c.lift(found, "$.spec", problems)
	}
	if spec.NumberRule != "" {
		pattern, err := code.ParsePattern(spec.NumberRule, nil)
		if err != nil {
			c.at(found, "$.spec.number_rule", "V-35", "%v", err)
		}
		d.Number = &pattern
	}
	return d
}

// seal resolves a template's seal: by name, or that of the implementing department by type.
func (c *compiler) seal(from *Found, ref *kind.SealRef) string {
	if ref == nil || ref.Name != "" {
		if ref == nil {
			return ""
		}
		return ref.Name
	}
	if c.policies == nil {
		c.policies = append([]*Found{}, c.source.All("SealPolicy")...)
	}
	for _, f := range c.policies {
		policy := f.Resource.Spec.(*kind.SealPolicy)
		if policy.Owner == c.matter.Binding.Department && policy.SealType == ref.SealType {
			return f.Resource.Metadata.Name
		}
	}
	c.at(from, "$.spec.seal", "V-38", "%s 没有类型为 %s 的印章", c.matter.Binding.Department, ref.SealType)
	return ""
}

func (c *compiler) licences(from *Found) {
	for i, result := range c.matter.Spec.Results {
		path := fmt.Sprintf("$.spec.results[%d]", i)
		if found, ok := c.want(from, path+".licence_type", "LicenceType", result.LicenceType); ok {
			c.matter.Licences[result.LicenceType] = part(c, "licence|"+found.Digest+"|"+c.terms(),
				func() *LicenceType { return c.licence(found, result.LicenceType) })
		}
		if result.Document != "" {
			c.document(from, path+".document", result.Document, result.Document)
		}
	}
}

func (c *compiler) licence(found *Found, name string) *LicenceType {
	spec := found.Resource.Spec.(*kind.LicenceType)
	l := &LicenceType{Name: name, Digest: found.Digest, Spec: spec, NumberMap: map[string]*expr.Program{}, Seal: spec.Template.Seal}
	widths := map[string]int{}
	for token := range spec.NumberRule.Map {
		widths[token] = 0
	}
	pattern, err := code.ParsePattern(spec.NumberRule.Pattern, widths)
	if err != nil {
		c.at(found, "$.spec.number_rule.pattern", "V-35", "%v", err)
	}
	if l.Number = pattern; spec.NumberRule.Check != "" && err == nil {
		if l.Number, err = pattern.WithCheck(code.Check(spec.NumberRule.Check)); err != nil {
			c.at(found, "$.spec.number_rule.check", "V-35", "%v", err)
		}
	}
	for token, source := range spec.NumberRule.Map {
		l.NumberMap[token] = c.program(found, "$.spec.number_rule.map."+token, source,
			expr.Spec{Context: expr.NumberMap, Form: c.formType(), Phase: expr.PostDecision})
	}
	dates := expr.Spec{Context: expr.ValidFrom, Form: c.formType(), Facts: factFields(c.matter.Spec.Facts)}
	l.FromExpr = c.program(found, "$.spec.validity.from_expr", spec.Validity.FromExpr, dates)
	dates.Context = expr.ValidTo
	l.ToExpr = c.program(found, "$.spec.validity.to_expr", spec.Validity.ToExpr, dates)
	l.Layout = c.licenceLayout(found, spec)
	return l
}

// licenceLayout decodes a licence's page, which shows the licence's own fields and numbers only (V-37).
func (c *compiler) licenceLayout(found *Found, spec *kind.LicenceType) layout.Layout {
	if found.Layout == nil {
		c.lift(found, "$.spec.template.file", missingLayout(spec.Template.File))
		return layout.Layout{}
	}
	page, problems := layout.Decode(found.Layout)
	known := licenceRoots(spec)
	for _, path := range layout.Placeholders(page) {
		if !slices.Contains(known, path) {
			problems.Add("$", "V-37", "证照没有内容 %q", path)
		}
	}
	for i := range problems {
		problems[i].Path = "$"
	}
	c.lift(found, "$.spec.template.file", problems)
	return page
}

// licenceRoots are what a licence layout may name: its own fields and those of the licence itself.
func licenceRoots(spec *kind.LicenceType) []string {
	roots := []string{"licence.no", "licence.title", "licence.valid_from", "licence.valid_to", "licence.issued_on", "licence.identifier"}
	for _, f := range spec.Fields {
		roots = append(roots, f.Name)
	}
	return roots
}
