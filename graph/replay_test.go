package graph_test

import (
	"testing"
	"time"
)

const replayed = `query($in: ReplayInput!) { replayMatter(input: $in) { title from to cases changed truncated limits { clock node clocks moved lateBefore lateAfter }
	fees { charged changed beforeFen afterFen } cards { rule level before after }
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
