package workers_test

import (
	"strings"
	"testing"

	"zhengtong/internal/casework"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/notify"
	"zhengtong/internal/testkit"
)

// R-CFG-04: the job of a published migration moves the case, the applicant is told what
// gets worse, and documents that were issued before are drawn again to the same bytes
// though the new version has another template.
func TestMigrationIsCarriedOut(t *testing.T) {
	o := newOffice(t, dbtest.Open(t, db.SQLite), store(t, testkit.MinIO(t)), options{})
	k := o.Apply("xiangwei", caseworktest.LowRisk())
	o.do(k, "pre_review", "pass", nil)
	o.do(k, "acceptance", "accept", nil)
	o.settle()
	was, err := o.Configuration.Current(o.System(), caseworktest.Matter)
	o.ok(err)
	now := o.Revise(caseworktest.Edit{Old: "promised_limit: {n: 5, unit: workday}", New: "promised_limit: {n: 7, unit: workday}"},
		caseworktest.Edit{Old: "title: 窗口收件回执单", New: "title: 收件凭证"})
	if was.Documents["receipt"].Digest == now.Documents["receipt"].Digest {
		t.Fatal("the new version has the same receipt")
	}
	job := o.Migration(casework.Migration{Name: "worse", Title: "换版", Matter: caseworktest.Matter, From: was.Pins.Digest(), To: now.Pins.Digest()}, now)
	b := o.DB.NewBatch()
	configuration.AskForMigration(b, caseworktest.Tenant, job, o.Clock.Now())
	o.ok(o.DB.Run(o.System(), b))
	o.settle()
	if kase := k.Now().Case(); configuration.Pins(kase.Pins).Digest() != now.Pins.Digest() || k.Told(casework.EventMigratedWorse) != 1 {
		t.Fatalf("the case is on %s", configuration.Pins(kase.Pins).Digest())
	}
	inbox, _, err := o.services.Messages.Inbox(k.As("xiangwei"), notify.Page{First: 50})
	o.ok(err)
	told := ""
	for _, m := range inbox {
		if m.Event == casework.EventMigratedWorse {
			told += m.Body
		}
	}
	if !strings.Contains(told, k.Now().Case().No) || !strings.Contains(told, "承诺期限届满日由") || strings.Count(told, "改按新的规定办理") != 1 {
		t.Errorf("the applicant is told %q", told)
	}
	o.documentsRendered(t, k)
	o.do(k, "review", "submit", proposal)
	o.do(k, "decide", "grant", nil)
	o.settle()
	o.documentsRendered(t, k)
	k.Chain()
}
