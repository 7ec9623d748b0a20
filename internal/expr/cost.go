package expr

import (
	"math"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/checker"
	"github.com/google/cel-go/common"

	"zhengtong/internal/problem"
)

// CostLimit bounds the worst case of one evaluation in CEL's units, about 10 ms. It
// is proved at publish from the sizes a schema allows, so evaluation need not count.
const CostLimit = 100_000

// Sizes assumed where a schema names none; form.Decode refuses longer values.
const (
	// MaxItems bounds lists in data.
	MaxItems = 500
	// MaxText bounds texts in data, in characters.
	MaxText = 10_000
)

// sizes tells CEL how long the variables' lists and texts may be.
type sizes struct{ env *Env }

// EstimateSize implements checker.CostEstimator.
func (s sizes) EstimateSize(element checker.AstNode) *checker.SizeEstimate {
	if t := s.env.typeAt(element.Path()); t != nil {
		return sizeOf(t)
	}
	switch element.Type().Kind() {
	case cel.StringKind:
		return &checker.SizeEstimate{Max: MaxText}
	case cel.ListKind, cel.MapKind:
		return &checker.SizeEstimate{Max: MaxItems}
	default:
		return &checker.SizeEstimate{Min: 1, Max: 1}
	}
}

func sizeOf(t *Type) *checker.SizeEstimate {
	most := uint64(1)
	switch {
	case t.MaxSize > 0:
		most = uint64(t.MaxSize)
	case t.Kind == KindString && t.Enum != nil:
		most = 64
	case t.Kind == KindString:
		most = MaxText
	case t.Kind == KindMap && t.Keys != nil:
		most = uint64(len(t.Keys))
	case t.Kind == KindList, t.Kind == KindMap:
		most = MaxItems
	}
	return &checker.SizeEstimate{Max: most}
}

// EstimateCallCost implements checker.CostEstimator: our own functions cost a fixed
// price; running the fee schedule again costs what a schedule may cost.
func (s sizes) EstimateCallCost(function, _ string, _ *checker.AstNode, _ []checker.AstNode) *checker.CallEstimate {
	price, ok := prices[function]
	if !ok {
		return nil
	}
	return &checker.CallEstimate{CostEstimate: checker.CostEstimate{Min: price, Max: price}}
}

var prices = map[string]uint64{
	"dec": 2, "max": 2, "min": 2, "tiered": 10, "with": 5000, "date": 2, "days": 1, "days_between": 1,
	addWorkdays: 50, workdaysBetween: 50, isWorkday: 2, "valid_uscc": 5, "valid_id_card": 5, actionOf: 2,
}

// typeAt follows a path of the cost estimator ("form", "categories", "@items") to a type.
func (e *Env) typeAt(path []string) *Type {
	if len(path) == 0 || e.vars[path[0]] == nil {
		return nil
	}
	t := e.vars[path[0]].typ
	for _, step := range path[1:] {
		switch {
		case t == nil:
			return nil
		case step == "@items" || step == "@values":
			t = t.Elem
		case step == "@keys":
			return &Type{Kind: KindString, MaxSize: 64}
		case t.Kind == KindObject:
			t = t.Fields[step].Type
		default:
			t = t.Elem
		}
	}
	return t
}

// checkCost refuses an expression whose worst case is beyond CostLimit (V-17).
func (e *Env) checkCost(checked *cel.Ast) *problem.Problem {
	cost, err := e.cel.EstimateCost(checked, sizes{e})
	if err != nil {
		p := problemAt(common.NewLocation(1, 0), problem.SeverityError, "V-17", "", "无法估算开销：%v", err)
		return &p
	}
	if cost.Max <= CostLimit && cost.Max != math.MaxUint64 {
		return nil
	}
	p := problemAt(common.NewLocation(1, 0), problem.SeverityError, "V-17", "在表单中给列表加 maxItems、给文本加 maxLength，或减少嵌套",
		"表达式最坏开销 %d 超过上限 %d", cost.Max, CostLimit)
	return &p
}
