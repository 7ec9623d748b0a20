package workflow_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"zhengtong/internal/workflow"
)

// FuzzFlow: whatever a definition says, compiling and exploring it return, soon and
// without panic; what compiles has a net, and an explored net reports at places.
func FuzzFlow(f *testing.F) {
	for _, name := range []string{"food", "road", "bundle", "member", "waiting"} {
		text, err := os.ReadFile("testdata/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		seed, err := json.Marshal(mustDecode(f, text))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(seed)
	}
	f.Add([]byte(`{"Start": "a", "Nodes": [{"ID": "a", "Type": "and_split", "Phase": "handling", "Join": "a", "Branches": [{"To": "a"}, {"To": "a"}]}]}`))
	f.Add([]byte(`{"Start": "a", "Nodes": [{"ID": "a", "Type": "human", "Phase": "handling", "MaxVisits": -1, "OnExhausted": "a", "Actions": [{"ID": "x", "To": "a"}]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var def workflow.Definition
		if json.Unmarshal(text, &def) != nil {
			return
		}
		start := time.Now()
		net, problems := workflow.Compile(def)
		if (net == nil) != problems.HasErrors() {
			t.Fatalf("net %v with problems:\n%s", net != nil, problems)
		}
		for _, p := range problems {
			if p.Path == "" || p.Code == "" || p.Message == "" {
				t.Fatalf("a problem without place, code or message: %+v", p)
			}
		}
		if net == nil {
			return
		}
		report := workflow.Explore(net, workflow.Bound{States: 2000})
		for _, p := range report.Problems {
			if p.Path == "" || p.Code == "" {
				t.Fatalf("a problem without place or code: %+v", p)
			}
		}
		workflow.CheckTerms(net, workflow.Terms{ItemType: "administrative_licence", DeemedAcceptance: true, Documents: []string{"grant"}})
		workflow.LongestStages(net, func(n *workflow.Node) int {
			if n.Limit == nil {
				return 0
			}
			return n.Limit.N
		})
		if took := time.Since(start); took > 20*time.Second {
			t.Fatalf("took %s", took)
		}
	})
}
