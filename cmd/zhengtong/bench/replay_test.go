package bench

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/testkit"
)

// modelWorld is a database with one submitted case and no server.
func modelWorld(t *testing.T) *world {
	t.Helper()
	w := &world{database: &database{url: testkit.Postgres(t, dbtest.Template())},
		model: model{draft: uuid.FromStringOrNil("00000000-0000-7000-8000-00000000000d"), kase: uuid.FromStringOrNil("00000000-0000-7000-8000-00000000000c")}}
	if err := w.connect(t.Context(), Env{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.app.Close)
	t.Cleanup(w.owner.Close)
	script, err := testdata.ReadFile("testdata/model.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.owner.Exec(t.Context(), string(script)); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) count(t *testing.T, sql string) (n int) {
	t.Helper()
	if err := w.owner.QueryRow(t.Context(), "SELECT count(*) FROM "+sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Each replay writes one more of every row that the model has, linked among
// themselves as the model's are, and files its draft, under either role.
func TestReplayOnPostgresWritesTheModelAnew(t *testing.T) {
	w := modelWorld(t)
	r, err := newReplay(t.Context(), w.owner, w.model)
	if err != nil {
		t.Fatal(err)
	}
	if r.rows != 6 { // case, task, clock, event, idempotency record, and the draft
		t.Fatalf("the model has 6 rows, the reference writes %d", r.rows)
	}
	drafts, err := w.drafts(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.send(t.Context(), w.app, drafts[0], true); err != nil {
		t.Fatal(err)
	}
	if err := r.send(t.Context(), w.owner, drafts[1], false); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"case_file", "task", "clock", "case_event", "idempotency", "draft WHERE case_id IS NOT NULL"} {
		if n := w.count(t, table); n != 3 {
			t.Errorf("%s has %d rows after two replays, not 3", table, n)
		}
	}
	linked := `case_file c JOIN draft d ON d.id = c.draft_id AND d.case_id = c.id JOIN task t ON t.case_id = c.id
		JOIN clock k ON k.case_id = c.id AND k.owner_id = t.id JOIN case_event e ON e.case_id = c.id`
	if n := w.count(t, linked); n != 3 {
		t.Errorf("%d cases have their draft, task, clock and event, not 3", n)
	}
}

// A filled database lists the newest cases with their open tasks, and the old ones without.
func TestFillOnPostgresKeepsTheNewestOpen(t *testing.T) {
	w := modelWorld(t)
	if err := w.fill(t.Context(), 40); err != nil {
		t.Fatal(err)
	}
	if n := w.count(t, "case_file"); n != 41 {
		t.Errorf("%d cases, not 41", n)
	}
	if n := w.count(t, "task WHERE state = 'in_progress'"); n != 3 {
		t.Errorf("%d open tasks; the model's and one of twenty copies' make 3", n)
	}
	page, err := readList(t.Context(), w.app)
	if err != nil {
		t.Fatal(err)
	}
	var cases []listed
	if err := json.Unmarshal([]byte(page), &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) != pageSize || cases[0].Number != "431321-1" || len(cases[1].Tasks) != 1 || len(cases[3].Tasks) != 0 || cases[1].Matter.Title != "性能基准事项" {
		t.Errorf("page: %s", page)
	}
}

// The bench drops what it has created, also when it could not go on.
func TestDatabaseOnPostgresIsDropped(t *testing.T) {
	server := testkit.Postgres(t, dbtest.Template())
	var name string
	_, _, err := run(t, Env{DatabaseURL: server, Serve: func(_ context.Context, c ServerConfig) (*Server, error) {
		given, err := url.Parse(c.DatabaseURL)
		if err != nil || len(c.Packs) == 0 {
			t.Errorf("the server gets a database and the pack, not %q (%v)", c.DatabaseURL, err)
		}
		name = strings.TrimPrefix(given.Path, "/")
		return nil, errExhausted
	}}, Options{Only: []string{"list"}, Time: 1, Cases: pageSize})
	if err == nil || !strings.Contains(err.Error(), "start the server") {
		t.Fatalf("got %v", err)
	}
	w := &world{database: &database{url: server}}
	if err := w.connect(t.Context(), Env{}); err != nil {
		t.Fatal(err)
	}
	defer w.owner.Close()
	defer w.app.Close()
	if n := w.count(t, "pg_database WHERE datname = '"+name+"'"); name == "" || n != 0 {
		t.Errorf("the database %q is left", name)
	}
}
