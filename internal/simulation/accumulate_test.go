package simulation_test

import (
	"slices"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/card"
	"zhengtong/internal/casework"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/deadline"
	"zhengtong/internal/form"
	"zhengtong/internal/simulation"
	"zhengtong/internal/workflow"
)

// early gives a yellow card as soon as a clock has few days left, and a red one for several.
func early(t testing.TB, respondent string, toRed int, clocks ...string) []*card.Rule {
	t.Helper()
	rule, problems := card.Compile("early", card.Spec{Title: "提前预警", Scope: &card.Scope{Event: card.Event, Clock: clocks},
		Levels:     []card.LevelSpec{{Level: "yellow", When: "clock.remaining <= 4", Score: -2, Respondent: respondent}},
		Accumulate: &card.Accumulation{Window: deadline.Limit{N: 1, Unit: deadline.Month}, YellowToRed: toRed}})
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return []*card.Rule{rule}
}

// R-SUP-09, R-CFG-07: over the cases of a replay, yellow cards come to red ones against
// the person who had the work, or the head of the department, as the rule says; cases
// received before the period count towards nothing.
func TestReplayAccumulates(t *testing.T) {
	c := caseworktest.New(t, dbtest.Open(t, db.SQLite), objects)
	s := subject(t, caseworktest.Tenant, caseworktest.Matter)
	var numbers []string
	handled := map[string][]string{} // by whom, in order
	for i, day := range []string{"2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-09"} {
		c.At(day + " 09:00")
		k := c.Apply([]string{"xiangwei", "yongfeng"}[i%2], caseworktest.Application(nil))
		number, by := k.Now().Case().No, k.Open("pre_review").Assignee.String()
		numbers, handled[by] = append(numbers, number), append(handled[by], number)
	}
	want, head := map[string][][]string{}, "department:scjgj.head"
	want[head] = [][]string{numbers[:3], numbers[3:]}
	for by, cases := range handled {
		want["staff:"+by] = slices.Collect(slices.Chunk(cases, 2))
	}
	if len(handled) < 2 || len(handled) > 3 {
		t.Fatalf("the work is not shared by two or three: %v", handled)
	}
	c.At("2026-03-12 09:00")
	service, err := simulation.New(simulation.Config{Drafts: noDrafts{}, Cases: c.Cases, Door: door(t).With(c.Configuration), Clock: c.Clock})
	if err != nil {
		t.Fatal(err)
	}
	replay := func(in simulation.ReplayInput, before, after []*card.Rule) *simulation.Replay {
		t.Helper()
		s.Rules, in.Matter = after, caseworktest.Matter
		got, err := service.ReplayUnder(c.System(), in, s, before)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	got := replay(simulation.ReplayInput{}, early(t, "department.head", 3, "acceptance"), early(t, "task.assignee", 2, "acceptance"))
	after := 0
	for _, a := range got.Accumulated {
		if a.After {
			after++
		}
		if len(want[a.Against]) == 0 || a.Before != (a.Against == head) || a.After == a.Before || !slices.Equal(a.Cases, want[a.Against][0]) || a.Yellow != len(a.Cases) || a.Level != "red" {
			t.Fatalf("%+v, want %v", a, want)
		}
		want[a.Against] = want[a.Against][1:]
	}
	for against, left := range want {
		if len(left) > 1 || len(left) == 1 && len(left[0]) > 1 {
			t.Errorf("no red card against %s for %v", against, left)
		}
	}
	if want := []simulation.ReplayCards{{Rule: "early", Title: "提前预警", Level: "yellow", Before: 6, After: 6},
		{Rule: "early", Title: "提前预警", Level: "red", Before: 2, After: after, AccumulatedBefore: 2, AccumulatedAfter: after}}; !slices.Equal(got.Cards, want) || after < 2 {
		t.Errorf("cards: %+v, want %+v", got.Cards, want)
	}
	same := early(t, "department.head", 3, "acceptance")
	if got = replay(simulation.ReplayInput{}, same, same); len(got.Accumulated) != 2 || !got.Accumulated[0].Before || !got.Accumulated[0].After ||
		got.Accumulated[0].On != deadline.MustDate("2026-03-05") {
		t.Errorf("under the same rules: %+v", got.Accumulated)
	}
	if got = replay(simulation.ReplayInput{From: deadline.MustDate("2026-03-06")}, same, same); len(got.Accumulated) != 0 {
		t.Errorf("cards of cases before the period count: %+v", got.Accumulated)
	}
}

// The clocks of one case accumulate, too, and a yellow card says what it counts towards.
func TestSimulationAccumulates(t *testing.T) {
	s := subject(t, caseworktest.Tenant, caseworktest.Matter)
	s.Rules = early(t, "department.head", 2, "acceptance", "promised", "special")
	script := simulation.Script{Form: caseworktest.Application(nil), Delivery: "pickup", Auto: simulation.AutoHappy, Pace: "1wd"}
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, s.Live.Location)
	got, err := simulation.Run(t.Context(), s, door(t), script, at)
	if err != nil || got.Problems.HasErrors() {
		t.Fatalf("%v, %s", err, got.Problems)
	}
	yellow, red := 0, 0
	for i, c := range got.Cards {
		switch {
		case i > 0 && c.On.Before(got.Cards[i-1].On):
			t.Errorf("%s comes after %s", c.On, got.Cards[i-1].On)
		case c.Level == "yellow":
			if yellow++; !c.Standing || c.Accumulates != "1个月内满 2 张黄牌记一张红牌" || c.Accumulated != 0 {
				t.Errorf("%+v", c)
			}
		case c.Level == "red":
			if red++; !c.Standing || c.Accumulated != 2 || c.Subject != card.Accumulating || c.Score != 0 || yellow < 2*red {
				t.Errorf("behind %d yellow: %+v", yellow, c)
			}
		}
	}
	if yellow < 2 || red != yellow/2 {
		t.Errorf("%d yellow, %d red", yellow, red)
	}
}

// paper is a case in which respondents are looked up.
type paper struct {
	kase     casework.Case
	tasks    []*casework.Task
	specials []*casework.SpecialRun
	clocks   []*casework.Clock
}

func (p *paper) Case() *casework.Case               { return &p.kase }
func (p *paper) Tasks() []*casework.Task            { return p.tasks }
func (p *paper) Specials() []*casework.SpecialRun   { return p.specials }
func (p *paper) Clocks() []*casework.Clock          { return p.clocks }
func (p *paper) Live() *configuration.Live          { return &configuration.Live{Location: time.UTC} }
func id(n byte) uuid.UUID                           { return uuid.UUID{15: n} }
func staff(n byte) string                           { return "staff:" + id(n).String() }
func clock(n byte, owner uuid.UUID) *casework.Clock { return &casework.Clock{ID: id(n), Owner: owner} }

// A respondent is found where the case has one; else it is the executor of the special
// procedure, else the head of the case's department (docs/kinds.md, SupervisionRule).
func TestRespondents(t *testing.T) {
	day := func(n, hour int) time.Time { return time.Date(2026, 3, n, hour, 0, 0, 0, time.UTC) }
	human := string(workflow.Human)
	d := &paper{
		kase: casework.Case{ID: id(1), Department: "scjgj", Facts: form.Data{"site": "cgj"}},
		tasks: []*casework.Task{
			{ID: id(11), Node: "review", NodeType: human, Department: "zwfwj", Assignee: id(51), OpenedAt: day(2, 9), ClosedAt: day(4, 9)},
			{ID: id(12), Node: "decide", NodeType: human, Department: "scjgj", Actor: id(52), OpenedAt: day(4, 9), ClosedAt: day(9, 9)},
			{ID: id(13), Node: "wait", NodeType: string(workflow.Wait), OpenedAt: day(5, 9)},
			{ID: id(14), Node: "queue", NodeType: human, Department: "zwfwj", OpenedAt: day(10, 9)},
			{ID: id(15), Node: "inspection", NodeType: string(workflow.Special), Token: "t", Department: "scjgj", Assignee: id(53), OpenedAt: day(6, 9), ClosedAt: day(7, 9)},
		},
		specials: []*casework.SpecialRun{
			{ID: id(21), Token: "t", Procedure: "inspection", RequestedBy: id(54), Executors: []uuid.UUID{id(55), id(56)}, CreatedAt: day(6, 9)},
			{ID: id(22), Token: "u", Procedure: "hearing", CreatedAt: day(7, 9)},
		},
		clocks: []*casework.Clock{clock(31, id(1)), clock(32, id(11)), clock(33, id(21)), clock(34, id(22))},
	}
	events := []casework.Told{{Type: "correction.issued", Actor: staff(57), At: day(4, 9)}, {Type: "case.withdrawn", Actor: "account:x", At: day(4, 10)},
		{Type: "special.started", Actor: "system", At: day(6, 9), Fields: map[string]any{"procedure": "inspection"}},
		{Type: "task.overdue", Actor: "system", At: day(9, 0), Fields: map[string]any{"owner": id(12).String()}}}
	head := "department:scjgj.head"
	for name, c := range map[string]struct {
		word, object, node string
		on                 int
		want               string
	}{
		"of a stage":                       {"task.assignee", id(32).String(), "review", 9, staff(51)},
		"of a stage only the draft has":    {"task.assignee", id(12).String(), "decide", 5, staff(52)},
		"of the case, day begins":          {"task.assignee", id(31).String(), "", 4, staff(51)},
		"of the case, next":                {"task.assignee", id(31).String(), "", 5, staff(52)},
		"of a limit only the draft has":    {"task.assignee", "statutory", "", 5, staff(52)},
		"of the case, nobody yet":          {"task.assignee", id(31).String(), "", 1, head},
		"in a queue":                       {"task.assignee", id(31).String(), "", 12, head},
		"head of the queue's department":   {"task.department.head", id(31).String(), "", 12, "department:zwfwj.head"},
		"head":                             {"department.head", id(32).String(), "review", 3, head},
		"who has the special procedure":    {"task.assignee", id(33).String(), "inspection", 9, staff(53)},
		"who asked for it":                 {"special.requested_by", id(33).String(), "inspection", 9, staff(54)},
		"who carried it out":               {"special.executor", id(33).String(), "inspection", 9, staff(55)},
		"outside body":                     {"special.requested_by", id(34).String(), "hearing", 9, head},
		"actor":                            {"event.actor", "event/0", "", 4, staff(57)},
		"whose work it was":                {"task.assignee", "event/0", "", 4, staff(51)},
		"an applicant is not carded":       {"event.actor", "event/1", "", 4, head},
		"the engine started it":            {"event.actor", "event/2", "", 6, staff(55)},
		"overdue task":                     {"task.assignee", "event/3", "", 9, staff(52)},
		"department of a fact":             {"facts.site", id(31).String(), "", 4, "department:cgj"},
		"its head":                         {"facts.site.head", id(31).String(), "", 4, "department:cgj.head"},
		"a fact that nobody recorded":      {"facts.other.head", id(31).String(), "", 4, head},
		"there is no bundle":               {"bundle.lead.head", id(31).String(), "", 4, head},
		"bundle member in a special clock": {"member.department", id(33).String(), "inspection", 9, staff(55)},
	} {
		v := card.Verdict{Respondent: c.word, Object: c.object, Node: c.node, On: deadline.NewDate(2026, 3, c.on)}
		if got := simulation.Against(d, events, v); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
