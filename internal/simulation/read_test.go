package simulation_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"zhengtong/internal/problem"
	"zhengtong/internal/simulation"
	"zhengtong/schema/kind"
)

// TestCaseProblems runs testdata/case/*.txtar: what is wrong with a sample case is told all at once, at its place.
func TestCaseProblems(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(here, "testdata/case/*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no case files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, problems := simulation.ReadCase(kind.File{Path: "case.yaml", Content: archive.Files[0].Data})
			if got := problems.String(); *update {
				archive.Files[1].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if want := string(archive.Files[1].Data); got != want || got == "" {
				t.Errorf("want\n%sgot\n%s", want, got)
			}
		})
	}
}

// A case of too many steps is refused where they begin.
func TestCaseOfTooManySteps(t *testing.T) {
	text := "tenant: \"431321\"\nmatter: m\nsteps:\n" + strings.Repeat("  - {after: 1d}\n", simulation.MaxSteps+1)
	_, problems := simulation.ReadCase(kind.File{Path: "case.yaml", Content: []byte(text)})
	if want := "case.yaml:4:3 $.steps: 步骤超过 200 个 [too_many]\n"; problems.String() != want {
		t.Errorf("got %s", problems)
	}
}

// What a run says about a script is placed in the file that the case was read from: a
// step, a field of the form, and what the file does not have.
func TestProblemsOfARunHaveTheirPlace(t *testing.T) {
	c, problems := simulation.ReadCase(kind.File{Path: "case.yaml", Content: []byte(`tenant: "431321"
matter: food-business-licence
start_at: "2026-03-02 09:00"
form:
  operator_name: 双峰县湘味餐饮有限公司
steps:
  - {after: 1d}
  - {by: reviewer, act: pass}
`)})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for path, want := range map[string]string{
		"$.script.steps[1]":                     "case.yaml:8:5 $.steps[1]: x [x]\n",
		"$.script.steps[1]: $.executors":        "case.yaml:8:5 $.steps[1]: $.executors: x [x]\n",
		"$.script.form: $.operator_name":        "case.yaml:5:18 $.form: $.operator_name: x [x]\n",
		"$.script.form: $.form: $.rows[0].name": "case.yaml:5:3 $.form: $.form: $.rows[0].name: x [x]\n",
		"$.script.auto":                         "case.yaml:1:1 $.auto: x [x]\n",
		"$.spec.promised_limit":                 "$.spec.promised_limit: x [x]\n",
	} {
		if got := c.Place(remark(path)).String(); got != want {
			t.Errorf("%s: got %s", path, got)
		}
	}
	s := subject(t, c.Tenant, c.Matter)
	at, err := simulation.ParseTime(c.StartAt, s.Live.Location)
	if err != nil {
		t.Fatal(err)
	}
	result, err := simulation.Run(t.Context(), s, door(t), c.Script, at)
	if err != nil {
		t.Fatal(err)
	}
	placed := c.Place(result.Problems)
	if len(placed) == 0 || slices.ContainsFunc(placed, func(p problem.Problem) bool { return p.File != "case.yaml" || p.Line != 5 }) {
		t.Errorf("got %s", placed)
	}
	if unplaced := (simulation.Case{}).Place(result.Problems); unplaced.String() != result.Problems.String() {
		t.Errorf("a case without a file has a place: %s", unplaced)
	}
}

func remark(path string) (list problem.List) {
	list.Add(path, "x", "x")
	return list
}

// A script of the API names the field that is wrong, and all of them.
func TestScriptProblemsNameTheField(t *testing.T) {
	for text, want := range map[string]string{
		`{"steps": [{"afer": "1d"}, {"aktion": "pass", "n": "3"}], "auto": 1}`: `$.script.auto: 应为文本，写成了数字 1 (加引号) [V-01]
$.script.steps[0].afer: 未知字段 "afer" (是不是 "after"？) [V-01]
$.script.steps[1].aktion: 未知字段 "aktion" [V-01]
$.script.steps[1].n: 应为整数，写成了文本 (去掉引号) [V-01]
`,
		`[]`:                    "$.script: 应为映射，写成了列表 [V-01]\n",
		`{"$delete": ["form"]}`: `$.script.$delete: 未知字段 "$delete" [V-01]` + "\n",
		`{"tenant": "431321"}`:  `$.script.tenant: 未知字段 "tenant" [V-01]` + "\n",
		`null`:                  "",
		``:                      "",
		`{"form": null, "applicant": null, "people": {"a": null}}`: "",
	} {
		script, problems := simulation.ReadScript([]byte(text))
		if problems.String() != want || len(script.Form) > 0 {
			t.Errorf("%s: got\n%s", text, problems)
		}
	}
	script, problems := simulation.ReadScript([]byte(`{"form": {"area": 12.300000000000000000001}, "steps": [{"fields": {"n": 1.50, "none": null}}]}`))
	if len(problems) > 0 || string(script.Form) != `{"area":12.300000000000000000001}` || fmt.Sprint(script.Steps[0].Fields) != "map[n:1.50 none:<nil>]" {
		t.Errorf("%v %s %v", problems, script.Form, script.Steps)
	}
}
