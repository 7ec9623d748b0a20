package configuration_test

import (
	"testing"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// R-MGT-06, R-MGT-12, R-CFG-03: any two versions of a resource are compared field by
// field, also what is inherited; a rollback publishes the old one anew, and what an
// applicant meets differently is told by name.
func TestVersionsAreCompared(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		county := "431321"
		author, visitor := o.as(t, "author", county, "config-author"), o.as(t, "visitor", county)
		first, err := o.Current(visitor, "food-business-licence")
		if err != nil {
			t.Fatal(err)
		}
		for _, days := range []string{"4", "3"} {
			o.through(t, county, configuration.Submission{Message: "提速", Files: []kind.File{edited(t, countyMatter, "promised_limit: {n: 5", "promised_limit: {n: "+days)}})
		}
		changes, err := o.Compare(author, "Matter", "food-business-licence", 1, 3)
		if err != nil || len(changes) != 1 || changes[0].Path != "spec.promised_limit.n" {
			t.Fatalf("%+v, %v", changes, err)
		}
		if back, err := o.Compare(author, "Matter", "food-business-licence", 0, 2); err != nil || len(back) != 1 || back[0].Path != changes[0].Path {
			t.Errorf("from the present: %+v, %v", back, err)
		}
		process, err := o.CompareProcess(author, "food-business-licence", 1, 0)
		if err != nil || process.Before.PromisedLimit != "5个工作日" || process.After.PromisedLimit != "3个工作日" || process.Before.Stages != 8 ||
			process.After.Stages != 8 || process.Title != "食品经营许可（新办）" {
			t.Errorf("process: %+v, %v", process, err)
		}
		for to, code := range map[int]problem.Code{2: problem.NotFound, 99: problem.NotFound} {
			if _, err := o.CompareProcess(author, "no-such", 1, to); problem.CodeOf(err) != code {
				t.Errorf("no such matter or revision %d: %v", to, err)
			}
		}
		if _, err := o.CompareProcess(visitor, "food-business-licence", 1, 2); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("a visitor compares the process: %v", err)
		}
		if same, err := o.Compare(author, "Form", "food-business-form", 1, 3); err != nil || len(same) != 0 {
			t.Errorf("a form that nobody touched: %+v, %v", same, err)
		}
		if _, err := o.Compare(author, "Matter", "no-such", 1, 2); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("no such matter: %v", err)
		}
		if _, err := o.Compare(author, "Matter", "food-business-licence", 1, 99); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("no such revision: %v", err)
		}
		if _, err := o.Compare(visitor, "Matter", "food-business-licence", 1, 2); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("a visitor: %v", err)
		}
		now, err := o.Current(visitor, "food-business-licence")
		if err != nil {
			t.Fatal(err)
		}
		told := configuration.Alterations(first, now)
		if len(told) != 1 || told[0] != (configuration.Alteration{Area: configuration.AlteredLimit, Action: configuration.ActionChange, Name: "promised", Title: "承诺期限"}) {
			t.Errorf("%+v", told)
		}
		if again := configuration.Alterations(now, now); len(again) != 0 {
			t.Errorf("nothing changed: %+v", again)
		}
		if _, err := o.Rollback(o.as(t, "reviewer", county, "config-reviewer"), 1, "恢复"); err != nil {
			t.Fatal(err)
		}
		if same, err := o.Compare(author, "Matter", "food-business-licence", 1, 0); err != nil || len(same) != 0 || o.promised(t, county) != 5 {
			t.Errorf("rolled back: %+v, %v", same, err)
		}
	})
}

// T-20: a tenant that publishes a calendar is asked to carry its clocks over, and so is
// every tenant below, each once; the first revision of a tenant asks nobody.
func TestCalendarAsksForClocks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		asked := func(tenant string) (n int) {
			t.Helper()
			if err := d.QueryRow(o.as(t, "visitor", tenant), "SELECT count(*) FROM job WHERE tenant_id = $1 AND type = $2", tenant, configuration.JobCalendar).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := asked("430000"); n != 0 {
			t.Fatalf("%d before anything was published", n)
		}
		local := `apiVersion: zhengtong/v1
kind: Calendar
metadata: {tenant: "430000", name: default, extends: {tenant: national, name: default}}
spec: {exceptions: [{date: "2027-08-16", working: false, reason: 省庆}]}
`
		o.through(t, "430000", configuration.Submission{Message: "省历", Files: []kind.File{{Path: "calendar.yaml", Content: []byte(local)}}})
		if n := asked("430000"); n != 1 {
			t.Fatalf("the province was asked %d times", n)
		}
		for range 2 {
			if err := o.SpreadCalendar(o.as(t, "visitor", "430000"), "430000", configuration.CalendarJob{Key: "430000@2", Below: true}); err != nil {
				t.Fatal(err)
			}
		}
		for _, tenant := range []string{"431300", "431321"} {
			if n := asked(tenant); n != 1 {
				t.Errorf("%s was asked %d times", tenant, n)
			}
		}
	})
}
