package expr

import (
	"strings"
	"testing"

	"zhengtong/internal/problem"
)

// What publication refuses (V-16, V-17, V-18), where, and in which words. The column is
// that of the offending part; warnings leave a program.
func TestProblems(t *testing.T) {
	cases := []struct {
		src     string
		column  int
		code    string
		message string
	}{
		{"", 1, "V-17", "为空"},
		{"form.area_sqm >", 16, "V-17", "语法错误"},
		{"form.aera_sqm > 1", 5, "V-16", `没有字段 "aera_sqm" (是否想写 "area_sqm"？)`},
		{"1 > frm.days", 5, "V-16", `没有变量 "frm" (是否想写 "form"？)`},
		{"has(form.agent) && form.agent.nmae == 'x'", 30, "V-16", `是否想写 "name"`},
		{"form.days", 5, "V-17", "此处须得到布尔，表达式得到整数"},
		{"form.days == 'x'", 11, "V-17", "== 不能用于 (整数, 文本)"},
		{"form.start_date > 3", 17, "V-17", "> 不能用于 (日期, 整数)"},
		{"form.area_sqm + form.start_date > form.start_date", 15, "V-17", "+ 不能用于 (数值, 日期)"},
		{"add_workdays(form.days, 3) > today", 13, "V-17", "add_workdays 不能用于 (整数, 整数)"},
		// optional fields only under has()
		{"form.website == 'x'", 5, "V-16", "须先用 has() 判断"},
		{"has(form.website) || form.website == 'x'", 26, "V-16", "has(form.website)"},
		{"!has(form.website) && form.website == 'x'", 27, "V-16", "has(form.website)"},
		{"has(form.agent) && form.website == 'x'", 24, "V-16", "has(form.website)"},
		{"has(form.agent) && form.agent.phone == 'x'", 30, "V-16", "has(form.agent.phone)"},
		{"form.rows.exists(r, r.n > 1)", 5, "V-16", "has(form.rows)"},
		{"has(form.rows) && form.rows.exists(r, r.note == 'x')", 40, "V-16", "has(r.note)"},
		{"has(form.rows) && form.rows.exists(r, has(r.note)) && form.rows.all(r, r.note == '')", 73, "V-16", "has(r.note)"},
		{"has(applicant.uscc) ? true : applicant.uscc == ''", 39, "V-16", "has(applicant.uscc)"},
		{"form.notes.k == 'v'", 11, "V-16", "has(form.notes.k)"},
		// enumerations
		{"form.road_class == 'artery'", 20, "V-16", `"artery" 不是可取的值`},
		{"'artery' != form.road_class", 1, "V-16", `"artery" 不是可取的值`},
		{"form.road_class in ['branch', 'x']", 31, "V-16", `"x" 不是可取的值`},
		{"'x' in form.categories", 1, "V-16", `"x" 不是可取的值`},
		{"form.categories == ['fish']", 21, "V-16", `"fish" 不是可取的值`},
		{"form.categories.exists(c, c == 'fish')", 32, "V-16", `"fish" 不是可取的值`},
		{"form.categories.filter(c, c != 'bulk').exists(d, d == 'fish')", 55, "V-16", `"fish" 不是可取的值`},
		{"applicant.type == 'company'", 19, "V-16", `"company" 不是可取的值`},
		{"{'arterial': 1, 'branch': 2}[form.road_class] > 1", 34, "V-16", `表中没有 "secondary"`},
		// functions and literals
		{"form.contact_phone.startWith('1')", 29, "V-16", `是否想写 "startsWith"`},
		{"size(timestamp('2026-01-01T00:00:00Z')) > 1", 15, "V-16", `没有函数 "timestamp"`},
		{"form.contact_phone.matches('(?=a)')", 28, "V-18", "不是 RE2"},
		{"form.contact_phone.matches(form.contact_phone)", 32, "V-18", "须为文本字面量"},
		{"date('2026-02-30') > today", 6, "V-17", "2026-02-30"},
		{"date(form.contact_phone) > today", 10, "V-17", "须为文本字面量"},
		{"action_of('review') == 'agree'", 11, "V-16", "没有节点"},
		{"form.area_sqm > dec('1,5')", 21, "V-17", `"1,5" 不是十进制数`},
		{"form == form", 6, "V-17", "对象不能比较"},
		{"form.categories.map(c, c).size() > 1", 20, "V-16", `没有函数 "map"`},
		{"form.days == 1u", 14, "V-17", "不支持的字面量"},
		{"form.days == null", 14, "V-17", "不支持的字面量"},
		{"[1, 'a'].size() > 1", 1, "V-17", "同一类型"},
		{"(form.days > 1 ? 'a' : 2) == 'a'", 16, "V-17", "同一类型"},
		{"form.categories.all(c, form.categories.all(d, form.categories.all(e, c == d && d == e)))", 1, "V-17", "开销"},
		{strings.Repeat("(", 60) + "true" + strings.Repeat(")", 60), 0, "V-17", "语法错误"},
	}
	e := newEnv(t, Spec{Context: FormCondition})
	for _, c := range cases {
		p, problems := e.Compile(c.src)
		if p != nil || len(problems) != 1 {
			t.Errorf("%s: program %v, problems\n%s", c.src, p != nil, problems)
			continue
		}
		got := problems[0]
		if got.Code != c.code || got.Line != 1 || c.column != 0 && got.Column != c.column || !strings.Contains(got.String(), c.message) {
			t.Errorf("%s\ngot  %d:%d %s\nwant 1:%d %s [%s]", c.src, got.Line, got.Column, got, c.column, c.message, c.code)
		}
	}
}

func TestWarnings(t *testing.T) {
	e := newEnv(t, Spec{Context: FormCondition})
	for src, message := range map[string]string{
		"form.days / 2 > 1":                        "舍去小数",
		"form.categories[0] == 'bulk'":             "越界",
		"{'a': 1, 'b': 2}[form.contact_phone] > 1": "不在表中",
	} {
		p, problems := e.Compile(src)
		if p == nil || len(problems) != 1 || problems[0].Severity != problem.SeverityWarning || !strings.Contains(problems[0].Message, message) {
			t.Errorf("%s: %v\n%s", src, p != nil, problems)
		}
	}
}

// Every problem is reported, not the first only, in the order of the text.
func TestProblemsAreCollected(t *testing.T) {
	e := newEnv(t, Spec{Context: FormCondition})
	_, problems := e.Compile("form.aera_sqm > 1 &&\n  form.website == 'x' && form.road_class == 'y'")
	var got []string
	for _, p := range problems {
		got = append(got, p.Code)
	}
	if len(problems) != 3 || problems[0].Line != 1 || problems[1].Line != 2 || problems[1].Column > problems[2].Column {
		t.Errorf("%v\n%s", got, problems)
	}
}

func TestNewEnvRefusesUnknownContext(t *testing.T) {
	if _, err := NewEnv(Spec{Context: "x"}); err == nil {
		t.Error("an unknown context is accepted")
	}
	if _, err := NewEnv(Spec{Context: EventRule, Subject: "weather"}); err == nil {
		t.Error("an unknown subject is accepted")
	}
}

func TestHint(t *testing.T) {
	names := []string{"review", "decide", "issue"}
	if got := Hint("reveiw", names); !strings.Contains(got, `"review"`) {
		t.Error(got)
	}
	if got := Hint("zzzzzz", names); got != "" {
		t.Error(got)
	}
}
