package configuration_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"zhengtong/internal/configuration"
	"zhengtong/schema/kind"
)

var update = flag.Bool("update", false, "write what the checks now find into the case files")

const checkCases = "testdata/check"

// checkBase is the national base with the smallest province and county that run a matter.
func checkBase(t *testing.T) configuration.Base {
	t.Helper()
	files, err := kind.Files(os.DirFS(checkCases), "base")
	if err != nil {
		t.Fatal(err)
	}
	base, err := configuration.BaseOf(append(packs(t, "national"), files...))
	if err != nil {
		t.Fatal(err)
	}
	return base
}

// TestChecks runs every publish check of docs/kinds.md that this package adds or
// relies on: a file V-xx-bad breaks the check and V-xx-ok comes close without breaking
// it. A case replaces resources of the base by those of the same name.
func TestChecks(t *testing.T) {
	base := checkBase(t)
	cases, err := filepath.Glob(checkCases + "/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, path := range cases {
		name := strings.TrimSuffix(filepath.Base(path), ".txtar")
		t.Run(name, func(t *testing.T) { runCheck(t, path, name, base) })
	}
}

func runCheck(t *testing.T, path, name string, base configuration.Base) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var files []kind.File
	want := ""
	for _, f := range archive.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		files = append(files, kind.File{Path: f.Name, Content: f.Data})
	}
	got := configuration.Validate(files, base).Problems.String()
	if *update {
		archive.Files = append(archive.Files[:len(files)], txtar.File{Name: "want", Data: []byte(got)})
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		want = got
	}
	if got != want {
		t.Errorf("found:\n%s\nwant:\n%s", got, want)
	}
	code, bad := name[:4], strings.Contains(name, "-bad")
	if strings.Contains(got, "["+code+"]") != bad {
		t.Errorf("%s: broken %t, found:\n%s", code, bad, got)
	}
}

// The base of the cases is itself without a remark.
func TestCheckBaseIsClean(t *testing.T) {
	files, err := kind.Files(os.DirFS(checkCases), "base")
	if err != nil {
		t.Fatal(err)
	}
	national, err := configuration.BaseOf(packs(t, "national"))
	if err != nil {
		t.Fatal(err)
	}
	report := configuration.Validate(files, national)
	if len(report.Problems) > 0 || report.Matters != 1 {
		t.Errorf("%d matters\n%s", report.Matters, report.Problems)
	}
}
