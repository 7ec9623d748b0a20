package form

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"zhengtong/internal/expr"
	"zhengtong/internal/problem"
)

// Form is a compiled form.
type Form struct {
	spec     Spec
	typ      *expr.Type
	required []string // at the top, whatever the data
	schema   *jsonschema.Schema
	rules    []rule
	sections []section
}

type rule struct {
	Rule
	program *expr.Program
}

type section struct {
	Section
	show *expr.Program // nil: always shown
}

// Compile checks and compiles a form. The form is nil when a problem of severity
// error was found (V-15 schema and fields, V-16 and V-17 expressions, V-18 patterns);
// paths are those of the Form resource's spec, such as `$.schema.properties.days`.
func Compile(spec Spec, options Options) (*Form, problem.List) {
	f := &Form{spec: spec}
	raw, problems := readSchema(spec.Schema)
	if raw == nil {
		return nil, problems
	}
	t := &typing{root: raw, codeSets: options.CodeSets}
	root := node{path: "$.schema", m: raw}
	f.typ, f.required = t.schema(root), root.texts("required")
	problems = append(problems, t.problems...)
	if f.typ.Kind != expr.KindObject || f.typ.Fields == nil {
		problems.Add("$.schema", "V-15", "表单的 schema 须为写明 properties 的对象")
	}
	if problems.HasErrors() {
		return nil, problems.Sorted()
	}
	var err error
	if f.schema, err = compileSchema(raw); err != nil {
		return nil, append(problems, schemaProblems(err)...).Sorted()
	}
	f.checkFields(&problems)
	f.compileExpressions(options, &problems)
	if problems.HasErrors() {
		return nil, problems.Sorted()
	}
	return f, problems.Sorted()
}

// Type describes the form's data to expressions.
func (f *Form) Type() *expr.Type { return f.typ }

// Sensitive lists the paths of the fields marked sensitive.
func (f *Form) Sensitive() []string { return f.spec.Sensitive }

// Reads lists the fields that rules and sections read, such as "form.days".
func (f *Form) Reads() []string {
	var out []string
	for _, r := range f.rules {
		out = append(out, r.program.Reads()...)
	}
	for _, s := range f.sections {
		if s.show != nil {
			out = append(out, s.show.Reads()...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func readSchema(text []byte) (map[string]any, problem.List) {
	var problems problem.List
	if len(text) > maxSchemaBytes {
		problems.Add("$.schema", "V-15", "schema 超过 %d 字节", maxSchemaBytes)
		return nil, problems
	}
	v, err := readJSON(text)
	if err != nil {
		problems.Add("$.schema", "V-15", "schema 无法读取：%v", err)
		return nil, problems
	}
	raw, ok := v.(map[string]any)
	if !ok {
		problems.Add("$.schema", "V-15", "schema 须为对象")
	}
	return raw, problems
}

const schemaURL = "form:///schema.json"

// noLoader keeps schemas from reading files or the network.
type noLoader struct{}

func (noLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("引用 %s 之外的 schema 不被允许", url)
}

func compileSchema(raw map[string]any) (*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.UseLoader(noLoader{})
	registerFormats(c)
	if err := c.AddResource(schemaURL, raw); err != nil {
		return nil, err
	}
	return c.Compile(schemaURL)
}

// schemaProblems places what the metaschema refuses.
func schemaProblems(err error) problem.List {
	var out problem.List
	var refused *jsonschema.SchemaValidationError
	if errors.As(err, &refused) {
		err = refused.Err // the library does not unwrap it
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		out.Add("$.schema", "V-15", "schema 有误：%v", err)
		return out
	}
	for _, leaf := range leaves(invalid) {
		out.Add(strings.Join(append([]string{"$.schema"}, leaf.InstanceLocation...), "."), "V-15", "schema 有误：%s", describe(leaf.ErrorKind))
	}
	return out
}

// defaultValue types a default and holds it to its own schema.
func (t *typing) defaultValue(n node, typ *expr.Type, v any) any {
	own := map[string]any{"$defs": t.root["$defs"]}
	for key, value := range n.m {
		own[key] = value
	}
	if own["$defs"] == nil {
		delete(own, "$defs")
	}
	out, err := typed(typ, clone(v))
	if err != nil {
		t.refuse(n, "default", "%v", err)
		return nil
	}
	if s, err := compileSchema(own); err == nil && s.Validate(plain(out)) != nil {
		t.refuse(n, "default", "默认值不符合本字段的 schema")
	}
	return out
}

// checkFields holds every list of field names to the schema (V-15).
func (f *Form) checkFields(problems *problem.List) {
	check := func(path, field string) {
		if _, ok := f.typ.Field(field); !ok {
			*problems = append(*problems, problem.Problem{Path: path, Code: "V-15", Severity: problem.SeverityError,
				Message: fmt.Sprintf("表单没有字段 %q", field), Hint: expr.Hint(field, f.typ.FieldNames())})
		}
	}
	for i, s := range f.spec.UI.Sections {
		for j, field := range s.Fields {
			check(fmt.Sprintf("$.ui.sections[%d].fields[%d]", i, j), field)
		}
	}
	for i, p := range f.spec.Prefill {
		check(fmt.Sprintf("$.prefill[%d].field", i), p.Field)
	}
	for i, field := range f.spec.Sensitive {
		check(fmt.Sprintf("$.sensitive[%d]", i), field)
	}
	for member, fields := range f.spec.SectionsByMember {
		for i, field := range fields {
			check(fmt.Sprintf("$.sections_by_member.%s[%d]", member, i), field)
		}
	}
	for i, key := range f.spec.Dedupe.Keys {
		check(fmt.Sprintf("$.dedupe.keys[%d]", i), key)
	}
}

func (f *Form) compileExpressions(options Options, problems *problem.List) {
	env, err := expr.NewEnv(expr.Spec{Context: expr.FormCondition, Form: f.typ, ServiceObjects: options.ServiceObjects})
	if err != nil {
		problems.Add("$.rules", "V-17", "%v", err)
		return
	}
	seen := map[string]bool{}
	for i, r := range f.spec.Rules {
		path := fmt.Sprintf("$.rules[%d]", i)
		if r.ID == "" || seen[r.ID] {
			problems.Add(path+".id", "V-15", "规则须有不重复的 id")
		}
		seen[r.ID] = true
		if r.Severity == "" {
			r.Severity = problem.SeverityError
		}
		if r.Message == "" {
			problems.Add(path+".message", "V-48", "规则须有提示文字")
		}
		program, found := env.Compile(r.Expr)
		*problems = append(*problems, expr.At(found, path+".expr")...)
		f.rules = append(f.rules, rule{r, program})
	}
	for i, s := range f.spec.UI.Sections {
		out := section{Section: s}
		if s.ShowWhen != "" {
			path := fmt.Sprintf("$.ui.sections[%d]", i)
			var found problem.List
			out.show, found = env.Compile(s.ShowWhen)
			*problems = append(*problems, expr.At(found, path+".show_when")...)
			f.checkHidden(path, s, problems)
		}
		f.sections = append(f.sections, out)
	}
}

// checkHidden refuses a section that may be hidden while the schema always demands
// one of its fields: nobody could then fill the form. Use if/then instead.
func (f *Form) checkHidden(path string, s Section, problems *problem.List) {
	for j, field := range s.Fields {
		if slices.Contains(f.required, field) {
			problems.Add(fmt.Sprintf("%s.fields[%d]", path, j), "V-15", "字段 %q 总是必填，却可能随本节隐藏；请改用 if/then 按条件必填", field)
		}
	}
}
