package configuration_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

const (
	countyForm = "hunan/loudi/shuangfeng/forms/food.yaml"
	countyFlow = "hunan/loudi/shuangfeng/workflows/food.yaml"
)

// running puts a case of the county's matter there that is pinned to a version.
func (o *office) running(t *testing.T, no, status string, pins configuration.Pins) {
	t.Helper()
	text, err := json.Marshal(pins)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.db.Exec(o.as(t, "system", "431321"), `INSERT INTO case_file (tenant_id, id, case_no, query_code, status, channel, matter_id, matter_name, matter_title,
		matter_digest, pins, department, applicant_id, applicant, form, form_digest, state, received_at, received_on, created_at, updated_at)
		VALUES ('431321', $1, $2, '', $3, 'web', $1, $4, '', '', $5, 'scjgj', $1, '{}', '{}', '', '{}', $6, '2026-03-02', $6, $6)`,
		uuid.Must(uuid.NewV4()), no, status, food, string(text), o.clock.Now()); err != nil {
		t.Fatal(err)
	}
}

func toNext(from, to, maps string) kind.File {
	return kind.File{Path: "migrations/to-next.yaml", Content: fmt.Appendf(nil, `apiVersion: zhengtong/v1
kind: Migration
metadata: {tenant: "431321", name: to-next}
spec:
  title: 换版
  matter: food-business-licence
  from: %q
  to: %q
%s`, from, to, maps)}
}

// started counts what a published migration leaves behind: its row and its job.
func (o *office) started(t *testing.T) (migrations, jobs int) {
	t.Helper()
	ctx := o.as(t, "system", "431321")
	if err := o.db.QueryRow(ctx, "SELECT count(*) FROM migration WHERE tenant_id = '431321'").Scan(&migrations); err != nil {
		t.Fatal(err)
	}
	if err := o.db.QueryRow(ctx, "SELECT count(*) FROM job WHERE tenant_id = '431321' AND type = $1", configuration.JobMigrate).Scan(&jobs); err != nil {
		t.Fatal(err)
	}
	return migrations, jobs
}

// R-CFG-04, V-56: a migration is a change of two people; it names the version that cases
// are on and the one in force, and maps between what both have. Its publication asks for
// the cases to be moved, once; a rollback does not.
func TestMigrationIsCheckedAndStarted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		visitor, author := o.as(t, "visitor", "431321"), o.as(t, "author", "431321", "config-author")
		was, err := o.Current(visitor, food)
		if err != nil {
			t.Fatal(err)
		}
		o.running(t, "1", "processing", was.Pins)
		o.running(t, "2", "pre_review", was.Pins)
		o.running(t, "3", "ended", configuration.Pins{"Matter/" + food: strings.Repeat("9", 64)})
		o.clock.Add(time.Minute)
		o.through(t, "431321", configuration.Submission{Message: "改名", Files: []kind.File{
			edited(t, countyFlow, "wait_rectify", "rectify"), edited(t, countyForm, "area_sqm: {type: number", "area_total: {type: string, title: 总面积}\n      area_sqm: {type: number")}})
		now, err := o.Current(visitor, food)
		if err != nil {
			t.Fatal(err)
		}
		if now.Digest != was.Digest || now.Pins.Digest() == was.Pins.Digest() {
			t.Fatal("a version is more than the digest of its Matter")
		}
		running, err := o.RunningVersions(visitor, food)
		if err != nil || len(running) != 2 || running[0].Version != was.Pins.Digest() || running[0].Cases != 2 || running[0].Current || !running[1].Current || running[1].Cases != 0 {
			t.Fatalf("%+v, %v", running, err)
		}
		from, to := was.Pins.Digest(), now.Pins.Digest()
		for maps, want := range map[string]string{
			"  nodes: {wait_rectify: end_granted}\n":     `migrations/to-next.yaml:9:25 $.spec.nodes.wait_rectify: `,
			"  nodes: {nowhere: review}\n":               `migrations/to-next.yaml:9:20 $.spec.nodes.nowhere: 原流程没有环节 "nowhere"`,
			"  nodes: {acceptance: review}\n":            "阶段",
			"  fields: {area_sqm: area_total}\n":         `migrations/to-next.yaml:9:22 $.spec.fields.area_sqm: `,
			"  fields: {area_sqm: nothing}\n":            `新表单没有字段 "nothing"`,
			"  fields: {website: uscc, uscc: website}\n": "",
			"  fields: {website: uscc}\n":                "都对应到",
		} {
			_, err := o.SubmitChange(author, configuration.Submission{Message: "换版", Files: []kind.File{toNext(from, to, maps)}})
			var refusal *problem.Error
			if want == "" {
				if err != nil {
					t.Errorf("%s: %v", maps, err)
				}
				continue
			}
			if !errors.As(err, &refusal) || !strings.Contains(refusal.Problems.Errors().String(), want) || !refusal.Problems.Has("V-56") {
				t.Errorf("%s: %v", maps, err)
			}
		}
		for name, file := range map[string]kind.File{"from": toNext(strings.Repeat("0", 64), to, ""), "to": toNext(from, strings.Repeat("1", 64), "")} {
			_, err := o.SubmitChange(author, configuration.Submission{Message: "换版", Files: []kind.File{file}})
			var refusal *problem.Error
			if !errors.As(err, &refusal) || refusal.Problems[0].Path != "$.spec."+name || refusal.Problems[0].Line == 0 || refusal.Problems[0].Hint == "" {
				t.Errorf("%s: %v", name, err)
			}
		}
		good := toNext(from, to, "  nodes: {wait_rectify: rectify}\n")
		report, err := o.Validate(author, []kind.File{toNext(from, to, "")})
		if err != nil || !report.OK() || !report.Problems.Has("V-56") {
			t.Errorf("cases that stand at a node without counterpart are not warned of: %+v, %v", report.Problems, err)
		}
		o.clock.Add(time.Minute)
		before, _ := o.Revision(visitor)
		if n, jobs := o.started(t); n != 0 || jobs != 0 {
			t.Fatalf("%d migrations, %d jobs before publication", n, jobs)
		}
		o.through(t, "431321", configuration.Submission{Message: "换版", Files: []kind.File{good}})
		if n, jobs := o.started(t); n != 1 || jobs != 1 {
			t.Fatalf("%d migrations, %d jobs", n, jobs)
		}
		if _, err := o.SubmitChange(author, configuration.Submission{Message: "再来", Files: []kind.File{good}}); problem.ReasonOf(err) != "nothing_to_change" {
			t.Errorf("%v", err)
		}
		o.clock.Add(time.Minute)
		reviewer := o.as(t, "reviewer", "431321", "config-reviewer")
		for range 2 { // away and back
			after, _ := o.Revision(visitor)
			if _, err := o.Rollback(reviewer, before, "退回"); err != nil {
				t.Fatal(err)
			}
			before = after
			o.clock.Add(time.Minute)
		}
		if n, jobs := o.started(t); n != 1 || jobs != 1 {
			t.Errorf("after a rollback %d migrations, %d jobs", n, jobs)
		}
	})
}
