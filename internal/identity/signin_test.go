package identity_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"zhengtong/internal/authz"
	"zhengtong/internal/problem"
)

// R-ACC-06: applicants sign in to the realm, staff to their tenant; logins are names within each.
func TestSignIn(t *testing.T) {
	each(t, func(w *town) {
		firm := w.signIn("xiangwei", "").Principal
		if firm.Type != authz.TypeApplicant || firm.Home != "national" || firm.USCC != "91431321MA4L00011P" || firm.Level != "L3" || firm.ObjectType != "enterprise" {
			w.Errorf("the firm is %+v", firm)
		}
		clerk, neighbour := w.signIn(" shencha ", county).Principal, w.signIn("shencha", "431322").Principal
		if clerk.Type != authz.TypeStaff || clerk.Home != county || clerk.Name != "张审" || !slices.Equal(clerk.Roles(), []string{"approver", "reviewer"}) {
			w.Errorf("the reviewer is %+v", clerk)
		}
		if neighbour.Name != "邻审" || neighbour.Account == clerk.Account || !slices.Equal(neighbour.Bindings, []authz.Binding{{Role: "reviewer", Department: "zjj"}}) {
			w.Errorf("the namesake is %+v", neighbour)
		}
	})
}

// R-ACC-06: every failure gives one answer, so that nothing is learnt about others.
func TestRefusalsOfSignInAreAlike(t *testing.T) {
	each(t, func(w *town) {
		w.exec(county, "UPDATE account SET status = 'frozen' WHERE tenant_id = $1 AND login = 'shencha'")
		w.exec("431322", "UPDATE staff SET status = 'left' WHERE tenant_id = $1 AND staff_no = '22011'")
		answers := map[string]bool{}
		for name, in := range map[string][3]string{
			"a wrong password": {"lixiang", "wrong", ""}, "no password": {"lixiang", "", ""}, "an unknown login": {"nobody", password, ""},
			"a frozen account": {"shencha", password, county}, "staff without a tenant": {"shencha", password, ""}, "an applicant in a county": {"lixiang", password, county},
			"an unknown tenant": {"lixiang", password, "999999"}, "a password without end": {"lixiang", strings.Repeat("x", 1<<16), ""},
		} {
			_, err := w.try(in[0], in[1], in[2])
			if problem.CodeOf(err) != problem.Unauthenticated || problem.ReasonOf(err) != "bad_credentials" {
				w.Errorf("%s: %v", name, err)
				continue
			}
			answers[err.Error()] = true
		}
		if len(answers) != 1 {
			w.Errorf("%d different answers", len(answers))
		}
		if _, err := w.try("shencha", password, "431322"); problem.CodeOf(err) != problem.Unauthenticated {
			w.Errorf("staff who left: %v", err)
		}
	})
}

// R-ACC-29, SM-02: five failures in a row lock the account for half an hour, even
// for its password; a success in between starts the count anew.
func TestLockout(t *testing.T) {
	each(t, func(w *town) {
		fail := func(n int) {
			for range n {
				if _, err := w.try("lixiang", "wrong", ""); err == nil {
					w.Fatal("a wrong password opens a session")
				}
			}
		}
		fail(4)
		w.signIn("lixiang", "")
		fail(4)
		w.signIn("lixiang", "")
		fail(5)
		if _, err := w.try("lixiang", password, ""); problem.ReasonOf(err) != "bad_credentials" {
			w.Errorf("locked, the password: %v", err)
		}
		w.clock.Add(30*time.Minute - time.Second)
		if _, err := w.try("lixiang", password, ""); err == nil {
			w.Error("a second too early the lock is off")
		}
		w.signIn("xiangwei", "") // nobody else is locked
		w.clock.Add(time.Second)
		w.signIn("lixiang", "")
	})
}

// R-ACC-29: guesses made at once are counted as well.
func TestGuessesAtOnce(t *testing.T) {
	each(t, func(w *town) {
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				if _, err := w.try("lixiang", "wrong", ""); err == nil {
					w.Error("a wrong password opens a session")
				}
			})
		}
		group.Wait()
		_, err := w.try("lixiang", "wrong", "")
		if err == nil {
			w.Fatal("a wrong password opens a session")
		}
		if _, err := w.try("lixiang", password, ""); err == nil {
			w.Error("nine wrong guesses did not lock the account")
		}
	})
}

// R-PRF-13: sessions end by signing out, by idling, at their absolute end, with the
// account, and when the holder ends the others.
func TestSessionsEnd(t *testing.T) {
	each(t, func(w *town) {
		first, second := w.signIn("lixiang", ""), w.signIn("lixiang", "")
		firm := w.signIn("xiangwei", "")
		if first.Token == second.Token || !strings.HasPrefix(first.Token, "national.") {
			w.Fatalf("tokens %q and %q", first.Token, second.Token)
		}
		n, err := w.EndOtherSessions(w.as(second))
		w.ok(err)
		if n != 1 {
			w.Errorf("%d others ended", n)
		}
		w.ended(first, "ended by the other")
		w.as(firm)
		out, err := w.SignOut(w.as(second))
		w.ok(err)
		again, err := w.SignOut(authz.With(w.Context(), second.Principal))
		w.ok(err)
		if !out || again {
			w.Errorf("signed out %t, again %t", out, again)
		}
		w.ended(second, "signed out")

		idle := w.signIn("lixiang", "")
		w.clock.Add(29 * time.Minute)
		w.as(idle)
		w.clock.Add(30 * time.Minute)
		w.as(idle) // seen half an hour ago, to the second
		w.clock.Add(30*time.Minute + time.Second)
		w.ended(idle, "idle")

		long := w.signIn("lixiang", "")
		for w.clock.Now().Before(long.ExpiresAt.Add(-20 * time.Minute)) {
			w.clock.Add(20 * time.Minute)
			w.as(long)
		}
		w.clock.Set(long.ExpiresAt)
		w.ended(long, "twelve hours old, though never idle")

		frozen := w.signIn("lixiang", "")
		w.exec("national", "UPDATE account SET status = 'frozen' WHERE tenant_id = $1 AND login = 'lixiang'")
		w.ended(frozen, "the account is frozen")
	})
}

// A token is its tenant and a secret: nothing else opens anything, and the secret is not stored.
func TestTokens(t *testing.T) {
	each(t, func(w *town) {
		public, err := w.Resolve(w.Context(), "")
		w.ok(err)
		if public.Type != authz.TypePublic {
			w.Errorf("no token is %s", public.Type)
		}
		session := w.signIn("shencha", county)
		_, secret, _ := strings.Cut(session.Token, ".")
		for name, token := range map[string]string{"of another tenant": "431322." + secret, "of the realm": "national." + secret, "without a tenant": secret,
			"cut short": session.Token[:len(session.Token)-1], "of no tenant": "999999." + secret, "only a dot": ".", "a quotation": county + ".' OR 1=1 --"} {
			if _, err := w.Resolve(w.Context(), token); problem.CodeOf(err) != problem.Unauthenticated {
				w.Errorf("a token %s: %v", name, err)
			}
		}
		var n int
		w.ok(w.db.QueryRow(w.in(county), "SELECT count(*) FROM session WHERE tenant_id = $1 AND token_hash = $2", county, secret).Scan(&n))
		if n != 0 {
			w.Error("the secret is stored as it is")
		}
	})
}
