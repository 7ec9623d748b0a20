package configuration_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// dated is the county's matter with effective dates and a promised limit of so many days.
func dated(t *testing.T, effective string, n int) kind.File {
	t.Helper()
	f := counted(t, `  extends: {tenant: "430000"`, "  effective: "+effective+"\n  extends: {tenant: \"430000\"", "promised_limit: {n: 5", fmt.Sprintf("promised_limit: {n: %d", n))
	return f
}

// beijing is an instant of 2026 in the tenant's time zone, such as "07-01 00:00:00".
func beijing(t *testing.T, text string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation(time.DateTime, "2026-"+text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// work runs the jobs of a tenant that are due, each once, as workers do; what ends before what begins.
func (o *office) work(t *testing.T, tenant string) {
	t.Helper()
	ctx, err := o.tree.ActAs(t.Context(), tenant, "job")
	if err != nil {
		t.Fatal(err)
	}
	type job struct {
		id        uuid.UUID
		typ, text string
	}
	var jobs []job
	err = o.db.Each(ctx, func(scan func(dest ...any) error) error {
		var j job
		err := scan(&j.id, &j.typ, &j.text)
		jobs = append(jobs, j)
		return err
	}, "SELECT id, type, key FROM job WHERE tenant_id = $1 AND state <> 'done' AND run_at <= $2 AND type IN ($3, $4) ORDER BY created_at, type",
		tenant, o.clock.Now(), configuration.JobPublish, configuration.JobExpire)
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range jobs {
		done := func(b *db.Batch) {
			b.Exec("UPDATE job SET state = 'done', done_at = $1 WHERE tenant_id = $2 AND id = $3", o.clock.Now(), tenant, j.id)
		}
		if j.typ == configuration.JobExpire {
			err = o.Expire(ctx, done)
		} else {
			err = o.PublishScheduled(ctx, uuid.FromStringOrNil(strings.TrimPrefix(j.text, "publish/")), done)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// standing is how the county's matter stands: the promised limit for new applications, 0 when it takes none, and its row in the catalogue.
func (o *office) standing(t *testing.T) (promised int, catalogue string) {
	t.Helper()
	ctx := o.as(t, "visitor", county)
	m, err := o.Current(ctx, "food-business-licence")
	switch {
	case err == nil:
		promised = m.Spec.PromisedLimit.N
	case problem.CodeOf(err) != problem.NotFound:
		t.Fatal(err)
	}
	if err := o.db.QueryRow(ctx, "SELECT status FROM matter WHERE tenant_id = $1 AND name = 'food-business-licence'", county).Scan(&catalogue); err != nil {
		t.Fatal(err)
	}
	return promised, catalogue
}

// SM-04, V-02: a resource takes effect at the beginning of its first day and ends after its last, in the tenant's time zone;
// in between the former version is in force; what is pinned stays. The plan says when. A successor takes over without a gap,
// also when both are late.
func TestEffectiveDates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		c := o.through(t, county, configuration.Submission{Message: "第二季度", Files: []kind.File{dated(t, `{from: "2026-04-01", to: "2026-06-30"}`, 4)}})
		if at := c.EffectiveFrom; c.Status != configuration.Approved || at == nil || !at.Equal(beijing(t, "04-01 00:00:00")) || c.Plan.EffectiveFrom == nil {
			t.Fatalf("%+v", c)
		}
		if len(c.Plan.Ends) != 1 || !c.Plan.Ends[0].At.Equal(beijing(t, "07-01 00:00:00")) || c.Plan.Ends[0].Name != "food-business-licence" {
			t.Errorf("%+v", c.Plan.Ends)
		}
		for _, step := range []struct {
			at        string
			promised  int
			catalogue string
		}{{"03-31 23:59:59", 5, "published"}, {"04-01 00:00:00", 4, "published"}, {"06-30 23:59:59", 4, "published"}} {
			o.clock.Set(beijing(t, step.at))
			o.work(t, county)
			if n, row := o.standing(t); n != step.promised || row != step.catalogue {
				t.Errorf("%s: %d %s", step.at, n, row)
			}
		}
		pinned, err := o.Current(o.as(t, "visitor", county), "food-business-licence")
		if err != nil {
			t.Fatal(err)
		}
		o.clock.Set(beijing(t, "07-01 00:00:00"))
		o.work(t, county)
		o.work(t, county)
		if n, row := o.standing(t); n != 0 || row != "cancelled" {
			t.Errorf("after its end: %d %s", n, row)
		}
		if old, err := o.Pinned(o.as(t, "visitor", county), pinned.Name, pinned.Pins); err != nil || old.Spec.PromisedLimit.N != 4 {
			t.Errorf("a case that began under it: %v", err)
		}
		list, err := o.Revisions(o.as(t, "author", county, "config-author"), 0, 5)
		if err != nil || len(list) != 3 || list[0].Author != configuration.SystemAuthor || !strings.Contains(list[0].Message, "food-business-licence") {
			t.Errorf("%+v, %v", list, err)
		}
		if _, err := o.Rollback(o.as(t, "reviewer", county, "config-reviewer"), 2, "恢复"); problem.ReasonOf(err) != "nothing_to_change" {
			t.Errorf("what has ended comes back: %v", err)
		}

		o.through(t, county, configuration.Submission{Message: "恢复", Files: []kind.File{dated(t, `{to: "2026-08-31"}`, 3)}})
		o.clock.Add(time.Hour)
		o.through(t, county, configuration.Submission{Message: "九月起", Files: []kind.File{dated(t, `{from: "2026-09-01"}`, 2)}})
		if n, _ := o.standing(t); n != 3 {
			t.Errorf("before September: %d", n)
		}
		o.clock.Set(beijing(t, "09-03 08:00:00"))
		o.work(t, county)
		if n, row := o.standing(t); n != 2 || row != "published" {
			t.Errorf("late: %d %s", n, row)
		}
		if n := o.events(t, county, configuration.EventOutdated); n != 0 {
			t.Errorf("%d changes were outdated", n)
		}
	})
}

// Invariant 20: at each instant there is at most one published version of a tenant's matter, and it is the one whose dates say
// so, whatever the gaps between versions and however long nothing ran.
func TestOneVersionAtAnyInstant(t *testing.T) {
	for seed := range uint64(2) {
		random := rand.New(rand.NewPCG(seed, 41))
		o := openOffice(t, dbtest.Open(t, db.SQLite))
		type version struct {
			from, to time.Time // to: the first day without it; zero = none
			n        int
		}
		zone := beijing(t, "01-01 00:00:00").Location()
		today := func() time.Time {
			y, m, d := o.clock.Now().In(zone).Date()
			return time.Date(y, m, d, 0, 0, 0, 0, zone)
		}
		versions := []version{{from: today(), n: 5}}
		expected := func() int {
			n := 0
			for _, v := range versions {
				if now := o.clock.Now(); !v.from.After(now) {
					n = v.n
					if !v.to.IsZero() && !v.to.After(now) {
						n = 0
					}
				}
			}
			return n
		}
		for i := range 8 {
			last := versions[len(versions)-1]
			from := today().AddDate(0, 0, 1+random.IntN(4))
			if !last.to.IsZero() && from.Before(last.to) {
				from = last.to
			}
			next := version{from: from, n: 1 + (i+3)%5}
			effective := fmt.Sprintf(`{from: "%s"}`, from.Format(time.DateOnly))
			if random.IntN(3) > 0 {
				next.to = from.AddDate(0, 0, 1+random.IntN(5))
				effective = fmt.Sprintf(`{from: "%s", to: "%s"}`, from.Format(time.DateOnly), next.to.AddDate(0, 0, -1).Format(time.DateOnly))
			}
			o.through(t, county, configuration.Submission{Message: effective, Files: []kind.File{dated(t, effective, next.n)}})
			versions = append(versions, next)
			for o.clock.Now().Before(from) {
				o.clock.Add(time.Duration(1+random.IntN(60)) * time.Hour)
				o.work(t, county)
				var rows int
				err := o.db.QueryRow(o.as(t, "visitor", county), `SELECT count(*) FROM configuration_entry WHERE tenant_id = $1 AND kind = 'Matter'
					AND name = 'food-business-licence' AND to_revision IS NULL`, county).Scan(&rows)
				if n, _ := o.standing(t); err != nil || n != expected() || rows > 1 || (rows == 1) != (n > 0) {
					t.Fatalf("seed %d, %s: %d rows, promised %d, want %d: %+v, %v", seed, o.clock.Now().In(zone), rows, n, expected(), versions, err)
				}
			}
		}
	}
}

// Contradictions are refused with their place.
func TestEffectiveDatesRefused(t *testing.T) {
	o := openOffice(t, dbtest.Open(t, db.SQLite))
	author := o.as(t, "author", county, "config-author")
	hall := edited(t, "hunan/loudi/shuangfeng/hall.yaml", `name: shuangfeng-hall`, `name: shuangfeng-hall, effective: {from: "2026-05-01"}`)
	form := edited(t, "hunan/loudi/shuangfeng/forms/food.yaml", `name: food-business-form`, `name: food-business-form, effective: {to: "2026-05-31"}`)
	may := beijing(t, "05-01 00:00:00")
	o.through(t, county, configuration.Submission{Message: "至六月底", Files: []kind.File{dated(t, `{to: "2026-06-30"}`, 4)}})
	for name, c := range map[string]struct {
		in   configuration.Submission
		code string
		path string
		line int
	}{
		"another day than the change's": {configuration.Submission{EffectiveFrom: &may, Files: []kind.File{dated(t, `{from: "2026-07-01"}`, 3)}}, configuration.CodeEffectiveStart, "$.metadata.effective.from", 7},
		"two days in one change":        {configuration.Submission{Files: []kind.File{dated(t, `{from: "2026-07-01"}`, 3), hall}}, configuration.CodeEffectiveStart, "$.metadata.effective.from", 4},
		"ended already":                 {configuration.Submission{Files: []kind.File{dated(t, `{to: "2026-03-01"}`, 3)}}, configuration.CodeEffectiveEnd, "$.metadata.effective.to", 7},
		"ended before it begins":        {configuration.Submission{EffectiveFrom: &may, Files: []kind.File{dated(t, `{to: "2026-04-30"}`, 3)}}, configuration.CodeEffectiveEnd, "$.metadata.effective.to", 7},
		"overlaps the version in force": {configuration.Submission{Files: []kind.File{dated(t, `{from: "2026-06-30"}`, 3)}}, "V-02", "$.metadata.effective.from", 7},
		"still needed when it ends":     {configuration.Submission{Files: []kind.File{form}}, configuration.CodeEffectiveEnd, "$.metadata.effective.to", 4},
	} {
		c.in.Message = name
		_, err := o.SubmitChange(author, c.in)
		if found := placed(err, c.code); len(found) != 1 || found[0].Line != c.line || found[0].Path != c.path || found[0].File == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	together := configuration.Submission{Message: "同一天", EffectiveFrom: &may, Files: []kind.File{hall}}
	if c, err := o.SubmitChange(author, together); err != nil || !c.EffectiveFrom.Equal(may) {
		t.Errorf("%+v, %v", c, err)
	}
}

// A change that waits for its instant and is overtaken meanwhile does not come into force, and those who review are told.
func TestOvertakenBeforeItsInstant(t *testing.T) {
	o := openOffice(t, dbtest.Open(t, db.SQLite))
	c := o.through(t, county, configuration.Submission{Message: "四月起", Files: []kind.File{dated(t, `{from: "2026-04-01"}`, 4)}})
	o.through(t, county, configuration.Submission{Message: "换电话", Files: []kind.File{counted(t, `phone: "0738-0000001"`, `phone: "0738-0000009"`)}})
	o.clock.Set(beijing(t, "04-01 00:00:00"))
	o.work(t, county)
	author, reviewer := o.as(t, "author", county, "config-author"), o.as(t, "reviewer", county, "config-reviewer")
	if n, _ := o.standing(t); n != 5 || o.events(t, county, configuration.EventOutdated) != 1 {
		t.Errorf("promised %d, told %d times", n, o.events(t, county, configuration.EventOutdated))
	}
	if _, err := o.RebaseChange(author, c.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := o.ApproveChange(reviewer, c.ID, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := o.PublishChange(reviewer, c.ID); err != nil || o.promised(t, county) != 4 {
		t.Errorf("promised %d, %v", o.promised(t, county), err)
	}
}
