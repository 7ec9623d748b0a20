package configuration_test

import (
	"fmt"
	"testing"
	"time"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// R-CAT-12: a guide that is past its review date is flagged to its authors, once, at the
// beginning of the day in the tenant, unless the date was moved meanwhile.
func TestStaleGuidesAreFlagged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		review := func(on string, promised int) {
			t.Helper()
			text := fmt.Sprintf("promised_limit: {n: %d, unit: workday}\n  guide_review_on: %q\n  #", promised, on)
			o.through(t, "431321", configuration.Submission{Message: "复核日期", Files: []kind.File{edited(t, countyMatter, "promised_limit: {n: 5, unit: workday}", text)}})
		}
		author := o.as(t, "author", "431321", "config-author")
		stale := func() string {
			t.Helper()
			list, err := o.StaleGuides(author)
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(list)
		}
		jobs := func() map[string]string {
			t.Helper()
			out := map[string]string{}
			err := d.Each(author, func(scan func(dest ...any) error) error {
				var key string
				var at time.Time
				err := scan(&key, &at)
				out[key] = at.UTC().Format(time.RFC3339)
				return err
			}, "SELECT key, run_at FROM job WHERE tenant_id = $1 AND type = $2", "431321", configuration.JobGuideReview)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		remind := func(on string) int {
			t.Helper()
			in := configuration.GuideReview{Matter: "food-business-licence", On: on}
			if err := o.RemindOfGuide(author, in, nil); err != nil {
				t.Fatal(err)
			}
			return o.events(t, "431321", configuration.EventGuideStale)
		}
		review("2026-03-10", 5)
		o.clock.Add(time.Hour)
		review("2026-03-10", 4)
		if got := jobs(); len(got) != 1 || got["guide/food-business-licence/2026-03-10"] != "2026-03-09T16:00:00Z" {
			t.Errorf("%v", got)
		}
		if got := stale(); got != "[]" {
			t.Errorf("before the day: %s", got)
		}
		o.clock.Set(time.Date(2026, 3, 9, 16, 0, 0, 0, time.UTC))
		if n := remind("2026-03-10"); n != 1 || stale() != "[{food-business-licence 食品经营许可（新办） 2026-03-10}]" {
			t.Errorf("on the day: told %d times, %s", n, stale())
		}
		review("2027-03-10", 4)
		if n := remind("2026-03-10"); n != 1 || stale() != "[]" || len(jobs()) != 2 {
			t.Errorf("after the date was moved: told %d times, %s, %v", n, stale(), jobs())
		}
		if _, err := o.StaleGuides(o.as(t, "visitor", "431321")); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("somebody without a role: %v", err)
		}
	})
}
