package main

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"zhengtong/graph/generated"
	"zhengtong/graph/model"
)

// What the command asks for is in the schema.
func TestReplayQuery(t *testing.T) {
	if _, err := gqlparser.LoadQueryWithRules(generated.NewExecutableSchema(generated.Config{}).Schema(), replayQuery, rules.NewDefaultRules()); err != nil {
		t.Error(err)
	}
}

// Accumulated red cards are told apart from others, with their respondent and cases (R-SUP-09).
func TestTellReplay(t *testing.T) {
	var out strings.Builder
	tellReplay(&out, model.Replay{Tenant: "431321", Title: "食品经营许可", From: "2026-01-01", To: "2026-06-30", Cases: 9, Fees: &model.ReplayFees{},
		Cards: []*model.ReplayCards{{Title: "办理时限监察", Level: "yellow", Before: 6, After: 6}, {Title: "办理时限监察", Level: "red", Before: 2, After: 4, AccumulatedBefore: 1, AccumulatedAfter: 3}},
		Accumulated: []*model.ReplayAccumulated{
			{Title: "办理时限监察", Level: "red", Against: "department:scjgj.head", On: "2026-03-05", Yellow: 3, Cases: []string{"A", "B"}, Before: true, After: true},
			{Title: "办理时限监察", Level: "red", Against: "staff:x", On: "2026-03-06", Yellow: 2, Cases: []string{"C"}, After: true}}})
	want := `431321 食品经营许可：2026-01-01 至 2026-06-30 收件 9 件，0 件结果不同
  监察 办理时限监察 yellow：6 → 6
  监察 办理时限监察 red：2 → 4，其中累计所得 1 → 3
  累计（原、现）2026-03-05 red 办理时限监察，责任 department:scjgj.head：3 张黄牌，A、B
  累计（现）2026-03-06 red 办理时限监察，责任 staff:x：2 张黄牌，C
`
	if out.String() != want {
		t.Errorf("%s", out.String())
	}
}
