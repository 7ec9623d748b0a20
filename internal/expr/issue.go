package expr

import (
	"regexp"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"

	"zhengtong/internal/problem"
)

// expect holds the whole expression to the context's result type; a whole number
// where a decimal is wanted is converted.
func (a *analysis) expect(root ast.Expr, result *Type) ast.Expr {
	want := a.env.want
	if want.Kind == KindDecimal && result.Kind == KindInt {
		return a.asDecimal(root, result)
	}
	if result.Kind != KindInvalid && result.Kind != want.Kind {
		a.report(root, "V-17", "", "此处须得到%s，表达式得到%s", want.Kind, result.Kind)
	}
	if a.env.spec.Context == NumberMap {
		a.checkWidth(root, result, a.env.spec.Width)
	}
	return root
}

// replaceRoot puts the rewritten tree in the place of the parsed one. The root node
// keeps its id, so a new node wrapped around the old root must not share it.
func (a *analysis) replaceRoot(old, rewritten ast.Expr) {
	if rewritten.ID() != old.ID() {
		if c := rewritten.AsCall(); len(c.Args()) == 1 && c.Args()[0].ID() == old.ID() {
			inner := a.fac.CopyExpr(c.Args()[0])
			fresh := a.fac.NewUnspecifiedExpr(a.id(old))
			fresh.SetKindCase(inner)
			rewritten = a.fac.NewCall(rewritten.ID(), c.FunctionName(), fresh)
		}
	}
	old.SetKindCase(rewritten)
}

func syntaxProblems(issues *cel.Issues) problem.List {
	var out problem.List
	for _, e := range issues.Errors() {
		message := strings.TrimPrefix(e.Message, "Syntax error: ")
		out = append(out, problemAt(e.Location, problem.SeverityError, "V-17", "", "语法错误：%s", message))
	}
	return out.Sorted()
}

var overload = regexp.MustCompile(`^found no matching overload for '([^']+)' applied to '(.*)'$`)

// symbols turns CEL's inner names of operators into what was written.
var symbols = strings.NewReplacer("_&&_", "&&", "_||_", "||", "!_", "!", "_==_", "==", "_!=_", "!=", "_<=_", "<=", "_>=_", ">=",
	"_<_", "<", "_>_", ">", "_+_", "+", "_-_", "-", "_*_", "*", "_/_", "/", "-_", "-", "_?_:_", "?:", "_[_]", "[]", "@in", "in",
	"@add_workdays", "add_workdays", "@workdays_between", "workdays_between", "@is_workday", "is_workday", "@action_of", "action_of")

// typeNames turns CEL's type names into ours.
var typeNames = strings.NewReplacer("zt.Decimal", "数值", "zt.Date", "日期", "zt.Days", "天数", "zt.Tiers", "分段表",
	"zt.Calendar, ", "", "zt.Actions, ", "", "string", "文本", "int", "整数", "bool", "布尔", "double", "数值", "list", "列表", "map", "映射")

// typeProblems words what CEL's checker found.
func typeProblems(issues *cel.Issues) problem.List {
	var out problem.List
	for _, e := range issues.Errors() {
		message := "类型错误：" + e.Message
		if m := overload.FindStringSubmatch(e.Message); m != nil {
			message = symbols.Replace(m[1]) + " 不能用于 " + typeNames.Replace(m[2])
		}
		out = append(out, problemAt(e.Location, problem.SeverityError, "V-17", "", "%s", message))
	}
	return out
}
