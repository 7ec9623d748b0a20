package graph_test

import (
	"reflect"
	"slices"
	"testing"
	"time"
)

const replayed = `query($in: ReplayInput!) { replayMatter(input: $in) { title from to cases changed truncated limits { clock node clocks moved lateBefore lateAfter }
	fees { charged changed beforeFen afterFen } cards { rule level before after accumulatedBefore accumulatedAfter }
	accumulated { rule level respondent against on yellow cases before after }
	listed { number receivedOn clocks { clock before { dueOn late } after { limit dueOn late } } fee { beforeFen } cardsBefore { rule } cardsAfter { rule level on } problems { code } } } }`

// R-CFG-07: an author replays past cases under a draft of limits and rules over HTTP;
// who may not simulate is refused, and nothing is written.
func TestReplayMatter(t *testing.T) {
	w := open(t)
	_, number, _ := w.apply("xiangwei")
	w.clock.Set(time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC))
	in := func(files ...any) map[string]any {
		return map[string]any{"in": map[string]any{"matter": "food-business-licence", "files": files}}
	}
	if same := w.do("bianzhi", replayed, in()); same.at("replayMatter", "cases") != 1.0 || same.at("replayMatter", "changed") != 0.0 {
		t.Errorf("without a draft: %+v", same)
	}
	draft := map[string]any{"path": "rule.yaml", "content": `apiVersion: zhengtong/v1
kind: SupervisionRule
metadata: {tenant: "431321", name: sup-acceptance-window}
spec:
  title: 受理时限监察
  scope: {event: clock, clock: acceptance}
  levels: [{level: yellow, when: "clock.remaining <= 4", score: -2, respondent: "task.assignee"}]
`}
	got := w.do("bianzhi", replayed, in(draft))
	if got.at("replayMatter", "changed") != 1.0 || got.text("replayMatter", "to") != "2026-03-04" || got.text("replayMatter", "from") != "2025-03-04" {
		t.Fatalf("%+v", got)
	}
	card := func(field string) string { return got.text("replayMatter", "listed", 0, "cardsAfter", 0, field) }
	if got.text("replayMatter", "listed", 0, "number") != number || card("level") != "yellow" || card("on") != "2026-03-03" {
		t.Errorf("%+v", got)
	}
	if code := w.ask("shencha", replayed, in(draft)).code(); code != "FORBIDDEN" {
		t.Errorf("a reviewer replays: %s", code)
	}
	for name, wrong := range map[string]map[string]any{"count": {"first": 0}, "period": {"from": "2026-03-05"}} {
		wrong["matter"] = "food-business-licence"
		if code := w.ask("bianzhi", replayed, map[string]any{"in": wrong}).code(); code != "VALIDATION" {
			t.Errorf("%s: %s", name, code)
		}
	}
	if code := w.ask("bianzhi", replayed, map[string]any{"in": map[string]any{"matter": "nothing"}}).code(); code != "NOT_FOUND" {
		t.Errorf("a matter that is not there: %s", code)
	}
}

// R-SUP-09: where the draft's rule accumulates, yellow cards of two cases come to a red one.
func TestReplayAccumulates(t *testing.T) {
	w := open(t)
	_, first, _ := w.apply("xiangwei")
	_, second, _ := w.apply("yongfeng")
	w.clock.Set(time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC))
	draft := map[string]any{"path": "rule.yaml", "content": `apiVersion: zhengtong/v1
kind: SupervisionRule
metadata: {tenant: "431321", name: sup-acceptance-window}
spec:
  title: 受理时限监察
  scope: {event: clock, clock: acceptance}
  levels: [{level: yellow, when: "clock.remaining <= 4", score: -2, respondent: "department.head"}]
  accumulate: {window: {n: 1, unit: month}, yellow_to_red: 2}
`}
	got := w.do("bianzhi", replayed, map[string]any{"in": map[string]any{"matter": "food-business-licence", "files": []any{draft}}})
	cases, _ := got.at("replayMatter", "accumulated", 0, "cases").([]any)
	red := map[string]any{"rule": "sup-acceptance-window", "level": "red", "respondent": "department.head", "against": "department:scjgj.head", "on": "2026-03-03",
		"yellow": 2.0, "cases": cases, "before": false, "after": true}
	if found := got.at("replayMatter", "accumulated", 0); !reflect.DeepEqual(found, red) || !slices.Contains(cases, any(first)) || !slices.Contains(cases, any(second)) {
		t.Errorf("%+v", found)
	}
	for _, c := range got.at("replayMatter", "cards").([]any) {
		if c := c.(map[string]any); c["level"] == "red" && (c["after"] != 1.0 || c["accumulatedAfter"] != 1.0 || c["accumulatedBefore"] != 0.0) {
			t.Errorf("%+v", c)
		}
	}
}
