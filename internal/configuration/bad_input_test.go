package configuration_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"zhengtong/internal/configuration"
	"zhengtong/schema/kind"
)

// aForm is a form with one more property and, after its sections, more fields.
func aForm(property, more string) string {
	return `apiVersion: zhengtong/v1
kind: Form
metadata: {tenant: "110101", name: bad-form}
spec:
  title: 表单
  schema:
    type: object
    properties:
      name: {type: string, title: 名称}
` + property + `
  ui: {sections: [{title: 一, fields: [name]}]}
` + more + "\n"
}

func aRole(spec string) string {
	return "apiVersion: zhengtong/v1\nkind: Role\nmetadata: {tenant: \"110101\", name: bad}\nspec: " + spec + "\n"
}

// V-01, V-15, V-17, V-18, V-48, V-50: what is made to exhaust or to deceive is refused,
// quickly, with its check and its place, and never repeated at length.
func TestBadInput(t *testing.T) {
	base := checkBase(t)
	const limit = 20 * time.Second // on a busy machine; none takes a second on an idle one
	role := "{title: 查看人, permissions: [config.read], data_scope: tenant}"
	for name, c := range map[string]struct{ text, want string }{
		"bomb":             {aRole("{title: &a [x, x], b: &b [*a, *a, *a], c: &c [*b, *b, *b], d: [*c, *c, *c]}"), "4:15 V-01"},
		"loop of anchors":  {aRole("{title: &a {b: *a}}"), "4:15 V-01"},
		"merge key":        {aRole("{<<: {title: x}, " + role[1:]), "4:8 V-01"},
		"key twice":        {aRole("{title: 查看人, title: 审批人, permissions: [config.read], data_scope: tenant}"), "4:20 V-01"},
		"boolean of 1.1":   {aRole("{title: 查看人, on: x, permissions: [config.read], data_scope: tenant}"), "4:20 V-01"},
		"word for boolean": {"apiVersion: zhengtong/v1\nkind: Department\nmetadata: {tenant: \"110101\", name: bad}\nspec: {title: 局, uscc: \"11430000MB1A700188\", head: {role: head}, external: yes}\n", "4:76 V-01"},
		"code without its zeros": {"apiVersion: zhengtong/v1\nkind: CatalogueItem\nmetadata: {tenant: \"110000\", name: bad}\nspec: {title: 目录, item_type: administrative_licence, basic_code: 000131023000, legal_basis: [{law: 测试条例}], exercise_levels: [county]}\n",
			"4:66 V-01"},
		"invisible character":  {aRole("{title: \"查\u200b看人\", permissions: [config.read], data_scope: tenant}"), "4:17 V-01"},
		"escaped invisible":    {aRole(`{title: "查\u202e看人", permissions: [config.read], data_scope: tenant}`), "4:15 V-01"},
		"text of a megabyte":   {aRole("{title: " + strings.Repeat("长", 1<<20/3) + ", permissions: [config.read], data_scope: tenant}"), "4:15 V-01"},
		"100,000 documents":    {strings.Repeat("---\n{a: 1}\n", 100_000), fmt.Sprintf("%d:1 V-01", 2*kind.MaxDocuments+1)},
		"half a million nodes": {aRole("{title: 查看人, permissions: [" + strings.Repeat("x, ", kind.MaxNodes) + "x], data_scope: tenant}"), "4:1500004 V-01"},
		"100,000 wrong words":  {aRole("{title: 查看人, permissions: [" + strings.Repeat("config.raed, ", 100_000) + "config.read], data_scope: tenant}"), "4:34 V-05"},
		"deep nesting":         {aRole("{title: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "}"), "4:78 V-01"},
		"file of nine MB":      {"# " + strings.Repeat("x", 9<<20), "1:1 V-01"},
		"secret in clear":      {"apiVersion: zhengtong/v1\nkind: Connector\nmetadata: {tenant: \"110101\", name: bad}\nspec: {title: 平台, type: sms, endpoint: \"https://a:hunter2@example.gov.cn/\"}\n", "4:40 V-50"},
		"path that climbs":     {"apiVersion: zhengtong/v1\nkind: Material\nmetadata: {tenant: \"110101\", name: bad}\nspec: {title: 图, source: applicant, formats: [pdf], max_mb: 1, blank: \"asset:a.pdf\", sample: \"asset:../../etc/passwd\"}\n", "4:94 V-01"},
		"markup in a title":    {aRole("{title: \"<img src=x onerror=alert(1)>\", permissions: [config.read], data_scope: tenant}"), "4:15 V-48"},
		"schema in a circle":   {aForm("      tree: {title: 树, $ref: \"#/$defs/tree\"}\n    $defs: {tree: {type: object, properties: {child: {title: 子, $ref: \"#/$defs/tree\"}}}}", ""), "11:71 V-15"},
		"schema from outside":  {aForm("      other: {title: 外, $ref: \"http://169.254.169.254/latest\"}", ""), "10:31 V-15"},
		"dear pattern":         {aForm("      code: {type: string, title: 码, pattern: \"^(([a-z])+.)+[A-Z]([a-z])+$\"}", ""), "10:47 V-18"},
		"large repetition":     {aForm("      code: {type: string, title: 码, pattern: \"((a{0,900}){0,900}){0,900}\"}", ""), "10:47 V-18"},
		"dear expression": {aForm("      rows: {type: array, title: 行, items: {type: integer}, maxItems: 500}",
			"  rules: [{id: dear, message: 贵, expr: \"!has(form.rows) || form.rows.all(a, form.rows.all(b, form.rows.all(c, form.rows.all(d, a + b + c + d > 0))))\"}]"), "12:40 V-17"},
		"deep expression": {aForm("", "  rules: [{id: deep, message: 深, expr: \""+strings.Repeat("(", 3000)+"true"+strings.Repeat(")", 3000)+"\"}]"), "12:40 V-17"},
		"long expression": {aForm("", "  rules: [{id: long, message: 长, expr: \""+strings.Repeat("true || ", 5000)+"true\"}]"), "12:40 V-17"},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			report := configuration.Validate([]kind.File{{Path: "bad.yaml", Content: []byte(c.text)}}, base)
			took := time.Since(start)
			var got []string
			found := false
			for _, p := range report.Problems.Errors() {
				place := fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Code)
				found = found || place == c.want
				if got = append(got, place); len(p.Message) > 1000 || strings.Contains(p.Message, "hunter2") {
					t.Errorf("the problem repeats what it found: %.200s…", p.Message)
				}
			}
			if !found {
				t.Errorf("want %s, got %v\n%.1000s", c.want, got[:min(len(got), 5)], report.Problems)
			}
			if took > limit {
				t.Errorf("took %s", took)
			}
		})
	}
}

// One cause, one problem: what stands on a broken part is not judged by it.
func TestNoCascades(t *testing.T) {
	base := checkBase(t)
	archive := readCase(t, "V-33-ok") // a matter with form, fee, flow and materials that read the form
	for name, edit := range map[string][2]string{
		"broken form":          {"type: object\n", "type: objekt\n"},
		"form without a field": {"required: [name, area, kind]", "required: [name, area, kinds]"},
		"form of another kind": {"kind: Form", "kind: Frm"},
		"fee without amount":   {"charge: formula", "charge: formla"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(archive, edit[0], edit[1], 1)
			if text == archive {
				t.Fatal("the edit does not fit")
			}
			if found := configuration.Validate([]kind.File{{Path: "a.yaml", Content: []byte(text)}}, base).Problems.Errors(); len(found) != 1 {
				t.Errorf("%d problems:\n%s", len(found), found)
			}
		})
	}
}
