package identity_test

import (
	"errors"
	"testing"
	"time"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/identity"
	"zhengtong/internal/problem"
)

// change replaces the password of whoever holds a session.
func (w *town) change(s *identity.Session, current, new string) (int, error) {
	w.Helper()
	return w.ChangePassword(w.as(s), identity.PasswordChange{Current: current, New: new})
}

// codes are the codes of a Validation.
func codes(err error) map[string]bool {
	out := map[string]bool{}
	var refused *problem.Error
	if errors.As(err, &refused) {
		for _, p := range refused.Problems {
			out[p.Code] = true
		}
	}
	return out
}

// R-PRF-13: a password is changed by whoever knows the present one, by the rules of the tenant; other sessions end.
func TestChangePassword(t *testing.T) {
	each(t, func(w *town) {
		here, there := w.signIn("lixiang", ""), w.signIn("lixiang", "")
		for name, c := range map[string]struct{ current, new, code string }{
			"a wrong present one": {"wrong", "Another#2026", "wrong_password"},
			"too short":           {password, "Ab#1", "length"},
			"too long":            {password, string(make([]byte, 300)), "length"},
			"two classes":         {password, "abcdefgh1234", "classes"},
			"the same":            {password, password, "used_before"},
		} {
			if _, err := w.change(here, c.current, c.new); problem.CodeOf(err) != problem.Validation || !codes(err)[c.code] {
				w.Errorf("%s: %v", name, err)
			}
		}
		n, err := w.change(here, password, "Another#2026")
		w.ok(err)
		if n != 1 {
			w.Errorf("%d other sessions ended", n)
		}
		w.ended(there, "the password was changed elsewhere")
		if _, err := w.try("lixiang", password, ""); err == nil {
			w.Error("the old password still opens")
		}
		if _, err := w.try("lixiang", "Another#2026", ""); err != nil {
			w.Errorf("the new password: %v", err)
		}
		if _, err := w.change(here, "Another#2026", password); !codes(err)["used_before"] {
			w.Errorf("back to the old one: %v", err)
		}
		_, err = w.ChangePassword(w.Context(), identity.PasswordChange{Current: "Another#2026", New: "Third#2026"})
		if problem.CodeOf(err) != problem.Unauthenticated {
			w.Errorf("without a session: %v", err)
		}
		var audited int
		w.ok(w.db.QueryRow(w.in("national"), "SELECT count(*) FROM audit_log WHERE tenant_id = $1 AND action = 'password.change'", "national").Scan(&audited))
		if audited != 1 {
			w.Errorf("%d audit entries", audited)
		}
	})
}

// As many of the last passwords as the tenant says may not come again; the one before them may.
func TestPasswordHistory(t *testing.T) {
	w := newTown(t, dbtest.Open(t, db.SQLite))
	session, last := w.signIn("lixiang", ""), password
	for _, next := range []string{"Number#0001", "Number#0002", "Number#0003", "Number#0004", "Number#0005"} {
		_, err := w.change(session, last, next)
		w.ok(err)
		last = next
	}
	if _, err := w.change(session, last, "Number#0001"); !codes(err)["used_before"] {
		w.Errorf("the fifth last: %v", err)
	}
	_, err := w.change(session, last, password)
	w.ok(err)
}

// R-ACC-29: guesses at the present password are counted like sign-ins, and lock alike.
func TestGuessesAtThePresentPassword(t *testing.T) {
	each(t, func(w *town) {
		session := w.signIn("lixiang", "")
		for range 5 {
			if _, err := w.change(session, "guess", "Another#2026"); !codes(err)["wrong_password"] {
				w.Fatal(err)
			}
		}
		if _, err := w.change(session, password, "Another#2026"); problem.ReasonOf(err) != "account_locked" {
			w.Errorf("locked: %v", err)
		}
		if _, err := w.try("lixiang", password, ""); err == nil {
			w.Error("locked, and yet it opens")
		}
		w.clock.Add(20 * time.Minute)
		w.as(session)
		w.clock.Add(10 * time.Minute)
		_, err := w.change(session, password, "Another#2026")
		w.ok(err)
	})
}

// An account made with a one-time password says so to its session until it is changed.
func TestOneTimePassword(t *testing.T) {
	each(t, func(w *town) {
		secret := identity.OneTimePassword()
		_, err := w.Create(w.in(county), identity.NewAccount{Type: authz.TypeStaff, Login: "xinren", Password: secret, OneTime: true, Level: "L3", Name: "新人",
			Staff: &identity.NewStaff{StaffNo: "21099", Department: "scjgj"}})
		w.ok(err)
		session, err := w.try("xinren", secret, county)
		w.ok(err)
		if !session.Principal.MustChange || !authz.From(w.as(session)).MustChange {
			w.Error("nobody asks for the change")
		}
		_, err = w.change(session, secret, "Another#2026")
		w.ok(err)
		if authz.From(w.as(session)).MustChange {
			w.Error("changed, and asked for again")
		}
		if w.signIn("shencha", county).Principal.MustChange {
			w.Error("a lasting password is to be changed")
		}
	})
}
