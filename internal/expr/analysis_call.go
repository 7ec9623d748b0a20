package expr

import (
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"

	"zhengtong/internal/deadline"
)

func contains(list []string, s string) bool { return slices.Contains(list, s) }

// call dispatches on the closed list of operators and functions of §3.1.
func (a *analysis) call(e ast.Expr, sc *scope) (ast.Expr, *Type) {
	c := e.AsCall()
	switch name := c.FunctionName(); name {
	case operators.LogicalAnd, operators.LogicalOr, operators.LogicalNot, operators.NotStrictlyFalse:
		return a.plain(e, sc, boolType)
	case operators.Equals, operators.NotEquals:
		return a.equality(e, sc)
	case operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals:
		out, _ := a.balanced(e, sc)
		return out, boolType
	case operators.Add, operators.Subtract, operators.Multiply, operators.Divide:
		return a.arithmetic(e, sc)
	case operators.Negate:
		out, args := a.arguments(e, sc)
		return out, args[0]
	case operators.Conditional:
		return a.conditional(e, sc)
	case operators.Index:
		return a.index(e, sc)
	case operators.In:
		return a.membership(e, sc)
	case "max", "min":
		out, t := a.balanced(e, sc)
		return out, t
	default:
		return a.function(e, sc, name)
	}
}

// results gives the result type of every function with nothing special to check.
var results = map[string]*Type{
	"tiered": decimalType, "days": daysType, "days_between": intType, "valid_uscc": boolType,
	"valid_id_card": boolType, "size": intType, "startsWith": boolType, "endsWith": boolType, "contains": boolType,
}

// hidden maps the functions that need the calendar to their implementation and result.
var hidden = map[string]struct {
	name   string
	result *Type
}{
	"add_workdays":     {addWorkdays, dateType},
	"workdays_between": {workdaysBetween, intType},
	"is_workday":       {isWorkday, boolType},
}

// functionNames is what a mistyped function is compared with.
var functionNames = []string{"dec", "tiered", "max", "min", "date", "days", "days_between", "add_workdays", "workdays_between",
	"is_workday", "valid_uscc", "valid_id_card", "action_of", "with", "has", "all", "exists", "filter", "size",
	"startsWith", "endsWith", "contains", "matches"}

func (a *analysis) function(e ast.Expr, sc *scope, name string) (ast.Expr, *Type) {
	if t, ok := results[name]; ok {
		return a.plain(e, sc, t)
	}
	if h, ok := hidden[name]; ok {
		return a.withHidden(e, sc, h.name, calendarVar), h.result
	}
	switch name {
	case "dec":
		return a.dec(e, sc)
	case "date":
		return a.date(e, sc)
	case "matches":
		return a.matches(e, sc)
	case "action_of":
		return a.actionOf(e, sc)
	case "with":
		return a.feeWith(e, sc)
	}
	if aggregates[name] != nil && a.env.spec.Context == Measure {
		return a.aggregate(e, sc, name)
	}
	a.report(e, "V-16", Hint(name, functionNames), "没有函数 %q", name)
	return e, invalidType
}

// arguments visits target and arguments, in that order, and rebuilds the call.
func (a *analysis) arguments(e ast.Expr, sc *scope) (ast.Expr, []*Type) {
	c := e.AsCall()
	args := make([]ast.Expr, len(c.Args()))
	var each []*Type
	var target ast.Expr
	if c.IsMemberFunction() {
		var t *Type
		target, t = a.visit(c.Target(), sc)
		each = append(each, t)
	}
	for i, arg := range c.Args() {
		var t *Type
		args[i], t = a.visit(arg, sc)
		each = append(each, t)
	}
	return a.rebuild(e, target, args), each
}

func (a *analysis) rebuild(e, target ast.Expr, args []ast.Expr) ast.Expr {
	name := e.AsCall().FunctionName()
	if target != nil {
		return a.fac.NewMemberCall(e.ID(), name, target, args...)
	}
	return a.fac.NewCall(e.ID(), name, args...)
}

func (a *analysis) plain(e ast.Expr, sc *scope, result *Type) (ast.Expr, *Type) {
	out, _ := a.arguments(e, sc)
	return out, result
}

// balanced visits the arguments and makes all of them decimals when one is.
func (a *analysis) balanced(e ast.Expr, sc *scope) (ast.Expr, *Type) {
	args, t := a.visitAll(e.AsCall().Args(), sc)
	if t == nil {
		t = invalidType // CEL's checker names the two types
	}
	return a.rebuild(e, nil, args), t
}

func (a *analysis) arithmetic(e ast.Expr, sc *scope) (ast.Expr, *Type) {
	out, t := a.balanced(e, sc)
	args := out.AsCall().Args()
	left, right := a.types[args[0].ID()], a.types[args[1].ID()]
	if left.Kind == KindDate || right.Kind == KindDate {
		return out, dateType
	}
	if t.Kind == KindInt && e.AsCall().FunctionName() == operators.Divide {
		a.warn(e, "V-17", "需要小数请写 dec(…)", "整数相除会舍去小数")
	}
	if t.Kind == KindString {
		return out, stringType // a concatenation is no member of either list
	}
	return out, t
}

// equality checks literals against enumerations on both sides.
func (a *analysis) equality(e ast.Expr, sc *scope) (ast.Expr, *Type) {
	out, _ := a.balanced(e, sc)
	args := e.AsCall().Args()
	left, right := a.types[args[0].ID()], a.types[args[1].ID()]
	a.checkEnum(args[1], left)
	a.checkEnum(args[0], right)
	if !left.comparable() || !right.comparable() {
		a.report(e, "V-17", "逐个字段比较", "对象不能比较")
	}
	return out, boolType
}

// checkEnum reports literals in e, alone or in a list, that a value of type t can never be.
func (a *analysis) checkEnum(e ast.Expr, t *Type) {
	if e.Kind() == ast.ListKind && t.Kind == KindList {
		for _, item := range e.AsList().Elements() {
			a.checkEnum(item, t.Elem)
		}
		return
	}
	text, ok := literalText(e)
	if ok && t.Kind == KindString && !t.admits(text) {
		a.report(e, "V-16", Hint(text, t.Enum), "%q 不是可取的值（%s）", text, joined(t.Enum))
	}
}

func (a *analysis) membership(e ast.Expr, sc *scope) (ast.Expr, *Type) {
	args := e.AsCall().Args()
	item, itemType := a.visit(args[0], sc)
	list, listType := a.visit(args[1], sc)
	if args[1].Kind() == ast.ListKind {
		for _, literal := range args[1].AsList().Elements() {
			a.checkEnum(literal, itemType)
		}
	}
	if listType.Kind == KindList && listType.Elem.Kind == KindString {
		a.checkEnum(args[0], listType.Elem)
	}
	if listType.Kind == KindList && listType.Elem.Kind == KindDecimal {
		item = a.asDecimal(item, itemType)
	}
	if itemType.Kind == KindDecimal && list.Kind() == ast.ListKind && listType.Kind == KindList && listType.Elem.Kind == KindInt {
		elems := make([]ast.Expr, 0, list.AsList().Size())
		for _, el := range list.AsList().Elements() {
			elems = append(elems, a.asDecimal(el, intType))
		}
		list = a.fac.NewList(list.ID(), elems, nil)
	}
	return a.rebuild(e, nil, []ast.Expr{item, list}), boolType
}

func (a *analysis) conditional(e ast.Expr, sc *scope) (ast.Expr, *Type) {
	args := e.AsCall().Args()
	cond, _ := a.visit(args[0], sc)
	branches, t := a.visitAll(args[1:], sc)
	if t == nil {
		a.report(e, "V-17", "", "条件表达式的两个分支须为同一类型")
		return e, invalidType
	}
	return a.rebuild(e, nil, []ast.Expr{cond, branches[0], branches[1]}), t
}

// index is map[key] or list[i]. A key that may be missing would fail when the
// expression runs, so a closed list of keys must cover every value the index takes.
func (a *analysis) index(e ast.Expr, sc *scope) (ast.Expr, *Type) {
	out, each := a.arguments(e, sc)
	table, key := each[0], each[1]
	switch table.Kind {
	case KindInvalid:
		return out, invalidType
	case KindList:
		a.warn(e, "V-17", "", "下标越界时求值失败，宜用 exists、all 或 filter")
		return out, table.Elem
	case KindMap:
		a.checkKeys(e, table, key)
		return out, table.Elem
	default:
		a.report(e, "V-17", "", "%s不能用 [] 取值", table.Kind)
		return out, invalidType
	}
}

func (a *analysis) checkKeys(e ast.Expr, table, key *Type) {
	at := e.AsCall().Args()[1]
	if key.Kind != KindString {
		return
	}
	if key.Enum == nil || table.Keys == nil {
		a.warn(at, "V-17", "", "取值不在表中时求值失败（表中有 %s）", joined(table.Keys))
		return
	}
	for _, value := range key.Enum {
		if !contains(table.Keys, value) {
			a.report(at, "V-16", Hint(value, table.Keys), "表中没有 %q", value)
		}
	}
}

func (a *analysis) withHidden(e ast.Expr, sc *scope, name, variable string) ast.Expr {
	out, _ := a.arguments(e, sc)
	args := append([]ast.Expr{a.fac.NewIdent(a.id(e), variable)}, out.AsCall().Args()...)
	return a.fac.NewCall(e.ID(), name, args...)
}

func (a *analysis) dec(e ast.Expr, sc *scope) (ast.Expr, *Type) {
	for _, arg := range e.AsCall().Args() {
		if text, ok := literalText(arg); ok {
			if _, err := ParseDecimal(text); err != nil {
				a.report(arg, "V-17", "", "%q 不是十进制数", text)
			}
		}
	}
	return a.plain(e, sc, decimalType)
}

func (a *analysis) date(e ast.Expr, sc *scope) (ast.Expr, *Type) {
	for _, arg := range e.AsCall().Args() {
		text, ok := literalText(arg)
		if !ok {
			a.report(arg, "V-17", "", "date() 的参数须为文本字面量")
		} else if _, err := deadline.ParseDate(text); err != nil {
			a.report(arg, "V-17", "", "%v", err)
		}
	}
	return a.plain(e, sc, dateType)
}

func (a *analysis) matches(e ast.Expr, sc *scope) (ast.Expr, *Type) {
	if args := e.AsCall().Args(); len(args) > 0 {
		pattern := args[len(args)-1]
		if text, ok := literalText(pattern); !ok {
			a.report(pattern, "V-18", "", "matches() 的模式须为文本字面量")
		} else if _, err := regexp.Compile(text); err != nil {
			a.report(pattern, "V-18", "", "正则表达式不是 RE2：%v", err)
		}
	}
	return a.plain(e, sc, boolType)
}

func (a *analysis) actionOf(e ast.Expr, sc *scope) (ast.Expr, *Type) {
	args := e.AsCall().Args()
	if len(args) != 1 {
		a.report(e, "V-17", "", "action_of() 须有一个参数：节点")
		return e, invalidType
	}
	node, ok := literalText(args[0])
	if !ok {
		a.report(args[0], "V-17", "", "action_of() 的参数须为文本字面量")
		return e, invalidType
	}
	actions, ok := a.env.spec.Nodes[node]
	if !ok {
		a.report(args[0], "V-16", Hint(node, nodeNames(a.env.spec.Nodes)), "没有节点 %q", node)
		return e, invalidType
	}
	return a.withHidden(e, sc, actionOf, actionsVar), Enum(append([]string{""}, actions...)...)
}

// feeWith checks fee.with({'days': 30}): literal names of form fields, values of their types.
func (a *analysis) feeWith(e ast.Expr, sc *scope) (ast.Expr, *Type) {
	c := e.AsCall()
	if !c.IsMemberFunction() || len(c.Args()) != 1 || c.Args()[0].Kind() != ast.MapKind {
		a.report(e, "V-17", "", "写作 fee.with({'字段': 值})")
		return e, invalidType
	}
	target, t := a.visit(c.Target(), sc)
	if t.Kind != kindFee && t.Kind != KindInvalid {
		a.report(c.Target(), "V-17", "", "with() 只用于 fee")
	}
	changes := c.Args()[0]
	var keys, values []ast.Expr
	for _, raw := range changes.AsMap().Entries() {
		entry := raw.AsMapEntry()
		value, vt := a.visit(entry.Value(), sc)
		keys, values = append(keys, entry.Key()), append(values, a.checkChange(entry, value, vt))
	}
	return a.rebuild(e, target, []ast.Expr{a.rebuildMap(changes, keys, values)}), decimalType
}

func (a *analysis) checkChange(entry ast.MapEntry, value ast.Expr, t *Type) ast.Expr {
	name, ok := literalText(entry.Key())
	if !ok {
		a.report(entry.Key(), "V-17", "", "字段名须为文本字面量")
		return value
	}
	field, ok := Field{}, false
	if form := a.env.spec.Form; form != nil {
		field, ok = form.Fields[name]
	}
	if !ok {
		a.report(entry.Key(), "V-16", a.formHint(name), "表单没有字段 %q", name)
		return value
	}
	if field.Type.Kind == KindDecimal {
		value = a.asDecimal(value, t)
		t = a.types[value.ID()]
	}
	if t.Kind != KindInvalid && !field.Type.same(t) {
		a.report(entry.Value(), "V-17", "", "字段 %q 是%s，此处给的是%s", name, field.Type.Kind, t.Kind)
	}
	a.checkEnum(entry.Value(), field.Type)
	return value
}

func (a *analysis) formHint(name string) string {
	if a.env.spec.Form == nil {
		return ""
	}
	return Hint(name, a.env.spec.Form.FieldNames())
}

// checkWidth holds a number token to its width where its texts are known (V-35).
func (a *analysis) checkWidth(e ast.Expr, t *Type, width int) {
	if width == 0 || t.Kind != KindString {
		return
	}
	if t.Enum == nil {
		a.warn(e, "V-35", "", "无法预先确定文本是否为 %d 位", width)
	}
	for _, text := range t.Enum {
		if utf8.RuneCountInString(text) != width {
			a.report(e, "V-35", "", "%q 不是 %d 位", text, width)
		}
	}
}
