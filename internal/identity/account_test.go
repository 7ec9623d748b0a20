package identity_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/identity"
	"zhengtong/internal/problem"
)

// A role binds from its first to its last day, both included, by the civil days of the tenant.
func TestBindingsByDate(t *testing.T) {
	each(t, func(w *town) {
		w.exec(county, "UPDATE role_binding SET valid_from = '2026-03-03', valid_to = '2026-03-04' WHERE tenant_id = $1 AND role = 'approver'")
		for _, day := range []struct {
			at    string
			holds bool
		}{
			{"2026-03-02T23:59:59+08:00", false}, {"2026-03-03T00:00:00+08:00", true}, {"2026-03-04T23:59:59+08:00", true}, {"2026-03-05T00:00:00+08:00", false},
		} {
			at, err := time.Parse(time.RFC3339, day.at)
			w.ok(err)
			w.clock.Set(at)
			p := w.signIn("shencha", county).Principal
			if got := slices.Contains(p.Roles(), "approver"); got != day.holds {
				w.Errorf("at %s the role holds: %t", day.at, got)
			}
			if !slices.Contains(p.Roles(), "reviewer") {
				w.Errorf("at %s the other role is gone too", day.at)
			}
		}
	})
}

// A change of bindings, and leaving the service, count at the next request of an open session.
func TestBindingsOfAnOpenSession(t *testing.T) {
	each(t, func(w *town) {
		session := w.signIn("shencha", county)
		w.exec(county, "UPDATE role_binding SET department = '' WHERE tenant_id = $1")
		if p := authz.From(w.as(session)); !slices.Contains(p.Bindings, authz.Binding{Role: "reviewer", Department: "scjgj"}) {
			w.Errorf("without a department of its own: %+v", p.Bindings)
		}
		w.exec(county, "DELETE FROM role_binding WHERE tenant_id = $1 AND role = 'reviewer'")
		if p := authz.From(w.as(session)); !slices.Equal(p.Roles(), []string{"approver"}) {
			w.Errorf("after unbinding: %v", p.Roles())
		}
		w.exec(county, "DELETE FROM role_binding WHERE tenant_id = $1")
		if p := authz.From(w.as(session)); p.Type != authz.TypeStaff || len(p.Bindings) != 0 {
			w.Errorf("without any role: %+v", p)
		}
		w.exec(county, `UPDATE staff SET relatives = '["91431321MA4L00011P"]' WHERE tenant_id = $1`)
		if p := authz.From(w.as(session)); !slices.Equal(p.Relatives, []string{"91431321MA4L00011P"}) {
			w.Errorf("declared relatives: %v", p.Relatives)
		}
		w.exec(county, "UPDATE staff SET status = 'left' WHERE tenant_id = $1")
		w.ended(session, "left the service")
	})
}

// R-PRF-09: identity number, mobile and e-mail are sealed, each in its place, and the e-mail opens for its use.
func TestPersonalDataIsSealed(t *testing.T) {
	each(t, func(w *town) {
		account := w.signIn("lixiang", "").Principal.Account
		var idNo, mobile, email, hash string
		w.ok(w.db.QueryRow(w.in("national"), "SELECT id_no_enc, mobile_enc, email_enc, password_hash FROM account WHERE tenant_id = $1 AND id = $2",
			"national", account).Scan(&idNo, &mobile, &email, &hash))
		for _, stored := range []string{idNo, mobile, email, hash} {
			if stored == "" || strings.Contains(stored, "431321199003070013") || strings.Contains(stored, "13900000003") || strings.Contains(stored, "@") || strings.Contains(stored, password) {
				w.Errorf("stored as %q", stored)
			}
		}
		got, err := w.Email(w.in("national"), account)
		w.ok(err)
		if got != "lixiang@example.com" {
			w.Errorf("e-mail to %q", got)
		}
		w.exec("national", "UPDATE account SET email_enc = $2 WHERE tenant_id = $1 AND login = 'xiangwei'", email)
		if got, err := w.Email(w.in("national"), w.signIn("xiangwei", "").Principal.Account); err == nil {
			w.Errorf("a sealed field opens in another's row: %q", got)
		}
	})
}

// A login is taken once a tenant, and a roster may be loaded again.
func TestCreateTwice(t *testing.T) {
	each(t, func(w *town) {
		in := identity.NewAccount{Type: authz.TypeStaff, Login: "shencha", Password: password, Level: "L3", Name: "又审",
			Staff: &identity.NewStaff{StaffNo: "21099", Department: "scjgj"}}
		if _, err := w.Create(w.in(county), in); !db.IsDuplicate(err) {
			w.Errorf("a login twice: %v", err)
		}
		in.Login, in.Staff = "xinren", &identity.NewStaff{StaffNo: "21011", Department: "scjgj"}
		if _, err := w.Create(w.in(county), in); !db.IsDuplicate(err) {
			w.Errorf("a staff number twice: %v", err)
		}
		if _, err := w.try("xinren", password, county); err == nil {
			w.Error("half an account was made")
		}
		w.ok(w.LoadRoster(w.Context(), []byte(people)))
		for name, text := range map[string]string{"an unknown field": "passwords: x", "an unknown tenant": "password: x\nstaff: {\"999999\": [{login: a, staff_no: \"1\"}]}",
			"no password": "applicants: [{login: a}]"} {
			if err := w.LoadRoster(w.Context(), []byte(text)); err == nil {
				w.Errorf("%s: loaded", name)
			}
		}
	})
}

// People are known by account and by staff id, and only in their own tenant.
func TestPeople(t *testing.T) {
	each(t, func(w *town) {
		p := w.signIn("shencha", county).Principal
		unknown := uuid.Must(uuid.NewV4())
		found, err := w.People(w.in(county), []uuid.UUID{p.Account, p.Staff, unknown})
		w.ok(err)
		if len(found) != 2 || found[p.Account].Name != "张审" || found[p.Staff].StaffNo != "21011" {
			w.Errorf("found %+v", found)
		}
		for _, tenant := range []string{"431322", "national"} {
			if found, err := w.People(w.in(tenant), []uuid.UUID{p.Account, p.Staff}); err != nil || len(found) != 0 {
				w.Errorf("from %s: %+v, %v", tenant, found, err)
			}
		}
		holders, err := w.Holders(w.in(county), "reviewer", "scjgj", 10)
		w.ok(err)
		if len(holders) != 1 || holders[0].Staff != p.Staff {
			w.Errorf("holders %+v", holders)
		}
		if _, err := w.PrincipalOf(w.in("431322"), p.Account); problem.CodeOf(err) != problem.NotFound {
			w.Errorf("a principal from next door: %v", err)
		}
		same, err := w.PrincipalOf(w.in(county), p.Account)
		w.ok(err)
		if same.Staff != p.Staff || !slices.Equal(same.Bindings, p.Bindings) {
			w.Errorf("explained as %+v", same)
		}
	})
}
