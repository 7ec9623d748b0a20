package graph_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph"
	"zhengtong/graph/edge"
	"zhengtong/graph/limit"
	"zhengtong/graph/session"
	"zhengtong/internal/archive"
	"zhengtong/internal/audit"
	"zhengtong/internal/authz"
	"zhengtong/internal/blob"
	"zhengtong/internal/casework"
	"zhengtong/internal/clock"
	"zhengtong/internal/configuration"
	"zhengtong/internal/crypt"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/document"
	"zhengtong/internal/exchange"
	"zhengtong/internal/idempotency"
	"zhengtong/internal/identity"
	"zhengtong/internal/licence"
	"zhengtong/internal/matter"
	"zhengtong/internal/notify"
	"zhengtong/internal/problem"
	"zhengtong/internal/queue"
	"zhengtong/internal/simulation"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
	"zhengtong/tenants/demo"
)

// county is the tenant of the demonstration; its matter is the one that is applied for.
const county = "431321"

// auditor is a role that the shipped packs do not have: it explains decisions, and sees no case.
const auditor = `apiVersion: zhengtong/v1
kind: Role
metadata: {tenant: "431321", name: auditor}
spec: {title: 审计员, permissions: [audit.read], data_scope: own}
`

// town is the whole API over the shipped packs and the demonstration's people on
// SQLite. What renders, mails and archives is left to its own tests: here nothing
// is rendered yet and no mail has come.
type town struct {
	*testing.T
	server        *httptest.Server
	clock         *clock.Manual
	db            *db.DB
	tree          *tenancy.Tree
	configuration *configuration.Service
	casework      *casework.Service
	bus           *queue.Bus
	linked        *exchange.Service
	tokens        map[string]string
}

// open starts a town on a Monday morning.
func open(t *testing.T) *town {
	t.Helper()
	w := &town{T: t, clock: clock.NewManual(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)), db: dbtest.Open(t, db.SQLite), bus: openBus(t), tokens: map[string]string{}}
	w.tree = tenancy.NewTree(w.db)
	var err error
	w.configuration, err = configuration.New(configuration.Config{DB: w.db, Clock: w.clock, Tree: w.tree, Projection: matter.NewProjection(w.db), Objects: objects})
	w.must(err)
	files, err := kind.Files(tenants.FS(), ".")
	w.must(err)
	files = append(files, kind.File{Path: "auditor.yaml", Content: []byte(auditor)})
	w.must(w.configuration.Bootstrap(t.Context(), files...))
	w.must(w.tree.Refresh(t.Context()))
	door, err := authz.New(t.Context(), w.configuration)
	w.must(err)
	w.configuration.UseAuthz(door)
	w.serve(door, w.people())
	return w
}

// openBus starts a queue of its own.
func openBus(t *testing.T) *queue.Bus {
	t.Helper()
	server, err := queue.StartEmbedded()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	client, err := queue.Connect(server.URL(), time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	bus := queue.NewBus(client)
	t.Cleanup(func() { _ = bus.Close() })
	return bus
}

func (w *town) people() *identity.Service {
	keys, err := crypt.NewKeys("std", crypt.NewMaster())
	w.must(err)
	people, err := identity.New(identity.Config{DB: w.db, Clock: w.clock, Tree: w.tree, Keys: keys, Passwords: crypt.NewPasswords(crypt.TestCost, 2)})
	w.must(err)
	w.must(people.LoadRoster(w.Context(), demo.Accounts))
	there, err := w.tree.ActAs(w.Context(), county, "test")
	w.must(err)
	_, err = people.Create(there, identity.NewAccount{Type: "staff", Login: "shenji", Password: "Zhengtong#2026", Level: "L3", Name: "宋计",
		Staff: &identity.NewStaff{StaffNo: "21999", Department: "zwfwj", Roles: []identity.RoleHeld{{Role: "auditor"}}}})
	w.must(err)
	return people
}

func (w *town) serve(door *authz.Authorizer, people *identity.Service) {
	var err error
	w.casework, err = casework.New(casework.Config{DB: w.db, Clock: w.clock, Configuration: w.configuration, Authz: door, Objects: objects})
	w.must(err)
	catalogue, err := matter.New(matter.Config{DB: w.db, Configuration: w.configuration, Authz: door, Now: w.clock.Now, Themes: people.Themes})
	w.must(err)
	looks, err := audit.New(w.db, w.clock)
	w.must(err)
	w.linked, err = exchange.New(exchange.Config{DB: w.db, Tree: w.tree, Clock: w.clock, Configuration: w.configuration, Audit: looks})
	w.must(err)
	simulations, err := simulation.New(simulation.Config{Drafts: w.configuration, Cases: w.casework, Door: door, Clock: w.clock})
	w.must(err)
	r, err := graph.NewResolver(graph.Services{
		Clock: w.clock, Tree: w.tree, Authz: door, Records: idempotency.NewStore(w.db), Identity: people, Casework: w.casework, Files: w.casework, Work: w.casework,
		Specials: w.casework, Catalogue: catalogue, Declared: w.configuration, Declarations: w.configuration, Interchange: w.configuration,
		Simulations: simulations, Migrations: w.casework, Documents: noDocuments{}, Licences: noLicences{},
		Inbox: noMessages{}, Linked: w.linked, Archives: noPackages{}, Bus: w.bus,
	})
	w.must(err)
	table := graph.NewErrors(slog.New(slog.NewTextHandler(testLog{w.T}, nil)))
	sessions, err := session.New(session.Config{Sessions: people, Tenants: w.tree})
	w.must(err)
	e, err := edge.New(edge.Config{Authenticator: sessions, Refuse: table.Refuse, Principal: session.Account})
	w.must(err)
	h, err := graph.NewHandler(graph.Config{Resolver: r, Errors: table, Limits: limit.Default(), Authenticate: e.Authenticate, Take: e.Take})
	w.must(err)
	mux := http.NewServeMux()
	mux.Handle("/", e.Wrap(h))
	mux.Handle(blob.ProxyPath, objects.Proxy(1<<20))
	w.server = httptest.NewServer(mux)
	w.Cleanup(w.server.Close)
}

func (w *town) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// testLog writes what the server logs into the test's output.
type testLog struct{ t *testing.T }

func (l testLog) Write(line []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(line)))
	return len(line), nil
}

// What stands for services whose work has not been done yet.
type (
	noDocuments struct{}
	noLicences  struct{}
	noMessages  struct{}
	noPackages  struct{}
)

func (noDocuments) File(context.Context, uuid.UUID) (document.File, error) {
	return document.File{}, problem.Missing()
}

func (noLicences) ByCase(context.Context, uuid.UUID) ([]*licence.Licence, error) { return nil, nil }

func (noLicences) Get(context.Context, uuid.UUID) (*licence.Licence, error) {
	return nil, problem.Missing()
}

func (noLicences) File(context.Context, *licence.Licence) (string, string, error) {
	return "", "", problem.Missing()
}

func (noLicences) Verify(context.Context, licence.Check) (licence.Verification, error) {
	return licence.Verification{Verdict: licence.Unknown}, nil
}

func (noMessages) Inbox(context.Context, notify.Page) ([]*notify.Message, bool, error) {
	return nil, false, nil
}

func (noMessages) Message(context.Context, uuid.UUID) (*notify.Message, error) {
	return nil, problem.Missing()
}

func (noPackages) ByCase(context.Context, uuid.UUID) (*archive.Package, error) {
	return nil, problem.Missing()
}

// answer is a response: data, and the errors with their codes.
type answer struct {
	Data   map[string]any
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct {
			Code, Reason, Permission string
			Retryable                bool
			Problems                 []problem.Problem
		}
	}
}

// code is that of the first error, "" without one.
func (a answer) code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	return a.Errors[0].Extensions.Code
}

// at finds a value by keys and indices; nil when the way ends.
func (a answer) at(path ...any) any {
	var v any = a.Data
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}

func (a answer) text(path ...any) string {
	s, _ := a.at(path...).(string)
	return s
}

// ask sends an operation as somebody by login ("" is a visitor); header holds names and values in turn.
func (w *town) ask(login, query string, variables map[string]any, header ...string) answer {
	w.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	w.must(err)
	req, err := http.NewRequestWithContext(w.Context(), http.MethodPost, w.server.URL+"/graphql", bytes.NewReader(body))
	w.must(err)
	req.Header.Set("Content-Type", "application/json")
	if login != "" {
		req.Header.Set("Authorization", "Bearer "+w.token(login))
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	w.must(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	w.must(err)
	var a answer
	if err := json.Unmarshal(raw, &a); err != nil {
		w.Fatalf("%s: %s", err, raw)
	}
	return a
}

// do is ask for what must go well.
func (w *town) do(login, query string, variables map[string]any, header ...string) answer {
	w.Helper()
	a := w.ask(login, query, variables, header...)
	if len(a.Errors) > 0 {
		w.Fatalf("%s: %s: %+v", login, query, a.Errors)
	}
	return a
}

// stream subscribes and answers the events as they come; the channel closes with the stream.
func (w *town) stream(login, query string, variables map[string]any) <-chan answer {
	w.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	w.must(err)
	req, err := http.NewRequestWithContext(w.Context(), http.MethodPost, w.server.URL+"/graphql/stream", bytes.NewReader(body))
	w.must(err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Authorization", "Bearer "+w.token(login))
	res, err := http.DefaultClient.Do(req)
	w.must(err)
	events := make(chan answer, 16)
	go func() {
		defer close(events)
		defer res.Body.Close()
		lines := bufio.NewScanner(res.Body)
		for lines.Scan() {
			data, ok := strings.CutPrefix(lines.Text(), "data: ")
			var a answer
			if ok && json.Unmarshal([]byte(data), &a) == nil {
				events <- a
			}
		}
	}()
	return events
}

// homes are the tenants of the staff that tests sign in as; everybody else is an applicant.
var homes = map[string]string{"chuangkou": county, "shencha": county, "shencha2": county, "hecha": county, "hecha2": county, "jueding": county, "juzhang": county,
	"jiancha": county, "shenji": county, "guanli": county, "bianzhi": county, "shenhe": county, "shi-bianzhi": "431300", "shi-jiancha": "431300", "sheng-jiancha": "430000"}

func (w *town) token(login string) string {
	w.Helper()
	if token, ok := w.tokens[login]; ok {
		return token
	}
	input := map[string]any{"login": login, "password": "Zhengtong#2026"}
	if home := homes[login]; home != "" {
		input["tenant"] = home
	}
	a := w.do("", `mutation($input: SignInInput!) { signIn(input: $input) { token } }`, map[string]any{"input": input})
	w.tokens[login] = a.text("signIn", "token")
	return w.tokens[login]
}

func input(fields map[string]any) map[string]any { return map[string]any{"input": fields} }
