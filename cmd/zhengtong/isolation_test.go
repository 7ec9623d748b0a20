package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"zhengtong/cmd/zhengtong/demo"
)

// operation is a row of testdata/isolation.yaml.
type operation struct {
	Field, Call              string
	Each                     bool   // called once for each id
	Tenant                   string // where the answer lists what must be the caller's own
	Shows                    []string
	Visitor, Stranger, Rival []string
}

// estate is what Shuangfeng has: ids by what they are, other words that calls are
// made with, and texts that nobody else may read.
type estate struct{ ids, words, secrets map[string]string }

// public are the ids of what everybody may see.
var public = []string{"tenant", "department", "matter"}

// TestIsolation calls every operation of the API with the ids of one county, as
// nobody, as every role of another and as another firm: nothing of the county's is
// told or changed. An operation without a row in the table fails it.
// design.md I2, I3
func TestIsolation(t *testing.T) {
	server := startServer(t, "--demo", "--limit-requests-per-min", "1000000", "--data", filepath.Join(t.TempDir(), "data"))
	w := &town{process: server}
	own := w.settled(t)
	before := w.state(t)
	visitor := caller{origin: server.origin, tenant: "431321"}
	operations := readCases[operation](t, "isolation.yaml")
	complete(t, visitor, operations)
	strangers := map[string]caller{}
	for _, login := range []string{"ls-chuangkou", "ls-shencha", "ls-pingshen", "ls-jueding", "ls-juzhang", "ls-dangan", "ls-jiancha", "ls-guanli", "ls-bianzhi", "ls-shenhe"} {
		strangers[login] = signIn(t, server.origin, login, "450721")
	}
	strangers["gx-jiancha"] = signIn(t, server.origin, "gx-jiancha", "450000")
	strangers["gx-shenhe"] = signIn(t, server.origin, "gx-shenhe", "450000")
	rival := signIn(t, server.origin, "yongfeng", "")
	for _, o := range operations {
		t.Run(o.Field, func(t *testing.T) {
			o.hold(t, own, "a visitor", visitor, o.Visitor)
			o.hold(t, own, "yongfeng", rival, o.Rival)
			for login, stranger := range strangers {
				o.hold(t, own, login, stranger, o.Stranger)
				if o.Field != "Mutation.signOut" {
					stranger.tenant = "431321" // asking to act there
					o.hold(t, own, login+" acting in Shuangfeng", stranger, append(o.Stranger, "FORBIDDEN", "NOT_FOUND"))
				}
			}
		})
	}
	if after := w.state(t); after != before {
		t.Errorf("strangers changed something:\n%s\n%s", before, after)
	}
}

// complete compares the table with the schema that the server publishes.
func complete(t *testing.T, visitor caller, operations []operation) {
	t.Helper()
	text, err := visitor.send(t.Context(), http.MethodGet, "/schema.graphql", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: text.Body})
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int{}
	for _, o := range operations {
		rows[o.Field]++
	}
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation, schema.Subscription} {
		for _, field := range root.Fields {
			if name := root.Name + "." + field.Name; !strings.HasPrefix(field.Name, "__") && rows[name] != 1 {
				t.Errorf("%s has %d rows in testdata/isolation.yaml; say there who may call it", name, rows[name])
			}
			delete(rows, root.Name+"."+field.Name)
		}
	}
	for name := range rows {
		t.Errorf("testdata/isolation.yaml has a row for %s, which the schema has not", name)
	}
}

// hold calls an operation as somebody and holds the answer against what is allowed.
func (o operation) hold(t *testing.T, own estate, name string, who caller, allowed []string) {
	t.Helper()
	for what, id := range own.ids {
		if t.Failed() {
			return // one caller shows what is wrong
		}
		if !o.Each && what != "case" || slices.Contains(public, what) && o.Each {
			continue
		}
		call := strings.ReplaceAll(o.Call, "{any}", id)
		for key, value := range own.words {
			call = strings.ReplaceAll(call, "{"+key+"}", value)
		}
		for key, value := range own.ids {
			call = strings.ReplaceAll(call, "{"+key+"}", value)
		}
		a := o.send(t, who, call)
		if got := a.verdict(); !slices.Contains(allowed, got) {
			t.Errorf("%s, by %s with the id of %s: %s, want %v: %d %.400s", o.Field, name, what, got, allowed, a.Status, a.Body)
		}
		for key, secret := range own.secrets {
			if strings.Contains(a.Body, secret) && !slices.Contains(o.Shows, key) {
				t.Errorf("%s tells %s the %s: %.600s", o.Field, name, key, a.Body)
			}
		}
		if o.Tenant != "" && strings.Contains(a.Body, `"431321"`) {
			t.Errorf("%s tells %s what is Shuangfeng's: %.600s", o.Field, name, a.Body)
		}
	}
}

func (o operation) send(t *testing.T, who caller, call string) answer {
	t.Helper()
	root, _, _ := strings.Cut(o.Field, ".")
	query := strings.ToLower(root) + " { " + call + " }"
	if root == "Subscription" {
		return who.watch(t, query)
	}
	return who.do(t, query, nil)
}

// watch opens a stream and reads it as long as nothing is expected to come.
func (c caller) watch(t *testing.T, query string) answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	body, err := json.Marshal(map[string]any{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	a, err := c.send(ctx, http.MethodPost, "/graphql/stream", http.Header{"Content-Type": {"application/json"}, "Accept": {"text/event-stream"}}, body)
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	for line := range strings.Lines(a.Body) {
		if data, ok := strings.CutPrefix(line, "data:"); ok && strings.TrimSpace(data) != "" {
			_ = json.Unmarshal([]byte(data), &a) // an event of another shape says nothing of interest
		}
	}
	return a
}

// verdict is the first code, `nothing` when all that was answered is null or empty, else `own`.
func (a answer) verdict() string {
	if a.code() != "" {
		return a.code()
	}
	for _, value := range a.Data {
		page, _ := value.(map[string]any)
		edges, isPage := page["edges"].([]any)
		if value != nil && (!isPage || len(edges) > 0) {
			return "own"
		}
	}
	if a.Data == nil {
		return "own" // a stream that says nothing yet
	}
	return "nothing"
}

// settled lets Shuangfeng end one application, open another and begin a third, and
// gathers what there is: ids of each type, and what only the parties may read.
func (w *town) settled(t *testing.T) estate {
	t.Helper()
	ended, _ := walk(t, demo.Options{Server: w.origin})
	open, _ := walk(t, demo.Options{Server: w.origin, Steps: 11})
	begun, _ := walk(t, demo.Options{Server: w.origin, Steps: received - 1})
	w.kase = open
	w.settle(t)
	w.firm, w.author = signIn(t, w.origin, "xiangwei", ""), signIn(t, w.origin, "bianzhi", "431321")
	reviewer := signIn(t, w.origin, "shencha", "431321")
	extended := reviewer.must(t, `mutation($id: ID!) { requestExtension(input: {case: $id, clock: "promised", n: 1, reason: "等候检验结果"}) { extension { id } case { version } } }`, map[string]any{"id": open.CaseID})
	changed := w.author.must(t, `mutation($files: [FileInput!]!) { submitChange(input: {files: $files, message: "承诺提速到四日"}) { change { id } } }`,
		map[string]any{"files": []any{map[string]any{"path": "food.yaml", "content": faster(t, 4)}}})
	seen := reviewer.must(t, `query($ended: ID!, $open: ID!) {
		ended: case(id: $ended) { documents { id number } licence { id } corrections { id } materials { files { id } } archive { digest } tasks(closed: true) { id } }
		open: case(id: $open) { specials { id } clocks { id } tasks { id } } viewer { account { id } departments { id } } tenant(code: "431321") { id } matter(name: "food-business-licence") { id } }`,
		map[string]any{"ended": ended.CaseID, "open": open.CaseID})
	own := estate{ids: map[string]string{"case": open.CaseID, "ended": ended.CaseID, "draft": begun.Draft,
		"extension": extended.text("requestExtension.extension.id"), "change": changed.text("submitChange.change.id"),
		"message":  w.firm.must(t, `{ messages { edges { node { id } } } }`, nil).text("messages.edges.0.node.id"),
		"resource": w.author.must(t, `{ resource(kind: "Form", name: "food-business-form") { id } }`, nil).text("resource.id")}}
	own.words = map[string]string{"number": ended.CaseNumber, "identifier": ended.Identifier, "sha256": strings.Repeat("0", 64),
		"version": fmt.Sprint(extended.at("requestExtension.case.version")),
		"pack":    `apiVersion: zhengtong/v1\nkind: Role\nmetadata: {tenant: \"431321\", name: inspector}\nspec: {title: 外来, permissions: [config.read], data_scope: tenant}\n`}
	for name, path := range map[string]string{"document": "ended.documents.0.id", "licence": "ended.licence.id", "correction": "ended.corrections.0.id", "file": "ended.materials.0.files.0.id",
		"task": "ended.tasks.0.id", "special": "open.specials.0.id", "account": "viewer.account.id", "tenant": "tenant.id", "department": "viewer.departments.0.id", "matter": "matter.id"} {
		own.ids[name] = seen.text(path)
	}
	if task := seen.text("open.tasks.0.id"); task != "" {
		own.ids["task"] = task
	}
	own.secrets = map[string]string{"firm": "湘味", "uscc": "91431321MA4L00011P", "phone": "13900000001", "address": "城中路18号", "identity": "431321199003070013", "number": ended.CaseNumber,
		"other number": open.CaseNumber, "query code": ended.QueryCode, "document": seen.text("ended.documents.0.number"), "package": seen.text("ended.archive.digest"), "change": "承诺提速", "reason": "等候检验结果", "role": "现场核查员"}
	for name, value := range own.ids {
		if value == "" {
			t.Fatalf("Shuangfeng has no %s: %s", name, seen.Body)
		}
	}
	return own
}
