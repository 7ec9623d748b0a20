package configuration_test

import (
	"strings"
	"testing"

	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/problem"
)

// A workflow that goes out as BPMN and comes back is the same: submitting it would change nothing of what is in force.
// A file with something that no workflow can say gives no draft, and another's name is not found.
func TestWorkflowGoesOutAndComesBack(t *testing.T) {
	o := openOffice(t, dbtest.Open(t, db.SQLite))
	author := o.as(t, "author", "431321", "config-author")
	drawing, err := o.ExportWorkflow(author, "food-business-flow")
	if err != nil {
		t.Fatal(err)
	}
	back, err := o.ImportWorkflow(author, "food-business-flow", drawing)
	if err != nil || back.Accepted != 1 || back.Problems.HasErrors() {
		t.Fatalf("%+v, %v", back.Problems, err)
	}
	plan, _, err := o.Plan(author, back.Files, nil)
	if err != nil || len(plan.Tenants) != 0 {
		t.Errorf("%+v, %v", plan.Tenants, err)
	}
	broken := strings.Replace(string(drawing), "<bpmn:sequenceFlow", `<bpmn:scriptTask id="x"/><bpmn:sequenceFlow`, 1)
	back, err = o.ImportWorkflow(author, "food-business-flow", []byte(broken))
	if err != nil || back.Accepted != 0 || len(back.Files) != 0 || !back.Problems.HasErrors() || back.Problems[0].Path != "x" || back.Problems[0].Line == 0 {
		t.Errorf("%+v, %v", back, err)
	}
	if _, err := o.ExportWorkflow(author, "nobody"); problem.CodeOf(err) != problem.NotFound {
		t.Errorf("%v", err)
	}
	if _, err := o.ImportWorkflow(o.as(t, "x", "431321", "window-clerk"), "x", drawing); problem.CodeOf(err) != problem.Forbidden {
		t.Errorf("a clerk imports: %v", err)
	}
}
