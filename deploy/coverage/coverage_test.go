package main

import (
	"strings"
	"testing"
	"testing/fstest"
)

var tree = fstest.MapFS{
	"docs/architecture.md": {Data: []byte("| | |\n|---|---|\n| **I3** | Walls. |\n")},
	"docs/requirements.md": {Data: []byte("| R-REC-12 | Deemed. | `a.TestNamed` |\n| T-05 | Acceptance. | not `a.TestWrong` |\n| V-19 | Starts. |\n| R-LIC-06 | Verify. | |\n")},
	"a/a_test.go": {Data: []byte("package a\n\n// T-05, I3: it holds.\nfunc TestAbove(t *testing.T) {}\n\nfunc TestInside(t *testing.T) {\n\t// R-REC-12\n}\n\n" +
		"func TestNamed(t *testing.T) {}\n\n// T-05\nfunc TestWrong(t *testing.T) {}\n\n// R-LIC-06\nfunc helper() {}\n")},
	"a/testdata/start.yaml":       {Data: []byte("# V-20 is told, not wanted\nwant: V-19  # as V-21\n")},
	"a/notes.yaml":                {Data: []byte("T-99\n")},
	"web/form.test.ts":            {Data: []byte("// R-XYZ-01\n")},
	"web/node_modules/x/a.js":     {Data: []byte("R-LIC-06")},
	"deploy/coverage/own_test.go": {Data: []byte("package main\n\n// R-LIC-06\nfunc TestOwn() {}\n")},
}

func TestReport(t *testing.T) {
	requirements, err := readRequirements(tree)
	if err != nil {
		t.Fatal(err)
	}
	found, err := scan(tree)
	if err != nil {
		t.Fatal(err)
	}
	if missing := addNamed(requirements, found); len(missing) > 0 {
		t.Fatal(missing)
	}
	got := string(report(requirements, found.holds))
	for _, want := range []string{
		"| I3 | Walls. | `a.TestAbove` |", "| R-REC-12 | Deemed. | `a.TestInside` `a.TestNamed` |", "| T-05 | Acceptance. | `a.TestAbove` |",
		"| V-19 | Starts. | `a/testdata/start.yaml` |", "- R-LIC-06 Verify.", "- R-XYZ-01: `web/form.test.ts`", "## Requirements: 1 of 2",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the report lacks %q:\n%s", want, got)
		}
	}
	for _, not := range []string{"T-99", "V-20", "V-21"} {
		if strings.Contains(got, not) {
			t.Errorf("%s is in no test and no expectation:\n%s", not, got)
		}
	}
}

func TestNamedTestsMustExist(t *testing.T) {
	found := &findings{holds: map[string][]string{}, tests: map[string]bool{"a.TestA": true}}
	missing := addNamed([]requirement{{number: "R-REC-12", named: []string{"a.TestA", "a.TestGone"}}}, found)
	if len(missing) != 1 || !strings.Contains(missing[0].Error(), "a.TestGone (R-REC-12)") {
		t.Errorf("got %v", missing)
	}
}

func TestANumberStandsOnce(t *testing.T) {
	twice := fstest.MapFS{"docs/architecture.md": {Data: nil}, "docs/requirements.md": {Data: []byte("| T-05 | A. |\n| T-05 | B. |\n")}}
	if _, err := readRequirements(twice); err == nil {
		t.Error("accepted a number that stands twice")
	}
}
