package form

import (
	"strings"

	"zhengtong/internal/expr"
	"zhengtong/internal/problem"
)

// checkRules evaluates every rule on data that satisfy the schema.
func (f *Form) checkRules(d Data, c Circumstances) problem.List {
	var out problem.List
	in := c.input(d)
	for _, r := range f.rules {
		ok, err := r.program.Bool(in)
		switch {
		case err != nil:
			out = append(out, r.problem("无法判断：", "数值超出范围或除数为零"))
		case !ok:
			out = append(out, r.problem("", ""))
		}
	}
	return out
}

// checkRulesPartly evaluates the rules whose result is certain on incomplete data.
func (f *Form) checkRulesPartly(d Data, c Circumstances) problem.List {
	var out problem.List
	in := c.input(d)
	for _, r := range f.rules {
		if truth, err := r.program.EvalPartial(in); err == nil && truth == expr.False {
			out = append(out, r.problem("", ""))
		}
	}
	return out
}

// problem points at the one field the rule reads, or at the whole form.
func (r rule) problem(prefix, hint string) problem.Problem {
	path := "$"
	var fields []string
	for _, read := range r.program.Reads() {
		if field, ok := strings.CutPrefix(read, "form."); ok {
			fields = append(fields, field)
		}
	}
	if len(fields) == 1 {
		path += "." + fields[0]
	}
	return problem.Problem{Path: path, Code: "rule:" + r.ID, Message: prefix + r.Message, Hint: hint, Severity: r.Severity}
}

// Visible tells of each section, in order, whether it is shown: Unknown while that
// depends on fields not yet filled.
func (f *Form) Visible(d Data, c Circumstances) ([]expr.Truth, error) {
	out := make([]expr.Truth, len(f.sections))
	in := c.input(d)
	for i, s := range f.sections {
		out[i] = expr.True
		if s.show == nil {
			continue
		}
		truth, err := s.show.EvalPartial(in)
		if err != nil {
			return nil, err
		}
		out[i] = truth
	}
	return out, nil
}
