package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"go.yaml.in/yaml/v3"

	"zhengtong/cmd/zhengtong/demo"
)

// town is a server of its own with one application just received in Shuangfeng.
// Its virtual clock stands still, so sessions last as long as the test.
type town struct {
	*process
	kase   demo.Result
	firm   caller // who applied
	author caller // who may submit changes of configuration
	// the reviewer to whom the case was assigned, and that task
	reviewer caller
	task     string
}

const received = 5 // the step of the journey at which the case exists

func openTown(t *testing.T) *town {
	t.Helper()
	w := &town{process: startServer(t, "--demo", "--limit-requests-per-min", "100000", "--data", filepath.Join(t.TempDir(), "data"))}
	w.kase, _ = walk(t, demo.Options{Server: w.origin, Steps: received})
	w.firm = signIn(t, w.origin, "xiangwei", "")
	w.author = signIn(t, w.origin, "bianzhi", "431321")
	w.settle(t)
	for _, login := range []string{"shencha", "shencha2"} {
		w.reviewer = signIn(t, w.origin, login, "431321")
		w.task = w.reviewer.must(t, `{ tasks { edges { node { id } } } }`, nil).text("tasks.edges.0.node.id")
		if w.task != "" {
			return w
		}
	}
	t.Fatal("no reviewer has the case")
	return nil
}

// settle waits until the effects of everything so far are done, without moving the clock.
func (w *town) settle(t *testing.T) {
	t.Helper()
	visitor := caller{origin: w.origin}
	now, err := visitor.send(t.Context(), http.MethodGet, "/debug/clock", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var clock struct{ Now string }
	if err := json.Unmarshal([]byte(now.Body), &clock); err != nil {
		t.Fatal(err)
	}
	done, err := visitor.send(t.Context(), http.MethodPost, "/debug/clock", nil, []byte(`{"to": "`+clock.Now+`"}`))
	if err != nil || done.Status != http.StatusOK {
		t.Fatalf("settle: %d %s %v", done.Status, done.Body, err)
	}
}

// state is everything that a refused request must leave alone, as text: the case
// with its chain, the firm's cases and drafts, revisions and changes of configuration.
func (w *town) state(t *testing.T) string {
	t.Helper()
	return w.firm.must(t, `query($id: ID!) {
			case(id: $id) { version digest status tasks { id state } documents { id } materials { status files { id } } }
			myCases(first: 100) { edges { node { number version } } }
			drafts(first: 100) { edges { node { id version materials { ref files { id status } } } } }
		}`, map[string]any{"id": w.kase.CaseID}).Body +
		w.author.must(t, `{ revisions(first: 100) { edges { node { number } } } resourceChanges(first: 100) { edges { node { id status } } } }`, nil).Body
}

// unchanged runs f and checks that it left the town as it was.
func (w *town) unchanged(t *testing.T, f func()) {
	t.Helper()
	before := w.state(t)
	f()
	if after := w.state(t); after != before {
		t.Errorf("a refused request changed something:\n%s\n%s", before, after)
	}
}

// version is the version of the case now.
func (w *town) version(t *testing.T) int {
	t.Helper()
	n, _ := w.firm.must(t, `query($id: ID!) { case(id: $id) { version } }`, map[string]any{"id": w.kase.CaseID}).at("case.version").(float64)
	return int(n)
}

// refused checks code and reason of a refusal; a reason "" is not looked at.
func (a answer) refused(t *testing.T, code, reason string) {
	t.Helper()
	if a.code() != code || reason != "" && a.reason() != reason {
		t.Errorf("want %s %s, got %d %.600s", code, reason, a.Status, a.Body)
	}
}

// readCases reads a table of cases, strictly.
func readCases[T any](t *testing.T, name string) []T {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	var cases []T
	if err := decoder.Decode(&cases); err != nil && err != io.EOF || len(cases) == 0 {
		t.Fatalf("%s: %d cases, %v", name, len(cases), err)
	}
	return cases
}

// command runs the program in a folder and returns its output and exit code.
func command(t *testing.T, dir string, args ...string) (string, int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, args...)
	cmd.Dir = dir
	output, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return string(output), cmd.ProcessState.ExitCode()
}
