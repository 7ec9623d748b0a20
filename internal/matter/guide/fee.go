package guide

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"zhengtong/internal/document/layout"
	"zhengtong/schema/kind"
)

// fee says what a matter costs, with the tables that a formula reads.
func (c *composer) fee() []Block {
	f := spec[kind.FeeSchedule](c, "FeeSchedule", c.matter.Spec.Fee)
	if f == nil {
		return nil
	}
	out := facts(Fact{"收费标准", f.Title}, Fact{"金额", charge(f)}, Fact{"依据", f.LegalBasis}, Fact{"缴费期限", due(f.Due)},
		Fact{"缴费方式", each("method", f.Methods)}, Fact{"退费", refund(f.Refund)})
	if t := c.rates(f); len(t.Rows) > 0 {
		out = append(out, Block{Text: "费率表中的金额以分为单位。"}, Block{Table: t})
	}
	var waived []string
	for _, w := range f.Waivers {
		waived = append(waived, cmp.Or(w.Title, w.ID)+"："+rate(w.Rate))
	}
	if len(waived) > 0 {
		out = append(out, Block{Text: "减免："}, Block{List: waived})
	}
	return out
}

func charge(f *kind.FeeSchedule) string {
	switch f.Charge {
	case "none":
		return "不收费"
	case "fixed":
		if fen, err := strconv.ParseInt(f.Amount, 10, 64); err == nil {
			return layout.Money(fen)
		}
	}
	return "按下列标准计算，受理后出具缴费单"
}

func due(d *kind.FeeDue) string {
	if d == nil {
		return ""
	}
	from := map[string]string{"bill_issued": "缴费单开出", "decided": "作出决定"}[d.From]
	return from + "后" + limit(&d.Limit) + "内"
}

func refund(r *kind.Refund) string {
	switch {
	case r == nil:
		return ""
	case !r.Allowed:
		return "不退费"
	case r.Within != nil:
		return "符合退费情形的，" + limit(r.Within) + "内退回"
	}
	return "符合退费情形的可以退回"
}

// rate says a share of the amount: 0.5 is half.
func rate(r string) string {
	share, err := strconv.ParseFloat(r, 64)
	switch {
	case err != nil:
		return r
	case share == 0:
		return "免收"
	}
	return "按 " + strconv.FormatFloat(share*100, 'f', -1, 64) + "% 收取"
}

// rates lists the tables of a schedule: amounts in fen as the schedule counts, factors as declared.
func (c *composer) rates(f *kind.FeeSchedule) *Table {
	t := &Table{Head: []string{"费率表", "档次", "数值"}, Shares: []int{4, 6, 4}}
	for _, name := range slices.Sorted(maps.Keys(f.Tables)) {
		c.rateRows(t, name, "", f.Tables[name])
	}
	return t
}

// maxRates bounds the table: a guide shows rates, not a tariff of thousands of lines.
const maxRates = 200

func (c *composer) rateRows(t *Table, name, at string, value any) {
	if len(t.Rows) >= maxRates {
		return
	}
	switch v := value.(type) {
	case map[string]any:
		if upto, tiered := v["upto"]; tiered && len(v) == 2 {
			step := "以上"
			if upto != nil {
				step = fmt.Sprintf("至 %v", upto)
			}
			t.Rows = append(t.Rows, []string{name, strings.TrimSpace(at + " " + step), fmt.Sprint(v["factor"])})
			return
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			c.rateRows(t, name, strings.TrimPrefix(at+"，"+c.option(key), "，"), v[key])
		}
	case []any:
		for i, one := range v {
			place := at
			if _, isMap := one.(map[string]any); !isMap {
				place = strings.TrimPrefix(fmt.Sprintf("%s，%d", at, i+1), "，")
			}
			c.rateRows(t, name, place, one)
		}
	default:
		t.Rows = append(t.Rows, []string{name, at, fmt.Sprint(v)})
	}
}

// option is what the form calls a choice; the choice itself when it gives it no other name.
func (c *composer) option(value string) string {
	if c.matter.FormSpec == nil {
		return value
	}
	c.parts["Form/"+c.matter.Spec.Form] = true
	fields, _ := c.matter.FormSpec.Schema["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		declared, _ := fields[name].(map[string]any)
		titles, _ := declared["x-enum-titles"].(map[string]any)
		if title, ok := titles[value].(string); ok {
			return title
		}
	}
	return value
}
