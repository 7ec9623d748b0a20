package matter_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/matter"
)

// pages walks a list page by page.
func pages(t *testing.T, s *matter.Service, path string, q matter.Query) (names []string) {
	t.Helper()
	ctx := dbtest.As(t.Context(), path)
	for range 100 {
		l, err := s.List(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, hit := range l.Hits {
			names = append(names, hit.Tenant+" "+hit.Name)
			q.Page.AfterKey, q.Page.AfterID = hit.Key, hit.ID
		}
		if !l.More {
			return names
		}
	}
	t.Fatal("the list does not end")
	return nil
}

// Pages of every order hold each matter once and in the order of the whole.
func TestPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		publishCatalogue(t, d)
		for _, order := range []matter.Order{matter.ByRelevance, matter.ByCode, matter.ByTitle, matter.ByHeat} {
			for _, q := range []matter.Query{
				{Text: "许可"}, {Text: "xuke", Above: true}, {Text: "经营 许可", Filter: matter.Filter{ServiceGroup: "citizen"}},
				{Filter: matter.Filter{Line: "公安"}}, {Filter: matter.Filter{Theme: "不动产"}, Above: true},
			} {
				q.Order, q.Page.First = order, 100
				whole := pages(t, s, shuangfeng, q)
				if len(whole) < 10 || len(slices.Compact(slices.Sorted(slices.Values(whole)))) != len(whole) {
					t.Errorf("%+v: %d rows, some twice", q, len(whole))
				}
				q.Page = matter.Page{First: 37}
				if got := pages(t, s, shuangfeng, q); !slices.Equal(got, whole) {
					t.Errorf("%+v by %s: pages differ from the whole:\n%v\n%v", q, order, got, whole)
				}
			}
		}
	})
}

// has reports, by plain reading, what a filter should find.
func has(o configuration.Offer, f matter.Filter) bool {
	s := o.Spec
	group := map[string][]string{"": s.ServiceObjects, "citizen": {"natural_person", "individual_business"}, "government": {"administrative_organ", "public_institution"},
		"enterprise": {"enterprise", "individual_business", "unincorporated_enterprise", "social_organisation", "public_institution"}}
	within := func(wanted string, values ...string) bool { return wanted == "" || slices.Contains(values, wanted) }
	return within(f.Department, o.Binding.Department) && within(f.Line, s.Line) && within(f.Theme, s.Themes...) && within(f.ServiceObject, s.ServiceObjects...) &&
		slices.ContainsFunc(s.ServiceObjects, func(object string) bool { return slices.Contains(group[f.ServiceGroup], object) }) &&
		within(f.ItemType, s.ItemType) && within(f.CaseType, s.CaseType) && (f.Joint == nil || *f.Joint == (len(s.JointDepartments) > 0)) &&
		within(f.Level, s.ExerciseLevel) && within(f.Channel, s.Channels...) && within(f.Delivery, s.Delivery...) && within(f.OnlineDepth, s.OnlineDepth) && within(f.CrossArea, s.CrossArea) &&
		(f.Step == "" || slices.ContainsFunc(o.Flow, func(title string) bool { return strings.Contains(title, f.Step) }))
}

// R-CAT-01, R-CAT-02, R-CAT-04, R-CAT-08, R-CAT-11, R-CAT-15, R-LNK-05: each class narrows the list, and they combine, with a text and without.
func TestFilters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		offered := publishCatalogue(t, d)["431321"]
		county := dbtest.As(t.Context(), shuangfeng)
		yes, no := true, false
		for _, f := range []matter.Filter{
			{}, {Department: "d-公安"}, {Line: "住建"}, {Theme: "餐饮"}, {ServiceObject: "individual_business"}, {ServiceGroup: "citizen"},
			{ServiceGroup: "enterprise"}, {ServiceGroup: "government"}, {ItemType: "confirmation"}, {CaseType: "instant"}, {CaseType: "promised"},
			{Joint: &yes}, {Joint: &no}, {Level: "county"}, {Level: "city"}, {Channel: "web"}, {Delivery: "courier"}, {OnlineDepth: "IV"},
			{CrossArea: "province"}, {CrossArea: "nation", Step: "核查"}, {Step: "现场核查"}, {Step: "核查"}, {Step: "审查决定"}, {Step: "没有的环节"}, {Step: "%"},
			{Line: "公安", CaseType: "instant", Channel: "web"}, {ServiceGroup: "citizen", ItemType: "public_service", OnlineDepth: "III", Joint: &no},
			{ServiceGroup: "martian"}, {Theme: "'; --"},
		} {
			for _, text := range []string{"", "许可"} {
				want := 0
				for _, o := range offered {
					if has(o, f) && strings.Contains(o.Spec.Title+" "+o.Binding.DepartmentTitle, text) {
						want++
					}
				}
				l, err := s.List(county, matter.Query{Text: text, Filter: f, Order: matter.ByCode, Page: matter.Page{First: 5}})
				if err != nil {
					t.Fatal(err)
				}
				if n, err := l.Count(county, 10_000); err != nil || n != want {
					t.Errorf("%q %+v: %d found, %d expected, %v", text, f, n, want, err)
				}
				checkFacets(t, asked{l, text, f}, offered)
			}
		}
	})
}

// asked is a list with what it was asked for.
type asked struct {
	*matter.Listing
	text   string
	filter matter.Filter
}

// checkFacets holds two facets to a plain count: one that may be filtered drops its own filter.
func checkFacets(t *testing.T, l asked, offered []configuration.Offer) {
	t.Helper()
	found, err := l.Facets(dbtest.As(t.Context(), shuangfeng))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]int{"line": {}, "onlineDepth": {}}
	for _, o := range offered {
		if !strings.Contains(o.Spec.Title+" "+o.Binding.DepartmentTitle, l.text) {
			continue
		}
		f := l.filter
		if f.Line = ""; has(o, f) {
			want["line"][o.Spec.Line]++
		}
		f = l.filter
		if f.OnlineDepth = ""; has(o, f) {
			want["onlineDepth"][o.Spec.OnlineDepth]++
		}
	}
	for _, facet := range found {
		expected, checked := want[facet.Name]
		if !checked {
			continue
		}
		got := map[string]int{}
		for _, v := range facet.Values {
			got[v.Value] = v.Count
		}
		if fmt.Sprint(got) != fmt.Sprint(expected) {
			t.Errorf("%q %+v %s: %v, expected %v", l.text, l.filter, facet.Name, got, expected)
		}
	}
}

// R-CAT-03: an area's list is its own; a search adds what only the governments above
// offer to everybody: nothing internal, suspended or held by somebody nearer, nor what neighbours offer.
func TestAbove(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		offers := publishCatalogue(t, d)
		list := func(path, text string, above bool) string {
			l, err := s.List(dbtest.As(t.Context(), path), matter.Query{Text: text, Order: matter.ByRelevance, Above: above, Page: matter.Page{First: 20}})
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, hit := range l.Hits {
				out = append(out, hit.Tenant+" "+hit.Title)
			}
			return strings.Join(out, "; ")
		}
		for _, c := range []struct {
			path, text string
			above      bool
			want       string
		}{
			{shuangfeng, "药品生产", true, "430000 药品生产许可"},
			{shuangfeng, "药品生产", false, ""},
			{shuangfeng, "剧毒化学品准购", true, "431300 剧毒化学品准购"},
			{"national/430000", "剧毒化学品准购", true, ""},
			{wuchang, "药品生产", true, ""},
		} {
			if got := list(c.path, c.text, c.above); got != c.want {
				t.Errorf("%s in %s, above %t: %s", c.text, c.path, c.above, got)
			}
		}
		// the county takes the matter over, under a title of its own but the same code
		own := offers["430000"][0]
		for _, o := range offers["430000"] {
			if o.Spec.Title == "药品生产许可" {
				own = o
			}
		}
		local := heading{"431321", "市场监督管理局", "市场监管", "准营准办", "enterprise"}.offer("药品生产许可（县级受理）", "", own.Spec.BasicCode, dice())
		offer(t, d, "431321", append(slices.Clone(offers["431321"]), local)...)
		if got := list(shuangfeng, "药品生产", true); got != "431321 药品生产许可（县级受理）" {
			t.Errorf("held by the county: %s", got)
		}
		// what the province keeps to itself or has suspended is not offered below
		hidden := own
		spec := *own.Spec
		spec.PublicListed, spec.BasicCode = false, "000131999001"
		hidden.Spec, hidden.Found = &spec, &configuration.Found{Resource: own.Found.Resource, Digest: "hidden", Owner: "430000"}
		offer(t, d, "431321", offers["431321"]...)
		offer(t, d, "430000", hidden)
		if got := list(shuangfeng, "药品生产", true); got != "" {
			t.Errorf("not listed: %s", got)
		}
		offer(t, d, "430000", own)
		if _, err := d.Exec(dbtest.As(t.Context(), "national/430000"), "UPDATE matter SET status = 'suspended' WHERE tenant_id = $1", "430000"); err != nil {
			t.Fatal(err)
		}
		if got := list(shuangfeng, "药品生产", true); got != "" {
			t.Errorf("suspended: %s", got)
		}
	})
}

// The parts of a title say what was meant, whatever was typed.
func TestTitleParts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		publishCatalogue(t, d)
		for typed, want := range map[string]string{
			"食品经营": "[食品经营]许可", "spjy": "[食品经营]许可", "食品xuke": "[食品]经营[许可]", "经營": "食品[经营]许可", "餐饮": "食品经营许可",
			"食品经营许可证": "[食品经营许可]",
		} {
			l, err := s.List(dbtest.As(t.Context(), shuangfeng), matter.Query{Text: typed, Order: matter.ByRelevance, Page: matter.Page{First: 100}})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, hit := range l.Hits {
				if hit.Title != "食品经营许可" {
					continue
				}
				for _, part := range hit.Parts {
					if part.Matched {
						part.Text = "[" + part.Text + "]"
					}
					got += part.Text
				}
			}
			if got != want {
				t.Errorf("%s: %s, expected %s", typed, got, want)
			}
		}
	})
}

// R-CAT-08: a guide is found by what its flow holds, however that is typed, where a government above offers it too;
// a flow that has changed is found as it is now.
func TestFlowIsFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		find := func(q matter.Query) (titles []string) {
			q.Page.First = 100
			l, err := s.List(dbtest.As(t.Context(), shuangfeng), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, hit := range l.Hits {
				titles = append(titles, hit.Title)
			}
			return titles
		}
		for step, want := range map[string]int{"现场核查": 1, "現場 核查": 1, "检验检测": 1, "预审": 1, "公证": 0, "！": 0} {
			for _, text := range []string{"", "食品"} {
				if got := find(matter.Query{Text: text, Filter: matter.Filter{Step: step}}); len(got) != want {
					t.Errorf("%s with %q finds %v, want %d", step, text, got, want)
				}
			}
		}
		offers := publishCatalogue(t, d)
		i := slices.IndexFunc(offers["430000"], func(o configuration.Offer) bool { return o.Spec.Title == "药品生产许可" })
		offers["430000"][i].Flow = []string{"飞行检查"} // the matter itself is the same
		offer(t, d, "430000", offers["430000"]...)
		above := matter.Query{Above: true, Order: matter.ByCode, Filter: matter.Filter{Step: "飞行"}}
		if got := find(above); !slices.Equal(got, []string{"药品生产许可"}) {
			t.Errorf("what only the province offers: %v", got)
		}
		if above.Text = "药品"; !slices.Equal(find(above), []string{"药品生产许可"}) {
			t.Errorf("with a text: %v", find(above))
		}
	})
}
