package casework_test

import (
	"testing"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/casework"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/configuration"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
)

func askMore(k *caseworktest.Case, login string, n int, reason string) error {
	_, err := k.Cases.RequestExtension(k.As(login), casework.ExtensionInput{Case: k.ID, Clock: deadline.Statutory, N: n, Reason: reason})
	return err
}

func giveMore(k *caseworktest.Case, login string, extension uuid.UUID, approve bool) error {
	_, err := k.Cases.DecideExtension(k.As(login), extension, approve, "案情复杂")
	return err
}

// Scenario 16, R-SPC-08, T-16, SM-09: asked before it is due, approved by the
// head, once; the date moves from the present due date and the applicant is told why.
func TestExtension(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		k := atReview(t, c)
		limit(t, k, deadline.Statutory, deadline.Running, "2026-03-16")
		refused(t, askMore(k, "jueding", 5, "需要现场复核"), problem.Forbidden, "permission")
		refused(t, askMore(k, "linshen", 5, "需要现场复核"), problem.NotFound, "")
		refused(t, askMore(k, "shencha", 6, "需要现场复核"), problem.Validation, "")
		refused(t, askMore(k, "shencha", 5, ""), problem.Validation, "")
		c.At("2026-03-16 16:00")
		ok(t, askMore(k, "shencha", 5, "需要现场复核"))
		refused(t, askMore(k, "shencha", 5, "需要现场复核"), problem.Conflict, "extension_used")
		asked := k.Now().Extensions()[0]
		refused(t, giveMore(k, "jueding", asked.ID, true), problem.Forbidden, "permission")
		refused(t, giveMore(k, "shencha", asked.ID, true), problem.Forbidden, "permission")
		ok(t, giveMore(k, "juzhang", asked.ID, true))
		limit(t, k, deadline.Statutory, deadline.Running, "2026-03-23")
		limit(t, k, deadline.Promised, deadline.Running, "2026-03-09")
		refused(t, giveMore(k, "juzhang", asked.ID, true), problem.Conflict, "action_not_offered")
		refused(t, askMore(k, "shencha", 1, "再次"), problem.Conflict, "extension_used")
		notice := documents(k, "extension")
		if len(notice) != 1 || value(t, notice[0], "extension", "reason") != "需要现场复核" || value(t, notice[0], "extension", "approved_by") != "吴局" ||
			value(t, notice[0], "case", "statutory_due_on") != "2026-03-23" {
			t.Fatalf("the applicant was told %+v", notice)
		}
		if got := k.Now().Case().StatutoryDue.String(); got != "2026-03-23" {
			t.Fatalf("the case says %s", got)
		}
		sound(t, k)
	})
}

// T-16: too late when the clock has run out; a request that nobody decided lapses.
func TestExtensionTooLate(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		k := atReview(t, c)
		ok(t, askMore(k, "shencha", 5, "需要现场复核"))
		c.At("2026-03-17 00:00")
		k.Fire()
		limit(t, k, deadline.Statutory, deadline.Expired, "2026-03-16")
		if got := k.Now().Extensions()[0].Status; got != "lapsed" {
			t.Fatalf("the request is %s", got)
		}
		refused(t, giveMore(k, "juzhang", k.Now().Extensions()[0].ID, true), problem.Conflict, "action_not_offered")
		refused(t, askMore(k, "shencha", 5, "迟了"), problem.Conflict, deadline.ReasonExpired)
		sound(t, k)
	})
}

// T-16: late by the date although the timer has not fired yet.
func TestExtensionLateBeforeTheTimer(t *testing.T) {
	c := lite(t)
	k := atReview(t, c)
	ok(t, askMore(k, "shencha", 5, "需要现场复核"))
	c.At("2026-03-17 08:00")
	refused(t, giveMore(k, "juzhang", k.Now().Extensions()[0].ID, true), problem.Conflict, deadline.ReasonExpired)
	other := c.Apply("yongfeng", caseworktest.LowRisk())
	refused(t, askMore(other, "shencha", 5, "尚未受理"), problem.Conflict, "action_not_offered")
}

// SM-09: rejected, the date stands and the request may be made again; a matter may allow none at all.
func TestExtensionRejected(t *testing.T) {
	c := lite(t)
	k := atReview(t, c)
	ok(t, askMore(k, "shencha", 5, "需要现场复核"))
	ok(t, giveMore(k, "juzhang", k.Now().Extensions()[0].ID, false))
	limit(t, k, deadline.Statutory, deadline.Running, "2026-03-16")
	if len(documents(k, "extension")) != 0 {
		t.Fatal("a notice of an extension that was refused")
	}
	ok(t, askMore(k, "shencha", 3, "补充理由"))

	c.Publish(func(m *configuration.Matter) { m.Spec.Extension = nil })
	none := atReview(t, c)
	refused(t, askMore(none, "shencha", 5, "需要现场复核"), problem.Conflict, "action_not_offered")
	ok(t, giveMore(k, "juzhang", k.Now().Extensions()[1].ID, true)) // pinned to the version that allows it (invariant I4)
}
