package workflow_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"zhengtong/internal/workflow"
)

// Each file in testdata/trace drives one flow through a script; its golden part is
// every effect, in order. Lines of a script:
//
//	submit · reopened · start SUBFLOW · act NODE ACTION [PROCEDURE] · occur NODE EVENT
//	member NODE MEMBER OUTCOME · started NODE suspends|runs · reject NODE · deem
//	timeout JOIN · verb VERB [ARGUMENT] · bundle VERB · uncollected · archive
//	late TOKEN EVENT · true GUARD · false GUARD · members A,B
//	offered NODE · verbs
//
// Guards are false unless set.
func TestTraces(t *testing.T) {
	files, err := filepath.Glob("testdata/trace/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no case files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			w := newWalker(t, strings.TrimSpace(string(a.Files[0].Data)))
			var b strings.Builder
			for _, line := range strings.Split(strings.TrimSpace(string(a.Files[1].Data)), "\n") {
				fmt.Fprintf(&b, "> %s\n%s", line, w.do(line))
			}
			if *update {
				a.Files[2].Data = []byte(b.String())
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want := string(a.Files[2].Data); b.String() != want {
				t.Errorf("trace is\n%s\nwant\n%s", b.String(), want)
			}
		})
	}
}

// walker drives a state by script lines.
type walker struct {
	t      testing.TB
	net    *workflow.Net
	state  workflow.State
	guards map[workflow.Guard]bool
	env    workflow.Env
}

func newWalker(t testing.TB, flow string) *walker {
	w := &walker{t: t, net: load(t, flow), guards: map[workflow.Guard]bool{}}
	w.env.Eval = func(g workflow.Guard, v workflow.View) (bool, error) {
		if node, action, ok := actionOf(string(g)); ok {
			return v.ActionOf(node) == action, nil
		}
		return w.guards[g], nil
	}
	return w
}

// actionOf reads action_of('node') == 'action', the one guard tests evaluate.
func actionOf(g string) (node, action string, ok bool) {
	rest, ok := strings.CutPrefix(g, "action_of('")
	if !ok {
		return "", "", false
	}
	node, rest, ok = strings.Cut(rest, "') == '")
	return node, strings.TrimSuffix(rest, "'"), ok
}

func (w *walker) do(line string) string {
	word, rest, _ := strings.Cut(line, " ")
	f := strings.Fields(rest)
	switch word {
	case "true", "false":
		w.guards[workflow.Guard(rest)] = word == "true"
		return ""
	case "members":
		w.env.Members = strings.Split(rest, ",")
		return ""
	case "offered":
		return w.offered(f[0])
	case "verbs":
		return fmt.Sprintln(workflow.CaseVerbs(w.state))
	}
	e, ok := w.event(word, append(f, "", "", ""))
	if !ok {
		w.t.Fatalf("unknown line %q", line)
	}
	return w.step(e)
}

func (w *walker) event(word string, f []string) (workflow.Event, bool) {
	switch word {
	case "submit":
		return workflow.Submit(), true
	case "reopened":
		return workflow.Reopened(), true
	case "start":
		return workflow.StartSubflow(f[0]), true
	case "act":
		return workflow.ActWith(w.token(f[0], ""), f[1], f[2]), true
	case "occur":
		return workflow.Occur(w.token(f[0], ""), f[1]), true
	case "member":
		return workflow.Occur(w.token(f[0], f[1]), f[2]), true
	case "late":
		return workflow.Occur(f[0], f[1]), true
	case "started":
		return workflow.SpecialStarted(w.token(f[0], ""), f[1] == "suspends"), true
	case "reject":
		return workflow.SpecialRejected(w.token(f[0], "")), true
	case "deem":
		return workflow.DeemAccept(), true
	case "timeout":
		return workflow.TimeoutOf(w.region(f[0])), true
	case "verb":
		e := workflow.ByVerb(workflow.CaseVerb(f[0]))
		e.Cause, e.Procedure = workflow.DeleteCause(f[1]), f[1]
		return e, true
	case "bundle":
		return workflow.ByBundle(workflow.BundleVerb(f[0])), true
	case "uncollected":
		return workflow.Uncollected(), true
	case "archive":
		return workflow.Archive(), true
	}
	return workflow.Event{}, false
}

// step applies an event and checks what every step must hold: the old state is
// untouched, the state survives JSON, and the same input gives the same output.
func (w *walker) step(e workflow.Event) string {
	w.t.Helper()
	before := marshal(w.t, w.state)
	next, effects, err := workflow.Step(w.net, w.state, e, w.env)
	if after := marshal(w.t, w.state); before != after {
		w.t.Fatalf("step changed its input:\n%s\n%s", before, after)
	}
	var copied workflow.State
	if err := json.Unmarshal([]byte(before), &copied); err != nil {
		w.t.Fatal(err)
	}
	again, effects2, err2 := workflow.Step(w.net, copied, e, w.env)
	if marshal(w.t, next) != marshal(w.t, again) || !reflect.DeepEqual(effects, effects2) || fmt.Sprint(err) != fmt.Sprint(err2) {
		w.t.Fatalf("a state read back from JSON steps differently")
	}
	w.state = next
	if err != nil {
		return "refused: " + err.Error() + "\n"
	}
	return compact(effects)
}

func marshal(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (w *walker) token(node, member string) string {
	for _, t := range w.state.At(node) {
		if member == "" || t.Member == member {
			return t.ID
		}
	}
	for _, x := range w.state.Runs {
		if x.Procedure == node {
			return x.ID
		}
	}
	return "gone"
}

func (w *walker) region(join string) string {
	for _, g := range w.state.Regions {
		if n, ok := w.net.Node(g.Split); ok && n.Join == join {
			return g.ID
		}
	}
	return "gone"
}

func (w *walker) offered(node string) string {
	offers, err := workflow.Offered(w.net, w.state, w.token(node, ""), w.env)
	if err != nil {
		w.t.Fatal(err)
	}
	var ids []string
	for _, o := range offers {
		ids = append(ids, o.ID)
	}
	return strings.Join(ids, " ") + "\n"
}
