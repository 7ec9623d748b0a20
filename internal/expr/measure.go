package expr

import (
	"errors"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

// aggregates are the functions of a Measure over records: count() and count(bool) are
// whole numbers, sum, avg and ratio decimals. They are declared here, so that measures
// are type-checked at publication; whoever has the records computes them.
var aggregates = map[string]*Type{"count": intType, "sum": decimalType, "avg": decimalType, "ratio": decimalType}

var errRecords = errors.New("expr: a measure is computed over records, not over one input")

func measureFunctions() []cel.EnvOption {
	unbound := cel.FunctionBinding(func(...ref.Val) ref.Val { return types.WrapErr(errRecords) })
	overload := func(name, id string, result *cel.Type, args ...*cel.Type) cel.EnvOption {
		return cel.Function(name, cel.Overload(id, args, result, unbound))
	}
	return []cel.EnvOption{
		overload("count", "count_all", cel.IntType), overload("count", "count_bool", cel.IntType, cel.BoolType),
		overload("sum", "sum_decimal", celDecimal, celDecimal), overload("avg", "avg_decimal", celDecimal, celDecimal),
		overload("ratio", "ratio_decimal", celDecimal, celDecimal, celDecimal),
	}
}

// measures reports whether the context reads many records, where an absent value makes a test false instead of failing.
func (c Context) measures() bool { return c == Measure || c == MeasureFilter }

// aggregate checks a call over records: what it reads is of one record, so it holds no other such call.
func (a *analysis) aggregate(e ast.Expr, sc *scope, name string) (ast.Expr, *Type) {
	if name == "ratio" { // of two numbers that are themselves counted or summed
		out, each := a.arguments(e, sc)
		args := out.AsCall().Args()
		for i := range args {
			args[i] = a.asDecimal(args[i], each[i])
		}
		return a.rebuild(e, nil, args), decimalType
	}
	if a.inRecord {
		a.report(e, "V-17", "", "%s() 之内不能再用 count、sum、avg", name)
		return e, invalidType
	}
	a.inRecord = true
	defer func() { a.inRecord = false }()
	out, each := a.arguments(e, sc)
	args := out.AsCall().Args()
	if name != "count" {
		for i := range args {
			args[i] = a.asDecimal(args[i], each[i])
		}
	}
	return a.rebuild(e, nil, args), aggregates[name]
}

// record is the type of the object that a source of records has beside the case; nil when it has none.
func record(source string) (string, *Type) {
	switch source {
	case "clocks":
		return "clock", clockType()
	case "tasks":
		return "task", subjectType("task")
	case "bills":
		return "bill", billType()
	case "complaints":
		return "complaint", subjectType("complaint")
	}
	return "", nil
}

func ratingType() *Type { return Object(map[string]Field{"score": must(intType)}) }

// measureVariables are form, facts, case, clocks and rating, and the source's own object.
func (s Spec) measureVariables() []variable {
	var out []variable
	if s.Form != nil {
		out = append(out, variable{"form", s.Form})
	}
	out = append(out, variable{"facts", factsType(s.Facts)}, variable{"case", caseType("", false)},
		variable{"clocks", clocksType()}, variable{"rating", ratingType()}, variable{"department", departmentType()})
	if name, t := record(s.Subject); t != nil {
		out = append(out, variable{name, t})
	}
	return out
}

// MeasureField reports whether a report may group by a path such as "form.road_class", "case.channel" or "month".
func MeasureField(spec Spec, path string) (*Type, bool) {
	spec.Context = Measure
	fields := map[string]Field{}
	for _, v := range spec.measureVariables() {
		fields[v.name] = must(v.typ)
	}
	f, ok := Object(fields).Field(path)
	return f.Type, ok
}
