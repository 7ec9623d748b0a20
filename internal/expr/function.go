package expr

import (
	"errors"
	"fmt"
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"

	"zhengtong/internal/code"
	"zhengtong/internal/deadline"
)

// Bounds of date arithmetic: beyond them an expression is an error, not a long computation.
const (
	maxDays     = 4_000_000 // more than lie between year 1 and 9999
	maxWorkdays = 20_000
	maxSpan     = 40_000 // days between two dates whose working days are counted
)

var (
	errNoCalendar = errors.New("expr: no calendar given")
	errTooFar     = errors.New("expr: dates too far apart")
)

// Names of the functions that analysis puts in place of the written ones, with the
// evaluation input as a first argument.
const (
	addWorkdays     = "@add_workdays"
	workdaysBetween = "@workdays_between"
	isWorkday       = "@is_workday"
	actionOf        = "@action_of"
)

// baseEnv is the part every environment shares: the functions and operators.
var baseEnv = sync.OnceValues(func() (*cel.Env, error) {
	options := []cel.EnvOption{
		cel.StdLib(), cel.ClearMacros(),
		cel.Macros(cel.HasMacro, cel.AllMacro, cel.ExistsMacro, cel.FilterMacro),
		cel.ParserExpressionSizeLimit(maxSource), cel.ParserRecursionLimit(maxNesting),
	}
	options = append(options, decimalOperators()...)
	options = append(options, dateOperators()...)
	options = append(options, numberFunctions()...)
	options = append(options, dateFunctions()...)
	return cel.NewCustomEnv(append(options, identityFunctions()...)...)
})

func operator(name, id string, left, right, result *cel.Type) cel.EnvOption {
	return cel.Function(name, cel.Overload(id, []*cel.Type{left, right}, result))
}

func decimalOperators() []cel.EnvOption {
	out := []cel.EnvOption{cel.Function(operators.Negate, cel.Overload("negate_decimal", []*cel.Type{celDecimal}, celDecimal))}
	for name, id := range map[string]string{operators.Add: "add", operators.Subtract: "subtract", operators.Multiply: "multiply", operators.Divide: "divide"} {
		out = append(out, operator(name, id+"_decimal_decimal", celDecimal, celDecimal, celDecimal))
	}
	return append(out, comparisons("decimal", celDecimal)...)
}

func dateOperators() []cel.EnvOption {
	return append(comparisons("date", celDate),
		operator(operators.Add, "add_date_days", celDate, celDays, celDate),
		operator(operators.Add, "add_days_date", celDays, celDate, celDate),
		operator(operators.Subtract, "subtract_date_days", celDate, celDays, celDate))
}

func comparisons(id string, t *cel.Type) []cel.EnvOption {
	var out []cel.EnvOption
	for name, op := range map[string]string{operators.Less: "less", operators.LessEquals: "less_equals", operators.Greater: "greater", operators.GreaterEquals: "greater_equals"} {
		out = append(out, operator(name, op+"_"+id, t, t, cel.BoolType))
	}
	return out
}

func numberFunctions() []cel.EnvOption {
	return []cel.EnvOption{
		cel.Function("dec", cel.Overload("dec_string", []*cel.Type{cel.StringType}, celDecimal, cel.UnaryBinding(decOf)),
			cel.Overload("dec_int", []*cel.Type{cel.IntType}, celDecimal, cel.UnaryBinding(decOf)),
			cel.Overload("dec_decimal", []*cel.Type{celDecimal}, celDecimal, cel.UnaryBinding(decOf))),
		extreme("max", 1), extreme("min", -1),
		cel.Function("tiered", cel.Overload("tiered_int", []*cel.Type{cel.IntType, celTiers}, celDecimal, cel.BinaryBinding(
			func(n, table ref.Val) ref.Val {
				steps, ok := table.(opaque).in.(tiers)
				if !ok {
					return mismatch(tiersType, table)
				}
				return decimalOut(steps.weigh(int64(n.(types.Int))))
			}))),
		cel.Function("with", cel.MemberOverload("fee_with", []*cel.Type{celFee, cel.MapType(cel.StringType, cel.DynType)}, celDecimal,
			cel.BinaryBinding(feeWith))),
	}
}

func decOf(v ref.Val) ref.Val {
	switch v := v.(type) {
	case types.String:
		return decimalOut(ParseDecimal(string(v)))
	case types.Int:
		return decimalVal{d: NewDecimal(int64(v))}
	default:
		return v
	}
}

// extreme declares max or min on two values of one ordered type.
func extreme(name string, sign int) cel.EnvOption {
	pick := cel.BinaryBinding(func(a, b ref.Val) ref.Val {
		if order := a.(interface{ Compare(ref.Val) ref.Val }).Compare(b); order == types.Int(sign) {
			return a
		}
		return b
	})
	return cel.Function(name,
		cel.Overload(name+"_decimal", []*cel.Type{celDecimal, celDecimal}, celDecimal, pick),
		cel.Overload(name+"_int", []*cel.Type{cel.IntType, cel.IntType}, cel.IntType, pick),
		cel.Overload(name+"_date", []*cel.Type{celDate, celDate}, celDate, pick))
}

func dateFunctions() []cel.EnvOption {
	return []cel.EnvOption{
		cel.Function("date", cel.Overload("date_string", []*cel.Type{cel.StringType}, celDate, cel.UnaryBinding(func(v ref.Val) ref.Val {
			return bindDate(dateType, string(v.(types.String)))
		}))),
		cel.Function("days", cel.Overload("days_int", []*cel.Type{cel.IntType}, celDays, cel.UnaryBinding(func(v ref.Val) ref.Val {
			n := int64(v.(types.Int))
			if n > maxDays || n < -maxDays {
				return types.WrapErr(errTooFar)
			}
			return daysVal{n: int(n)}
		}))),
		cel.Function("days_between", cel.Overload("days_between_dates", []*cel.Type{celDate, celDate}, cel.IntType,
			cel.BinaryBinding(func(a, b ref.Val) ref.Val { return types.Int(b.(dateVal).d.Sub(a.(dateVal).d)) }))),
		cel.Function(addWorkdays, cel.Overload("add_workdays", []*cel.Type{celCalendar, celDate, cel.IntType}, celDate,
			cel.FunctionBinding(withCalendar(func(c *deadline.Calendar, args []ref.Val) ref.Val {
				n := int64(args[1].(types.Int))
				if n > maxWorkdays || n < -maxWorkdays {
					return types.WrapErr(errTooFar)
				}
				return dateVal{d: c.AddWorkdays(args[0].(dateVal).d, int(n))}
			})))),
		cel.Function(workdaysBetween, cel.Overload("workdays_between", []*cel.Type{celCalendar, celDate, celDate}, cel.IntType,
			cel.FunctionBinding(withCalendar(func(c *deadline.Calendar, args []ref.Val) ref.Val {
				from, to := args[0].(dateVal).d, args[1].(dateVal).d
				if span := to.Sub(from); span > maxSpan || span < -maxSpan {
					return types.WrapErr(errTooFar)
				}
				return types.Int(c.WorkdaysBetween(from, to))
			})))),
		cel.Function(isWorkday, cel.Overload("is_workday", []*cel.Type{celCalendar, celDate}, cel.BoolType,
			cel.FunctionBinding(withCalendar(func(c *deadline.Calendar, args []ref.Val) ref.Val {
				return types.Bool(c.Working(args[0].(dateVal).d))
			})))),
	}
}

func withCalendar(f func(*deadline.Calendar, []ref.Val) ref.Val) func(...ref.Val) ref.Val {
	return func(args ...ref.Val) ref.Val {
		c, ok := args[0].(opaque).in.(*deadline.Calendar)
		if !ok || c == nil {
			return types.WrapErr(errNoCalendar)
		}
		return f(c, args[1:])
	}
}

func identityFunctions() []cel.EnvOption {
	predicate := func(name string, valid func(string) bool) cel.EnvOption {
		return cel.Function(name, cel.Overload(name+"_string", []*cel.Type{cel.StringType}, cel.BoolType,
			cel.UnaryBinding(func(v ref.Val) ref.Val { return types.Bool(valid(string(v.(types.String)))) })))
	}
	return []cel.EnvOption{
		predicate("valid_uscc", code.ValidUSCC), predicate("valid_id_card", code.ValidCitizenID),
		cel.Function(actionOf, cel.Overload("action_of", []*cel.Type{celActions, cel.StringType}, cel.StringType,
			cel.BinaryBinding(func(record, node ref.Val) ref.Val {
				taken, _ := record.(opaque).in.(map[string]string)
				return types.String(taken[string(node.(types.String))])
			}))),
	}
}

// feeWith runs the whole schedule again with the given form fields (§3.1).
func feeWith(schedule, changes ref.Val) ref.Val {
	again, ok := schedule.(opaque).in.(FeeFunc)
	if !ok {
		return types.WrapErr(errors.New("expr: no fee schedule given"))
	}
	fields, err := plainMap(changes)
	if err != nil {
		return types.WrapErr(fmt.Errorf("expr: fee.with: %w", err))
	}
	return decimalOut(again(fields))
}
