package fee_test

import (
	"encoding/json"
	"fmt"

	"zhengtong/internal/expr"
	"zhengtong/internal/fee"
)

// A bill carries its computation line by line.
func ExampleSchedule_Compute() {
	var spec fee.Spec
	if err := json.Unmarshal([]byte(`{
		"charge": "formula",
		"tables": {"tiers": [{"upto": 30, "factor": "1.0"}, {"upto": null, "factor": "1.2"}]},
		"inputs": {"weighted": "tiered(form.days, tables.tiers)"},
		"amount": "weighted * form.area_sqm * 100",
		"rounding": {"mode": "half_up", "to": "yuan"},
		"tests": [{"form": {"days": 40, "area_sqm": 0.5}, "expect_fen": 2100}]
	}`), &spec); err != nil {
		panic(err)
	}
	form := expr.Object(map[string]expr.Field{"days": {Type: expr.Int()}, "area_sqm": {Type: expr.Number()}})
	schedule, problems := fee.Compile(spec, fee.Env{Form: form})
	fmt.Print(problems)
	bill, err := schedule.Compute(fee.Input{Form: map[string]any{"days": int64(40), "area_sqm": expr.MustDecimal("3.333")}})
	fmt.Println(bill.Fen, err)
	for _, line := range bill.Trace {
		fmt.Println(line.Step, line.Name, line.Value)
	}
	// Output:
	// 14000 <nil>
	// input weighted 42
	// amount amount 13998.6
	// rounding yuan 14000
}
