package configuration_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/deadline"
	"zhengtong/schema/kind"
)

// openCase writes an open case of the county's matter with a promised clock due on a day.
func (o *office) openCase(t *testing.T, no, matter, started string, n int) {
	t.Helper()
	ctx := o.as(t, "system", "431321")
	id, at := uuid.Must(uuid.NewV4()), o.clock.Now()
	if _, err := o.db.Exec(ctx, `INSERT INTO case_file (tenant_id, id, case_no, query_code, status, channel, matter_id, matter_name, matter_title, matter_digest,
		pins, department, applicant_id, applicant, form, form_digest, state, received_at, received_on, created_at, updated_at)
		VALUES ('431321', $1, $2, '', 'processing', 'web', $1, $3, '', '', '{}', 'scjgj', $1, '{}', '{}', '', '{}', $4, $5, $4, $4)`, id, no, matter, at, started); err != nil {
		t.Fatal(err)
	}
	live, err := o.Live(ctx)
	if err != nil {
		t.Fatal(err)
	}
	clock, err := deadline.Start(deadline.Promised, deadline.Agency, deadline.Limit{N: n, Unit: deadline.Workday}, deadline.MustDate(started), live.Calendar)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(clock)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.db.Exec(ctx, `INSERT INTO clock (tenant_id, id, case_id, owner_id, kind, party, state, due_on, provisional, body, created_at)
		VALUES ('431321', $1, $2, $2, 'promised', 'agency', 'running', $3, $4, $5, $6)`,
		uuid.Must(uuid.NewV4()), id, clock.Due(live.Calendar).On.String(), false, string(body), at); err != nil {
		t.Fatal(err)
	}
}

func (o *office) foreseen(t *testing.T, tenant string, files ...kind.File) configuration.Plan {
	t.Helper()
	plan, report, err := o.Plan(o.as(t, "author", tenant, "config-author"), configuration.Submission{Files: files})
	if err != nil || report.Problems.HasErrors() {
		t.Fatalf("%v\n%s", err, report.Problems.Errors())
	}
	return plan
}

func moved(plan configuration.Plan) []string {
	var out []string
	for _, m := range plan.Deadlines {
		side := func(d *configuration.DueDay) string {
			if d == nil {
				return "-"
			}
			return d.Limit + " " + d.DueOn.String()
		}
		out = append(out, fmt.Sprintf("%s %s%s: %s → %s", m.Tenant, m.Clock, m.Of, side(m.Before), side(m.After)))
	}
	return out
}

// R-CFG-03, R-MGT-12: a plan says which deadlines would be others for what is filed
// today, in the county that laid a patch over the province's matter, and counts that
// county's open cases.
func TestPlanTellsTheDeadlines(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		o.openCase(t, "A1", "food-business-licence", "2026-03-02", 5)
		plan := o.foreseen(t, "430000", edited(t, provinceMatter, "statutory_limit: {n: 10, unit: workday}", "statutory_limit: {n: 15, unit: workday}"))
		if want := []string{"431321 statutory: 10个工作日 2026-03-16 → 15个工作日 2026-03-23"}; !slices.Equal(moved(plan), want) {
			t.Errorf("deadlines: %q", moved(plan))
		}
		if len(plan.LiveCases) != 1 || plan.LiveCases[0].Tenant != "431321" || plan.LiveCases[0].Count != 1 {
			t.Errorf("live cases: %+v", plan.LiveCases)
		}
		if plan.Moved.Looked != 0 {
			t.Errorf("no calendar changes, and clocks were looked at: %+v", plan.Moved)
		}
		own := o.foreseen(t, "431321", edited(t, countyMatter, "promised_limit: {n: 5, unit: workday}", "promised_limit: {n: 4, unit: workday}"))
		if want := []string{"431321 promised: 5个工作日 2026-03-09 → 4个工作日 2026-03-06"}; !slices.Equal(moved(own), want) {
			t.Errorf("deadlines: %q", moved(own))
		}
		// what the county has laid over for itself does not move with the province
		overlaid := o.foreseen(t, "430000", edited(t, provinceMatter, "promised_limit: {n: 8, unit: workday}", "promised_limit: {n: 7, unit: workday}"))
		if len(overlaid.Deadlines) != 0 || len(overlaid.LiveCases) != 0 {
			t.Errorf("the county promises five days of its own: %q, %+v", moved(overlaid), overlaid.LiveCases)
		}
	})
}

// T-20: a day more off moves the open clocks that run over it, and no others.
func TestPlanTellsTheClocksThatACalendarMoves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		o.openCase(t, "A1", "food-business-licence", "2026-02-24", 3) // due 2026-02-27
		o.openCase(t, "A2", "food-business-licence", "2026-03-02", 5) // due 2026-03-09
		o.openCase(t, "A3", "food-business-licence", "2026-03-05", 5) // begun on the day: due 2026-03-12 all the same
		plan := o.foreseen(t, "431321", edited(t, "hunan/loudi/shuangfeng/calendar.yaml", `reason: 春节调休}
  published`, `reason: 春节调休}
    - {date: "2026-03-05", working: false, reason: 停电检修}
  published`))
		m := plan.Moved
		if m.Count != 1 || len(m.Clocks) != 1 || m.Clocks[0].Case != "A2" || m.Clocks[0].Before.String() != "2026-03-09" || m.Clocks[0].After.String() != "2026-03-10" {
			t.Errorf("moved: %+v", m)
		}
		if m.Looked != 2 || m.Truncated {
			t.Errorf("clocks due before the changed day were looked at: %+v", m)
		}
		if got := moved(plan); !slices.Contains(got, "431321 promised: 5个工作日 2026-03-09 → 5个工作日 2026-03-10") {
			t.Errorf("deadlines: %q", got)
		}
	})
}

// R-MGT-13: a plan compares stages, materials, days and visits before and after.
func TestPlanComparesTheProcess(t *testing.T) {
	o := openOffice(t, dbtest.Open(t, db.SQLite))
	plan := o.foreseen(t, "430000", edited(t, provinceMatter, "    - {ref: safety-rules, required: true}  # its 容缺, and the 告知承诺 of the manager certificate, are written in the Material\n", ""),
		edited(t, countyMatter, "  online_depth: IV", "  online_depth: IV\n  visits: 0"))
	i := slices.IndexFunc(plan.Processes, func(c configuration.ProcessChange) bool { return c.Tenant == "431321" })
	if i < 0 {
		t.Fatalf("processes: %+v", plan.Processes)
	}
	before, after := plan.Processes[i].Before, plan.Processes[i].After
	if before.Materials != 6 || after.Materials != 5 || before.RequiredMaterials != 4 || after.RequiredMaterials != 3 || *before.Visits != 1 || *after.Visits != 0 {
		t.Errorf("%+v → %+v", before, after)
	}
	if before.Stages != after.Stages || before.Stages != 8 || before.Automatic != 1 || before.PromisedLimit != "5个工作日" {
		t.Errorf("%+v → %+v", before, after)
	}
}
