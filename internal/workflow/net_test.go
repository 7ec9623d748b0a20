package workflow_test

import (
	"errors"
	"strings"
	"testing"

	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// V-54 for the food example: with 4 days of inspection, two of them and 整改 fit
// exactly into 10 + 5, as its author notes; testing suspends the statutory clock.
func TestLongestStagesFood(t *testing.T) {
	net := load(t, "food")
	statutory := func(n *workflow.Node) int {
		switch {
		case n.SpecialProcedure == "food-site-inspection":
			return 4
		case n.SpecialProcedure != "" || n.Clock.StatutorySuspended || n.Limit == nil:
			return 0
		default:
			return n.Limit.N
		}
	}
	days, path := workflow.LongestStages(net, statutory)
	if want := "need_inspection site_inspection wait_rectify site_inspection review decide review refusal_review"; days != 15 || strings.Join(path, " ") != want {
		t.Errorf("longest is %d days: %s", days, strings.Join(path, " "))
	}
	// V-29: for the promised clock inspection and 整改 are suspended.
	promised := func(n *workflow.Node) int {
		if n.Limit == nil || n.Clock.PromisedSuspended {
			return 0
		}
		return n.Limit.N
	}
	if days, path := workflow.LongestStages(net, promised); days != 4 {
		t.Errorf("longest is %d days: %v", days, path)
	}
}

// Branches run side by side: the longer counts.
func TestLongestStagesRoad(t *testing.T) {
	days, path := workflow.LongestStages(load(t, "road"), func(n *workflow.Node) int {
		switch {
		case n.Type == workflow.Special:
			return 5
		case n.Limit != nil:
			return n.Limit.N
		default:
			return 0
		}
	})
	if want := "fork survey joined review decide"; days != 8 || strings.Join(path, " ") != want {
		t.Errorf("longest is %d days: %v", days, path)
	}
}

// docs/kinds.md: an action without an effect needs the permission of the node's
// first action with one.
func TestPermissions(t *testing.T) {
	food, bundle, member := load(t, "food"), load(t, "bundle"), load(t, "member")
	for _, c := range []struct {
		net                *workflow.Net
		node, action, want string
	}{
		{food, "intake", "received", "case.print_receipt"},
		{food, "pre_review", "pass", "case.correct"},
		{food, "pre_review", "refuse", "case.refuse_acceptance"},
		{food, "acceptance", "accept", "case.accept"},
		{food, "review", "submit", "case.review"},
		{food, "review", "need_test", "special.request"},
		{food, "decide", "send_back", "case.decide"},
		{food, "deliver_manual", "retry", "case.issue_result"},
		{food, "deliver", "delivered", "case.issue_result"},
		{food, "issue", "done", ""},
		{bundle, "intake", "dispatch", "bundle.dispatch"},
		{bundle, "merge", "correct", "bundle.merge_corrections"},
		{bundle, "collect", "partly", "bundle.coordinate"},
		{member, "pre_review", "pass", "case.pre_review"},
		{member, "review", "submit", "special.request"},
	} {
		if got := c.net.Permission(c.node, c.action, nil); got != c.want {
			t.Errorf("%s.%s needs %q, want %q", c.node, c.action, got, c.want)
		}
	}
	if got := food.Permission("intake", "received", func(string) string { return "notice" }); got != "case.pre_review" {
		t.Errorf("a notice before acceptance needs %q", got)
	}
}

// Rule 10: the requester picks a procedure still under its max_times; none left: not offered.
func TestRequestedProcedures(t *testing.T) {
	w := newWalker(t, "member")
	w.state = workflow.State{Status: workflow.StatusAccepted, Base: workflow.StatusAccepted, Phase: workflow.Handling}
	w.env.Procedures = map[string]workflow.Procedure{"hearing": {MaxTimes: 1}}
	w.do("start member_review")
	offers, err := workflow.Offered(w.net, w.state, w.token("review", ""), w.env)
	if err != nil || len(offers) != 2 || strings.Join(offers[1].Procedures, ",") != "hearing" {
		t.Fatalf("offered %+v, %v", offers, err)
	}
	if got := w.do("act review special inspection"); !strings.Contains(got, "refused") {
		t.Errorf("a procedure that is not the matter's starts: %s", got)
	}
	w.do("act review special hearing")
	w.do("occur special passed")
	if got := w.offered("review"); got != "submit\n" {
		t.Errorf("offered with none left: %s", got)
	}
	if got := w.do("verb start_special hearing"); !strings.Contains(got, "refused") {
		t.Errorf("a procedure past its max_times starts beside the flow: %s", got)
	}
}

// A refused event changes nothing and says so with a stable reason; a guard that
// fails is an error of ours, with its text.
func TestRefusals(t *testing.T) {
	w := newWalker(t, "food")
	w.do("submit")
	for line, reason := range map[string]string{
		"submit":                  workflow.ReasonNotOffered,
		"act intake nothing":      workflow.ReasonNotOffered,
		"act decide grant":        workflow.ReasonNotOffered,
		"occur intake done":       workflow.ReasonUnknownWord,
		"deem":                    "",
		"verb forward_upward":     workflow.ReasonNotOffered,
		"verb lapse":              workflow.ReasonNotOffered,
		"verb nonsense":           "unknown_verb",
		"archive":                 workflow.ReasonNotOffered,
		"bundle deliver":          workflow.ReasonNotOffered,
		"start pre_review":        workflow.ReasonNotOffered,
		"reopened":                workflow.ReasonNotOffered,
		"reject intake":           workflow.ReasonNotOffered,
		"started intake suspends": workflow.ReasonNotOffered,
	} {
		f := strings.Fields(line)
		e, _ := w.event(f[0], append(f[1:], "", "", ""))
		next, effects, err := workflow.Step(w.net, w.state, e, w.env)
		if problem.ReasonOf(err) != reason {
			t.Errorf("%s: %v", line, err)
		}
		if err != nil && (marshal(t, next) != marshal(t, w.state) || effects != nil) {
			t.Errorf("%s: refused, but something changed", line)
		}
	}
	broken := errors.New("no such key")
	w.env.Eval = func(workflow.Guard, workflow.View) (bool, error) { return false, broken }
	_, _, err := workflow.Step(w.net, workflow.State{}, workflow.Submit(), w.env)
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "case.channel in") {
		t.Errorf("a failing guard answers %v", err)
	}
	if _, _, err := workflow.Step(w.net, workflow.State{}, workflow.Submit(), workflow.Env{}); err == nil {
		t.Error("a guard without an evaluator passes")
	}
}

// SM-18: the words of a bundle's own case.
func TestBundleStatus(t *testing.T) {
	w := newWalker(t, "bundle")
	for _, c := range [][2]string{{"submit", "received"}, {"members a", "received"}, {"act intake dispatch", "dispatching"}} {
		w.do(c[0])
		if got := workflow.BundleStatus(w.state); got != c[1] {
			t.Errorf("after %s the bundle is %s, want %s", c[0], got, c[1])
		}
	}
}

func BenchmarkStep(b *testing.B) {
	w := newWalker(b, "food")
	w.guards["case.channel in ['web', 'mobile', 'terminal']"] = true
	w.do("submit")
	w.do("act pre_review pass")
	e := workflow.Act(w.token("acceptance", ""), "accept")
	for b.Loop() {
		if _, _, err := workflow.Step(w.net, w.state, e, w.env); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkExplore(b *testing.B) {
	net := load(b, "food")
	for b.Loop() {
		workflow.Explore(net, workflow.Bound{})
	}
}
