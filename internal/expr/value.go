package expr

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"

	"zhengtong/internal/deadline"
)

// The CEL object types of the language. Operators are found by trait: an overload
// declared without a binding falls to the left operand's method.
var (
	celDecimal = cel.ObjectType("zt.Decimal", traits.AdderType|traits.SubtractorType|traits.MultiplierType|
		traits.DividerType|traits.NegatorType|traits.ComparerType)
	celDate     = cel.ObjectType("zt.Date", traits.AdderType|traits.SubtractorType|traits.ComparerType)
	celDays     = cel.ObjectType("zt.Days", traits.AdderType)
	celTiers    = cel.ObjectType("zt.Tiers")
	celFee      = cel.ObjectType("zt.Fee")
	celCalendar = cel.ObjectType("zt.Calendar")
	celActions  = cel.ObjectType("zt.Actions")
)

var errNoConversion = errors.New("expr: value has no other form")

// value gives the parts of ref.Val that no value of ours supports.
type value struct{}

func (value) ConvertToNative(reflect.Type) (any, error) { return nil, errNoConversion }
func (value) ConvertToType(ref.Type) ref.Val            { return types.WrapErr(errNoConversion) }

// decimalVal is a Decimal inside CEL. It has one field, and so fits an interface without allocation.
type decimalVal struct{ d Decimal }

func (decimalVal) ConvertToNative(reflect.Type) (any, error) { return nil, errNoConversion }
func (decimalVal) ConvertToType(ref.Type) ref.Val            { return types.WrapErr(errNoConversion) }

func (v decimalVal) Type() ref.Type { return celDecimal }
func (v decimalVal) Value() any     { return v.d }

// Equal compares by number: 1.50 equals 1.5.
func (v decimalVal) Equal(other ref.Val) ref.Val {
	o, ok := other.(decimalVal)
	return types.Bool(ok && v.d.Cmp(o.d) == 0)
}

func (v decimalVal) Compare(other ref.Val) ref.Val {
	o, ok := other.(decimalVal)
	if !ok {
		return types.MaybeNoSuchOverloadErr(other)
	}
	return types.Int(v.d.Cmp(o.d))
}

func (v decimalVal) Add(other ref.Val) ref.Val      { return arithmetic(v, other, Decimal.Add) }
func (v decimalVal) Subtract(other ref.Val) ref.Val { return arithmetic(v, other, Decimal.Sub) }
func (v decimalVal) Multiply(other ref.Val) ref.Val { return arithmetic(v, other, Decimal.Mul) }
func (v decimalVal) Divide(other ref.Val) ref.Val   { return arithmetic(v, other, Decimal.Quo) }
func (v decimalVal) Negate() ref.Val                { return decimalVal{d: v.d.Neg()} }

func arithmetic(v decimalVal, other ref.Val, op func(Decimal, Decimal) (Decimal, error)) ref.Val {
	o, ok := other.(decimalVal)
	if !ok {
		return types.MaybeNoSuchOverloadErr(other)
	}
	d, err := op(v.d, o.d)
	if err != nil {
		return types.WrapErr(err)
	}
	return decimalVal{d: d}
}

// dateVal is a civil date inside CEL.
type dateVal struct {
	value
	d deadline.Date
}

func (v dateVal) Type() ref.Type { return celDate }
func (v dateVal) Value() any     { return v.d }

func (v dateVal) Equal(other ref.Val) ref.Val {
	o, ok := other.(dateVal)
	return types.Bool(ok && v.d == o.d)
}

func (v dateVal) Compare(other ref.Val) ref.Val {
	o, ok := other.(dateVal)
	if !ok {
		return types.MaybeNoSuchOverloadErr(other)
	}
	return types.Int(v.d.Compare(o.d))
}

func (v dateVal) Add(other ref.Val) ref.Val {
	o, ok := other.(daysVal)
	if !ok {
		return types.MaybeNoSuchOverloadErr(other)
	}
	return dateVal{d: v.d.AddDays(o.n)}
}

func (v dateVal) Subtract(other ref.Val) ref.Val {
	o, ok := other.(daysVal)
	if !ok {
		return types.MaybeNoSuchOverloadErr(other)
	}
	return dateVal{d: v.d.AddDays(-o.n)}
}

// daysVal is a number of calendar days, the result of days(int).
type daysVal struct {
	value
	n int
}

func (v daysVal) Type() ref.Type { return celDays }
func (v daysVal) Value() any     { return v.n }

func (v daysVal) Equal(other ref.Val) ref.Val {
	o, ok := other.(daysVal)
	return types.Bool(ok && v.n == o.n)
}

// Add puts days before a date: days(3) + today.
func (v daysVal) Add(other ref.Val) ref.Val {
	if d, ok := other.(dateVal); ok {
		return d.Add(v)
	}
	return types.MaybeNoSuchOverloadErr(other)
}

// opaque carries a table, the calendar, the schedule or the action record; only
// functions look inside.
type opaque struct {
	value
	typ *types.Type
	in  any
}

func (v opaque) Type() ref.Type        { return v.typ }
func (v opaque) Value() any            { return v.in }
func (v opaque) Equal(ref.Val) ref.Val { return types.False }

func decimalOut(d Decimal, err error) ref.Val {
	if err != nil {
		return types.WrapErr(err)
	}
	return decimalVal{d: d}
}

// mismatch tells that bound data does not have the type its schema promised; a
// caller that validated the data never sees it.
func mismatch(want *Type, got any) ref.Val {
	return types.WrapErr(fmt.Errorf("expr: %s expected, got %T", want.Kind, got))
}
