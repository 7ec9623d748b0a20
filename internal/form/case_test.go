package form

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
)

// caseFile is one file of testdata/cases. The browser's validator runs the same files.
type caseFile struct {
	About    string              `json:"about"`
	Spec     Spec                `json:"spec"`
	CodeSets map[string][]string `json:"code_sets"`
	Today    string              `json:"today"`
	Cases    []struct {
		Name     string          `json:"name"`
		Data     json.RawMessage `json:"data"`
		Problems []wanted        `json:"problems"`
	} `json:"cases"`
}

type wanted struct {
	Path     string           `json:"path"`
	Code     string           `json:"code"`
	Severity problem.Severity `json:"severity,omitempty"`
}

func wantedOf(problems problem.List) []wanted {
	out := []wanted{}
	for _, p := range problems {
		w := wanted{Path: p.Path, Code: p.Code}
		if p.Severity == problem.SeverityWarning {
			w.Severity = p.Severity
		}
		out = append(out, w)
	}
	return out
}

func testCalendar(t testing.TB) *deadline.Calendar {
	t.Helper()
	c, problems := deadline.NewCalendar(deadline.CalendarSpec{
		Weekend: []string{"sat", "sun"}, WorkingHours: [][]string{{"09:00", "12:00"}, {"13:00", "17:00"}}, PublishedThrough: "2026-12-31",
	})
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return c
}

func compileForm(t testing.TB, spec Spec, options Options) *Form {
	t.Helper()
	f, problems := Compile(spec, options)
	if f == nil {
		t.Fatal(problems)
	}
	return f
}

func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.json")
	if err != nil || len(files) < 4 {
		t.Fatalf("case files: %v (%v)", files, err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) { runCases(t, name) })
	}
}

func runCases(t *testing.T, name string) {
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var file caseFile
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	f := compileForm(t, file.Spec, Options{CodeSets: file.CodeSets})
	circumstances := Circumstances{Calendar: testCalendar(t)}
	if file.Today != "" {
		circumstances.Today = deadline.MustDate(file.Today)
	}
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			data, err := f.Decode(c.Data)
			if err != nil {
				t.Fatal(err)
			}
			problems := f.Validate(f.ApplyDefaults(data), circumstances)
			if got := wantedOf(problems); !slices.Equal(got, c.Problems) {
				t.Errorf("got\n%v\nwant %v", problems, c.Problems)
			}
			for _, p := range problems {
				if p.Message == "" {
					t.Errorf("%s %s has no message", p.Path, p.Code)
				}
			}
		})
	}
}
