package configuration_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

const county = "431321"

// counted is the county's matter with texts replaced: old, new, old, new, …
func counted(t *testing.T, replacements ...string) kind.File {
	t.Helper()
	f := edited(t, countyMatter, replacements[0], replacements[1])
	for i := 2; i < len(replacements); i += 2 {
		if !strings.Contains(string(f.Content), replacements[i]) {
			t.Fatalf("no %q", replacements[i])
		}
		f.Content = []byte(strings.ReplaceAll(string(f.Content), replacements[i], replacements[i+1]))
	}
	return f
}

func (o *office) submitted(t *testing.T, message string, files ...kind.File) *configuration.Change {
	t.Helper()
	c, err := o.SubmitChange(o.as(t, "author", county, "config-author"), configuration.Submission{Message: message, Files: files})
	if err != nil {
		t.Fatal(err)
	}
	o.clock.Add(time.Second)
	return c
}

// SM-04: two changes of one base that touch different fields both come into force, the later one after it was brought up to
// date and reviewed again: an approval publishes nothing that its reviewer did not see.
func TestDisjointEditsAreMerged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		author, reviewer := o.as(t, "author", county, "config-author"), o.as(t, "reviewer", county, "config-reviewer")
		first := o.submitted(t, "提速", counted(t, "promised_limit: {n: 5", "promised_limit: {n: 4"))
		second := o.submitted(t, "换电话", counted(t, `phone: "0738-0000001"`, `phone: "0738-0000009"`, "delivery: [pickup, courier, electronic]", "delivery: [pickup, electronic]"))
		for _, c := range []*configuration.Change{first, second} {
			if _, err := o.ApproveChange(reviewer, c.ID, ""); err != nil {
				t.Fatal(err)
			}
		}
		if compared, err := o.CompareChange(author, second.ID); err != nil || compared.Outdated || len(compared.Fields) != 0 {
			t.Errorf("before anything was published: %+v, %v", compared, err)
		}
		if _, err := o.PublishChange(reviewer, first.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := o.PublishChange(reviewer, second.ID); problem.ReasonOf(err) != "stale_base" || o.promised(t, county) != 4 {
			t.Errorf("what nobody reviewed is published: %v", err)
		}
		compared, err := o.CompareChange(author, second.ID)
		if err != nil || !compared.Outdated || !compared.Report.OK() {
			t.Fatalf("%+v, %v", compared, err)
		}
		var paths []string
		for _, f := range compared.Fields {
			if f.Conflict || f.Name != "food-business-licence" || f.Tenant != county {
				t.Errorf("%+v", f)
			}
			paths = append(paths, fmt.Sprintf("%s %v %v %v", f.Path, f.Base, f.Theirs, f.Mine))
		}
		if want := []string{`spec.delivery[=courier] courier courier <nil>`, "spec.guide.phone 0738-0000001 0738-0000001 0738-0000009", "spec.promised_limit.n 5 4 5"}; !slices.Equal(paths, want) {
			t.Errorf("%q", paths)
		}

		c, err := o.RebaseChange(author, second.ID)
		if err != nil || c.Status != configuration.InReview || c.Reviewer != "" || c.DecidedAt != nil {
			t.Fatalf("%+v, %v", c, err)
		}
		fields := c.Plan.Tenants[0].Entries[0].Fields
		if len(fields) != 2 || fields[0].Path != "spec.delivery[=courier]" || fields[1].Path != "spec.guide.phone" {
			t.Errorf("the new plan: %+v", fields)
		}
		if stored, err := o.Change(author, second.ID); err != nil || stored.Status != configuration.InReview || stored.Plan.Digest != c.Plan.Digest || stored.Version != c.Version {
			t.Errorf("%+v, %v", stored, err)
		}
		if _, err := o.PublishChange(reviewer, second.ID); problem.ReasonOf(err) != "not_approved" {
			t.Errorf("the old approval counts: %v", err)
		}
		if _, err := o.ApproveChange(reviewer, second.ID, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := o.PublishChange(reviewer, second.ID); err != nil {
			t.Fatal(err)
		}
		m, err := o.Current(o.as(t, "visitor", county), "food-business-licence")
		if err != nil || m.Spec.PromisedLimit.N != 4 || m.Spec.Guide.Phone != "0738-0000009" || slices.Contains(m.Spec.Delivery, "courier") {
			t.Errorf("%+v, %v", m, err)
		}
		if _, err := o.RebaseChange(author, second.ID); problem.ReasonOf(err) != "not_open" {
			t.Errorf("a published change is brought up to date: %v", err)
		}
	})
}

// SM-04: a field that both changed is named with what it was, what it is now and what the change makes of it, placed in the
// author's file, and is resolved by a new change only; who reviews an outdated change is told so.
func TestConflictingEditsAreListed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		author, reviewer := o.as(t, "author", county, "config-author"), o.as(t, "reviewer", county, "config-reviewer")
		second := o.submitted(t, "再提速", counted(t, "promised_limit: {n: 5", "promised_limit: {n: 3", `phone: "0738-0000001"`, `phone: "0738-0000009"`))
		o.through(t, county, configuration.Submission{Message: "提速", Files: []kind.File{counted(t, "promised_limit: {n: 5", "promised_limit: {n: 4")}})
		if _, err := o.ApproveChange(reviewer, second.ID, ""); problem.ReasonOf(err) != "stale_base" {
			t.Errorf("an outdated change is approved: %v", err)
		}
		compared, err := o.CompareChange(author, second.ID)
		if err != nil || !compared.Outdated || len(compared.Fields) != 2 {
			t.Fatalf("%+v, %v", compared, err)
		}
		f := compared.Fields[1]
		if !f.Conflict || f.Path != "spec.promised_limit.n" || fmt.Sprintf("%v %v %v", f.Base, f.Theirs, f.Mine) != "5 4 3" || compared.Fields[0].Conflict {
			t.Errorf("%+v", compared.Fields)
		}
		_, err = o.RebaseChange(author, second.ID)
		found := placed(err, configuration.CodeEditConflict)
		if len(found) != 1 || found[0].File != countyMatter || found[0].Line != 14 || found[0].Path != "$.spec.promised_limit.n" {
			t.Errorf("%+v, %v", found, err)
		}
		again := o.submitted(t, "再提速", counted(t, "promised_limit: {n: 5", "promised_limit: {n: 3"))
		if again.Bases[county] != 2 {
			t.Errorf("%+v", again.Bases)
		}
	})
}

// placed are the problems of a refusal that bear a code.
func placed(err error, code string) problem.List {
	var refused *problem.Error
	if !errors.As(err, &refused) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(refused.Problems), func(p problem.Problem) bool { return p.Code != code })
}

// SM-04: files made from an older revision, as of a working copy, undo nothing that was published since.
func TestFilesOfAnOlderRevision(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		author := o.as(t, "author", county, "config-author")
		o.through(t, county, configuration.Submission{Message: "提速", Files: []kind.File{counted(t, "promised_limit: {n: 5", "promised_limit: {n: 4")}})
		base, ahead := 1, 7
		in := configuration.Submission{Message: "换电话", Base: &base, Files: []kind.File{counted(t, `phone: "0738-0000001"`, `phone: "0738-0000009"`)}}
		plan, _, err := o.Plan(author, in)
		if err != nil || len(plan.Tenants) != 1 || len(plan.Tenants[0].Entries[0].Fields) != 1 || plan.Tenants[0].Entries[0].Fields[0].Path != "spec.guide.phone" {
			t.Errorf("%+v, %v", plan.Tenants, err)
		}
		c := o.through(t, county, in)
		if c.BaseRevision != 1 || o.promised(t, county) != 4 {
			t.Errorf("base %d, promised %d", c.BaseRevision, o.promised(t, county))
		}
		in = configuration.Submission{Message: "提速", Base: &base, Files: []kind.File{counted(t, "promised_limit: {n: 5", "promised_limit: {n: 2")}}
		if _, err := o.SubmitChange(author, in); len(placed(err, configuration.CodeEditConflict)) != 1 {
			t.Errorf("%v", err)
		}
		in.Base = &ahead
		if _, err := o.SubmitChange(author, in); len(placed(err, "no_revision")) != 1 {
			t.Errorf("%v", err)
		}
		gone := configuration.Submission{Message: "取消", Base: &base, Deletes: []configuration.Key{{Kind: "Matter", Name: "food-business-licence"}}}
		if _, err := o.SubmitChange(author, gone); len(placed(err, configuration.CodeEditConflict)) != 1 {
			t.Errorf("what was changed since is deleted: %v", err)
		}
		in = configuration.Submission{Message: "无", Base: &base, Files: []kind.File{counted(t, "food-business-licence", "food-business-licence")}}
		if _, err := o.SubmitChange(author, in); problem.ReasonOf(err) != "nothing_to_change" {
			t.Errorf("a working copy that was not edited: %v", err)
		}
	})
}

// What a merge makes is checked as a whole, like any change: here the one takes away the field that the other makes a
// sensitive one. So is what an ancestor has come to demand meanwhile, though there is nothing to merge.
func TestMergedDocumentsAreChecked(t *testing.T) {
	o := openOffice(t, dbtest.Open(t, db.SQLite))
	author := o.as(t, "author", county, "config-author")
	const form = "hunan/loudi/shuangfeng/forms/food.yaml"
	first := o.submitted(t, "换电话", counted(t, `phone: "0738-0000001"`, `phone: "0738-0000009"`))
	second := o.submitted(t, "加密", edited(t, form, "sensitive: [legal_rep_id, contact_phone]", "sensitive: [legal_rep_id, contact_phone, safety_manager]"))
	without := edited(t, form, ", website, safety_manager]", ", website]")
	without.Content = regexp.MustCompile(`(?m)^ +safety_manager: .*\n`).ReplaceAll(without.Content, nil)
	o.through(t, county, configuration.Submission{Message: "不再登记管理员", Files: []kind.File{without}})
	_, err := o.RebaseChange(author, second.ID)
	var refused *problem.Error
	if !errors.As(err, &refused) || !refused.Problems.HasErrors() || refused.Problems.Errors()[0].File != form || refused.Problems.Errors()[0].Line != 38 {
		t.Errorf("%v", err)
	}

	o.through(t, "430000", configuration.Submission{Message: "省里缩短", Files: []kind.File{edited(t, provinceMatter, "promised_limit: {n: 8", "promised_limit: {n: 3")}})
	_, err = o.RebaseChange(author, first.ID)
	if found := placed(err, "V-06"); len(found) != 1 || found[0].Line != 14 {
		t.Errorf("%v", err)
	}
	compared, err := o.CompareChange(author, first.ID)
	if err != nil || !compared.Outdated || compared.Report.OK() || len(compared.Fields) != 0 {
		t.Errorf("%+v, %v", compared, err)
	}
}

// SM-04: no lost update. Authors who submit, review and publish at the same time, each another field of one matter and two of
// them the same one, all see their edit in force in the end, or are told that it conflicts.
func TestConcurrentEdits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		author, reviewer := o.as(t, "author", county, "config-author"), o.as(t, "reviewer", county, "config-reviewer")
		edits := [][2]string{{"promised_limit: {n: 5", "promised_limit: {n: 4"}, {"promised_limit: {n: 5", "promised_limit: {n: 3"},
			{`phone: "0738-0000001"`, `phone: "0738-0000009"`}, {"online_depth: IV", "online_depth: III"}, {"slot_minutes: 20", "slot_minutes: 30"}}
		base := 1
		var wait sync.WaitGroup
		refused := make(chan error, len(edits))
		for _, edit := range edits {
			file := counted(t, edit[0], edit[1])
			wait.Go(func() {
				c, err := o.SubmitChange(author, configuration.Submission{Message: edit[1], Base: &base, Files: []kind.File{file}})
				for range 50 {
					if err == nil {
						_, err = o.RebaseChange(author, c.ID)
					}
					if len(placed(err, configuration.CodeEditConflict)) > 0 {
						refused <- err
						return
					}
					if c == nil {
						break
					}
					if _, err = o.ApproveChange(reviewer, c.ID, ""); err == nil || problem.ReasonOf(err) == "not_in_review" {
						if _, err = o.PublishChange(reviewer, c.ID); err == nil {
							return
						}
					}
					err = nil // another was faster
				}
				t.Errorf("%s never came into force: %v", edit[1], err)
			})
		}
		wait.Wait()
		close(refused)
		n := 0
		for range refused {
			n++
		}
		m, err := o.Current(o.as(t, "visitor", county), "food-business-licence")
		if err != nil {
			t.Fatal(err)
		}
		if n != 1 || m.Spec.PromisedLimit.N == 5 || m.Spec.Guide.Phone != "0738-0000009" || m.Spec.OnlineDepth != "III" || m.Spec.Booking.SlotMinutes != 30 {
			t.Errorf("%d were refused: %+v", n, m.Spec)
		}
		list, err := o.Revisions(author, 0, 20)
		if err != nil || len(list) != len(edits) {
			t.Errorf("%d revisions, %v", len(list), err)
		}
	})
}
