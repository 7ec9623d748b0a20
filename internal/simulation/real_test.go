package simulation_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"
	"pgregory.net/rapid"

	"zhengtong/internal/authz"
	"zhengtong/internal/blob"
	"zhengtong/internal/casework"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/simulation"
	"zhengtong/internal/testkit"
)

// countyDesk plays a path on the real service over a database.
type countyDesk struct {
	*casework.Service
	*caseworktest.County
	kase uuid.UUID
}

func (d *countyDesk) Submit(ctx context.Context, in casework.SubmitInput) (*casework.View, error) {
	view, err := d.Service.Submit(ctx, in)
	if err == nil {
		d.kase = view.Case().ID
	}
	return view, err
}

func (d *countyDesk) Upload(ctx context.Context, owner uuid.UUID, material string) uuid.UUID {
	return d.UploadPDF(ctx, owner, material)
}

func (d *countyDesk) NextTimer(context.Context) (id uuid.UUID, at time.Time, ok bool) {
	rows, err := d.DB.Query(d.System(), "SELECT id, fire_at FROM timer WHERE tenant_id = $1 AND case_id = $2 AND state = 'waiting' ORDER BY fire_at, id LIMIT 1",
		caseworktest.Tenant, d.kase)
	if err != nil {
		d.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&id, &at); err != nil {
			d.Fatal(err)
		}
		ok = true
	}
	return id, at, ok
}

func (d *countyDesk) Events() []casework.Told {
	k := &caseworktest.Case{County: d.County, ID: d.kase}
	var told []casework.Told
	for _, e := range k.Chain() {
		fields := map[string]any{}
		for name, leaf := range e.Payload {
			fields[name] = leaf.Value
		}
		told = append(told, casework.Told{Type: e.Type, Actor: e.Actor, At: e.At, Fields: fields})
	}
	return told
}

func (d *countyDesk) Now() time.Time   { return d.Clock.Now() }
func (d *countyDesk) Set(at time.Time) { d.Clock.Set(at) }

var logins = []string{"chuangkou", "shencha", "shencha2", "hecha", "hecha2", "jueding", "juzhang"}

func realPeople(c *caseworktest.County) map[string]authz.Principal {
	named := map[string]authz.Principal{}
	for _, login := range logins {
		named[login] = c.Person(login)
	}
	return named
}

// objects is the one object store of this process.
var objects *blob.Store

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "simulation-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	server, err := blob.StartEmbedded(context.Background(), filepath.Join(dir, "objects"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer server.Stop()
	if objects, err = blob.New(server.Config()); err == nil {
		err = objects.Prepare(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return testkit.RunMain(m)
}

// Whatever choices are made at whatever pace, a simulated case goes as the real one:
// the same events, tasks, people, due dates, documents and cards, step by step (R-CFG-07).
func TestSimulationGoesAsReality(t *testing.T) {
	county := caseworktest.New(t, dbtest.Open(t, db.SQLite), objects)
	s := subject(t, caseworktest.Tenant, caseworktest.Matter)
	d := door(t).With(county.Configuration)
	people := realPeople(county)
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		if err := checks.Value.Set("10"); err != nil { // a case is some dozen acts, each in the database
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		c := county.With(t)
		c.At("2026-03-02 09:00")
		if _, err := c.DB.Exec(c.System(), "UPDATE task SET state = 'cancelled' WHERE tenant_id = $1", caseworktest.Tenant); err != nil {
			t.Fatal(err) // nobody has anything else to do
		}
		form := caseworktest.Application(nil)
		if rapid.Bool().Draw(t, "low risk") {
			form = caseworktest.LowRisk()
		}
		script := simulation.Script{Form: form, Materials: map[string]string{"food-safety-manager-cert": "commitment"}, Delivery: "pickup",
			Auto: simulation.AutoHappy, Pace: fmt.Sprintf("%dh", rapid.IntRange(1, 120).Draw(t, "pace"))}
		real := &countyDesk{Service: c.Cases, County: c}
		simulated, err := simulation.Sandboxed(simulation.NewRunner(t.Context(), s, d, real, script, nil).With(c.Person("xiangwei"), people, logins,
			func(options []string) string {
				if rapid.IntRange(0, 2).Draw(t, "stray") > 0 {
					return options[0]
				}
				return rapid.SampledFrom(options).Draw(t, "choice")
			}))
		if err != nil {
			t.Fatal(err)
		}
		want, err := simulated.Play()
		if err != nil {
			t.Fatal(err)
		}
		got, err := simulation.NewRunner(t.Context(), s, d, real, script, slices.Clone(want.Choices)).With(c.Person("xiangwei"), people, logins, nil).Play()
		if err != nil {
			t.Fatal(err)
		}
		if a, b := bytesOf(t, want), bytesOf(t, got); a != b {
			t.Fatalf("simulated and real differ at %s", simulation.Difference([]byte(a), []byte(b)))
		}
	})
}

// bytesOf is a path without numbers, which go on counting in a database.
func bytesOf(t *rapid.T, p simulation.Path) string {
	t.Helper()
	for i := range p.Documents {
		p.Documents[i].Number = ""
	}
	for i := range p.Licences {
		p.Licences[i].Number = ""
	}
	text, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
