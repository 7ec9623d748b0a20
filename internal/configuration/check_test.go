package configuration_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
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
// it or anything else. A case replaces resources of the base by those of the same name;
// its part "holders" is the county's staff, `{version}` the version of the county's matter.
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
	given := slices.DeleteFunc(slices.Clone(archive.Files), func(f txtar.File) bool { return f.Name == "want" })
	for _, f := range archive.Files {
		switch f.Name {
		case "want":
			want = string(f.Data)
		case "holders":
			base.Holders = holders(t, string(f.Data))
		default:
			if strings.Contains(string(f.Data), "{version}") {
				f.Data = []byte(strings.ReplaceAll(string(f.Data), "{version}", version(t, base)))
			}
			files = append(files, kind.File{Path: f.Name, Content: f.Data})
		}
	}
	report := configuration.Validate(files, base)
	got := report.Problems.String()
	if *update {
		archive.Files = append(given, txtar.File{Name: "want", Data: []byte(got)})
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		want = got
	}
	if got != want {
		t.Errorf("found:\n%s\nwant:\n%s", got, want)
	}
	code, bad := name[:4], strings.Contains(name, "-bad")
	if report.Problems.Has(code) != bad || !bad && !report.OK() {
		t.Errorf("%s: broken %t, found:\n%s", code, bad, got)
	}
}

// version names the version of the county's matter.
func version(t *testing.T, base configuration.Base) string {
	t.Helper()
	m, problems := configuration.Compile(configuration.NewSet(base.Layers...).View("110101"), "permit")
	if m == nil {
		t.Fatal(problems)
	}
	return m.Pins.Digest()
}

// holders reads the staff of a case: a line a role, "tenant role persons", and who it is when there is only one.
func holders(t *testing.T, text string) map[string]map[string]configuration.Holding {
	t.Helper()
	out := map[string]map[string]configuration.Holding{}
	for line := range strings.Lines(text) {
		fields := append(strings.Fields(line), "")
		persons, err := strconv.Atoi(fields[2])
		if err != nil {
			t.Fatalf("holders: %q: %v", line, err)
		}
		if out[fields[0]] == nil {
			out[fields[0]] = map[string]configuration.Holding{}
		}
		out[fields[0]][fields[1]] = configuration.Holding{Persons: persons, Only: fields[3]}
	}
	return out
}

// readCase returns the files of a case as one.
func readCase(t *testing.T, name string) string {
	t.Helper()
	archive, err := txtar.ParseFile(checkCases + "/" + name + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	return string(archive.Files[0].Data)
}

// lastCheck is the number of the last check of the table (domain part 3.4).
const lastCheck = 56

// Every check has a case that breaks it and one that comes close. A check without
// either could be lost and nobody would notice.
func TestEveryCheckHasCases(t *testing.T) {
	for n := 1; n <= lastCheck; n++ {
		code := fmt.Sprintf("V-%02d", n)
		for _, side := range []string{"ok", "bad"} {
			if found, err := filepath.Glob(fmt.Sprintf("%s/%s-%s*.txtar", checkCases, code, side)); err != nil || len(found) == 0 {
				t.Errorf("%s has no %s case (%v)", code, side, err)
			}
		}
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
