package fee

import (
	"encoding/json"
	"strings"
	"testing"

	"zhengtong/internal/form"
)

// V-33: what a schedule's own tests do not show is found at the edges of its form, and
// only there: a form that keeps the edges away hears nothing.
func TestProbe(t *testing.T) {
	const formText = `{"schema": {"type": "object", "required": ["area", "kind"], "properties": {
		"area": {"type": "number", "title": "面积", "minimum": MIN}, "kind": {"type": "string", "title": "类别", "enum": ["big", "small"]},
		"old": {"type": "boolean", "title": "旧", "default": false}, "floor": {"type": "integer", "title": "楼层"}}},
		"rules": [{"id": "small", "expr": "form.kind == 'big' || form.area <= 50.0", "message": "小的不超过 50"}]}`
	const spec = `{"charge": "formula", "rounding": {"mode": "half_up", "to": "fen"}, "amount": AMOUNT, "waivers": WAIVERS,
		"tests": [{"form": {"area": 100, "kind": "big"}, "expect_fen": EXPECT}]}`
	for name, c := range map[string]struct{ min, amount, waivers, expect, want string }{
		"fine":                 {"0", `"form.area * 3"`, `[]`, "300", ""},
		"below nothing":        {"0", `"form.area * 3 - 3"`, `[]`, "297", "area: 0"},
		"kept away":            {"1", `"form.area * 3 - 3"`, `[]`, "297", ""},
		"divided by nothing":   {"0", `"dec(100) / form.area"`, `[]`, "1", "无法计算：area: 0"},
		"a rule keeps it away": {"1", `"form.kind == 'small' ? 60 - form.area : form.area"`, `[]`, "100", ""},
		"no lower bound":       {"-5", `"form.area * 3"`, `[]`, "300", "area: -1"},
		"optional":             {"1", `"has(form.floor) ? form.area - form.floor : form.area"`, `[]`, "100", "floor: "},
		"two waivers":          {"1", `"form.area"`, `[{"id": "a", "when": "form.old", "rate": "0.5"}, {"id": "b", "when": "form.area > 50.0", "rate": "0.5"}]`, "50", `"a" 与 "b"`},
		"one is lower":         {"1", `"form.area"`, `[{"id": "a", "when": "form.old", "rate": "0.4"}, {"id": "b", "when": "form.area > 50.0", "rate": "0.5"}]`, "50", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var declared form.Spec
			if err := json.Unmarshal([]byte(strings.Replace(formText, "MIN", c.min, 1)), &declared); err != nil {
				t.Fatal(err)
			}
			f, problems := form.Compile(declared, form.Options{})
			if f == nil {
				t.Fatal(problems)
			}
			var s Spec
			text := strings.NewReplacer("AMOUNT", c.amount, "WAIVERS", c.waivers, "EXPECT", c.expect).Replace(spec)
			if err := json.Unmarshal([]byte(text), &s); err != nil {
				t.Fatal(err)
			}
			accepts := func(d form.Data) bool { return !f.ValidateDraft(d, form.Circumstances{}).HasErrors() }
			_, problems = Compile(s, Env{Form: f.Type(), Accepts: accepts})
			switch {
			case c.want == "" && len(problems) > 0:
				t.Error(problems)
			case c.want != "" && (!problems.Has("V-33") || !strings.Contains(problems.String(), c.want)):
				t.Errorf("want %s, got\n%s", c.want, problems)
			}
			if _, problems := Compile(s, Env{Form: f.Type()}); len(problems) > 0 {
				t.Errorf("found without looking at the form: %s", problems)
			}
		})
	}
}
