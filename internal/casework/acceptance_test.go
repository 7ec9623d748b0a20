package casework_test

import (
	"strings"
	"testing"

	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/configuration"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// Scenario 13, R-REC-12, T-05, T-07, invariant 24: nobody acts in time, so the
// application is accepted as of its receipt, by the engine, once.
func TestDeemedAcceptance(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		c.At("2026-02-10 10:00")
		k := c.Apply("xiangwei", caseworktest.Application(nil))
		limit(t, k, deadline.Acceptance, deadline.Running, "2026-02-24")
		c.At("2026-02-24 23:59")
		k.Fire() // warnings
		status(t, k, workflow.StatusReceived)
		c.At("2026-02-25 00:00")
		due := k.DueTimers()
		k.Fire()
		for _, timer := range due { // firing again does nothing
			ok(t, k.Cases.Fire(k.System(), timer, nil))
		}
		kase := k.Now().Case()
		if !kase.Deemed || kase.AcceptedOn.String() != "2026-02-10" {
			t.Fatalf("deemed %t, accepted on %s", kase.Deemed, kase.AcceptedOn)
		}
		limit(t, k, deadline.Acceptance, deadline.Expired, "2026-02-24")
		if s := k.Limit(deadline.Statutory); s.Body.StartedOn.String() != "2026-02-10" || s.DueOn.String() != "2026-03-02" { // 10 wd, among them the make-up Saturdays 02-14 and 02-28
			t.Fatalf("the statutory clock runs from %s to %s", s.Body.StartedOn, s.DueOn)
		}
		if k.Told("case.accepted") != 1 || k.Told("clock.expired") < 1 {
			t.Fatalf("events: %v", types(k))
		}
		for _, e := range k.Chain() {
			if e.Type == "case.accepted" && e.Actor != "system" {
				t.Fatalf("deemed by %s", e.Actor)
			}
		}
		sound(t, k)
	})
}

// T-05: a matter may let the window pass without deeming anything accepted.
func TestWindowWithoutDeeming(t *testing.T) {
	c := lite(t)
	c.Publish(func(m *configuration.Matter) {
		window := *m.Spec.AcceptanceWindow
		window.OnExpiry = "escalate"
		m.Spec.AcceptanceWindow = &window
	})
	k := c.Apply("xiangwei", caseworktest.Application(nil))
	c.At("2026-03-10 00:00")
	k.Fire()
	status(t, k, workflow.StatusReceived)
	limit(t, k, deadline.Acceptance, deadline.Expired, "2026-03-09")
	if kase := k.Now().Case(); kase.Deemed || !kase.AcceptedOn.IsZero() {
		t.Fatalf("deemed %t on %s", kase.Deemed, kase.AcceptedOn)
	}
}

// Scenario 12, R-REC-10, R-REC-13: outside its competence the agency names the one that has it, reasons and remedies.
func TestNotCompetent(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		k := c.Apply("xiangwei", caseworktest.Application(nil))
		reviewer := k.Handler("pre_review")
		fields := map[string]any{"reason": "经营场所不在本县", "legal_basis": "食品经营许可和备案管理办法第六条"}
		_, err := k.Issue(reviewer, "pre_review", "refuse", fields)
		refused(t, err, problem.Validation, "") // no competent agency named
		fields["competent_agency"] = "湘乡市市场监督管理局"
		refused(t, k.Act(reviewer, "pre_review", "refuse", fields), problem.Conflict, "document_required")
		k.Do(reviewer, "pre_review", "refuse", fields)
		ended(t, k, "not_accepted", "1")
		notice := documents(k, "non-acceptance")[0]
		remedies, _ := value(t, notice, "remedies").(string)
		if value(t, notice, "input", "competent_agency") != "湘乡市市场监督管理局" || !strings.Contains(remedies, "双峰县人民政府") {
			t.Fatalf("the notice says %s", notice.Values)
		}
		limit(t, k, deadline.Acceptance, deadline.Met, "2026-03-09")
	})
}

// Scenario 12, R-REC-13: when no licence is needed, it says so and names nobody.
func TestNoLicenceNeeded(t *testing.T) {
	c := lite(t)
	k := c.Apply("xiangwei", caseworktest.Application(nil))
	k.Do(k.Handler("pre_review"), "pre_review", "not_needed", map[string]any{"reason": "仅销售预包装食品，办理备案即可"})
	ended(t, k, "no_licence_needed", "1")
	if notice := documents(k, "not-needed")[0]; strings.Contains(notice.Values, "competent_agency") || strings.Contains(notice.Values, "remedies") {
		t.Fatalf("the notice says %s", notice.Values)
	}
}

// R-PRC-20: an adverse decision needs remedies, and a matter without them cannot take one.
func TestRefusalNeedsRemedies(t *testing.T) {
	c := lite(t)
	c.Publish(func(m *configuration.Matter) { m.Spec.Remedies = nil })
	k := c.Apply("xiangwei", caseworktest.LowRisk())
	k.Do(k.Handler("pre_review"), "pre_review", "pass", nil)
	k.Do(k.Handler("acceptance"), "acceptance", "accept", nil)
	k.Do(k.Handler("review"), "review", "submit", opinion)
	_, err := k.Issue(k.Handler("decide"), "decide", "refuse", map[string]any{"reason": "不符合条件", "legal_basis": "食品安全法第三十三条"})
	refused(t, err, problem.Validation, "")
}

// ended expects an end with its finish code (§2.3 finish codes), everything stopped.
func ended(t caseworktest.TB, k *caseworktest.Case, outcome, code string) {
	t.Helper()
	kase := k.Now().Case()
	if kase.Status != workflow.StatusEnded || kase.Outcome != outcome || kase.FinishCode != code {
		t.Fatalf("%s as %q with finish code %q, want ended as %q with %q", kase.Status, kase.Outcome, kase.FinishCode, outcome, code)
	}
	for _, clock := range k.Now().Clocks() {
		if clock.Body.StoppedOn.IsZero() {
			t.Fatalf("the %s clock still runs", clock.Body.Kind)
		}
	}
	sound(t, k)
}
