package configuration

import (
	"encoding/json"
	"fmt"
	"strings"

	"zhengtong/internal/code"
	"zhengtong/internal/expr"
	"zhengtong/internal/fee"
	"zhengtong/internal/form"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// Found is one effective resource as a tenant sees it: complete, with its spec
// bound. Digest addresses the effective document together with its layout.
type Found struct {
	Resource *kind.Resource
	Digest   string
	Owner    string            // tenant that declares the nearest layer
	Layout   []byte            // text of the layout file that a template names; nil otherwise
	Assets   map[string]string // files that it names by `asset:` → SHA-256

	adopted    bool            // an Adoption made this inherited matter concrete here
	shared     *shared         // what is made once for all who have this document
	Provenance kind.Provenance // of each value; nil when read back for running
	chain      []*Layer        // nearest first; nil when read back for running
}

// Source looks up the effective resources of one tenant: own, then ancestors.
type Source interface {
	Tenant() string
	Find(kind, name string) (*Found, bool)
	All(kind string) []*Found // by name
}

// compiler builds one matter from a source, collecting every problem with its place.
type compiler struct {
	source   Source
	matter   *Matter
	bundle   *Found   // of a bundle_only matter; nil otherwise
	parts    *parts   // of the source; nil when it keeps none
	policies []*Found // seal policies of the source, once asked for; never nil then
	formKey  string   // addresses the compiled form
	seen     string   // see terms
	missing  bool     // a part is not there, or has errors of its own
	blind    bool     // the form is among them: what reads it cannot be judged
	problems problem.List
}

// Compile makes a concrete matter of a source ready to run: form, workflow,
// materials, documents, licence types and fee, each reference resolved and
// pinned. The matter is nil when a problem of severity error was found.
func Compile(source Source, name string) (*Matter, problem.List) {
	found, ok := source.Find("Matter", name)
	if !ok {
		return nil, problem.List{{Code: "V-03", Message: "没有事项 " + name, Severity: problem.SeverityError}}
	}
	c := compile(source, found)
	if c.problems.HasErrors() {
		return nil, c.problems.Sorted()
	}
	return c.matter, c.problems.Sorted()
}

// compile does the work of Compile; its matter is whole only when no problem is an error.
func compile(source Source, found *Found) *compiler {
	name := found.Resource.Metadata.Name
	spec := found.Resource.Spec.(*kind.Matter)
	c := &compiler{source: source, matter: &Matter{Tenant: source.Tenant(), Name: name, Digest: found.Digest, Pins: Pins{}, Spec: spec,
		Guards: map[workflow.Guard]*expr.Program{}, Specials: map[string]*kind.SpecialProcedure{}, Documents: map[string]*Document{},
		Licences: map[string]*LicenceType{}}}
	if k, ok := source.(keeper); ok {
		c.parts = k.keep()
	}
	c.pin("Matter", name, found)
	c.matter.Binding = bind(source, spec)
	c.form(found)
	c.facts(found)
	c.flow(found)
	c.materials(found)
	c.situations(found)
	c.specials(found)
	c.documents(found)
	c.licences(found)
	c.fee(found)
	c.rest(found)
	return c
}

func (c *compiler) pin(kind, name string, f *Found) { c.matter.Pins[kind+"/"+name] = f.Digest }

// want resolves a reference of the resource at a path and pins it.
func (c *compiler) want(from *Found, path, kindName, name string) (*Found, bool) {
	if name == "" {
		return nil, false
	}
	found, ok := c.source.Find(kindName, name)
	if !ok {
		c.missing = true
		c.at(from, path, "V-03", "没有 %s %q", kindName, name)
		return nil, false
	}
	c.pin(kindName, name, found)
	return found, true
}

// at adds an error at a path of a resource, with its file position when known.
func (c *compiler) at(from *Found, path, code, format string, args ...any) {
	list := problem.List{}
	list.Add(path, code, format, args...)
	c.problems = append(c.problems, from.place(list)...)
}

// lift places problems of a part (paths from its own root) under a path of the resource.
func (c *compiler) lift(from *Found, prefix string, list problem.List) {
	for i := range list {
		list[i].Path = prefix + strings.TrimPrefix(list[i].Path, "$")
	}
	c.problems = append(c.problems, from.place(list)...)
}

func (c *compiler) form(from *Found) {
	spec := c.matter.Spec
	name := spec.Form
	if c.bundle = bundleOf(c.source, c.matter); c.bundle != nil && name == "" {
		name = c.bundle.Resource.Spec.(*kind.Bundle).Form
	}
	found, ok := c.want(from, "$.spec.form", "Form", name)
	if !ok {
		c.blind = name != "" || spec.Abstract // the tenants below bring the form
		return
	}
	c.matter.FormSpec = found.Resource.Spec.(*kind.Form)
	c.formKey = "form|" + found.Digest + "|" + strings.Join(spec.ServiceObjects, ",") + "|" + namedByForms(c.source)
	c.matter.Form = part(c, c.formKey, func() *form.Form { return c.formOf(found) })
	c.blind = c.matter.Form == nil
}

// namedByForms addresses the dictionaries and data services that a source has.
func namedByForms(source Source) string {
	var b strings.Builder
	for _, kindName := range []string{"CodeSet", "DataService"} {
		for _, f := range source.All(kindName) {
			b.WriteString(f.Digest)
		}
	}
	return kind.Digest([]byte(b.String()))
}

// bundleOf is the bundle whose member a bundle_only matter is: it brings form, guide and archive class.
func bundleOf(source Source, m *Matter) *Found {
	if !m.Spec.BundleOnly {
		return nil
	}
	for _, f := range source.All("Bundle") {
		for _, member := range f.Resource.Spec.(*kind.Bundle).Members {
			if member.Matter == m.Name {
				return f
			}
		}
	}
	return nil
}

// codeSets are the dictionaries a form may name.
func (c *compiler) codeSets() map[string][]string {
	sets := map[string][]string{}
	for _, f := range c.source.All("CodeSet") {
		for _, item := range f.Resource.Spec.(*kind.CodeSet).Items {
			sets[f.Resource.Metadata.Name] = append(sets[f.Resource.Metadata.Name], item.Code)
		}
	}
	return sets
}

func (c *compiler) facts(*Found) {
	c.matter.Facts = expr.Object(factFields(c.matter.Spec.Facts))
}

func factFields(facts []kind.Fact) map[string]expr.Field {
	types := map[string]*expr.Type{"string": expr.Text(), "department": expr.Text(), "date": expr.DateType(), "integer": expr.Int(),
		"number": expr.Number(), "boolean": expr.Bool()}
	fields := map[string]expr.Field{}
	for _, f := range facts {
		fields[f.ID] = expr.Field{Type: types[f.Type], Optional: true}
	}
	return fields
}

func (c *compiler) formType() *expr.Type {
	if c.matter.Form == nil {
		return nil
	}
	return c.matter.Form.Type()
}

// program compiles one expression of a context; nil when it has problems.
func (c *compiler) program(from *Found, path, source string, spec expr.Spec) *expr.Program {
	if source == "" || c.blind {
		return nil
	}
	if spec.Tables != nil || spec.Inputs != nil { // of a fee, which is kept whole
		return c.compileProgram(from, path, source, spec)
	}
	nodes := "" // those of the workflow that holds the expression
	if spec.Nodes != nil {
		nodes = from.Digest
	}
	key := fmt.Sprintf("program|%v|%v|%s|%d|%s|%t|%t|%t|%s|%s", spec.Context, spec.Phase, spec.Subject, spec.Width, nodes, spec.Form != nil, spec.Facts != nil,
		spec.ServiceObjects != nil, c.terms(), source)
	return part(c, key, func() *expr.Program { return c.compileProgram(from, path, source, spec) })
}

func (c *compiler) compileProgram(from *Found, path, source string, spec expr.Spec) *expr.Program {
	env, err := expr.NewEnv(spec)
	if err != nil {
		c.at(from, path, "V-17", "%v", err)
		return nil
	}
	program, problems := env.Compile(source)
	for _, p := range problems {
		p.Path = path
		c.problems = append(c.problems, from.place(problem.List{p})...)
	}
	return program
}

func (c *compiler) formCondition() expr.Spec {
	return expr.Spec{Context: expr.FormCondition, Form: c.formType(), ServiceObjects: c.matter.Spec.ServiceObjects}
}

func (c *compiler) materials(from *Found) {
	for i, m := range c.matter.Spec.Materials {
		path := fmt.Sprintf("$.spec.materials[%d]", i)
		found, ok := c.want(from, path+".ref", "Material", m.Ref)
		if !ok {
			continue
		}
		c.matter.Materials = append(c.matter.Materials, MaterialTerm{Ref: m.Ref, Spec: found.Resource.Spec.(*kind.Material), Assets: found.Assets, Required: m.Required,
			RequiredWhen: c.program(from, path+".required_when", m.RequiredWhen, c.formCondition())})
	}
}

func (c *compiler) situations(from *Found) {
	for i, s := range c.matter.Spec.Situations {
		when := c.program(from, fmt.Sprintf("$.spec.situations[%d].when", i), s.When, c.formCondition())
		c.matter.Situations = append(c.matter.Situations, Situation{ID: s.ID, Spec: s, When: when})
	}
}

func (c *compiler) specials(from *Found) {
	for i, name := range c.matter.Spec.SpecialProcedures {
		if found, ok := c.want(from, fmt.Sprintf("$.spec.special_procedures[%d]", i), "SpecialProcedure", name); ok {
			c.matter.Specials[name] = found.Resource.Spec.(*kind.SpecialProcedure)
		}
	}
}

func (c *compiler) fee(from *Found) {
	found, ok := c.want(from, "$.spec.fee", "FeeSchedule", c.matter.Spec.Fee)
	if !ok || c.blind {
		return
	}
	calendar, _ := c.source.Find("Calendar", "default")
	key := fmt.Sprintf("fee|%s|%t|%s", found.Digest, c.checking(), c.terms())
	if calendar != nil {
		key += "|" + calendar.Digest
	}
	c.matter.FeeSpec = found.Resource.Spec.(*kind.FeeSchedule)
	c.matter.Fee = part(c, key, func() *fee.Schedule { return c.compileFee(found) })
}

func (c *compiler) compileFee(found *Found) *fee.Schedule {
	var declared fee.Spec
	if err := remarshal(found.Resource.Doc, &declared); err != nil {
		c.at(found, "$.spec", "V-33", "%v", err)
		return nil
	}
	schedule, problems := fee.Compile(declared, fee.Env{Form: c.formType(), Facts: factFields(c.matter.Spec.Facts), ServiceObjects: c.matter.Spec.ServiceObjects,
		Calendar: calendarOf(c.source), Accepts: c.accepts()})
	c.lift(found, "$.spec", problems)
	return schedule
}

// checking reports whether what is compiled is not published yet.
func (c *compiler) checking() bool {
	v, ok := c.source.(*view)
	if !ok {
		return false
	}
	_, checking := v.shelf.(*Set)
	return checking
}

// accepts is whether the form has nothing against incomplete data; nil without a form,
// and where nothing is being checked: what is published has passed.
func (c *compiler) accepts() func(form.Data) bool {
	if c.matter.Form == nil || !c.checking() {
		return nil
	}
	circumstances := form.Circumstances{Calendar: calendarOf(c.source)}
	return func(data form.Data) bool { return !c.matter.Form.ValidateDraft(data, circumstances).HasErrors() }
}

// defaultCaseNumber is used where a tenant declares no NumberRule (domain part 4).
const defaultCaseNumber = "{division:6}{yymmdd}{matter_seq:4}{seq:6}{check:1}"

func (c *compiler) rest(from *Found) {
	spec := c.matter.Spec
	class := spec.ArchiveClass
	if c.bundle != nil && class == "" {
		class = c.bundle.Resource.Spec.(*kind.Bundle).ArchiveClass
	}
	if found, ok := c.want(from, "$.spec.archive_class", "ArchiveClass", class); ok {
		c.matter.ArchiveName, c.matter.Archive = class, found.Resource.Spec.(*kind.ArchiveClass)
	}
	text := defaultCaseNumber
	if found, ok := c.want(from, "$.spec.numbering", "NumberRule", spec.Numbering); ok {
		text = found.Resource.Spec.(*kind.NumberRule).Pattern
	}
	pattern, err := code.ParsePattern(text, nil)
	if err != nil {
		c.at(from, "$.spec.numbering", "V-35", "%v", err)
	}
	c.matter.CaseNumber = pattern
}

// remarshal carries a document into a pure core's own spec by their common JSON.
func remarshal(doc map[string]any, into any) error {
	return json.Unmarshal(kind.Canonical(doc), into)
}
