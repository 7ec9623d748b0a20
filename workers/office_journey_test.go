package workers_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"zhengtong/internal/blob"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/code"
	"zhengtong/internal/db"
	"zhengtong/internal/exchange"
	"zhengtong/internal/licence"
	"zhengtong/internal/notify"
	"zhengtong/internal/testkit"
	"zhengtong/internal/workflow"
)

// What follows the commits of one application: documents, licence, messages,
// linked view, archive package.
func TestEffectsOfAnApplication(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, store(t, testkit.MinIO(t)), options{})
		k := o.Apply("xiangwei", caseworktest.LowRisk())
		o.settle()
		o.granted(k)
		o.settle()
		if status := k.Now().Case().Status; status != workflow.StatusAwaitingDelivery {
			t.Fatalf("after the licence the case is %s", status)
		}
		o.documentsRendered(t, k)
		o.licenceVerifies(t, k)
		o.delivered(k)
		o.archived(t, k)
		o.messagesSent(t, k)
		o.seenFromAbove(t, k)
		k.Chain()
	})
}

// R-DOC-01, R-DOC-04, I7: every record has its file; another rendering has the same bytes.
func (o *office) documentsRendered(t *testing.T, k *caseworktest.Case) {
	for _, record := range k.Now().Documents() {
		if record.FileDigest == "" || record.RenderedAt.IsZero() {
			t.Fatalf("%s is not rendered", record.Alias)
		}
		file := o.stored(blob.PurposeDocument, record.FileDigest)
		if !bytes.HasPrefix(file, []byte("%PDF-")) || int64(len(file)) != record.FileSize {
			t.Errorf("%s: %d bytes, %q", record.Alias, len(file), file[:min(8, len(file))])
		}
		link, err := o.services.Documents.File(k.As("xiangwei"), record.ID)
		if err != nil || !strings.HasPrefix(link.URL, "https://zt.example/") || link.Digest != record.FileDigest || !strings.Contains(link.Filename, record.Title) {
			t.Errorf("%+v, %v", link, err)
		}
		if _, err := o.DB.Exec(k.System(), "UPDATE issued_document SET file_digest = '', rendered_at = NULL WHERE tenant_id = $1 AND id = $2", caseworktest.Tenant, record.ID); err != nil {
			t.Fatal(err)
		}
		o.ok(o.services.Documents.Render(k.System(), record.ID, nil))
		again, err := o.services.Documents.File(k.As("xiangwei"), record.ID)
		if err != nil || again.Digest != record.FileDigest {
			t.Errorf("%s rendered again is %s, was %s; %v", record.Alias, again.Digest, record.FileDigest, err)
		}
		found, err := o.services.Documents.Verify(o.In(t.Context(), "national"), strings.Join([]string{caseworktest.Tenant, record.ID.String(), record.ContentDigest[:16]}, "."))
		if err != nil || found.Number != record.Number || found.Voided == record.VoidedAt.IsZero() {
			t.Errorf("verify %s: %+v, %v", record.Alias, found, err)
		}
	}
	if _, err := o.services.Documents.Verify(o.In(t.Context(), "national"), "431321.x.y"); err == nil {
		t.Error("an invented code verifies")
	}
}

// R-LIC-04, R-LIC-06, R-LIC-07: signed, numbered, registered, checked by anybody.
func (o *office) licenceVerifies(t *testing.T, k *caseworktest.Case) {
	licences, err := o.services.Licences.ByCase(k.System(), k.ID)
	if err != nil || len(licences) != 1 {
		t.Fatalf("%d licences, %v", len(licences), err)
	}
	l := licences[0]
	if err := code.CheckLicence(l.Identifier); err != nil || l.FileDigest == "" || l.ValidTo == "" || code.CheckFoodLicence(l.Number) != nil {
		t.Errorf("%+v: %v", l, err)
	}
	public := o.AsIn("", caseworktest.Neighbour)
	check := func(c licence.Check, want licence.Verdict, status string) licence.Verification {
		t.Helper()
		v, err := o.services.Licences.Verify(public, c)
		if err != nil || v.Verdict != want || v.Status != status {
			t.Errorf("%+v: %s %s (%s), want %s %s; %v", c, v.Verdict, v.Status, v.Message, want, status, err)
		}
		return v
	}
	v := check(licence.Check{Identifier: l.Identifier}, licence.Valid, "valid")
	if v.Licence.Number != l.Number || len(v.Fields) != 2 { // R-LIC-07: operator_name and premises_address are public
		t.Errorf("public: %+v", v)
	}
	if v := check(licence.Check{QR: l.QR}, licence.Valid, "valid"); v.Signed == nil || !*v.Signed {
		t.Error("the code's signature does not verify")
	}
	check(licence.Check{QR: l.Token}, licence.Valid, "valid")
	check(licence.Check{QR: l.Token[:len(l.Token)-6] + "AAAAAA"}, licence.Forged, "")
	check(licence.Check{QR: "https://elsewhere.example/"}, licence.Forged, "")
	check(licence.Check{Identifier: strings.Replace(l.Identifier, ".001.", ".002.", 1)}, licence.Unknown, "")
	if _, err := o.services.Licences.Verify(public, licence.Check{}); err == nil {
		t.Error("a check of nothing")
	}
	o.workers.Hold(func() { // nothing else is to see the time pass
		now := o.Clock.Now()
		o.Clock.Set(now.AddDate(6, 0, 0))
		check(licence.Check{Identifier: l.Identifier}, licence.NotValid, licence.StatusExpired)
		o.Clock.Set(now)
	})
	if held, err := o.services.Licences.Held(k.As("xiangwei"), o.Person("xiangwei").Account); err != nil || len(held) != 1 {
		t.Errorf("the holder has %d, %v", len(held), err)
	}
	o.tampered(t, k, l, check)
}

// A register that somebody changed does not vouch for a licence any more.
func (o *office) tampered(t *testing.T, k *caseworktest.Case, l *licence.Licence, check func(licence.Check, licence.Verdict, string) licence.Verification) {
	set := func(name string) {
		_, err := o.DB.Exec(k.System(), "UPDATE licence SET holder_name = $3 WHERE tenant_id = $1 AND id = $2", caseworktest.Tenant, l.ID, name)
		o.ok(err)
	}
	set("另一个人")
	check(licence.Check{Identifier: l.Identifier}, licence.Forged, "")
	set(l.HolderName)
}

// R-ARC-02, R-ARC-07: the package is complete, proves itself, and cannot be deleted.
func (o *office) archived(t *testing.T, k *caseworktest.Case) {
	p, err := o.services.Archive.ByCase(k.System(), k.ID)
	if err != nil || p.RetentionUntil != "2056-03-02" {
		t.Fatalf("%+v, %v", p, err)
	}
	report, err := o.services.Archive.Verify(k.System(), k.ID)
	if err != nil || !report.Intact() || report.Items != p.Items || report.Manifest.Root != p.Root {
		t.Fatalf("%+v, %v", report, err)
	}
	roles := map[string]int{}
	for _, item := range report.Manifest.Items {
		roles[string(item.Role)]++
	}
	if roles["events"] != 1 || roles["form"] != 1 || roles["material"] != 3 || roles["document"] != len(k.Now().Documents()) || roles["licence"] != 3 ||
		roles["opinion"] != 1 || roles["clock_log"] != 1 {
		t.Errorf("items: %v", roles)
	}
	until, err := o.objects.RetainedUntil(t.Context(), caseworktest.Tenant, blob.Key{Tenant: caseworktest.Tenant, Purpose: blob.PurposeArchive, Digest: p.Digest})
	if err != nil || until.Before(time.Now().AddDate(29, 0, 0)) {
		t.Errorf("kept until %s, %v", until, err)
	}
	kase := k.Now().Case()
	if kase.ArchivedAt.IsZero() || kase.Status != workflow.StatusArchived || k.Told("case.archived") != 1 {
		t.Errorf("the case is %s", kase.Status)
	}
}

// R-NTF-07, R-NTF-09: the applicant's inbox, skipped channels on record, staff told of their tasks.
func (o *office) messagesSent(t *testing.T, k *caseworktest.Case) {
	inbox, _, err := o.services.Messages.Inbox(k.As("xiangwei"), notify.Page{First: 50})
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for _, m := range inbox {
		told[m.Event] = m.Body
	}
	if len(inbox) != 3 || !strings.Contains(told["case.accepted"], k.Now().Case().No) || !strings.Contains(told["case.accepted"], "2026年3月") ||
		told["case.decided"] == "" || told["case.ready_for_pickup"] == "" {
		t.Errorf("inbox: %v", told)
	}
	o.ok(o.services.Messages.Read(k.As("xiangwei"), inbox[0].ID))
	if m, err := o.services.Messages.Message(k.As("xiangwei"), inbox[0].ID); err != nil || m.Status != notify.StatusRead || m.ReadAt.IsZero() {
		t.Errorf("%+v, %v", m, err)
	}
	if _, err := o.services.Messages.Message(k.As("yongfeng"), inbox[0].ID); err == nil {
		t.Error("another account reads the message")
	}
	staff, _, err := o.services.Messages.Inbox(k.As("shencha"), notify.Page{First: 50})
	if err != nil || !slices.ContainsFunc(staff, func(m *notify.Message) bool { return m.Event == "task.assigned" && m.Title == "新的待办" }) {
		t.Errorf("staff: %v, %v", staff, err)
	}
}

// R-CFG-02, design §9: the governments above see the case, masked; a look is recorded; the neighbour sees nothing.
func (o *office) seenFromAbove(t *testing.T, k *caseworktest.Case) {
	for tenant, want := range map[string]int{caseworktest.Province: 1, caseworktest.City: 1, caseworktest.Neighbour: 0, "national": 0} {
		ctx := o.In(t.Context(), tenant)
		seen, more, err := o.services.Exchange.List(ctx, caseworktest.Tenant, exchange.Filter{}, exchange.Page{First: 10})
		if err != nil || more || len(seen) != want {
			t.Fatalf("%s sees %d, %v", tenant, len(seen), err)
		}
		for _, l := range seen {
			if l.Applicant != "双峰县湘"+strings.Repeat("*", 7) || l.Status != string(workflow.StatusArchived) || l.Number != k.Now().Case().No || l.FinishedOn == "" {
				t.Errorf("%s sees %+v", tenant, l)
			}
		}
		if looks, _, err := o.audit.List(ctx, auditOf("linked.view"), auditPage()); err != nil || len(looks) != 1 {
			t.Errorf("%s: %d looks on record, %v", tenant, len(looks), err)
		}
	}
	none, _, err := o.services.Exchange.List(o.In(t.Context(), caseworktest.Province), caseworktest.Province, exchange.Filter{Text: "nothing"}, exchange.Page{})
	if err != nil || len(none) != 0 {
		t.Errorf("%v, %v", none, err)
	}
	var status string
	o.ok(o.DB.QueryRow(o.In(t.Context(), "national"), "SELECT status FROM my_case WHERE tenant_id = 'national' AND account_id = $1 AND case_id = $2",
		o.Person("xiangwei").Account, k.ID).Scan(&status))
	if status != string(workflow.StatusArchived) {
		t.Errorf("the applicant's list says %s", status)
	}
}

// T-05, R-REC-12: nobody acts within the acceptance window; after any outage the timer fires once.
func TestDeemedAcceptanceByTimer(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, store(t, testkit.MinIO(t)), options{})
		k := o.Apply("xiangwei", caseworktest.Application(nil))
		o.settle()
		o.At("2026-03-12 09:00")
		o.settle()
		kase := k.Now().Case()
		if !kase.Deemed || kase.AcceptedOn.String() != "2026-03-02" || k.Told("case.accepted") != 1 {
			t.Errorf("deemed %t on %s, told %d times; %s", kase.Deemed, kase.AcceptedOn, k.Told("case.accepted"), kase.Status)
		}
	})
}

// The object store goes away in the middle: the journey goes on when it is back, nothing lost or doubled.
func TestObjectStoreAway(t *testing.T) {
	s3, server := testkit.OwnMinIO(t)
	o := newOffice(t, openSQLite(t), store(t, s3), options{})
	k := o.Apply("xiangwei", caseworktest.LowRisk())
	o.settle()
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	o.do(k, "pre_review", "pass", nil)
	o.do(k, "acceptance", "accept", nil)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if err := o.workers.Quiesce(ctx); err == nil {
		t.Error("documents were rendered without an object store")
	}
	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.settle()
	o.do(k, "review", "submit", proposal)
	o.do(k, "decide", "grant", nil)
	o.settle()
	o.delivered(k)
	o.archived(t, k)
}
