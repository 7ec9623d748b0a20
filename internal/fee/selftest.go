package fee

import (
	"encoding/json"
	"errors"
	"fmt"

	"zhengtong/internal/expr"
	"zhengtong/internal/form"
)

// runTests executes the schedule's own tests (V-33) and holds every refund case that
// applies to one of them to what was paid (V-34).
func (c *compiler) runTests() {
	if c.spec.Charge == Formula && len(c.spec.Tests) == 0 {
		c.problems.Add("$.tests", "V-33", "公式收费须附测试")
	}
	for i, t := range c.spec.Tests {
		c.runTest(fmt.Sprintf("$.tests[%d]", i), t)
	}
}

func (c *compiler) runTest(path string, t Test) {
	code := "V-33"
	if t.Refund != "" {
		code = "V-34"
	}
	in, ok := c.testInput(path, t)
	if !ok {
		return
	}
	bill, err := c.out.Compute(in.Input)
	if err != nil {
		c.problems.Add(path, code, "测试无法计算：%v", err)
		return
	}
	in.PaidFen = bill.Fen
	got := bill.Fen
	if t.Refund != "" {
		in.Ground = t.Refund
		refund, err := c.out.Refund(in)
		if err != nil {
			c.problems.Add(path+".refund", "V-34", "退费无法计算：%v", err)
			return
		}
		got = refund.Fen
	}
	if got != t.ExpectFen {
		c.problems.Add(path+".expect_fen", code, "应为 %d 分，算得 %d 分", t.ExpectFen, got)
	}
	c.checkRefunds(path, in)
}

// checkRefunds tries the other refund cases on the test's data.
func (c *compiler) checkRefunds(path string, in RefundInput) {
	for _, r := range c.out.refunds {
		in.Ground = r.id
		if _, err := c.out.Refund(in); errors.Is(err, ErrExceedsPaid) {
			c.problems.Add(path, "V-34", "情形 %q 退还的多于已缴的：%v", r.id, err)
		}
	}
}

func (c *compiler) testInput(path string, t Test) (RefundInput, bool) {
	in := RefundInput{Input: Input{Applicant: t.Applicant, Calendar: c.env.Calendar}}
	ok := true
	read := func(field string, typ *expr.Type, text json.RawMessage) map[string]any {
		if len(text) == 0 {
			return map[string]any{}
		}
		data, err := form.DecodeAs(typ, text)
		if err != nil {
			c.problems.Add(path+"."+field, "V-33", "%v", err)
			ok = false
			return nil
		}
		for name := range data {
			if typ != nil && typ.Fields != nil && !known(typ, name) {
				c.problems.Add(path+"."+field+"."+name, "V-33", "没有字段 %q", name)
				ok = false
			}
		}
		return data
	}
	facts := expr.Object(c.env.Facts)
	in.Form = read("form", c.env.Form, t.Form)
	in.Facts = read("facts", facts, t.Facts)
	in.Case = read("case", nil, t.Case)
	if ok {
		in.Form = form.Defaults(c.env.Form, in.Form)
	}
	return in, ok
}

func known(t *expr.Type, name string) bool { _, ok := t.Fields[name]; return ok }
