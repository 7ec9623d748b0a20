package expr_test

import (
	"fmt"

	"zhengtong/internal/expr"
)

// A rule of a form is compiled against the form's type and evaluated on its data.
func Example() {
	form := expr.Object(map[string]expr.Field{
		"area_sqm": {Type: expr.Number()},
		"website":  {Type: expr.Text(), Optional: true},
	})
	env, err := expr.NewEnv(expr.Spec{Context: expr.FormCondition, Form: form})
	if err != nil {
		panic(err)
	}
	_, problems := env.Compile("form.area_sqm > 30 && form.website != ''")
	fmt.Print(problems)

	rule, _ := env.Compile("form.area_sqm * 3 == 9.999")
	ok, err := rule.Bool(expr.Input{Vars: map[string]any{"form": map[string]any{"area_sqm": expr.MustDecimal("3.333")}}})
	fmt.Println(ok, err)
	// Output:
	// form.website 可能没有填写，须先用 has() 判断 (写作 has(form.website) && …) [V-16]
	// true <nil>
}
