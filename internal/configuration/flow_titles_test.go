package configuration_test

import (
	"testing"
	"time"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/matter"
	"zhengtong/schema/kind"
)

// R-CAT-08: a guide is found by the steps of its flow, own and special ones, also after a government above has published
// what the matter stands on.
func TestStepsAreFoundAfterFollowing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		guides, visitor := o.guides(t), o.as(t, "visitor", "431321")
		wantFound := func(step string, want int) {
			t.Helper()
			list, err := guides.List(visitor, matter.Query{Filter: matter.Filter{Step: step}, Order: matter.ByTitle, Page: matter.Page{First: 10}})
			if err != nil || len(list.Hits) != want {
				t.Errorf("step %q: %d found, want %d; %v", step, len(list.Hits), want, err)
			}
		}
		wantFound("现场核查", 1)
		o.clock.Add(time.Minute)
		o.through(t, "430000", configuration.Submission{Message: "提速", Files: []kind.File{edited(t, provinceMatter, "promised_limit: {n: 8", "promised_limit: {n: 7")}})
		o.republish(t, "430000")
		wantFound("现场核查", 1)
		wantFound("预审", 1)
	})
}
