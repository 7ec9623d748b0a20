package expr

import (
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"

	"zhengtong/internal/problem"
)

// analysis walks a parsed expression once, from the leaves up. It gives every node
// a Type, reports names, literals and enumerations that cannot be right, and
// rewrites what CEL has no notion of: number literals with a fraction become
// decimals, a whole number beside a decimal is wrapped in dec(), and functions that
// need the calendar or the action record receive it as a hidden argument. CEL's own
// checker then runs on the result and has the last word on types.
type analysis struct {
	env      *Env
	info     *ast.SourceInfo
	fac      ast.ExprFactory
	nextID   int64
	types    map[int64]*Type
	reads    map[string]bool
	inRecord bool // inside count, sum or avg: of one record
	problems problem.List
}

// scope resolves the variables that comprehensions bind; the environment's own come after.
type scope struct {
	name  string
	typ   *Type
	outer *scope
}

func (s *scope) find(name string) (*Type, bool) {
	for ; s != nil; s = s.outer {
		if s.name == name {
			return s.typ, true
		}
	}
	return nil, false
}

func newAnalysis(env *Env, parsed *ast.AST) *analysis {
	return &analysis{
		env: env, info: parsed.SourceInfo(), fac: ast.NewExprFactory(), nextID: ast.MaxID(parsed) + 1,
		types: map[int64]*Type{}, reads: map[string]bool{},
	}
}

// visit returns the rewritten expression and its type; a type of KindInvalid means
// that a problem was reported below.
func (a *analysis) visit(e ast.Expr, sc *scope) (ast.Expr, *Type) {
	out, t := a.visitKind(e, sc)
	a.types[e.ID()] = t
	a.types[out.ID()] = t
	return out, t
}

func (a *analysis) visitKind(e ast.Expr, sc *scope) (ast.Expr, *Type) {
	switch e.Kind() {
	case ast.LiteralKind:
		return a.literal(e)
	case ast.IdentKind:
		return e, a.ident(e, sc)
	case ast.SelectKind:
		return a.selection(e, sc)
	case ast.CallKind:
		return a.call(e, sc)
	case ast.ListKind:
		return a.list(e, sc)
	case ast.MapKind:
		return a.mapping(e, sc)
	case ast.ComprehensionKind:
		return a.comprehension(e, sc)
	default:
		a.report(e, "V-17", "", "表达式中不能构造对象")
		return e, invalidType
	}
}

func (a *analysis) literal(e ast.Expr) (ast.Expr, *Type) {
	switch v := e.AsLiteral().(type) {
	case types.Bool:
		return e, boolType
	case types.Int:
		return e, intType
	case types.String:
		return e, Enum(string(v))
	case types.Double:
		d, err := decimalOfFloat(float64(v))
		if err != nil {
			a.report(e, "V-17", "", "数值超出范围")
			return e, invalidType
		}
		return a.fac.NewCall(e.ID(), "dec", a.fac.NewLiteral(a.id(e), types.String(d.String()))), decimalType
	default:
		a.report(e, "V-17", "可用布尔、整数、小数与文本", "不支持的字面量")
		return e, invalidType
	}
}

func (a *analysis) ident(e ast.Expr, sc *scope) *Type {
	name := e.AsIdent()
	if t, ok := sc.find(name); ok {
		return t
	}
	if s, ok := a.env.vars[name]; ok {
		if a.env.spec.Context == Measure && !a.inRecord {
			a.report(e, "V-17", "如 count(…)、sum(…)", "%s 是单个记录的内容，须在 count、sum 或 avg 之内读取", name)
		}
		return s.typ
	}
	a.report(e, "V-16", Hint(name, a.env.names()), "此处没有变量 %q", name)
	return invalidType
}

func (a *analysis) selection(e ast.Expr, sc *scope) (ast.Expr, *Type) {
	sel := e.AsSelect()
	operand, t := a.visit(sel.Operand(), sc)
	result := a.field(e, t, sel.FieldName())
	if path := pathOf(e); path != "" {
		a.reads[path] = true
	}
	if sel.IsTestOnly() {
		return a.fac.NewPresenceTest(e.ID(), operand, sel.FieldName()), boolType
	}
	return a.fac.NewSelect(e.ID(), operand, sel.FieldName()), result
}

// field finds the type of a selected field and reports unknown ones with the nearest name.
func (a *analysis) field(e ast.Expr, t *Type, name string) *Type {
	switch t.Kind {
	case KindInvalid:
		return invalidType
	case KindObject:
		if f, ok := t.Fields[name]; ok {
			return f.Type
		}
		a.report(e, "V-16", Hint(name, t.FieldNames()), "没有字段 %q", name)
		return invalidType
	case KindMap:
		if t.Keys != nil && !contains(t.Keys, name) && !e.AsSelect().IsTestOnly() {
			a.report(e, "V-16", Hint(name, t.Keys), "表中没有 %q", name)
		}
		return t.Elem
	default:
		a.report(e, "V-16", "", "%s没有字段 %q", t.Kind, name)
		return invalidType
	}
}

func (a *analysis) list(e ast.Expr, sc *scope) (ast.Expr, *Type) {
	elems, elem := a.visitAll(e.AsList().Elements(), sc)
	if elem == nil {
		a.report(e, "V-17", "", "列表各项须为同一类型")
		return e, invalidType
	}
	return a.fac.NewList(e.ID(), elems, nil), ListOf(elem)
}

// visitAll visits expressions that must agree in type and brings whole numbers to
// decimals where there are both. The type is nil when they do not agree.
func (a *analysis) visitAll(exprs []ast.Expr, sc *scope) ([]ast.Expr, *Type) {
	out := make([]ast.Expr, len(exprs))
	each := make([]*Type, len(exprs))
	all := invalidType
	for i, e := range exprs {
		out[i], each[i] = a.visit(e, sc)
		if all != nil {
			all = union(all, each[i])
		}
	}
	if all != nil && all.Kind == KindDecimal {
		for i := range out {
			out[i] = a.asDecimal(out[i], each[i])
		}
	}
	return out, all
}

// mapping is a map literal with literal text keys: {'food_sale': '1', …}[form.mode].
func (a *analysis) mapping(e ast.Expr, sc *scope) (ast.Expr, *Type) {
	entries := e.AsMap().Entries()
	out := MapOf(nil)
	keys, values := make([]ast.Expr, len(entries)), make([]ast.Expr, len(entries))
	for i, raw := range entries {
		entry := raw.AsMapEntry()
		key, ok := literalText(entry.Key())
		if !ok {
			a.report(entry.Key(), "V-17", "", "映射的键须为文本字面量")
		} else if contains(out.Keys, key) {
			a.report(entry.Key(), "V-17", "", "键 %q 重复", key)
		}
		out.Keys, keys[i], values[i] = append(out.Keys, key), entry.Key(), entry.Value()
	}
	values, out.Elem = a.visitAll(values, sc)
	if out.Elem == nil {
		a.report(e, "V-17", "", "映射各值须为同一类型")
		return e, invalidType
	}
	return a.rebuildMap(e, keys, values), out
}

func (a *analysis) rebuildMap(e ast.Expr, keys, values []ast.Expr) ast.Expr {
	entries := make([]ast.EntryExpr, len(keys))
	for i, raw := range e.AsMap().Entries() {
		entries[i] = a.fac.NewMapEntry(raw.ID(), keys[i], values[i], false)
	}
	return a.fac.NewMap(e.ID(), entries)
}

// comprehension is what all, exists and filter expand to. The accumulator is a list
// of the range's items for filter and a bool for the other two.
func (a *analysis) comprehension(e ast.Expr, sc *scope) (ast.Expr, *Type) {
	c := e.AsComprehension()
	source, t := a.visit(c.IterRange(), sc)
	item := invalidType
	switch t.Kind {
	case KindList:
		item = t.Elem
	case KindMap:
		item = &Type{Kind: KindString, Enum: t.Keys}
	case KindInvalid:
	default:
		a.report(c.IterRange(), "V-17", "", "%s不能逐项判断", t.Kind)
	}
	accu := boolType
	if c.AccuInit().Kind() == ast.ListKind {
		accu = ListOf(item)
	}
	inner := &scope{name: c.IterVar(), typ: item, outer: &scope{name: c.AccuVar(), typ: accu, outer: sc}}
	start, _ := a.visit(c.AccuInit(), inner)
	while, _ := a.visit(c.LoopCondition(), inner)
	step, _ := a.visit(c.LoopStep(), inner)
	result, _ := a.visit(c.Result(), inner)
	return a.fac.NewComprehension(e.ID(), source, c.IterVar(), c.AccuVar(), start, while, step, result), accu
}

// asDecimal wraps a whole number in dec().
func (a *analysis) asDecimal(e ast.Expr, t *Type) ast.Expr {
	if t.Kind != KindInt {
		return e
	}
	out := a.fac.NewCall(a.id(e), "dec", e)
	a.types[out.ID()] = decimalType
	return out
}

// id makes a node id that points at the same source text as e.
func (a *analysis) id(e ast.Expr) int64 {
	id := a.nextID
	a.nextID++
	if at, ok := a.info.GetOffsetRange(e.ID()); ok {
		a.info.SetOffsetRange(id, at)
	}
	return id
}

func (a *analysis) report(e ast.Expr, code, hint, format string, args ...any) {
	a.add(e, problem.SeverityError, code, hint, format, args...)
}

func (a *analysis) warn(e ast.Expr, code, hint, format string, args ...any) {
	a.add(e, problem.SeverityWarning, code, hint, format, args...)
}

func (a *analysis) add(e ast.Expr, severity problem.Severity, code, hint, format string, args ...any) {
	at := a.info.GetStartLocation(e.ID())
	a.problems = append(a.problems, problemAt(at, severity, code, hint, format, args...))
}

func literalText(e ast.Expr) (string, bool) {
	if e.Kind() != ast.LiteralKind {
		return "", false
	}
	s, ok := e.AsLiteral().(types.String)
	return string(s), ok
}

// pathOf writes a chain of selections on a variable as "form.agent.phone"; "" for anything else.
func pathOf(e ast.Expr) string {
	switch e.Kind() {
	case ast.IdentKind:
		return e.AsIdent()
	case ast.SelectKind:
		if operand := pathOf(e.AsSelect().Operand()); operand != "" {
			return operand + "." + e.AsSelect().FieldName()
		}
	}
	return ""
}
