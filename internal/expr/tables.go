package expr

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"zhengtong/internal/problem"
)

// Tables are the declared maps of a fee schedule, typed and bound once. Whole
// numbers are int, texts string; a list of {upto, factor} is a table of progressive
// rates for tiered().
type Tables struct {
	typ    *Type
	values map[string]any
}

// tier is one step of a progressive rate: days up to and including upto (0: without
// end) count factor each.
type tier struct {
	upto   int64
	factor Decimal
}

// tiers is ascending; only the last step is without end.
type tiers []tier

// NewTables types the declared tables. Accepted are maps, nested at will, whose
// leaves have one type (int64, string, Decimal or bool), and lists of
// {upto: int | null, factor: decimal text}. Problems carry paths below `$.tables`.
func NewTables(declared map[string]any) (*Tables, problem.List) {
	var problems problem.List
	t := &Tables{typ: Object(map[string]Field{}), values: map[string]any{}}
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		path := "$.tables." + name
		typ, value := tableType(path, declared[name], &problems)
		t.typ.Fields[name] = Field{Type: typ}
		t.values[name] = value
	}
	return t, problems
}

// variable is `tables`; it is empty when the schedule declares none.
func (t *Tables) variable() variable {
	if t == nil {
		return variable{"tables", Object(nil)}
	}
	return variable{"tables", t.typ}
}

func (t *Tables) bound() map[string]any {
	if t == nil {
		return map[string]any{}
	}
	return t.values
}

func tableType(path string, v any, problems *problem.List) (*Type, any) {
	switch v := v.(type) {
	case bool:
		return boolType, v
	case int64:
		return intType, v
	case int:
		return intType, int64(v)
	case string:
		return stringType, v
	case Decimal:
		return decimalType, v
	case map[string]any:
		return mapTable(path, v, problems)
	case []any:
		return tiersType, tierTable(path, v, problems)
	default:
		problems.Add(path, "V-33", "表值须为整数、文本、映射或分段表")
		return invalidType, nil
	}
}

func mapTable(path string, m map[string]any, problems *problem.List) (*Type, any) {
	out := MapOf(nil)
	out.Keys = slices.Sorted(maps.Keys(m))
	values := make(map[string]any, len(m))
	for _, key := range out.Keys {
		elem, value := tableType(path+"."+key, m[key], problems)
		if out.Elem != nil && !out.Elem.same(elem) {
			problems.Add(path+"."+key, "V-17", "同一张表的值须为同一类型：此处为%s，前面为%s", elem.Kind, out.Elem.Kind)
			return out, values
		}
		if out.Elem != nil && elem.Kind == KindMap {
			elem.Keys = shared(out.Elem.Keys, elem.Keys)
		}
		out.Elem, values[key] = elem, value
	}
	if out.Elem == nil {
		problems.Add(path, "V-33", "表不得为空")
		out.Elem = invalidType
	}
	return out, values
}

// shared keeps the keys that every row of a nested table has: only those are sure to be found.
func shared(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(k string) bool { return !slices.Contains(b, k) })
}

func tierTable(path string, rows []any, problems *problem.List) tiers {
	out := make(tiers, 0, len(rows))
	for i, row := range rows {
		at := fmt.Sprintf("%s[%d]", path, i)
		step, err := readTier(row)
		if err != nil {
			problems.Add(at, "V-33", "分段须为 {upto: 整数或 null, factor: \"系数\"}：%v", err)
			continue
		}
		if last := i == len(rows)-1; (step.upto == 0) != last {
			problems.Add(at+".upto", "V-33", "最后一段且仅最后一段的 upto 为 null")
		} else if i > 0 && !last && len(out) > 0 && step.upto <= out[len(out)-1].upto {
			problems.Add(at+".upto", "V-33", "分段上限须递增")
		}
		out = append(out, step)
	}
	if len(rows) == 0 {
		problems.Add(path, "V-33", "分段表不得为空")
	}
	return out
}

func readTier(row any) (tier, error) {
	m, ok := row.(map[string]any)
	if !ok || len(m) != 2 {
		return tier{}, fmt.Errorf("须有且仅有 upto 与 factor")
	}
	upto, present := m["upto"]
	if !present {
		return tier{}, fmt.Errorf("缺少 upto")
	}
	var out tier
	switch n := upto.(type) {
	case nil:
	case int64:
		out.upto = n
	case int:
		out.upto = int64(n)
	default:
		return tier{}, fmt.Errorf("upto 须为整数")
	}
	if upto != nil && out.upto <= 0 {
		return tier{}, fmt.Errorf("upto 须大于 0")
	}
	factor, err := toDecimal(m["factor"])
	if err != nil {
		return tier{}, err
	}
	if factor.Sign() < 0 {
		return tier{}, fmt.Errorf("factor 不得为负")
	}
	out.factor = factor
	return out, nil
}

// weigh is tiered(n, tiers): the sum over the steps of (days in the step × factor).
// A count that is not positive weighs 0.
func (ts tiers) weigh(n int64) (Decimal, error) {
	sum := Decimal{}
	from := int64(0)
	for _, t := range ts {
		to := n
		if t.upto != 0 {
			to = min(n, t.upto)
		}
		if to <= from {
			break
		}
		part, err := NewDecimal(to - from).Mul(t.factor)
		if err != nil {
			return Decimal{}, err
		}
		if sum, err = sum.Add(part); err != nil {
			return Decimal{}, err
		}
		from = to
	}
	return sum, nil
}

// toDecimal reads a whole number, a decimal or its text.
func toDecimal(v any) (Decimal, error) {
	switch v := v.(type) {
	case Decimal:
		return v, nil
	case int64:
		return NewDecimal(v), nil
	case int:
		return NewDecimal(int64(v)), nil
	case string:
		return ParseDecimal(v)
	default:
		return Decimal{}, fmt.Errorf("%w: %v", ErrNotDecimal, cmp.Or(fmt.Sprintf("%T", v), "nil"))
	}
}
