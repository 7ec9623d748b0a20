package configuration

import (
	"slices"
	"strings"

	"zhengtong/internal/expr"
	"zhengtong/internal/form"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// checkRecords compiles what a tenant's kinds read of records: measures of reports,
// indexes and schemes, rules of collections and entitlements (V-16, V-17), columns of
// open data (V-46), modules of policies. Their services are not all there yet; what is
// wrong with them shows when they are published, not when they come.
func checkRecords(v *view) problem.List {
	r := &records{view: v}
	for _, f := range v.shelf.ownAll(v.Tenant(), "Report") {
		r.report(f, f.Resource.Spec.(*kind.Report))
	}
	for _, f := range v.shelf.ownAll(v.Tenant(), "EvaluationIndex") {
		r.index(f, f.Resource.Spec.(*kind.EvaluationIndex))
	}
	for _, f := range v.shelf.ownAll(v.Tenant(), "PerformanceScheme") {
		for i, item := range f.Resource.Spec.(*kind.PerformanceScheme).Items {
			r.program(f, at("$.spec.items", i)+".formula", item.Formula, expr.Spec{Context: expr.Measure, Subject: item.Source})
		}
	}
	for _, f := range v.shelf.ownAll(v.Tenant(), "DataCollection") {
		r.collection(f, f.Resource.Spec.(*kind.DataCollection))
	}
	for _, f := range v.shelf.ownAll(v.Tenant(), "EntitlementRule") {
		r.entitlement(f, f.Resource.Spec.(*kind.EntitlementRule))
	}
	for _, f := range v.shelf.ownAll(v.Tenant(), "NumberRule") {
		spec := f.Resource.Spec.(*kind.NumberRule)
		for _, token := range sortedKeys(spec.Map) {
			r.program(f, "$.spec.map."+token, spec.Map[token], expr.Spec{Context: expr.NumberMap})
		}
	}
	for _, f := range v.shelf.ownAll(v.Tenant(), "Dataset") {
		r.dataset(f, f.Resource.Spec.(*kind.Dataset))
	}
	for _, f := range v.shelf.ownAll(v.Tenant(), "Policy") {
		r.problems = append(r.problems, f.place(checkPolicy(f.Resource.Spec.(*kind.Policy)))...)
	}
	return r.problems
}

// records checks one tenant's kinds over records.
type records struct {
	view     *view
	problems problem.List
}

func (r *records) fail(f *Found, path, code, hint, format string, args ...any) {
	r.problems = append(r.problems, f.remark(problem.SeverityError, path, code, hint, format, args...)...)
}

// program compiles an expression that may be left out.
func (r *records) program(f *Found, path, source string, spec expr.Spec) *expr.Program {
	if source == "" {
		return nil
	}
	program, problems := compileRule(f, path, source, spec)
	r.problems = append(r.problems, problems...)
	return program
}

// data types a form and the facts of the matter that uses it; known is false when the form has errors of its own.
func (r *records) data(formName, matterName string) (spec expr.Spec, known bool) {
	if matterName != "" {
		found, ok := r.view.Find("Matter", matterName)
		if !ok {
			return spec, false // reported by linking
		}
		matter := found.Resource.Spec.(*kind.Matter)
		spec.Facts, spec.ServiceObjects, formName = factFields(matter.Facts), matter.ServiceObjects, matter.Form
	}
	if formName == "" {
		return spec, true
	}
	found, ok := r.view.Find("Form", formName)
	if !ok {
		return spec, false
	}
	var declared form.Spec
	if err := remarshal(found.Resource.Doc, &declared); err != nil {
		return spec, false
	}
	compiled, _ := form.Compile(declared, form.Options{CodeSets: (&compiler{source: r.view}).codeSets()})
	if compiled == nil {
		return spec, false
	}
	spec.Form = compiled.Type()
	return spec, true
}

// periods are what every report may be divided by, beside fields.
var periods = []string{"month", "quarter", "year", "department"}

func (r *records) report(f *Found, spec *kind.Report) {
	data, known := r.data("", spec.Matter)
	if !known {
		return
	}
	data.Subject = spec.Source
	filter, measure := data, data
	filter.Context, measure.Context = expr.MeasureFilter, expr.Measure
	r.program(f, "$.spec.filter", spec.Filter, filter)
	for i, m := range spec.Measures {
		r.program(f, at("$.spec.measures", i)+".expr", m.Expr, measure)
	}
	for i, d := range spec.Dimensions {
		path := at("$.spec.dimensions", i)
		if d.Of != "" {
			if t, ok := expr.MeasureField(data, d.Of); !ok || t.Kind != expr.KindInt && t.Kind != expr.KindDecimal {
				r.fail(f, path+".of", "V-16", "", "没有可分段的数值字段 %q", d.Of)
			}
			continue
		}
		if _, ok := expr.MeasureField(data, d.Field); !ok && !slices.Contains(periods, d.Field) {
			r.fail(f, path, "V-16", expr.Hint(d.Field, periods), "没有可作维度的字段 %q", d.Field)
		}
	}
}

// index checks the indicators; one whose denominator reads nothing and is zero has no value (V-44).
func (r *records) index(f *Found, spec *kind.EvaluationIndex) {
	for i, n := range spec.Tree {
		path := at("$.spec.tree", i)
		r.program(f, path+".filter", n.Filter, expr.Spec{Context: expr.MeasureFilter, Subject: n.Source})
		r.program(f, path+".numerator", n.Numerator, expr.Spec{Context: expr.Measure, Subject: n.Source})
		denominator := r.program(f, path+".denominator", n.Denominator, expr.Spec{Context: expr.Measure, Subject: n.Source})
		if denominator == nil {
			continue
		}
		if value, err := denominator.Decimal(expr.Input{}); err == nil && value.Sign() == 0 {
			r.fail(f, path+".denominator", "V-44", "", "分母恒为零")
		}
	}
}

func (r *records) collection(f *Found, spec *kind.DataCollection) {
	data, known := r.data(spec.Form, "")
	if !known {
		return
	}
	rule, measure := data, data
	rule.Context, measure.Context = expr.FormCondition, expr.Measure
	for i, each := range spec.ReturnRules {
		r.program(f, at("$.spec.return_rules", i)+".when", each.When, rule)
	}
	for i, m := range spec.Summary {
		r.program(f, at("$.spec.summary", i)+".expr", m.Expr, measure)
	}
}

// entitlement checks the condition against the matter's form, which the data service fills in for the person.
func (r *records) entitlement(f *Found, spec *kind.EntitlementRule) {
	data, known := r.data("", spec.Matter)
	if !known || data.Form == nil {
		return
	}
	if field, ok := strings.CutPrefix(spec.Key, "form."); ok {
		if _, exists := data.Form.Field(field); !exists {
			r.fail(f, "$.spec.key", "V-16", expr.Hint(field, data.Form.FieldNames()), "表单没有字段 %q", field)
		}
	}
	data.Context = expr.FormCondition
	r.program(f, "$.spec.when", spec.When, data)
}

// dataset holds columns to where they come from: a field that exists, and that no form
// or schema there calls sensitive (V-46).
func (r *records) dataset(f *Found, spec *kind.Dataset) {
	registry, ok := r.view.Find("Registry", spec.Registry)
	sensitive := r.sensitive()
	for i, c := range spec.Columns {
		path := at("$.spec.columns", i) + ".from"
		if slices.Contains(sensitive, c.From) {
			r.fail(f, path, "V-46", "", "开放数据不得取自敏感字段 %q", c.From)
		}
		if !ok {
			continue
		}
		switch name, known, exists := kind.SchemaField(registry.Resource.Spec.(*kind.Registry).Schema, c.From); {
		case !exists:
			r.fail(f, path, "V-16", expr.Hint(name, known), "名录没有字段 %q", name)
		case kind.PersonalField(registry.Resource.Spec.(*kind.Registry).Schema, name):
			r.fail(f, path, "V-46", "", "开放数据不得取自敏感字段 %q", c.From)
		}
	}
}

// sensitive are the fields that any form of the tenant calls sensitive, as paths of a case.
func (r *records) sensitive() []string {
	var out []string
	for _, f := range r.view.All("Form") {
		for _, field := range f.Resource.Spec.(*kind.Form).Sensitive {
			out = append(out, "form."+field)
		}
	}
	return out
}
