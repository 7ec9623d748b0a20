package fee

import (
	"fmt"
	"maps"
	"slices"

	"zhengtong/internal/expr"
	"zhengtong/internal/form"
	"zhengtong/internal/problem"
)

// Schedule is a compiled fee schedule.
type Schedule struct {
	charge   Charge
	inputs   []input // in the order they are computed
	amount   *expr.Program
	rounding Rounding
	waivers  []waiver
	refunds  []refundCase
}

type input struct {
	name    string
	program *expr.Program
}

type waiver struct {
	Waiver
	when *expr.Program
}

type refundCase struct {
	id     string
	when   *expr.Program
	amount *expr.Program
}

// compiler gathers problems while it builds a schedule.
type compiler struct {
	spec     Spec
	env      Env
	tables   *expr.Tables
	out      *Schedule
	problems problem.List
}

// Compile checks and compiles a schedule and runs its tests. The schedule is nil when
// a problem of severity error was found: V-16 and V-17 in expressions, V-33 and V-34
// in amounts and tests; paths are those of the resource's spec.
func Compile(spec Spec, env Env) (*Schedule, problem.List) {
	c := &compiler{spec: spec, env: env, out: &Schedule{charge: spec.Charge}}
	switch spec.Charge {
	case None:
		return c.out, nil
	case Fixed, Formula:
	default:
		c.problems.Add("$.charge", "V-33", "须为 none、fixed 或 formula")
		return nil, c.problems
	}
	if spec.Unit != "" && spec.Unit != string(Fen) {
		c.problems.Add("$.unit", "V-33", "金额以分（fen）计算")
	}
	c.readTables()
	c.readRounding()
	c.readInputs()
	c.out.amount = c.compile("$.amount", string(spec.Amount), expr.Spec{Context: expr.FeeAmount, Inputs: c.inputNames()}, nil)
	c.readWaivers()
	c.readRefund()
	if !c.problems.HasErrors() {
		c.runTests()
	}
	if !c.problems.HasErrors() {
		c.probe()
	}
	if c.problems.HasErrors() {
		return nil, c.problems.Sorted()
	}
	return c.out, c.problems.Sorted()
}

// compile fills in what every context of a schedule shares.
func (c *compiler) compile(path, src string, spec expr.Spec, given *expr.Program) *expr.Program {
	spec.Form, spec.Facts, spec.Tables, spec.ServiceObjects = c.env.Form, c.env.Facts, c.tables, c.env.ServiceObjects
	env, err := expr.NewEnv(spec)
	if err != nil {
		c.problems.Add(path, "V-17", "%v", err)
		return nil
	}
	program, problems := env.CompileAfter(src, given)
	c.problems = append(c.problems, expr.At(problems, path)...)
	return program
}

func (c *compiler) readTables() {
	if len(c.spec.Tables) == 0 || string(c.spec.Tables) == "null" {
		return
	}
	declared, err := form.DecodeAs(nil, c.spec.Tables)
	if err != nil {
		c.problems.Add("$.tables", "V-33", "无法读取：%v", err)
		return
	}
	var problems problem.List
	c.tables, problems = expr.NewTables(declared)
	c.problems = append(c.problems, problems...)
}

func (c *compiler) readRounding() {
	r := c.spec.Rounding
	if r == nil {
		c.problems.Add("$.rounding", "V-33", "须声明舍入方式 {mode, to}")
		return
	}
	if !r.Mode.Valid() {
		c.problems.Add("$.rounding.mode", "V-33", "须为 half_up、half_even、down 或 up")
	}
	if _, ok := places[r.To]; !ok {
		c.problems.Add("$.rounding.to", "V-33", "须为 fen、jiao 或 yuan")
	}
	c.out.rounding = *r
}

// readInputs orders the inputs by who uses whom: canonical JSON keeps no order of
// keys, and an input may use any other as long as there is no circle.
func (c *compiler) readInputs() {
	uses := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(c.spec.Inputs)) {
		path := "$.inputs." + name
		if slices.Contains([]string{"form", "tables", "applicant", "facts", "case", "paid", "fee"}, name) {
			c.problems.Add(path, "V-33", "%q 已是变量的名称", name)
		}
		names, problems := expr.Variables(c.spec.Inputs[name])
		c.problems = append(c.problems, expr.At(problems, path)...)
		uses[name] = slices.DeleteFunc(names, func(n string) bool { _, ok := c.spec.Inputs[n]; return !ok })
	}
	for len(uses) > 0 && !c.problems.HasErrors() {
		next := ready(uses)
		if next == "" {
			c.problems.Add("$.inputs", "V-33", "输入项互相引用成环：%v", slices.Sorted(maps.Keys(uses)))
			return
		}
		spec := expr.Spec{Context: expr.FeeInput, Inputs: c.inputNames()}
		program := c.compile("$.inputs."+next, c.spec.Inputs[next], spec, nil)
		c.out.inputs = append(c.out.inputs, input{next, program})
		delete(uses, next)
	}
}

// ready returns the first name whose uses are all computed.
func ready(uses map[string][]string) string {
	for _, name := range slices.Sorted(maps.Keys(uses)) {
		if !slices.ContainsFunc(uses[name], func(n string) bool { _, waits := uses[n]; return waits }) {
			return name
		}
	}
	return ""
}

func (c *compiler) inputNames() []string {
	out := make([]string, len(c.out.inputs))
	for i, in := range c.out.inputs {
		out[i] = in.name
	}
	return out
}

func (c *compiler) readWaivers() {
	seen := map[string]bool{}
	for i, w := range c.spec.Waivers {
		path := fmt.Sprintf("$.waivers[%d]", i)
		if w.ID == "" || seen[w.ID] {
			c.problems.Add(path+".id", "V-33", "减免须有不重复的 id")
		}
		seen[w.ID] = true
		if w.Rate.Sign() < 0 || w.Rate.Cmp(expr.NewDecimal(1)) > 0 {
			c.problems.Add(path+".rate", "V-33", "收取比例须在 0 与 1 之间")
		}
		c.out.waivers = append(c.out.waivers, waiver{w, c.compile(path+".when", w.When, expr.Spec{Context: expr.FeeWaiver}, nil)})
	}
}

func (c *compiler) readRefund() {
	r := c.spec.Refund
	if r == nil || !r.Allowed {
		return
	}
	if len(r.Cases) == 0 {
		c.problems.Add("$.refund.cases", "V-34", "允许退费须写明情形")
	}
	seen := map[string]bool{}
	for i, rc := range r.Cases {
		path := fmt.Sprintf("$.refund.cases[%d]", i)
		if rc.ID == "" || seen[rc.ID] {
			c.problems.Add(path+".id", "V-34", "退费情形须有不重复的 id")
		}
		seen[rc.ID] = true
		when := c.compile(path+".when", rc.When, expr.Spec{Context: expr.RefundCondition}, nil)
		amount := c.compile(path+".amount", string(rc.Amount), expr.Spec{Context: expr.RefundAmount}, when)
		c.out.refunds = append(c.out.refunds, refundCase{rc.ID, when, amount})
	}
}
