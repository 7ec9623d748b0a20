package audit_test

import (
	"os"
	"testing"
	"time"

	"zhengtong/internal/audit"
	"zhengtong/internal/clock"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/testkit"
)

func TestMain(m *testing.M) { os.Exit(testkit.RunMain(m)) }

// R-OPS-04: who did what, when; kept by tenant, newest first, never changed.
func TestAuditLog(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := clock.NewManual(time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC))
		s, err := audit.New(d, c)
		if err != nil {
			t.Fatal(err)
		}
		ours, theirs := dbtest.As(t.Context(), "national/431321"), dbtest.As(t.Context(), "national/431322")
		for _, action := range []string{"case.view", "licence.verify", "case.view"} {
			if err := s.Record(ours, audit.Entry{Actor: "staff:1", Action: action, Object: "case:1", Detail: map[string]string{"reason": "复核"}}); err != nil {
				t.Fatal(err)
			}
			c.Add(time.Second)
		}
		if err := s.Record(ours, audit.Entry{Actor: "staff:1"}); err == nil {
			t.Error("an entry without action and object was kept")
		}
		all, more, err := s.List(ours, audit.Filter{}, audit.Page{First: 2})
		if err != nil || len(all) != 2 || !more || all[0].Home != "431321" || all[0].Detail["reason"] != "复核" || !all[0].At.After(all[1].At) {
			t.Errorf("%+v, %v", all, err)
		}
		rest, more, err := s.List(ours, audit.Filter{Actor: "staff:1"}, audit.Page{First: 2, After: all[1].ID})
		if err != nil || len(rest) != 1 || more || rest[0].Action != "case.view" {
			t.Errorf("%+v, %v", rest, err)
		}
		if none, _, err := s.List(theirs, audit.Filter{}, audit.Page{First: 9}); err != nil || len(none) != 0 {
			t.Errorf("the neighbour sees %d, %v", len(none), err)
		}
		if found, _, err := s.List(ours, audit.Filter{Action: "licence.verify", Object: "case:1"}, audit.Page{}); err != nil || len(found) != 1 {
			t.Errorf("%+v, %v", found, err)
		}
	})
}
