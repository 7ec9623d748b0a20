package configuration_test

import (
	"strings"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/matter"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

const food = "food-business-licence"

// act is an order with all that it must say.
func act(action, name string) configuration.Order {
	return configuration.Order{Action: action, Matter: name, Reason: "职能调整", Basis: "县政办〔2026〕1号", Transition: "请到政务大厅咨询"}
}

func (o *office) ordered(t *testing.T, tenant string, orders ...configuration.Order) {
	t.Helper()
	o.clock.Add(time.Minute)
	o.through(t, tenant, configuration.Submission{Message: "事项管理", Orders: orders})
}

// guides are what the public asks.
func (o *office) guides(t *testing.T) *matter.Service {
	t.Helper()
	door, err := authz.New(t.Context(), o.Service)
	if err != nil {
		t.Fatal(err)
	}
	s, err := matter.New(matter.Config{DB: o.db, Configuration: o.Service, Authz: door, Now: o.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// R-MGT-02, R-MGT-10: a suspension is a change with reason and basis, made by two people; the matter takes no
// applications and shows its transition text; what was pinned goes on; it resumes.
func TestSuspendAndResume(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		visitor := o.as(t, "visitor", "431321")
		pinned, err := o.Current(visitor, food)
		if err != nil {
			t.Fatal(err)
		}
		o.ordered(t, "431321", act(configuration.OrderSuspend, food))
		if _, err := o.Current(visitor, food); problem.ReasonOf(err) != "matter_suspended" {
			t.Errorf("%v", err)
		}
		if _, err := o.Pinned(visitor, food, pinned.Pins); err != nil {
			t.Errorf("an open case: %v", err)
		}
		guides := o.guides(t)
		g, err := guides.Guide(visitor, matter.Ref{Name: food})
		if err != nil || g.Open || g.Standing == nil || g.Standing.Transition != "请到政务大厅咨询" || g.Standing.Basis != "县政办〔2026〕1号" ||
			!strings.HasPrefix(g.Standing.Author, "staff:") || g.Standing.Reviewer == "" || g.Standing.Reviewer == g.Standing.Author {
			t.Fatalf("%+v, %v", g, err)
		}
		if list, err := guides.List(visitor, matter.Query{Order: matter.ByCode, Page: matter.Page{First: 10}}); err != nil || len(list.Hits) != 0 {
			t.Errorf("listed: %v, %v", list, err)
		}
		o.clock.Add(time.Minute) // a suspension outlives a publication
		o.through(t, "431321", configuration.Submission{Message: "提速", Files: []kind.File{edited(t, countyMatter, "promised_limit: {n: 5", "promised_limit: {n: 4")}})
		if _, err := o.Current(visitor, food); problem.ReasonOf(err) != "matter_suspended" {
			t.Errorf("after a publication: %v", err)
		}
		o.ordered(t, "431321", act(configuration.OrderResume, food))
		if g, err = guides.Guide(visitor, matter.Ref{Name: food}); err != nil || !g.Open || g.Standing != nil || o.promised(t, "431321") != 4 {
			t.Errorf("%+v, %v", g, err)
		}
	})
}

// An order waits for its effective instant like the change that it is part of.
func TestOrderTakesEffectLater(t *testing.T) {
	o := openOffice(t, dbtest.Open(t, db.SQLite))
	at := noon.Add(24 * time.Hour)
	c := o.through(t, "431321", configuration.Submission{Message: "明日挂起", EffectiveFrom: &at, Orders: []configuration.Order{act(configuration.OrderSuspend, food)}})
	visitor := o.as(t, "visitor", "431321")
	if _, err := o.Current(visitor, food); err != nil {
		t.Errorf("before its day: %v", err)
	}
	o.clock.Set(at)
	ctx, _ := o.newest(t, "431321")
	if err := o.PublishScheduled(ctx, c.ID, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Current(visitor, food); problem.ReasonOf(err) != "matter_suspended" {
		t.Errorf("%v", err)
	}
}

// R-MGT-01, R-MGT-11: merging maps name and codes to the successor: bookmarks, search and drafts follow, and a second merger is one step too.
func TestMergeLeadsToTheSuccessor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openFood(t, d)
		visitor := o.as(t, "visitor", "110101")
		guides := o.guides(t)
		old, err := guides.Guide(visitor, matter.Ref{Name: "standard"})
		if err != nil {
			t.Fatal(err)
		}
		draft := db.NewID(noon)
		if _, err := d.Exec(visitor, `INSERT INTO draft (tenant_id, id, account_id, matter_name, expires_at, created_at, updated_at)
			VALUES ('110101', $1, $2, 'standard', $3, $3, $3)`, draft, uuid.Must(uuid.NewV4()), noon); err != nil {
			t.Fatal(err)
		}
		merge := act(configuration.OrderMerge, "standard")
		merge.Successor = "permit"
		o.ordered(t, "110101", merge)
		if _, err := o.Current(visitor, "standard"); problem.ReasonOf(err) != "matter_merged" {
			t.Errorf("%v", err)
		}
		for _, ref := range []matter.Ref{{Name: "standard"}, {Code: old.BasicCode}, {Code: old.ImplementationCode}} {
			g, err := guides.Guide(visitor, ref)
			if err != nil || g.Name != "permit" || !g.Open || g.Succeeds == nil || g.Succeeds.Title != "省定许可" || g.Succeeds.Asked != ref.Name+ref.Code {
				t.Errorf("%+v: %+v, %v", ref, g, err)
			}
		}
		for _, words := range []string{"省定许可", old.BasicCode, "测试许可"} {
			list, err := guides.List(visitor, matter.Query{Text: words, Order: matter.ByRelevance, Page: matter.Page{First: 10}})
			if err != nil || len(list.Hits) != 1 || list.Hits[0].Name != "permit" {
				t.Errorf("%s finds %+v, %v", words, list, err)
			}
		}
		var name string
		if err := d.QueryRow(visitor, "SELECT matter_name FROM draft WHERE tenant_id = '110101' AND id = $1", draft).Scan(&name); err != nil || name != "permit" {
			t.Errorf("the draft is for %s, %v", name, err)
		}
		if _, err := guides.Guide(o.as(t, "visitor", "110000"), matter.Ref{Name: "standard"}); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("another tenant's map: %v", err)
		}
	})
}

// openFood is a city's county with one matter of its own and one that it adopts.
func openFood(t *testing.T, d *db.DB) *office {
	t.Helper()
	return openWith(t, d, smallest(t, adopted, adoption, authors))
}

// authors are the roles that change configuration in the smallest base.
const authors = `
apiVersion: zhengtong/v1
kind: Role
metadata: {tenant: "110000", name: config-author}
spec: {title: 编制, permissions: [config.read, config.author], data_scope: tenant}
---
apiVersion: zhengtong/v1
kind: Role
metadata: {tenant: "110000", name: config-reviewer}
spec: {title: 审核, permissions: [config.read, config.review, config.publish], data_scope: tenant}
`

// R-MGT-10: a cancelled matter is gone for newcomers, for good, and stays so when the tenant publishes again.
func TestCancelIsForGood(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		visitor := o.as(t, "visitor", "431321")
		pinned, err := o.Current(visitor, food)
		if err != nil {
			t.Fatal(err)
		}
		o.ordered(t, "431321", act(configuration.OrderCancel, food))
		o.clock.Add(time.Minute)
		o.through(t, "431321", configuration.Submission{Message: "提速", Files: []kind.File{edited(t, countyMatter, "promised_limit: {n: 5", "promised_limit: {n: 4")}})
		if _, err := o.Current(visitor, food); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("%v", err)
		}
		if _, err := o.guides(t).Guide(visitor, matter.Ref{Name: food}); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("%v", err)
		}
		if m, err := o.Pinned(visitor, food, pinned.Pins); err != nil || m.Spec.PromisedLimit.N != 5 {
			t.Errorf("an open case: %v", err)
		}
	})
}

// R-MGT-02: a matter of the city is delegated to a county, which adopts it at its own level; the city sends people there, and can take it back.
func TestDelegateAndTakeBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		city := strings.NewReplacer("  abstract: true\n", "  exercise_level: province\n", "role: officer", "role: p-officer", "role: approver", "role: p-officer").Replace(adopted) + `
---
apiVersion: zhengtong/v1
kind: Department
metadata: {tenant: "110000", name: bureau}
spec: {title: 市局, line: 其他, uscc: 11430000MB1A700188, head: {role: p-officer}}
---
apiVersion: zhengtong/v1
kind: Role
metadata: {tenant: "110000", name: p-officer}
spec: {title: 经办, permissions: [case.pre_review, case.accept, case.correct, case.refuse_acceptance, case.review, case.decide, extension.approve], data_scope: tenant}
`
		o := openWith(t, d, smallest(t, city, authors))
		there, below := o.as(t, "visitor", "110000"), o.as(t, "visitor", "110101")
		if _, err := o.Current(below, "standard"); problem.CodeOf(err) != problem.NotFound {
			t.Fatalf("before: %v", err)
		}
		delegate := act(configuration.OrderDelegate, "standard")
		delegate.To = []string{"110101"}
		o.ordered(t, "110000", delegate)
		m, err := o.Current(below, "standard")
		if err != nil || m.Spec.ExerciseLevel != "county" || m.Binding.Department != "other" {
			t.Fatalf("%+v, %v", m, err)
		}
		if _, err := o.Current(there, "standard"); problem.ReasonOf(err) != "matter_delegated" {
			t.Errorf("%v", err)
		}
		g, err := o.guides(t).Guide(there, matter.Ref{Name: "standard"})
		if err != nil || g.Open || g.Standing == nil || len(g.Standing.To) != 1 || g.Standing.To[0] != "110101" {
			t.Errorf("%+v, %v", g, err)
		}
		o.ordered(t, "110000", act(configuration.OrderResume, "standard"))
		if _, err := o.Current(there, "standard"); err != nil {
			t.Error(err)
		}
		if _, err := o.Current(below, "standard"); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("taken back: %v", err)
		}
	})
}

// Orders that make no sense are refused, each with its place; the author does not review.
func TestOrdersRefused(t *testing.T) {
	o := openOffice(t, dbtest.Open(t, db.SQLite))
	author := o.as(t, "author", "431321", "config-author")
	into, to := act(configuration.OrderMerge, food), act(configuration.OrderDelegate, food)
	into.Successor, to.To = food, []string{"420000"}
	silent := act(configuration.OrderSuspend, food)
	silent.Reason, silent.Basis = " ", ""
	for path, order := range map[string]configuration.Order{
		"$.orders[0].successor": into, "$.metadata.tenant": to, "$.orders[0].basis": silent,
		"$.orders[0].matter": act(configuration.OrderResume, food), "$.orders[0].action": act("forget", food),
	} {
		_, err := o.SubmitChange(author, configuration.Submission{Message: "无", Orders: []configuration.Order{order}})
		if problem.CodeOf(err) != problem.Validation || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
	quiet := act(configuration.OrderSuspend, food)
	quiet.Transition = ""
	plan, report, err := o.Plan(author, configuration.Submission{Orders: []configuration.Order{quiet}})
	if err != nil || !report.OK() || len(report.Problems) != 1 || report.Problems[0].Code != "V-49" || len(plan.Orders) != 1 {
		t.Errorf("%+v, %s, %v", plan, report.Problems, err)
	}
}
