package graph_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"zhengtong/internal/casework/caseworktest"
)

const simulated = `query($in: SimulateInput!) { simulateMatter(input: $in) { title unserved others { choices }
	path { status outcome acceptedOn moments { step did status tasks { node able } dues { kind dueOn } } clocks { kind dueOn explain } documents { title }
		licences { validTo } fee { fen lines { step value } } cards { rule level on accumulated accumulates } problems { path code } } } }`

// R-CFG-07: an author simulates a draft over HTTP; who may not simulate is refused.
func TestSimulateMatter(t *testing.T) {
	w := open(t)
	script := map[string]any{"form": json.RawMessage(caseworktest.LowRisk()), "auto": "happy", "delivery": "electronic"}
	in := map[string]any{"in": map[string]any{"matter": caseworktest.Matter, "script": script, "startAt": "2026-03-02T01:00:00Z"}}
	got := w.do("bianzhi", simulated, in)
	if got.text("simulateMatter", "path", "outcome") != "granted" || got.text("simulateMatter", "path", "acceptedOn") != "2026-03-04" {
		t.Errorf("%+v", got)
	}
	draft := map[string]any{"path": "f.yaml", "content": "apiVersion: zhengtong/v1\nkind: Matter\nmetadata: {tenant: \"431321\", name: food-business-licence, extends: {tenant: \"430000\", name: food-business-licence}}\nspec: {promised_limit: {n: 9, unit: workday}}\n"}
	refused := w.ask("bianzhi", simulated, map[string]any{"in": map[string]any{"matter": caseworktest.Matter, "script": script, "files": []any{draft}}})
	if refused.code() != "VALIDATION" {
		t.Errorf("a draft that breaks its lock is simulated: %+v", refused.Errors)
	}
	wrong := map[string]any{"steps": []any{map[string]any{}, map[string]any{"aktion": "pass"}}, "auto": 1}
	refused = w.ask("bianzhi", simulated, map[string]any{"in": map[string]any{"matter": caseworktest.Matter, "script": wrong}})
	if told := fmt.Sprint(refused.Errors); refused.code() != "VALIDATION" || !strings.Contains(told, "$.script.steps[1].aktion") || !strings.Contains(told, "$.script.auto") {
		t.Errorf("fields of a script: %+v", refused.Errors)
	}
	if code := w.ask("shencha", simulated, in).code(); code != "FORBIDDEN" {
		t.Errorf("a reviewer simulates: %s", code)
	}
	if code := w.ask("bianzhi", simulated, map[string]any{"in": map[string]any{"matter": "nothing"}}).code(); code != "NOT_FOUND" {
		t.Errorf("a matter that is not there: %s", code)
	}
}
