package notify_test

import (
	"context"
	"encoding/json"
	"io"
	"mime"
	"mime/quotedprintable"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/casework"
	"zhengtong/internal/clock"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/notify"
	"zhengtong/internal/tenancy"
	"zhengtong/internal/testkit"
	"zhengtong/schema/kind"
)

func TestMain(m *testing.M) { os.Exit(testkit.RunMain(m)) }

const county = "national/430000/431321"

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

// desk is the service over fixed templates, facts and addresses.
type desk struct {
	*notify.Service
	t       *testing.T
	db      *db.DB
	clock   *clock.Manual
	account uuid.UUID
	notices []configuration.Notice
}

func (d *desk) Live(context.Context) (*configuration.Live, error) {
	return &configuration.Live{Notices: d.notices, Location: time.FixedZone("Asia/Shanghai", 8*60*60)}, nil
}

// RoleSet has one role that reviews changes, and one that inherits it.
func (d *desk) RoleSet(context.Context, string) (authz.RoleSet, error) {
	return authz.RoleSet{Roles: []authz.Role{{Name: "config-reviewer", Permissions: []string{"config.review"}}, {Name: "chief", Inherits: "config-reviewer"}, {Name: "author", Permissions: []string{"config.author"}},
		{Name: "clerk", Permissions: []string{"case.accept"}}}}, nil
}

func (d *desk) Facts(_ context.Context, e notify.Event) (notify.Facts, error) {
	f := notify.Facts{Applicants: []uuid.UUID{d.account}, Values: map[string]any{"case": map[string]any{"no": "4313210001", "promised_due_on": "2026-03-09"},
		"correction": map[string]any{"count": 2}}}
	if strings.HasPrefix(e.Topic, "task.") {
		f.Staff = []uuid.UUID{d.account}
	}
	return f, nil
}

func (d *desk) Email(context.Context, uuid.UUID) (string, error) { return "xiangwei@example.com", nil }

func newDesk(t *testing.T, database *db.DB, mailer notify.Mailer, profile string, notices ...kind.NotificationTemplate) *desk {
	t.Helper()
	d := &desk{t: t, db: database, clock: clock.NewManual(noon), account: db.NewID(noon)}
	for i := range notices {
		d.notices = append(d.notices, configuration.Notice{Name: "n" + string(rune('0'+i)), Spec: &notices[i]})
	}
	tree := dbtest.Tree(t, database, noon, "national", "national/430000", county)
	if _, err := database.Exec(dbtest.As(t.Context(), "national"), `INSERT INTO account (tenant_id, id, type, login, profile, created_at)
		VALUES ('national', $1, 'legal_person', 'xiangwei', $2, $3)`, d.account, profile, noon); err != nil {
		t.Fatal(err)
	}
	var err error
	if d.Service, err = notify.New(notify.Config{DB: database, Tree: tree, Clock: d.clock, Configuration: d, Source: d, Accounts: d, Mailer: mailer}); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) event(topic string) notify.Event {
	return notify.Event{ID: db.NewID(noon), Topic: topic, Case: db.NewID(noon), At: noon}
}

func (d *desk) announce(e notify.Event) {
	d.t.Helper()
	if err := d.Announce(dbtest.As(d.t.Context(), county), e, func(*db.Batch) {}); err != nil {
		d.t.Fatal(err)
	}
}

// rows returns channel, status and reason of every message of the realm.
func (d *desk) rows() map[string]string {
	d.t.Helper()
	found := map[string]string{}
	if err := d.db.Each(dbtest.As(d.t.Context(), "national"), func(scan func(dest ...any) error) error {
		var channel, status, reason string
		err := scan(&channel, &status, &reason)
		found[channel] = strings.TrimSpace(status + " " + reason)
		return err
	}, "SELECT channel, status, reason FROM message WHERE tenant_id = 'national'"); err != nil {
		d.t.Fatal(err)
	}
	return found
}

// pending returns the messages that jobs are to send, with when.
func (d *desk) pending() map[uuid.UUID]time.Time {
	d.t.Helper()
	found := map[uuid.UUID]time.Time{}
	if err := d.db.Each(dbtest.As(d.t.Context(), "national"), func(scan func(dest ...any) error) error {
		var payload string
		var at time.Time
		if err := scan(&payload, &at); err != nil {
			return err
		}
		var in struct{ Message uuid.UUID }
		err := json.Unmarshal([]byte(payload), &in)
		found[in.Message] = at
		return err
	}, "SELECT payload, run_at FROM job WHERE tenant_id = 'national' AND type = 'notify.send'"); err != nil {
		d.t.Fatal(err)
	}
	return found
}

var progress = kind.NotificationTemplate{Title: "办理进度提醒", Events: []string{"case.accepted"}, Channels: []string{"sms", "email", "inbox"},
	OptIn: []string{"sms", "email"}, Body: "办件{case.no}承诺于{case.promised_due_on}前办结，{case.unknown}。"}

// R-NTF-09: a row for each message, made once however often the event comes; consent decides the channels.
func TestMessagesOfAnEvent(t *testing.T) {
	for name, c := range map[string]struct {
		profile string
		notice  kind.NotificationTemplate
		mail    bool
		want    map[string]string
	}{
		"without consent the inbox alone": {`{}`, progress, true, map[string]string{"inbox": "sent"}},
		"with consent":                    {`{"notifications": ["email"]}`, progress, true, map[string]string{"inbox": "sent", "email": "pending"}},
		"mail is not set up":              {`{"notifications": ["email"]}`, progress, false, map[string]string{"inbox": "sent", "email": "skipped channel email is not set up"}},
		"mandatory needs no consent": {`{}`, kind.NotificationTemplate{Title: "补正", Events: []string{"case.accepted"}, Channels: []string{"sms", "inbox"},
			OptIn: []string{"sms"}, Mandatory: true, Body: "需补正{correction.count}项"}, true, map[string]string{"inbox": "sent", "sms": "skipped channel sms is not set up"}},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, database *db.DB) {
				var mailer notify.Mailer
				if c.mail {
					mailer = refusing{}
				}
				d := newDesk(t, database, mailer, c.profile, c.notice)
				e := d.event("case.accepted")
				d.announce(e)
				d.announce(e)
				d.announce(d.event("case.decided"))
				got := d.rows()
				for channel, want := range c.want {
					if got[channel] != want {
						t.Errorf("%s is %q, want %q", channel, got[channel], want)
					}
				}
				if len(got) != len(c.want) {
					t.Errorf("messages: %v", got)
				}
				var n int
				if err := database.QueryRow(dbtest.As(t.Context(), "national"), "SELECT count(*) FROM message WHERE tenant_id = 'national'").Scan(&n); err != nil || n != len(c.want) {
					t.Errorf("%d rows, %v", n, err)
				}
			})
		})
	}
}

type refusing struct{}

func (refusing) Send(context.Context, notify.Mail) error { return io.ErrUnexpectedEOF }

// Mail reaches a real server, under the message's own id; what the server refuses is tried again and on record.
func TestMailIsSentAtLeastOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		box := newMailbox(t, 1)
		mailer, err := notify.NewSMTP(box.url(), "政务服务 <zhengtong@example.com>")
		if err != nil {
			t.Fatal(err)
		}
		d := newDesk(t, database, mailer, `{"notifications": ["email"]}`, progress)
		d.announce(d.event("case.accepted"))
		realm := dbtest.As(t.Context(), "national")
		for id := range d.pending() {
			if err := d.Send(realm, id, false, func(*db.Batch) {}); err == nil {
				t.Error("a refused mail counts as sent")
			}
			if got := d.rows()["email"]; got != "pending the mail server does not take it" {
				t.Errorf("after a refusal: %s", got)
			}
			for range 2 { // the second time there is nothing left to send
				if err := d.Send(realm, id, false, func(*db.Batch) {}); err != nil {
					t.Fatal(err)
				}
			}
			if len(box.took) != 1 || d.rows()["email"] != "sent" {
				t.Fatalf("%d mails, %v", len(box.took), d.rows())
			}
			if got := box.took[0].Header.Get("Message-ID"); !strings.HasPrefix(got, "<"+id.String()+"@") {
				t.Errorf("message id %s", got)
			}
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(box.took[0].Header.Get("Subject"))
		if err != nil || subject != "办理进度提醒" {
			t.Errorf("subject %q, %v", subject, err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(box.texts[0])))
		if err != nil || strings.TrimSpace(string(body)) != "办件4313210001承诺于2026年3月9日前办结，——。" {
			t.Errorf("body %q, %v", body, err)
		}
	})
}

func TestLastRefusalFailsTheMessage(t *testing.T) {
	d := newDesk(t, dbtest.Open(t, db.SQLite), refusing{}, `{"notifications": ["email"]}`, progress)
	d.announce(d.event("case.accepted"))
	for id := range d.pending() {
		if err := d.Send(dbtest.As(t.Context(), "national"), id, true, func(*db.Batch) {}); err != nil {
			t.Fatal(err)
		}
	}
	if got := d.rows()["email"]; got != "failed the mail server does not take it" {
		t.Error(got)
	}
}

// What goes outside waits for the end of the quiet hours; the inbox does not.
func TestQuietHours(t *testing.T) {
	quiet := progress
	quiet.OptIn, quiet.QuietHours = nil, &kind.QuietHours{From: "21:00", To: "08:00"}
	for at, want := range map[string]string{"2026-03-02T22:30": "2026-03-03T08:00", "2026-03-03T07:59": "2026-03-03T08:00", "2026-03-03T08:00": "2026-03-03T08:00",
		"2026-03-03T20:59": "2026-03-03T20:59"} {
		t.Run(at, func(t *testing.T) {
			d := newDesk(t, dbtest.Open(t, db.SQLite), refusing{}, `{}`, quiet)
			zone := time.FixedZone("Asia/Shanghai", 8*60*60)
			now, err := time.ParseInLocation("2006-01-02T15:04", at, zone)
			if err != nil {
				t.Fatal(err)
			}
			d.clock.Set(now)
			d.announce(d.event("case.accepted"))
			for _, runAt := range d.pending() {
				if got := runAt.In(zone).Format("2006-01-02T15:04"); got != want {
					t.Errorf("sent at %s, want %s", got, want)
				}
			}
			if d.rows()["inbox"] != "sent" {
				t.Error(d.rows())
			}
		})
	}
}

// The inbox is paged, newest first, and everybody's own.
func TestInboxPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database, nil, `{}`, progress)
		for n := range 5 {
			e := d.event("case.accepted")
			e.At = noon.Add(time.Duration(n/2) * time.Minute)
			d.announce(e)
		}
		reader := authz.With(dbtest.As(t.Context(), county), authz.Principal{Type: authz.TypeApplicant, Account: d.account, Home: tenancy.Realm})
		var seen []uuid.UUID
		page := notify.Page{First: 2}
		for {
			found, more, err := d.Inbox(reader, page)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range found {
				seen = append(seen, m.ID)
			}
			if !more {
				break
			}
			page.AfterAt, page.AfterID = found[len(found)-1].CreatedAt, found[len(found)-1].ID
		}
		unique := map[uuid.UUID]bool{}
		for _, id := range seen {
			unique[id] = true
		}
		if len(seen) != 5 || len(unique) != 5 {
			t.Errorf("%d messages, %d different", len(seen), len(unique))
		}
		if _, _, err := d.Inbox(dbtest.As(t.Context(), county), page); err == nil {
			t.Error("nobody has an inbox")
		}
		d.announce(d.event("task.assigned"))
		staff := authz.With(dbtest.As(t.Context(), county), authz.Principal{Type: authz.TypeStaff, Account: d.account, Home: "431321"})
		if found, _, err := d.Inbox(staff, notify.Page{}); err != nil || len(found) != 1 || found[0].Title != "新的待办" {
			t.Errorf("%v, %v", found, err)
		}
	})
}

func TestWants(t *testing.T) {
	d := newDesk(t, dbtest.Open(t, db.SQLite), nil, `{}`, progress)
	for topic, want := range map[string]bool{"case.accepted": true, "task.assigned": true, "case.status_changed": false} {
		if d.Wants(dbtest.As(t.Context(), county), topic) != want {
			t.Errorf("%s: want %t", topic, want)
		}
	}
}

func TestMailServerAddresses(t *testing.T) {
	for address, good := range map[string]bool{"smtp://mail.example": true, "smtps://u:p@mail.example:4650": true, "smtp+starttls://mail.example:2525": true,
		"http://mail.example": false, "mail.example": false, "smtp://": false} {
		if _, err := notify.NewSMTP(address, "a@example.com"); (err == nil) != good {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// What happens to a tenant's configuration reaches the inbox of those who review it there, and nobody else's.
func TestReviewersAreTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database, nil, "{}")
		there := dbtest.As(t.Context(), county)
		staff := map[string]uuid.UUID{}
		b := database.NewBatch()
		for i, role := range []string{"config-reviewer", "chief", "clerk", "author"} {
			account, id := db.NewID(noon), db.NewID(noon)
			staff[role] = account
			b.Exec("INSERT INTO account (tenant_id, id, type, login, created_at) VALUES ('431321', $1, 'staff', $2, $3)", account, role, noon)
			b.Exec("INSERT INTO staff (tenant_id, id, account_id, staff_no, name, department, created_at) VALUES ('431321', $1, $2, $3, $4, 'x', $5)", id, account, string(rune('1'+i)), role, noon)
			b.Exec("INSERT INTO role_binding (tenant_id, id, staff_id, role, created_at) VALUES ('431321', $1, $2, $3, $4)", db.NewID(noon), id, role, noon)
		}
		if err := database.Run(there, b); err != nil {
			t.Fatal(err)
		}
		e := d.event(configuration.EventReviewRequested)
		e.Case = uuid.Nil
		e.Fields = json.RawMessage(`{"above": "430000", "title": "食品经营许可", "message": "提速", "deadline": "2026-03-09T09:30:00Z", "on_overdue": "suspend"}`)
		d.announce(e)
		d.announce(e)
		told := map[uuid.UUID]string{}
		err := database.Each(there, func(scan func(dest ...any) error) error {
			var account uuid.UUID
			var body string
			err := scan(&account, &body)
			told[account] += body
			return err
		}, "SELECT account_id, body FROM message WHERE tenant_id = '431321'")
		if err != nil {
			t.Fatal(err)
		}
		if len(told) != 2 || told[staff["clerk"]] != "" || told[staff["chief"]] != told[staff["config-reviewer"]] {
			t.Errorf("%v", told)
		}
		stale := d.event(configuration.EventGuideStale)
		stale.Case, stale.Fields = uuid.Nil, json.RawMessage(`{"title": "食品经营许可", "review_on": "2026-03-10"}`)
		d.announce(stale)
		var reminder string
		if err := database.QueryRow(there, "SELECT body FROM message WHERE tenant_id = '431321' AND account_id = $1", staff["author"]).Scan(&reminder); err != nil ||
			!strings.HasPrefix(reminder, "“食品经营许可”的办事指南已到复核日期2026年3月10日，") {
			t.Errorf("the author is told %q, %v", reminder, err)
		}
		if body := told[staff["chief"]]; !strings.Contains(body, "“提速”与本地的“食品经营许可”冲突。请于2026年3月9日17:30前处理，逾期相关事项将被挂起。") {
			t.Error(body)
		}
	})
}

// R-CFG-04: that a running case got worse terms is told by the template of the tenant or,
// where none names the event, all the same.
func TestWorseTermsAreAlwaysTold(t *testing.T) {
	for name, notice := range map[string]kind.NotificationTemplate{
		"without a template": progress,
		"with one":           {Title: "换版", Events: []string{casework.EventMigratedWorse}, Channels: []string{"inbox"}, Body: "办件{case.no}换版"},
	} {
		d := newDesk(t, dbtest.Open(t, db.SQLite), nil, `{}`, notice)
		if !d.Wants(dbtest.As(t.Context(), county), casework.EventMigratedWorse) {
			t.Fatalf("%s: not wanted", name)
		}
		e := d.event(casework.EventMigratedWorse)
		d.announce(e)
		d.announce(e)
		d.announce(d.event(casework.EventMigrated))
		if got := d.rows(); len(got) != 1 || got["inbox"] != "sent" {
			t.Errorf("%s: %v", name, got)
		}
		var template string
		if err := d.db.QueryRow(dbtest.As(t.Context(), "national"), "SELECT template FROM message WHERE tenant_id = 'national'").Scan(&template); err != nil ||
			(template == "duty."+casework.EventMigratedWorse) != (name == "without a template") {
			t.Errorf("%s: %s, %v", name, template, err)
		}
	}
}
