package casework_test

import (
	"testing"
	"time"

	"zhengtong/internal/casework"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/deadline"
	"zhengtong/internal/workflow"
)

// sound holds a case to the invariants of the domain model §2.5 that a single case shows.
func sound(t caseworktest.TB, k *caseworktest.Case) {
	t.Helper()
	view := k.Now()
	kase := view.Case()
	live := 0
	for _, n := range view.Corrections() {
		if n.Status == "issued" {
			live++
		}
	}
	if live > 1 { // 6
		t.Fatalf("%d live corrections", live)
	}
	states := []deadline.State{deadline.Running, deadline.Suspended, deadline.Met, deadline.Expired, deadline.Cancelled}
	for _, c := range view.Clocks() { // 4, 5
		known := false
		for _, s := range states {
			known = known || c.Body.State == s
		}
		if !known || c.Body.Live() && !c.Body.StoppedOn.IsZero() {
			t.Fatalf("the %s clock is %q, stopped on %s", c.Body.Kind, c.Body.State, c.Body.StoppedOn)
		}
		for _, s := range c.Body.Segments {
			if c.Body.Kind == deadline.Statutory && s.Basis == "" {
				t.Fatalf("the statutory clock was suspended without a basis: %+v", s)
			}
		}
	}
	if !kase.AcceptedOn.IsZero() && kase.AcceptedOn.Before(kase.ReceivedOn) { // 3
		t.Fatalf("accepted on %s, received on %s", kase.AcceptedOn, kase.ReceivedOn)
	}
	if !kase.DecidedOn.IsZero() && kase.DecidedOn.Before(kase.AcceptedOn) {
		t.Fatalf("decided on %s, accepted on %s", kase.DecidedOn, kase.AcceptedOn)
	}
	tasksFollowTokens(t, view)
	oneDocumentEach(t, k)
	k.Chain() // 14
}

// Invariant 14 between nodes: one whose clock is behind goes on where the case stands, it dates nothing back.
func TestNodeWithSlowClock(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		k := atReview(t, c)
		stood := k.Now().Case().UpdatedAt
		c.Clock.Add(-26 * time.Hour)
		ok(t, k.Act(k.Handler("review"), "review", "submit", opinion))
		if at := k.Now().Case().UpdatedAt; at.Before(stood) {
			t.Fatalf("the case stood at %s and went back to %s", stood, at)
		}
		sound(t, k)
	})
}

// tasksFollowTokens: each open task waits on a token of the net, one task a token;
// a case that has ended has neither (SM-06).
func tasksFollowTokens(t caseworktest.TB, view *casework.View) {
	t.Helper()
	waiting := map[string]int{}
	for _, token := range view.Case().State.Tokens {
		waiting[token.ID] = 0
	}
	for _, run := range view.Case().State.Runs {
		waiting[run.ID] = 0
	}
	if status := view.Case().Status; (status == workflow.StatusEnded || status == workflow.StatusArchived) && len(waiting) > 0 {
		t.Fatalf("the case has ended with tokens at %v", view.Case().State.Tokens)
	}
	for _, task := range view.Tasks() {
		if !task.Open() {
			continue
		}
		if n, stands := waiting[task.Token]; !stands || n > 0 {
			t.Fatalf("the task at %s is %s; its token stands: %t, with %d other tasks", task.Node, task.State, stands, n)
		}
		waiting[task.Token]++
	}
	for _, token := range view.Case().State.Tokens {
		if node, _ := view.Matter().Net.Node(token.Node); node != nil && node.Type == workflow.Human && waiting[token.ID] == 0 {
			t.Fatalf("nobody has the task at %s", token.Node)
		}
	}
}

// oneDocumentEach: each acceptance, refusal, correction and decision has exactly
// one unvoided document, and no unvoided document stands for an act that was not taken (invariant 7).
func oneDocumentEach(t caseworktest.TB, k *caseworktest.Case) {
	t.Helper()
	view := k.Now()
	node := map[string]map[string]bool{"correct": nil, "refuse": nil, "not_needed": nil, "accept": nil, "grant": nil, "confirm_refuse": nil}
	for _, task := range view.Tasks() {
		used, unused := 0, 0
		for _, d := range view.Documents() {
			if d.TaskID != task.ID || !d.VoidedAt.IsZero() {
				continue
			}
			if d.UsedAt.IsZero() {
				unused++
			} else {
				used++
			}
		}
		_, locked := node[task.Action]
		if locked && !task.Open() && used != 1 {
			t.Fatalf("%s at %s stands on %d documents", task.Action, task.Node, used)
		}
		if !task.Open() && unused != 0 {
			t.Fatalf("%d documents of the closed task at %s were never used and stand", unused, task.Node)
		}
	}
}
