package fee

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"zhengtong/internal/expr"
	"zhengtong/internal/form"
)

// maxProbes bounds the samples that a schedule is tried on when it is published.
const maxProbes = 1500

// Values that a field of a number is tried with, as far as the form accepts them: about
// nothing, the usual steps of tariffs, and far beyond.
var (
	wholeSamples   = []int64{-1, 0, 1, 2, 7, 10, 30, 31, 90, 91, 365, 1000, 100_000, 1_000_000}
	decimalSamples = []string{"-1", "0", "0.001", "0.01", "1", "9.99", "10", "100", "1000", "100000", "1000000"}
)

// probe tries the schedule on forms at the edges of what the form accepts, beyond its
// own tests: an amount below nothing and a computation that fails are errors (V-33),
// two waivers of one rate that hold together a warning, since only one is named on the bill.
func (c *compiler) probe() {
	if c.env.Accepts == nil || c.spec.Charge == None {
		return
	}
	said := map[string]bool{}
	once := func(what string, report func()) {
		if !said[what] {
			said[what] = true
			report()
		}
	}
	for _, data := range c.samples() {
		in := Input{Form: form.Defaults(c.env.Form, data), Applicant: map[string]any{"type": "enterprise", "name": "甲", "level": "L2", "is_agent": false}, Calendar: c.env.Calendar}
		_, err := c.out.Compute(in)
		switch {
		case errors.Is(err, ErrNegative):
			once("negative", func() {
				c.problems.Add("$.amount", "V-33", "表单允许的内容会算出负数：%s（%v）", shown(data), err)
			})
		case err != nil:
			once("failure", func() {
				c.problems.Add("$.amount", "V-33", "表单允许的内容无法计算：%s（%v）", shown(data), err)
			})
		}
		if pair := c.tie(in); err == nil && pair != "" {
			once(pair, func() {
				c.problems.Warn("$.waivers", "V-33", "减免 %s 的比例相同，会同时成立：%s", pair, shown(data))
			})
		}
	}
}

// tie names two waivers without approval that hold together at the lowest rate; "" when there are none.
func (c *compiler) tie(in Input) string {
	var best []waiver
	input := expr.Input{Calendar: in.Calendar, Vars: map[string]any{"form": in.Form, "applicant": in.Applicant}}
	for _, w := range c.out.waivers {
		holds, err := w.when.Bool(input)
		if err != nil || !holds || w.Approval != "" {
			continue
		}
		switch {
		case len(best) == 0 || w.Rate.Cmp(best[0].Rate) < 0:
			best = []waiver{w}
		case w.Rate.Cmp(best[0].Rate) == 0:
			best = append(best, w)
		}
	}
	if len(best) < 2 {
		return ""
	}
	return fmt.Sprintf("%q 与 %q", best[0].ID, best[1].ID)
}

// samples are forms of the fields that the schedule reads, in all combinations of values
// at the edges, or as many of them, evenly picked, as there is time for.
func (c *compiler) samples() []form.Data {
	fields := c.read()
	choices := make([][]any, len(fields))
	total := 1
	for i, field := range fields {
		f, _ := c.env.Form.Field(field)
		for _, value := range sampleValues(f) {
			if value == nil || c.env.Accepts(nest(form.Data{}, field, value)) {
				choices[i] = append(choices[i], value)
			}
		}
		if len(choices[i]) == 0 {
			return nil // nothing known that the field would take
		}
		total = min(total*len(choices[i]), 1<<40)
	}
	step := max(1, total/maxProbes)
	if step > 1 && step%2 == 0 {
		step++ // an odd step does not fall in with the many even numbers of choices
	}
	var out []form.Data
	for n := 0; n < total; n += step {
		data, rest := form.Data{}, n
		for i, field := range fields {
			if value := choices[i][rest%len(choices[i])]; value != nil {
				data = nest(data, field, value)
			}
			rest /= len(choices[i])
		}
		if c.env.Accepts(data) {
			out = append(out, data)
		}
	}
	return out
}

// read lists the fields of the form that inputs, amount and waivers read; a list, or what lies inside one, is left out.
func (c *compiler) read() []string {
	found := map[string]bool{}
	add := func(p *expr.Program) {
		for _, path := range p.Reads() {
			field, ok := strings.CutPrefix(path, "form.")
			if f, known := c.env.Form.Field(field); ok && known && plain(f.Type) {
				found[field] = true
			}
		}
	}
	for _, i := range c.out.inputs {
		add(i.program)
	}
	add(c.out.amount)
	for _, w := range c.out.waivers {
		add(w.when)
	}
	return slices.Sorted(maps.Keys(found))
}

func plain(t *expr.Type) bool {
	switch t.Kind {
	case expr.KindBool, expr.KindInt, expr.KindDecimal, expr.KindString, expr.KindDate:
		return true
	}
	return false
}

// sampleValues are what a field is tried with; nil stands for leaving it out.
func sampleValues(f expr.Field) []any {
	var out []any
	switch f.Type.Kind {
	case expr.KindBool:
		out = []any{false, true}
	case expr.KindInt:
		for _, n := range wholeSamples {
			out = append(out, n)
		}
	case expr.KindDecimal:
		for _, d := range decimalSamples {
			out = append(out, expr.MustDecimal(d))
		}
	case expr.KindDate:
		out = []any{"2026-01-05", "2026-12-31"}
	case expr.KindString:
		for _, value := range f.Type.Enum[:min(len(f.Type.Enum), 24)] {
			out = append(out, value)
		}
		if f.Type.Enum == nil {
			out = []any{"甲"}
		}
	}
	if f.Optional {
		out = append(out, nil)
	}
	return out
}

// nest sets a value at a dotted path of a copy of the data.
func nest(data form.Data, path string, value any) form.Data {
	out := maps.Clone(data)
	name, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		out[name] = value
		return out
	}
	inner, _ := out[name].(map[string]any)
	if inner == nil {
		inner = map[string]any{}
	}
	out[name] = map[string]any(nest(inner, rest, value))
	return out
}

// shown writes a sample for the author of the schedule.
func shown(data form.Data) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(data)) {
		out = append(out, fmt.Sprintf("%s: %v", name, data[name]))
	}
	return strings.Join(out, "、")
}
