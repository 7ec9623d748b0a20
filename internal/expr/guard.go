package expr

import (
	"maps"
	"strconv"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
)

// proven is a set of paths that are known to be present at some place of an expression.
type proven map[string]bool

func (p proven) and(q proven) proven {
	if len(q) == 0 {
		return p
	}
	out := maps.Clone(p)
	if out == nil {
		out = proven{}
	}
	maps.Copy(out, q)
	return out
}

func (p proven) or(q proven) proven {
	out := proven{}
	for path := range p {
		if q[path] {
			out[path] = true
		}
	}
	return out
}

// guard checks that optional fields are read only where has() holds in the same
// expression (§3.1). It follows the truth of has() through &&, ||, ! and ?:. Both
// sides of && protect each other, because CEL ignores an error on one side when the
// other decides.
type guard struct {
	analysis *analysis
	names    *rename
}

// rename tells loop variables apart that carry the same name.
type rename struct {
	name, unique string
	outer        *rename
}

func (g *guard) path(e ast.Expr) string {
	switch e.Kind() {
	case ast.IdentKind:
		name := e.AsIdent()
		for r := g.names; r != nil; r = r.outer {
			if r.name == name {
				return r.unique
			}
		}
		return name
	case ast.SelectKind:
		if operand := g.path(e.AsSelect().Operand()); operand != "" {
			return operand + "." + e.AsSelect().FieldName()
		}
	}
	return ""
}

// truths returns what is present when e evaluates to value.
func (g *guard) truths(e ast.Expr, value bool) proven {
	switch e.Kind() {
	case ast.SelectKind:
		if !value || !e.AsSelect().IsTestOnly() {
			return nil
		}
		return g.chain(e)
	case ast.CallKind:
		args := e.AsCall().Args()
		switch e.AsCall().FunctionName() {
		case operators.LogicalNot:
			return g.truths(args[0], !value)
		case operators.LogicalAnd:
			return combine(g.truths(args[0], value), g.truths(args[1], value), value)
		case operators.LogicalOr:
			return combine(g.truths(args[0], value), g.truths(args[1], value), !value)
		}
	}
	return nil
}

func combine(p, q proven, both bool) proven {
	if both {
		return p.and(q)
	}
	return p.or(q)
}

// chain is every prefix of a tested path: has(form.agent.phone) proves form.agent too.
func (g *guard) chain(e ast.Expr) proven {
	out := proven{}
	for e.Kind() == ast.SelectKind {
		if path := g.path(e); path != "" {
			out[path] = true
		}
		e = e.AsSelect().Operand()
	}
	return out
}

// walk reports every optional read in e that known does not cover.
func (g *guard) walk(e ast.Expr, known proven) {
	switch e.Kind() {
	case ast.SelectKind:
		g.read(e, known)
	case ast.CallKind:
		g.call(e, known)
	case ast.ListKind:
		g.each(e.AsList().Elements(), known)
	case ast.MapKind:
		for _, entry := range e.AsMap().Entries() {
			g.walk(entry.AsMapEntry().Value(), known)
		}
	case ast.ComprehensionKind:
		g.loop(e, known)
	}
}

func (g *guard) read(e ast.Expr, known proven) {
	sel := e.AsSelect()
	operand := sel.Operand()
	if sel.IsTestOnly() {
		// The records on the way may be absent: has() is then false.
		for operand.Kind() == ast.SelectKind {
			operand = operand.AsSelect().Operand()
		}
		g.walk(operand, known)
		return
	}
	g.walk(operand, known)
	if t := g.analysis.types[operand.ID()]; t == nil || !t.mayLack(sel.FieldName()) {
		return
	}
	if path := g.path(e); path == "" || !known[path] {
		written := pathOf(e)
		if written == "" {
			written = sel.FieldName()
		}
		g.analysis.report(e, "V-16", "写作 has("+written+") && …", "%s 可能没有填写，须先用 has() 判断", written)
	}
}

func (g *guard) each(exprs []ast.Expr, known proven) {
	for _, e := range exprs {
		g.walk(e, known)
	}
}

func (g *guard) call(e ast.Expr, known proven) {
	c := e.AsCall()
	args := c.Args()
	switch c.FunctionName() {
	case operators.LogicalAnd:
		g.walk(args[0], known.and(g.truths(args[1], true)))
		g.walk(args[1], known.and(g.truths(args[0], true)))
	case operators.LogicalOr:
		g.walk(args[0], known.and(g.truths(args[1], false)))
		g.walk(args[1], known.and(g.truths(args[0], false)))
	case operators.Conditional:
		g.walk(args[0], known)
		g.walk(args[1], known.and(g.truths(args[0], true)))
		g.walk(args[2], known.and(g.truths(args[0], false)))
	default:
		if c.IsMemberFunction() {
			g.walk(c.Target(), known)
		}
		g.each(args, known)
	}
}

func (g *guard) loop(e ast.Expr, known proven) {
	c := e.AsComprehension()
	g.walk(c.IterRange(), known)
	outer := g.names
	g.names = &rename{name: c.IterVar(), unique: c.IterVar() + "#" + strconv.FormatInt(e.ID(), 10), outer: outer}
	g.walk(c.LoopStep(), known)
	g.names = outer
	g.walk(c.Result(), known)
}
