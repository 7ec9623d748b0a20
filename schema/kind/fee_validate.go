package kind

import (
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
)

// validate checks V-12, V-33 and V-34 as far as one document shows; the tests are run by the fee compiler.
func (f *FeeSchedule) validate(v *visit) {
	if f.Charge == "none" {
		for _, name := range []string{"amount", "payee", "inputs", "waivers", "refund"} {
			if v.has(name) {
				v.fail(name, "V-33", "charge: formula 或 fixed", "不收费而写了 %s", name)
			}
		}
		return
	}
	need := func(missing bool, name string) {
		if missing {
			v.fail(name, "V-33", "", "收费须写明 %s", name)
		}
	}
	need(f.Amount == "", "amount")
	need(f.Payee == nil, "payee")
	need(f.Rounding == nil, "rounding")
	need(f.Charge == "formula" && len(f.Tests) == 0, "tests")
	f.validateInputs(v)
	f.validateRefund(v)
	for i, w := range f.Waivers {
		if rate, ok := new(big.Rat).SetString(w.Rate); !ok || rate.Sign() < 0 || rate.Cmp(big.NewRat(1, 1)) > 0 {
			v.fail(at("waivers", i)+".rate", "V-33", "0.0 至 1.0", "减免比例 %s 不在 0 与 1 之间", w.Rate)
		}
	}
	if a := f.Adjust; a != nil && a.RequestRole == a.ApproveRole {
		v.fail("adjust.approve_role", "V-27", "", "提出和批准调整不得是同一角色")
	}
}

func (f *FeeSchedule) validateInputs(v *visit) {
	for _, name := range sortedKeys(anyMap(f.Inputs)) {
		if !variable.MatchString(name) {
			v.fail("inputs."+name, "V-01", "", "中间量的名称应为小写字母、数字和下划线")
		}
	}
	if _, err := f.OrderedInputs(); err != nil {
		v.fail("inputs", "V-33", "", "%s", err)
	}
}

func (f *FeeSchedule) validateRefund(v *visit) {
	if f.Refund == nil || !f.Refund.Allowed {
		return
	}
	if len(f.Refund.Cases) == 0 {
		v.fail("refund.cases", "V-34", "", "允许退费须写明情形")
	}
	if f.Refund.ApproveRole == "" {
		v.fail("refund.approve_role", "V-34", "", "允许退费须写明批准角色")
	}
	var ids []string
	for _, c := range f.Refund.Cases {
		ids = append(ids, c.ID)
	}
	for i, t := range f.Tests {
		if t.Refund != "" && !slices.Contains(ids, t.Refund) {
			v.fail(at("tests", i)+".refund", "V-34", suggest(t.Refund, ids), "没有退费情形 %q", t.Refund)
		}
	}
}

// FeeInput is one intermediate value.
type FeeInput struct{ Name, Expr string }

// OrderedInputs returns the inputs so that each comes after those it uses. A map
// in YAML has no order that survives canonical JSON, so the order is derived.
// It returns an error when inputs depend on each other in a circle.
func (f *FeeSchedule) OrderedInputs() ([]FeeInput, error) {
	var out []FeeInput
	done := map[string]bool{}
	for len(out) < len(f.Inputs) {
		before := len(out)
		for _, name := range slices.Sorted(maps.Keys(f.Inputs)) {
			if !done[name] && !usesAny(f.Inputs[name], f.Inputs, done) {
				done[name] = true
				out = append(out, FeeInput{Name: name, Expr: f.Inputs[name]})
			}
		}
		if len(out) == before {
			return nil, fmt.Errorf("中间量互相引用成环")
		}
	}
	return out, nil
}

var bareName = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\.?[A-Za-z_][A-Za-z0-9_]*`)

// usesAny reports whether an expression names an input that is not yet done. Names after a dot and in quotes do not count.
func usesAny(expr string, inputs map[string]string, done map[string]bool) bool {
	for _, word := range bareName.FindAllString(expr, -1) {
		if _, isInput := inputs[word]; isInput && !done[word] {
			return true
		}
	}
	return false
}
