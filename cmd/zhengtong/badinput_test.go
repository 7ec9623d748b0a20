package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestBadInput sends a running server what people, programs and attackers get
// wrong: each gets its coded, positioned refusal, and nothing changes.
func TestBadInput(t *testing.T) {
	w := openTown(t)
	t.Run("configuration", w.badConfiguration)
	t.Run("requests", w.badRequests)
	t.Run("forms", w.badForms)
	t.Run("files", w.badFiles)
	t.Run("acts", w.badActs)
	t.Run("ten at once", w.tenAtOnce)
}

// badRequest is a request that never reaches a service.
type badRequest struct {
	Name, Method, Path, Query, Repeat, Body string
	Times                                   int
	Header                                  map[string]string
	Want                                    struct {
		Status       int
		Code, Reason string
	}
}

func (b badRequest) body(t *testing.T) []byte {
	if b.Query == "" {
		return []byte(b.Body)
	}
	query := b.Query
	if b.Times > 0 {
		var many strings.Builder
		for i := range b.Times {
			many.WriteString(strings.ReplaceAll(b.Repeat, "%d", fmt.Sprint(i)))
		}
		query = strings.Replace(query, "%s", many.String(), 1)
	}
	body, err := json.Marshal(map[string]any{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func (w *town) badRequests(t *testing.T) {
	for _, b := range readCases[badRequest](t, "badinput/requests.yaml") {
		t.Run(b.Name, func(t *testing.T) {
			header := http.Header{"Content-Type": {"application/json"}, "Accept": {"application/graphql-response+json"}}
			for name, value := range b.Header {
				header.Set(name, value)
			}
			method, path := b.Method, b.Path
			if method == "" {
				method = http.MethodPost
			}
			if path == "" {
				path = "/graphql"
			}
			w.unchanged(t, func() {
				start := time.Now()
				a, err := w.firm.send(t.Context(), method, path, header, b.body(t))
				if err != nil {
					t.Fatal(err)
				}
				a.refused(t, b.Want.Code, b.Want.Reason)
				if took := time.Since(start); a.Status != b.Want.Status || took > 2*time.Second {
					t.Errorf("status %d, want %d, after %s", a.Status, b.Want.Status, took)
				}
				if len(a.Body) > 20_000 || a.Errors == nil || a.Errors[0].Extensions.Reference == "" {
					t.Errorf("a refusal is short and has a reference: %d bytes, %.300s", len(a.Body), a.Body)
				}
			})
		})
	}
}

// TestIntrospectionIsForDemonstrations: a server that is none tells its schema as
// published text only and leaves its clock alone; on real time it refuses a database of virtual time.
func TestIntrospectionIsForDemonstrations(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	startServer(t, "--demo", "--data", data).stop()
	if output, code := command(t, ".", "serve", "--data", data, "--listen", "127.0.0.1:0"); code == exitClean || !strings.Contains(output, "virtual") {
		t.Errorf("a database of virtual time is served on real time: %d\n%s", code, output)
	}
	server := startServer(t, "--clock-start", "2026-03-02T01:00:00Z", "--data", data)
	visitor := caller{origin: server.origin, tenant: "431321"}
	visitor.must(t, `{ viewer { home { code } } kinds { name } }`, nil)
	for _, query := range []string{`{ __schema { types { name } } }`, `{ kinds { name } __type(name: "Case") { name } }`, `{ ...F } fragment F on Query { __schema { types { name } } }`} {
		visitor.do(t, query, nil).refused(t, "BAD_REQUEST", "introspection_disabled")
	}
	clock, err := visitor.send(t.Context(), http.MethodPost, "/debug/clock", nil, []byte(`{"to": "2030-01-01T00:00:00Z"}`))
	if err != nil || clock.Status == http.StatusOK {
		t.Errorf("the clock can be moved: %d %s %v", clock.Status, clock.Body, err)
	}
}

// TestLimitsAreTheOperators: the limits of one request follow the flags.
func TestLimitsAreTheOperators(t *testing.T) {
	for flag, c := range map[string]struct{ value, query, code, reason string }{
		"--limit-body":          {"100", `{ viewer { home { code title level timezone status } account { name } permissions } }`, "BAD_REQUEST", "body_too_large"},
		"--limit-query-tokens":  {"3", `{ viewer { home { code } } }`, "BAD_REQUEST", "parse_failed"},
		"--limit-query-depth":   {"2", `{ viewer { home { code } } }`, "BAD_REQUEST", "depth"},
		"--limit-query-aliases": {"1", `{ a: viewer { b: permissions } }`, "BAD_REQUEST", "aliases"},
		"--limit-query-cost":    {"5", `{ tenants { edges { node { code } } } }`, "TOO_COMPLEX", "cost"},
		"--limit-request-time":  {"1ns", `{ matters { edges { node { title } } } }`, "UNAVAILABLE", "timeout"},
	} {
		t.Run(flag, func(t *testing.T) {
			server := startServer(t, flag, c.value, "--demo", "--data", filepath.Join(t.TempDir(), "data"))
			caller{origin: server.origin, tenant: "431321"}.do(t, c.query, nil).refused(t, c.code, c.reason)
		})
	}
}

const (
	saving     = `mutation($input: SaveDraftInput!) { saveDraft(input: $input) { draft { id problems { path code } } } }`
	submitting = `mutation($input: SubmitApplicationInput!) { submitApplication(input: $input) { case { id number } } }`
)

// application is a good form with one change; a nil value leaves the field out.
func application(t *testing.T, change map[string]any) map[string]any {
	form := readCases[map[string]any](t, "badinput/application.yaml")[0]
	maps.Copy(form, change)
	maps.DeleteFunc(form, func(_ string, v any) bool { return v == nil })
	return form
}

// draft saves a form and returns the id of its draft; id "" makes a new one.
func (w *town) draft(t *testing.T, id string, form map[string]any) answer {
	t.Helper()
	matter := w.firm.must(t, `{ matter(name: "food-business-licence") { id } }`, nil).text("matter.id")
	input := map[string]any{"matter": matter, "form": form}
	if id != "" {
		input["draft"] = id
	}
	return w.firm.do(t, saving, map[string]any{"input": input})
}

type badForm struct {
	Name   string
	Change map[string]any
	Saved  bool // refused already when saved
	Want   struct{ Path, Code string }
}

func (b badForm) in(list []found) bool {
	return slices.ContainsFunc(list, func(p found) bool { return p.Path == b.Want.Path && p.Code == b.Want.Code })
}

// badForms: what a form's schema, rules and situations refuse (R-APP-03, R-APP-05).
func (w *town) badForms(t *testing.T) {
	id := w.draft(t, "", application(t, nil)).text("saveDraft.draft.id")
	for _, b := range readCases[badForm](t, "badinput/forms.yaml") {
		t.Run(b.Name, func(t *testing.T) {
			if b.Saved {
				w.unchanged(t, func() {
					a := w.draft(t, id, application(t, b.Change))
					a.refused(t, "VALIDATION", "")
					if !b.in(a.problems()) {
						t.Errorf("want %s %s, got %v", b.Want.Path, b.Want.Code, a.problems())
					}
				})
				return
			}
			saved := w.draft(t, id, application(t, b.Change))
			text, err := json.Marshal(saved.at("saveDraft.draft.problems"))
			var told []found
			if err != nil || json.Unmarshal(text, &told) != nil || !b.in(told) {
				t.Errorf("the draft should say %s %s: %s", b.Want.Path, b.Want.Code, saved.Body)
			}
			w.unchanged(t, func() {
				a := w.firm.do(t, submitting, map[string]any{"input": map[string]any{"draft": id, "statement": true}})
				a.refused(t, "VALIDATION", "")
				if !b.in(a.problems()) {
					t.Errorf("want %s %s, got %v", b.Want.Path, b.Want.Code, a.problems())
				}
			})
		})
	}
}

type badFile struct {
	Name, Material, Filename, Mime, Content, Sent, Refused string
	Size                                                   int
	Want                                                   struct{ Code, Reason, Path, Problem string }
}

// badFiles: materials of a wrong type, or changed after their digest was taken (R-APP-04).
func (w *town) badFiles(t *testing.T) {
	owner := w.draft(t, "", application(t, nil)).text("saveDraft.draft.id")
	for _, b := range readCases[badFile](t, "badinput/files.yaml") {
		t.Run(b.Name, func(t *testing.T) {
			w.unchanged(t, func() { b.try(t, w.firm, owner) })
		})
	}
}

func (b badFile) try(t *testing.T, firm caller, owner string) {
	asked := firm.do(t, `mutation($input: RequestUploadInput!) { requestUpload(input: $input) { file { id } url method headers } }`,
		map[string]any{"input": announcement(owner, b)})
	if b.Refused == "request" {
		b.check(t, asked)
		return
	}
	id, url, method := asked.text("requestUpload.file.id"), asked.text("requestUpload.url"), asked.text("requestUpload.method")
	header := http.Header{}
	for name, value := range asked.at("requestUpload.headers").(map[string]any) {
		header.Set(name, value.(string))
	}
	bytesSent := []byte(b.Content)
	if b.Sent != "" {
		bytesSent = []byte(b.Sent)
	}
	put, err := caller{origin: firm.origin}.send(t.Context(), method, url, header, bytesSent)
	if err != nil || (put.Status < 300) == (b.Refused == "put") {
		t.Errorf("the bytes are answered with %d %.200s %v", put.Status, put.Body, err)
	}
	b.check(t, firm.do(t, `mutation($input: CompleteUploadInput!) { completeUpload(input: $input) { file { status } } }`,
		map[string]any{"input": map[string]any{"file": id}}))
	if link := firm.do(t, `query($id: ID!) { node(id: $id) { ... on File { status url } } }`, map[string]any{"id": id}); strings.Contains(link.Body, "stored") || link.text("node.url") != "" {
		t.Errorf("refused bytes can be fetched: %s", link.Body)
	}
}

func (b badFile) check(t *testing.T, a answer) {
	t.Helper()
	a.refused(t, b.Want.Code, b.Want.Reason)
	if b.Want.Path == "" {
		return
	}
	if !slices.ContainsFunc(a.problems(), func(p found) bool { return p.Path == b.Want.Path && p.Code == b.Want.Problem }) {
		t.Errorf("want %s %s, got %v", b.Want.Path, b.Want.Problem, a.problems())
	}
}

func announcement(owner string, b badFile) map[string]any {
	size := len(b.Content)
	if b.Size > 0 {
		size = b.Size
	}
	return map[string]any{"owner": owner, "material": b.Material, "filename": b.Filename, "size": size, "mime": b.Mime,
		"sha256": sum(bytes.NewBufferString(b.Content).Bytes())}
}
