package configuration_test

import (
	"context"
	"testing"
	"time"

	"zhengtong/internal/clock"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

const (
	hunan      = "national/430000"
	shuangfeng = "national/430000/431300/431321"
)

// published returns a service over a database with the shipped packs.
func published(t testing.TB, d *db.DB, folders ...string) (*configuration.Service, *tenancy.Tree) {
	t.Helper()
	tree := tenancy.NewTree(d)
	s, err := configuration.New(configuration.Config{DB: d, Clock: clock.NewManual(noon), Tree: tree})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Bootstrap(context.Background(), packs(t, folders...)...); err != nil {
		t.Fatal(err)
	}
	return s, tree
}

// A published pack runs: its matter is found, compiled and pinned, in the tenant that offers it and nowhere else.
func TestBootstrapServesTheCounty(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		start := time.Now()
		s, tree := published(t, d, "national", "hunan", "hubei")
		t.Log("bootstrap", time.Since(start))
		county, err := tree.ActAs(t.Context(), "431321", "test")
		if err != nil {
			t.Fatal(err)
		}
		start = time.Now()
		matter, err := s.Current(county, "food-business-licence")
		t.Log("first matter", time.Since(start))
		if err != nil {
			t.Fatal(err)
		}
		if matter.Spec.PromisedLimit.N != 5 || matter.Binding.Department != "scjgj" || matter.Net == nil || matter.Pins["Form/food-business-form"] == "" {
			t.Errorf("%+v", matter)
		}
		again, err := s.Pinned(county, matter.Name, matter.Pins)
		if err != nil || again != matter {
			t.Errorf("pinned to the present version: %p, %v", again, err)
		}
		live, err := s.Live(county)
		if err != nil || live.Tenant.Title != "双峰县" || len(live.Departments) != 2 || live.Roles["config-author"] == nil {
			t.Errorf("%+v, %v", live, err)
		}
		if _, err := s.Current(dbtest.As(t.Context(), hunan), matter.Name); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("the province offers its abstract base: %v", err)
		}
		if _, err := s.Current(county, "unknown"); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("unknown: %v", err)
		}
	})
}

// A node that has nothing in memory reads what a case is pinned to from the database (I4).
func TestPinnedFromTheDatabase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, tree := published(t, d, "national", "hunan")
		county := dbtest.As(t.Context(), shuangfeng)
		matter, err := s.Current(county, "food-business-licence")
		if err != nil {
			t.Fatal(err)
		}
		other, err := configuration.New(configuration.Config{DB: d, Clock: clock.NewManual(noon), Tree: tree})
		if err != nil {
			t.Fatal(err)
		}
		pinned, err := other.Pinned(county, matter.Name, matter.Pins)
		if err != nil || pinned.Digest != matter.Digest || len(pinned.Pins) != len(matter.Pins) {
			t.Errorf("%+v, %v", pinned, err)
		}
		pins := configuration.Pins{"Matter/" + matter.Name: "0000"}
		if _, err := other.Pinned(county, matter.Name, pins); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("an unknown version: %v", err)
		}
	})
}

// Bootstrap twice publishes once.
func TestBootstrapIsIdempotent(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	s, _ := published(t, d, "national", "hunan")
	if err := s.Bootstrap(t.Context(), packs(t, "national", "hunan")...); err != nil {
		t.Fatal(err)
	}
	revision, err := s.Revision(dbtest.As(t.Context(), shuangfeng))
	if err != nil || revision != 1 {
		t.Errorf("revision %d, %v", revision, err)
	}
}
