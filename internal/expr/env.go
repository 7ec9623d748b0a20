package expr

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types/ref"

	"zhengtong/internal/problem"
)

// Limits of one expression's text.
const (
	maxSource  = 4000 // characters
	maxNesting = 50
)

// The hidden variables that carry evaluation inputs. A user cannot write them: @ is no letter of CEL.
const (
	calendarVar = "@calendar"
	actionsVar  = "@actions"
)

// Env compiles the expressions of one context against one set of types. It is
// immutable and safe for concurrent use.
type Env struct {
	spec   Spec
	cel    *cel.Env
	vars   map[string]*shape
	tables ref.Val
	want   *Type
}

// NewEnv builds the environment of a context. An error tells of a mistake in the
// calling program (an unknown context or subject), never of one in a pack.
func NewEnv(spec Spec) (*Env, error) {
	want := spec.Context.result()
	if want == nil {
		return nil, fmt.Errorf("expr: unknown context %q", spec.Context)
	}
	if spec.Context == EventRule && spec.Subject != "" && subjectType(spec.Subject) == nil {
		return nil, fmt.Errorf("expr: unknown event subject %q", spec.Subject)
	}
	base, err := baseEnv()
	if err != nil {
		return nil, fmt.Errorf("expr: base environment: %w", err)
	}
	p := newProvider(base.CELTypeProvider())
	e := &Env{spec: spec, vars: map[string]*shape{}, want: want}
	options := []cel.EnvOption{cel.CustomTypeProvider(p), cel.Variable(calendarVar, celCalendar), cel.Variable(actionsVar, celActions)}
	if spec.Context == Measure {
		options = append(options, measureFunctions()...)
	}
	for _, v := range spec.variables() {
		s := p.shape("zt."+v.name, v.typ, false)
		e.vars[v.name] = s
		options = append(options, cel.Variable(v.name, s.cel))
	}
	if e.cel, err = base.Extend(options...); err != nil {
		return nil, fmt.Errorf("expr: environment of %s: %w", spec.Context, err)
	}
	if s, ok := e.vars["tables"]; ok {
		e.tables = s.bind(bindTables(s, spec.Tables.bound()), false)
	}
	return e, nil
}

// bindTables turns the declared tables into CEL values once, not at each evaluation.
func bindTables(s *shape, declared map[string]any) map[string]any {
	out := make(map[string]any, len(declared))
	for name, v := range declared {
		out[name] = s.fields[name].bind(v, false)
	}
	return out
}

func (e *Env) names() []string { return slices.Sorted(maps.Keys(e.vars)) }

// Compile checks src and makes a program of it. The program is nil when a problem of
// severity error was found; warnings come with the program. Lines and columns of the
// problems count within src; paths are for the caller to fill in.
func (e *Env) Compile(src string) (*Program, problem.List) { return e.CompileAfter(src, nil) }

// CompileAfter is Compile for an expression that is evaluated only when the condition
// `given` is true, such as a refund's amount after its `when`: what has() proves there
// may be read here.
func (e *Env) CompileAfter(src string, given *Program) (*Program, problem.List) {
	if strings.TrimSpace(src) == "" {
		return nil, problem.List{{Line: 1, Column: 1, Code: "V-17", Message: "表达式为空", Severity: problem.SeverityError}}
	}
	parsed, issues := e.cel.Parse(src)
	if issues.Err() != nil {
		return nil, syntaxProblems(issues)
	}
	a := newAnalysis(e, parsed.NativeRep())
	root, result := a.visit(parsed.NativeRep().Expr(), nil)
	g := &guard{analysis: a}
	if !e.spec.Context.measures() {
		g.walk(parsed.NativeRep().Expr(), given.proves())
	}
	holds := g.truths(parsed.NativeRep().Expr(), true)
	root = a.expect(root, result)
	if a.problems.HasErrors() {
		return nil, a.problems.Sorted()
	}
	a.replaceRoot(parsed.NativeRep().Expr(), root)
	checked, issues := e.cel.Check(parsed)
	if issues.Err() != nil {
		return nil, append(a.problems, typeProblems(issues)...).Sorted()
	}
	if p := e.checkCost(checked); p != nil {
		return nil, append(a.problems, *p).Sorted()
	}
	program, err := newProgram(e, src, checked)
	if err != nil {
		a.report(root, "V-17", "", "表达式无法求值：%v", err)
		return nil, a.problems.Sorted()
	}
	program.holds, program.reads = holds.and(given.proves()), slices.Sorted(maps.Keys(a.reads))
	return program, a.problems.Sorted()
}

func (p *Program) proves() proven {
	if p == nil {
		return nil
	}
	return p.holds
}

// Variables lists the variables an expression names, sorted, without those its own
// loops bind. It needs no types and serves to order expressions that use each other.
func Variables(src string) ([]string, problem.List) {
	base, err := baseEnv()
	if err != nil {
		return nil, problem.List{{Code: "V-17", Message: err.Error(), Severity: problem.SeverityError}}
	}
	parsed, issues := base.Parse(src)
	if issues.Err() != nil {
		return nil, syntaxProblems(issues)
	}
	names := map[string]bool{}
	freeNames(parsed.NativeRep().Expr(), nil, names)
	return slices.Sorted(maps.Keys(names)), nil
}

func freeNames(e ast.Expr, bound []string, names map[string]bool) {
	switch e.Kind() {
	case ast.IdentKind:
		if !slices.Contains(bound, e.AsIdent()) {
			names[e.AsIdent()] = true
		}
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		freeNames(c.IterRange(), bound, names)
		inner := append(slices.Clone(bound), c.IterVar(), c.AccuVar())
		freeNames(c.LoopStep(), inner, names)
		freeNames(c.Result(), inner, names)
	default:
		for _, child := range children(e) {
			freeNames(child, bound, names)
		}
	}
}

// children lists the operands of a call, a selection or a literal.
func children(e ast.Expr) []ast.Expr {
	switch e.Kind() {
	case ast.SelectKind:
		return []ast.Expr{e.AsSelect().Operand()}
	case ast.ListKind:
		return e.AsList().Elements()
	case ast.CallKind:
		c := e.AsCall()
		if c.IsMemberFunction() {
			return append([]ast.Expr{c.Target()}, c.Args()...)
		}
		return c.Args()
	case ast.MapKind:
		var out []ast.Expr
		for _, entry := range e.AsMap().Entries() {
			out = append(out, entry.AsMapEntry().Key(), entry.AsMapEntry().Value())
		}
		return out
	default:
		return nil
	}
}
