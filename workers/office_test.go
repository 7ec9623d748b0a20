package workers_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"zhengtong/internal/archive"
	"zhengtong/internal/audit"
	"zhengtong/internal/blob"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/configuration"
	"zhengtong/internal/crypt"
	"zhengtong/internal/db"
	"zhengtong/internal/document"
	"zhengtong/internal/document/font"
	"zhengtong/internal/exchange"
	"zhengtong/internal/licence"
	"zhengtong/internal/notify"
	"zhengtong/internal/problem"
	"zhengtong/internal/queue"
	"zhengtong/internal/tenancy"
	"zhengtong/internal/testkit"
	"zhengtong/workers"
)

// office is a county with every effect behind it: workers, Redis and an object store.
type office struct {
	*caseworktest.County
	tree     *tenancy.Tree
	objects  *blob.Store
	redis    *testkit.Server
	bus      *queue.Bus
	services workers.Services
	workers  *workers.Workers
	audit    *audit.Service
}

// store makes a client of an object store with its buckets.
func store(t *testing.T, s3 testkit.S3) *blob.Store {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 8}
	t.Cleanup(transport.CloseIdleConnections)
	objects, err := blob.New(blob.Config{Endpoint: s3.Endpoint, Region: "us-east-1", AccessKey: s3.AccessKey, SecretKey: s3.SecretKey, Bucket: s3.Bucket,
		ArchiveBucket: s3.ArchiveBucket, PublicBase: "https://zt.example", Transport: transport})
	if err == nil {
		err = objects.Prepare(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// options change an office; the zero value is the usual one.
type options struct {
	keys     licence.Keys
	attempts int
}

func newOffice(t *testing.T, d *db.DB, objects *blob.Store, with options) *office {
	t.Helper()
	if with.attempts == 0 {
		with.attempts = 400 // a dependency is away for seconds
	}
	o := &office{County: caseworktest.New(t, d, objects), objects: objects, redis: testkit.Redis(t)}
	var err error
	o.tree, err = tenancy.LoadTree(t.Context(), d)
	o.ok(err)
	client, err := queue.Connect(o.redis.URL, 20*time.Second)
	o.ok(err)
	o.bus = queue.NewBus(client)
	o.build(with)
	handlers, err := o.services.Handlers()
	o.ok(err)
	o.workers, err = workers.New(workers.Config{DB: d, Tree: o.tree, Clock: o.Clock, Queue: client, Bus: o.bus, Handlers: handlers, Routes: o.services.Routes(),
		Lease: 25 * time.Second, Poll: 20 * time.Millisecond, Backoff: func(int) time.Duration { return 50 * time.Millisecond }, Attempts: with.attempts})
	o.ok(err)
	o.ok(o.workers.Start())
	t.Cleanup(func() {
		o.workers.Stop()
		if err := errors.Join(o.bus.Close(), client.Close()); err != nil {
			t.Error(err)
		}
	})
	return o
}

func (o *office) build(with options) {
	o.Helper()
	keys := with.keys
	var err error
	if keys == nil {
		keys, err = crypt.NewKeys("std", crypt.NewMaster())
		o.ok(err)
	}
	fonts, err := font.New()
	o.ok(err)
	o.audit, err = audit.New(o.DB, o.Clock)
	o.ok(err)
	s := &o.services
	s.Cases = o.Cases
	s.Configuration, err = configuration.New(configuration.Config{DB: o.DB, Clock: o.Clock, Tree: o.tree}) // publishes nothing here
	o.ok(err)
	s.Documents, err = document.New(document.Config{DB: o.DB, Tree: o.tree, Clock: o.Clock, Configuration: o.Configuration, Objects: o.objects, Fonts: fonts,
		VerifyBase: "https://zt.example"})
	o.ok(err)
	s.Licences, err = licence.New(licence.Config{DB: o.DB, Tree: o.tree, Clock: o.Clock, Cases: o.Cases, Configuration: o.Configuration, Objects: o.objects,
		Keys: keys, Fonts: fonts, Audit: o.audit, VerifyBase: "https://zt.example"})
	o.ok(err)
	s.Messages, err = notify.New(notify.Config{DB: o.DB, Tree: o.tree, Clock: o.Clock, Configuration: o.Configuration, Source: notify.FromCases(o.Cases, o.DB),
		Accounts: o.Identity, Bus: o.bus})
	o.ok(err)
	s.Archive, err = archive.New(archive.Config{DB: o.DB, Clock: o.Clock, Cases: o.Cases, Licences: s.Licences, Objects: o.objects})
	o.ok(err)
	s.Exchange, err = exchange.New(exchange.Config{DB: o.DB, Tree: o.tree, Clock: o.Clock, Configuration: o.Configuration, Audit: o.audit})
	o.ok(err)
}

func (o *office) ok(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

// settle waits until every effect is done, and fails when one was given up.
func (o *office) settle() {
	o.Helper()
	ctx, cancel := context.WithTimeout(o.Context(), 60*time.Second)
	defer cancel()
	if err := o.workers.Quiesce(ctx); err != nil {
		o.Fatalf("%v\n%s", err, o.open())
	}
	if open := o.open(); open != "" {
		o.Fatalf("jobs not done:\n%s", open)
	}
}

// open lists the jobs of the fixture's tenants that are not done.
func (o *office) open() string {
	list := ""
	for _, tenant := range []string{caseworktest.Tenant, tenancy.Realm} {
		o.ok(o.DB.Each(o.In(context.WithoutCancel(o.Context()), tenant), func(scan func(dest ...any) error) error {
			var kind, state, reason string
			err := scan(&kind, &state, &reason)
			list += tenant + " " + kind + " " + state + ": " + reason + "\n"
			return err
		}, "SELECT type, state, reason FROM job WHERE tenant_id = $1 AND state <> 'done'", tenant))
	}
	return list
}

// do takes an action, drawing up its document when it is locked without one. A
// timer that fires in between moves the case on: then, as a person would, it is tried again.
func (o *office) do(k *caseworktest.Case, node, action string, fields map[string]any) {
	o.Helper()
	var err error
	for range 50 {
		login := o.handler(k, node)
		if err = k.Act(login, node, action, fields); problem.ReasonOf(err) == "document_required" {
			if _, err = k.Issue(login, node, action, fields); err == nil {
				err = k.Act(login, node, action, fields)
			}
		}
		if problem.CodeOf(err) != problem.Conflict {
			break
		}
	}
	o.ok(err)
}

// handler is who acts at a node: its assignee, or who claims the node's tasks.
func (o *office) handler(k *caseworktest.Case, node string) string {
	switch node {
	case "decide":
		return "jueding"
	case "deliver":
		return "chuangkou"
	}
	return k.Handler(node)
}

var proposal = map[string]any{"opinion": "材料齐全，拟准予许可", "recommend": "grant"}

// granted takes an application that needs no inspection to its decision.
func (o *office) granted(k *caseworktest.Case) {
	o.Helper()
	o.do(k, "pre_review", "pass", nil)
	o.do(k, "acceptance", "accept", nil)
	o.do(k, "review", "submit", proposal)
	o.do(k, "decide", "grant", nil)
}

func (o *office) delivered(k *caseworktest.Case) {
	o.Helper()
	o.do(k, "deliver", "delivered", map[string]any{"way": "pickup", "receiver_name": "李湘", "receiver_id_last4": "0013"})
	o.settle()
}

// stored reads an object of the county.
func (o *office) stored(purpose blob.Purpose, digest string) []byte {
	o.Helper()
	content, _, err := o.objects.Get(o.Context(), caseworktest.Tenant, blob.Key{Tenant: caseworktest.Tenant, Purpose: purpose, Digest: digest})
	o.ok(err)
	defer content.Close()
	all, err := io.ReadAll(content)
	o.ok(err)
	return all
}

func auditOf(action string) audit.Filter { return audit.Filter{Action: action} }
func auditPage() audit.Page              { return audit.Page{First: 10} }
