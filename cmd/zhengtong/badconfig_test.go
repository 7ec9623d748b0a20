package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"zhengtong/internal/testkit"
)

// badPack is one edit that spoils a shipped pack, and the first problem it makes.
type badPack struct {
	Name, File, Replace, With string
	At                        string // text at which the problem points
	Shift, Column             int    // characters after it; or a column of its own
	Author                    struct{ Login, Tenant string }
	Want                      struct{ Code, Path, Hint string }
}

// apply returns the edited file and the place of At in it.
func (b badPack) apply(t *testing.T, content string) (edited string, line, column int) {
	t.Helper()
	edited = strings.Replace(content, b.Replace, b.With, 1)
	before, _, found := strings.Cut(edited, b.At)
	if edited == content || !found {
		t.Fatalf("the edit does not fit %s", b.File)
	}
	column = utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1 + b.Shift
	if b.Column > 0 {
		column = b.Column
	}
	return edited, strings.Count(before, "\n") + 1, column
}

// check holds a list of problems against the one that is wanted: the only error.
func (b badPack) check(t *testing.T, how string, problems []found, line, column int) {
	t.Helper()
	if len(problems) != 1 {
		t.Errorf("%s: want one error, got %v", how, problems)
		return
	}
	p := problems[0]
	place := fmt.Sprintf("%s:%d:%d %s %s", p.File, p.Line, p.Column, p.Path, p.Code)
	want := fmt.Sprintf("hunan/%s:%d:%d %s %s", b.File, line, column, b.Want.Path, b.Want.Code)
	if place != want || p.Message == "" || !strings.Contains(p.Hint, b.Want.Hint) {
		t.Errorf("%s:\nwant %s (%s)\ngot  %s %s (%s)", how, want, b.Want.Hint, place, p.Message, p.Hint)
	}
}

// badConfiguration: every mistake is told alike by the command line, the check and the submission.
func (w *town) badConfiguration(t *testing.T) {
	root := t.TempDir()
	pack := filepath.Join(root, "hunan")
	if err := os.CopyFS(pack, os.DirFS(filepath.Join(testkit.Root(), "tenants", "hunan"))); err != nil {
		t.Fatal(err)
	}
	if output, code := command(t, root, "validate", "hunan"); code != exitClean {
		t.Fatalf("the shipped pack ends `validate` with %d:\n%s", code, output)
	}
	if output, code := command(t, root, "validate", "nowhere"); code != exitCouldNot {
		t.Errorf("a folder that does not exist ends `validate` with %d:\n%s", code, output)
	}
	for _, b := range readCases[badPack](t, "badinput/configuration.yaml") {
		t.Run(b.Name, func(t *testing.T) {
			name := filepath.Join(pack, filepath.FromSlash(b.File))
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			edited, line, column := b.apply(t, string(content))
			defer os.WriteFile(name, content, 0o644)
			if err := os.WriteFile(name, []byte(edited), 0o644); err != nil {
				t.Fatal(err)
			}
			b.byCommand(t, root, line, column)
			author := w.author
			if b.Author.Login != "" {
				author = signIn(t, w.origin, b.Author.Login, b.Author.Tenant)
			}
			w.unchanged(t, func() { b.byAPI(t, author, edited, line, column) })
		})
	}
}

// byCommand: exit code 1, file:line:col and hint for people, one JSON object for programs.
func (b badPack) byCommand(t *testing.T, root string, line, column int) {
	t.Helper()
	output, code := command(t, root, "validate", "hunan")
	place := fmt.Sprintf("hunan/%s:%d:%d %s: ", b.File, line, column, b.Want.Path)
	if code != exitErrors || !strings.Contains(output, place) || !strings.Contains(output, b.Want.Hint) || !strings.Contains(output, "1 个错误") {
		t.Errorf("validate ended with %d; want 1 and %s…\n%s", code, place, output)
	}
	var report struct {
		Problems []struct {
			found
			Severity string
		}
		Errors int
	}
	output, code = command(t, root, "validate", "--json", "hunan")
	if err := json.Unmarshal([]byte(output), &report); err != nil || code != exitErrors || report.Errors != 1 {
		t.Fatalf("validate --json ended with %d: %v\n%s", code, err, output)
	}
	errors := []found{}
	for _, p := range report.Problems {
		if p.Severity == "error" {
			errors = append(errors, p.found)
		}
	}
	b.check(t, "validate --json", errors, line, column)
}

func (b badPack) byAPI(t *testing.T, author caller, edited string, line, column int) {
	t.Helper()
	files := []map[string]string{{"path": "hunan/" + b.File, "content": edited}}
	report := author.must(t, `query($files: [FileInput!]!) { validateResources(files: $files) { ok problems { file line column path code message hint severity } } }`,
		map[string]any{"files": files})
	if ok, _ := report.at("validateResources.ok").(bool); ok {
		t.Error("validateResources finds it in order")
	}
	b.check(t, "validateResources", errorsIn(t, report.at("validateResources.problems")), line, column)
	submitted := author.do(t, `mutation($input: SubmitChangeInput!) { submitChange(input: $input) { change { id } } }`,
		map[string]any{"input": map[string]any{"files": files, "message": "试错"}})
	submitted.refused(t, "VALIDATION", "")
	b.check(t, "submitChange", submitted.problems(), line, column)
}

// errorsIn reads a list of problems of an answer and leaves warnings out.
func errorsIn(t *testing.T, list any) []found {
	t.Helper()
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	var all []struct {
		found
		Severity string
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	errors := []found{}
	for _, p := range all {
		if p.Severity == "error" {
			errors = append(errors, p.found)
		}
	}
	return errors
}
