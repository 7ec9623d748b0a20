package workers

import (
	"os"
	"testing"
	"time"

	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/tenancy"
	"zhengtong/internal/testkit"
)

func TestMain(m *testing.M) { os.Exit(testkit.RunMain(m)) }

// A tenant with a long backlog does not keep the others waiting.
func TestClaimsAreFairAcrossTenants(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		noon := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
		fill := func(path string, n int, at time.Time) {
			ctx := dbtest.As(t.Context(), path)
			tenant := tenancy.Acting(ctx)
			b := d.NewBatch()
			for range n {
				b.Exec("INSERT INTO outbox (tenant_id, id, topic, payload, created_at) VALUES ($1, $2, 'case.changed', '{}', $3)", tenant, db.NewID(at), at)
				b.Exec("INSERT INTO job (tenant_id, id, type, key, payload, run_at, created_at) VALUES ($1, $2, 'x', 'k', '{}', $3, $3)", tenant, db.NewID(at), at)
			}
			if err := d.Run(ctx, b); err != nil {
				t.Fatal(err)
			}
		}
		fill("national/431321", 200, noon)
		fill("national/431322", 3, noon.Add(time.Hour))
		fill("national/431323", 40, noon.Add(2*time.Hour))
		now := noon.Add(3 * time.Hour)
		relay := dispatch{d.Relay()}
		for name, claim := range map[string]func() ([]place, error){
			"events": func() ([]place, error) { return relay.events(t.Context(), 20) },
			"jobs":   func() ([]place, error) { return relay.jobs(t.Context(), now, now, 20) },
		} {
			places, err := claim()
			if err != nil {
				t.Fatal(err)
			}
			shares := map[string]int{}
			for _, p := range places {
				shares[p.tenant]++
			}
			if shares["431321"] != 9 || shares["431322"] != 3 || shares["431323"] != 8 {
				t.Errorf("%s: shares of 20 are %v", name, shares)
			}
		}
	})
}

// Two relays that look at the same jobs lease each of them once; a job whose lease has run out is leased again.
func TestLeases(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		noon := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
		ctx := dbtest.As(t.Context(), "national/431321")
		for range 5 {
			if _, err := d.Exec(ctx, "INSERT INTO job (tenant_id, id, type, key, payload, run_at, created_at) VALUES ('431321', $1, 'x', 'k', '{}', $2, $2)",
				db.NewID(noon), noon); err != nil {
				t.Fatal(err)
			}
		}
		relay := dispatch{d.Relay()}
		wall := noon.AddDate(1, 0, 0) // machine time has nothing to do with business time
		places, err := relay.jobs(t.Context(), noon, wall, 10)
		if err != nil || len(places) != 5 {
			t.Fatalf("%d due, %v", len(places), err)
		}
		for round, c := range []struct {
			wall time.Time
			want int
		}{{wall, 5}, {wall.Add(29 * time.Second), 0}, {wall.Add(31 * time.Second), 5}} {
			tasks, err := relay.lease(t.Context(), places, noon, c.wall, c.wall.Add(30*time.Second))
			if err != nil || len(tasks) != c.want {
				t.Errorf("round %d: leased %d, %v", round, len(tasks), err)
			}
		}
		if busy, err := relay.busy(t.Context(), noon.AddDate(-1, 0, 0)); err != nil || !busy {
			t.Errorf("leased jobs are under way: %t, %v", busy, err)
		}
	})
}
