package matter_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/matter"
	"zhengtong/internal/problem"
)

// ids of the county's matters by title.
func ids(t *testing.T, d *db.DB, ctx context.Context) map[string]uuid.UUID {
	t.Helper()
	out := map[string]uuid.UUID{}
	err := d.Each(ctx, func(scan func(dest ...any) error) error {
		var id uuid.UUID
		var title string
		err := scan(&id, &title)
		out[title] = id
		return err
	}, "SELECT id, title FROM matter WHERE tenant_id = $1 AND status = 'published'", "431321")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// apply counts applications as the commit of a case does.
func apply(t *testing.T, d *db.DB, ctx context.Context, matter uuid.UUID, day, channel string, spread, n int) {
	t.Helper()
	if _, err := d.Exec(ctx, "INSERT INTO matter_usage (tenant_id, day, matter_id, channel, spread, submitted) VALUES ($1, $2, $3, $4, $5, $6)",
		"431321", day, matter, channel, spread, n); err != nil {
		t.Fatal(err)
	}
}

func titles(t *testing.T, s *matter.Service, ctx context.Context, q matter.Query) string {
	t.Helper()
	l, err := s.List(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, hit := range l.Hits {
		out = append(out, hit.Title)
	}
	return strings.Join(out, " ")
}

// R-CAT-05, R-CAT-14: a visitor sees what the area applies for most in the last 30 days; an
// applicant's own matters weigh more, and those of the same theme a little.
func TestHot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		publishCatalogue(t, d)
		county := dbtest.As(t.Context(), shuangfeng)
		id := ids(t, d, county)
		for _, use := range []struct {
			title, day string
			spread, n  int
		}{
			{"排污许可", "2026-03-02", 0, 40}, {"排污许可", "2026-03-01", 3, 40}, {"取水许可", "2026-02-10", 1, 60},
			{"烟草专卖零售许可", "2026-01-30", 0, 900}, // more than 30 days ago
			{"普通护照签发", "2026-02-01", 0, 10},
		} {
			apply(t, d, county, id[use.title], use.day, "web", use.spread, use.n)
		}
		hot := matter.Query{Order: matter.ByHeat, Page: matter.Page{First: 3}}
		if got := titles(t, s, county, hot); got != "排污许可 取水许可 普通护照签发" {
			t.Errorf("area-wide: %s", got)
		}
		hot.Text = "许可"
		if got := titles(t, s, county, hot); !strings.HasPrefix(got, "排污许可 取水许可 ") {
			t.Errorf("with a word: %s", got)
		}
		hot.Text = ""
		me := uuid.Must(uuid.NewV4())
		mine := authz.With(county, authz.Principal{Type: authz.TypeApplicant, Account: me, Home: "national"})
		if got := titles(t, s, mine, hot); got != "排污许可 取水许可 普通护照签发" {
			t.Errorf("an applicant without a history: %s", got)
		}
		fileCase(t, d, county, me, id["普通护照签发"])
		if got := titles(t, s, mine, hot); got != "普通护照签发 排污许可 取水许可" {
			t.Errorf("with a history: %s", got)
		}
		follower := uuid.Must(uuid.NewV4())
		subscribed[follower] = []string{"户籍"}
		follows := authz.With(county, authz.Principal{Type: authz.TypeApplicant, Account: follower, Home: "national"})
		if got := titles(t, s, follows, hot); !strings.HasPrefix(got, "普通护照签发 居民身份证") {
			t.Errorf("with a subscribed theme: %s", got)
		}
		hot.Filter.Theme = "户籍" // that of the passport: all of it is like what was applied for
		if got := titles(t, s, mine, hot); !strings.HasPrefix(got, "普通护照签发 ") {
			t.Errorf("in the theme: %s", got)
		}
		if got := titles(t, s, county, matter.Query{Order: matter.ByHeat, Filter: matter.Filter{Theme: "环保"}, Page: matter.Page{First: 1}}); got != "排污许可" {
			t.Errorf("filtered: %s", got)
		}
	})
}

// fileCase is as little of a case as history looks at.
func fileCase(t *testing.T, d *db.DB, ctx context.Context, account, matterID uuid.UUID) {
	t.Helper()
	at := noon.Add(-time.Hour)
	if _, err := d.Exec(ctx, `INSERT INTO case_file (tenant_id, id, case_no, query_code, source, channel, matter_id, matter_name, matter_title, matter_digest,
		department, applicant_id, pins, applicant, form, form_digest, state, received_at, received_on, status, created_at, updated_at)
		VALUES ($1, $2, 'A1', 'Q', 'native', 'web', $3, 'm', 'm', 'd', 'x', $4, '{}', '{}', '{}', '', '{}', $5, '2026-03-02', 'received', $5, $5)`,
		"431321", db.NewID(at), matterID, account, at); err != nil {
		t.Fatal(err)
	}
}

// R-MGT-05: the usage of a matter is counted by channel, with the day it was last used, for staff only.
func TestUsage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		county := dbtest.As(t.Context(), shuangfeng)
		const name = "food-business-licence"
		staff := func(role string) context.Context {
			return authz.With(county, authz.Principal{Type: authz.TypeStaff, Staff: uuid.Must(uuid.NewV4()), Home: "431321",
				Bindings: []authz.Binding{{Role: role, Department: "zwfwj"}}})
		}
		author := staff("config-author")
		if u, err := s.Usage(author, name, 30); err != nil || u.Submitted != 0 || u.LastUsed != "" || u.Since != "2026-02-01" {
			t.Errorf("never used: %+v, %v", u, err)
		}
		g, err := s.Guide(county, matter.Ref{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		apply(t, d, county, g.ID, "2026-02-01", "window", 0, 2)
		apply(t, d, county, g.ID, "2026-02-20", "web", 0, 3)
		apply(t, d, county, g.ID, "2026-02-20", "web", 2, 4)
		apply(t, d, county, g.ID, "2026-01-31", "mobile", 0, 5)
		want := []matter.ChannelUsage{{Channel: "web", Submitted: 7}, {Channel: "window", Submitted: 2}}
		u, err := s.Usage(author, name, 30)
		if err != nil || u.Submitted != 9 || u.LastUsed != "2026-02-20" || !slices.Equal(u.Channels, want) {
			t.Errorf("%+v, %v", u, err)
		}
		if u, err := s.Usage(author, name, 366); err != nil || u.Submitted != 14 {
			t.Errorf("over a year: %+v, %v", u, err)
		}
		for who, ctx := range map[string]context.Context{"a visitor": county, "an inspector": staff("inspector"),
			"an applicant": authz.With(county, authz.Principal{Type: authz.TypeApplicant, Account: uuid.Must(uuid.NewV4()), Home: "national"})} {
			if _, err := s.Usage(ctx, name, 30); err == nil {
				t.Errorf("%s reads the usage", who)
			}
		}
		if _, err := s.Usage(author, name, 0); problem.CodeOf(err) != problem.BadRequest {
			t.Errorf("no days: %v", err)
		}
		if _, err := s.Usage(author, "nothing", 30); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("no such matter: %v", err)
		}
	})
}

// R-MGT-11: what was counted for a matter counts for the one that it has become part of:
// its usage, the hot list and an applicant's history.
func TestStatisticsFollowAMerger(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		publishCatalogue(t, d)
		county := dbtest.As(t.Context(), shuangfeng)
		id := ids(t, d, county)
		apply(t, d, county, id["排污许可"], "2026-03-01", "web", 0, 40)
		apply(t, d, county, id["取水许可"], "2026-03-02", "window", 0, 3)
		apply(t, d, county, id["普通护照签发"], "2026-03-02", "web", 0, 20)
		var old, successor string
		for title, name := range map[string]*string{"排污许可": &old, "取水许可": &successor} {
			if err := d.QueryRow(county, "SELECT name FROM matter WHERE tenant_id = $1 AND id = $2", "431321", id[title]).Scan(name); err != nil {
				t.Fatal(err)
			}
		}
		for _, sql := range []string{"INSERT INTO matter_alias (tenant_id, alias, matter, title, since) VALUES ('431321', $1, $2, '排污许可', $3)",
			"UPDATE matter SET status = 'merged', updated_at = $3 WHERE tenant_id = '431321' AND name = $1 AND $2 <> name"} {
			if _, err := d.Exec(county, sql, old, successor, noon); err != nil {
				t.Fatal(err)
			}
		}
		me := uuid.Must(uuid.NewV4())
		fileCase(t, d, county, me, id["排污许可"])
		staff := authz.With(county, authz.System())
		u, err := s.Usage(staff, successor, 30)
		if err != nil || u.Submitted != 43 || u.LastUsed != "2026-03-02" || len(u.Channels) != 2 {
			t.Errorf("usage: %+v, %v", u, err)
		}
		if u, err = s.Usage(staff, successor, 1); err != nil || u.Submitted != 3 || u.LastUsed != "2026-03-02" || len(u.Channels) != 1 {
			t.Errorf("usage of today: %+v, %v", u, err)
		}
		hot := matter.Query{Order: matter.ByHeat, Page: matter.Page{First: 2}}
		if got := titles(t, s, county, hot); got != "取水许可 普通护照签发" {
			t.Errorf("hot: %s", got)
		}
		apply(t, d, county, id["普通护照签发"], "2026-03-01", "web", 0, 400)
		mine := authz.With(county, authz.Principal{Type: authz.TypeApplicant, Account: me, Home: "national"})
		if got := titles(t, s, mine, hot); got != "取水许可 普通护照签发" {
			t.Errorf("with a history: %s", got)
		}
	})
}
