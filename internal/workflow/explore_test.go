package workflow_test

import (
	"testing"

	"zhengtong/internal/workflow"
)

// The three worked examples are sound: V-20 … V-25 and V-52 hold in every state.
func TestExamplesAreSound(t *testing.T) {
	ends := map[string][]string{
		"food":    {"abnormal", "end_granted", "end_refused", "end_not_accepted", "end_not_needed"},
		"bundle":  {"abnormal", "end_granted", "end_partly_granted", "end_refused", "end_not_accepted"},
		"member":  {"end_pre_pass", "end_pre_defect", "end_granted", "end_refused"},
		"waiting": {"end_granted", "end_refused"},
		"road":    {"abnormal", "end_granted", "end_refused", "end_not_accepted"},
	}
	for name, want := range ends {
		t.Run(name, func(t *testing.T) {
			rep := workflow.Explore(load(t, name), workflow.Bound{})
			if len(rep.Problems) > 0 {
				t.Errorf("problems:\n%s", rep.Problems)
			}
			if !rep.Complete {
				t.Errorf("not explored to the end: %d states", rep.States)
			}
			t.Logf("%d states", rep.States)
			for _, end := range want {
				if _, ok := rep.Ends[end]; !ok {
					t.Errorf("the dry run never reaches %s", end)
				}
				t.Log(rep.Ends[end])
			}
		})
	}
}
