package workflow_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"zhengtong/internal/workflow"
)

var update = flag.Bool("update", false, "rewrite the expected results of case files")

// Each file in testdata/check is a flow and the problems that Compile and, if it
// compiles, Explore find. V-19 … V-27, V-30, V-52.
func TestChecks(t *testing.T) {
	files, err := filepath.Glob("testdata/check/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no case files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			def := mustDecode(t, a.Files[0].Data)
			net, problems := workflow.Compile(def)
			if (net == nil) != problems.HasErrors() {
				t.Errorf("net %v with problems:\n%s", net, problems)
			}
			if net != nil {
				problems = append(problems, workflow.Explore(net, workflow.Bound{}).Problems...)
			}
			got := problems.String()
			if *update {
				a.Files[1].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want := string(a.Files[1].Data); got != want {
				t.Errorf("problems are\n%s\nwant\n%s", got, want)
			}
		})
	}
}
