package matter_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/clock"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/matter"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

const wuchang = "national/420000/420100/420106"

// subscribed are the themes of accounts.
var subscribed = map[uuid.UUID][]string{}

// open publishes the shipped packs and returns the service over them.
func open(t *testing.T, d *db.DB, extra ...kind.File) *matter.Service {
	t.Helper()
	c, err := configuration.New(configuration.Config{DB: d, Clock: clock.NewManual(noon), Tree: tenancy.NewTree(d), Projection: matter.NewProjection(d)})
	if err != nil {
		t.Fatal(err)
	}
	var files []kind.File
	for _, folder := range []string{"national", "hunan", "hubei"} {
		more, err := kind.Files(tenants.FS(), folder)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	if err := c.Bootstrap(t.Context(), append(files, extra...)...); err != nil {
		t.Fatal(err)
	}
	door, err := authz.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	s, err := matter.New(matter.Config{DB: d, Configuration: c, Authz: door, Now: func() time.Time { return noon },
		Themes: func(ctx context.Context) ([]string, error) { return subscribed[authz.From(ctx).Account], nil }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// R-CAT-03, R-CAT-04: words, pinyin, initials and codes find a matter; filters narrow.
func TestSearch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		county := dbtest.As(t.Context(), "national/430000/431300/431321")
		for _, c := range []struct {
			text   string
			filter matter.Filter
			found  int
		}{
			{"", matter.Filter{}, 1},
			{"食品", matter.Filter{}, 1},
			{"经营许可", matter.Filter{}, 1},
			{"食", matter.Filter{}, 1},
			{"shipin", matter.Filter{}, 1},
			{"jingying", matter.Filter{}, 1},
			{"SPJY", matter.Filter{}, 1},
			{"ｓｐｊｙｘｋ", matter.Filter{}, 1},
			{"市场监督 许可", matter.Filter{}, 1},
			{"000131023000", matter.Filter{}, 1},
			{"营经", matter.Filter{}, 0},
			{"药品", matter.Filter{}, 0},
			{"食品 药品", matter.Filter{}, 0},
			{"'; DROP TABLE matter; --", matter.Filter{}, 0},
			{"%", matter.Filter{}, 0},
			{strings.Repeat("食品", 5000), matter.Filter{}, 0},
			{"", matter.Filter{ServiceObject: "enterprise", Theme: "餐饮", Line: "市场监管", Channel: "web", ItemType: "administrative_licence"}, 1},
			{"", matter.Filter{ServiceObject: "natural_person"}, 0},
			{"", matter.Filter{Channel: "batch"}, 0},
		} {
			for _, order := range []matter.Order{matter.ByRelevance, matter.ByCode, matter.ByTitle, matter.ByHeat} {
				l, err := s.List(county, matter.Query{Text: c.text, Filter: c.filter, Order: order, Page: matter.Page{First: 20}})
				if err != nil || l.More || len(l.Hits) != c.found {
					t.Errorf("%.20q %+v by %s: %+v, %v", c.text, c.filter, order, l, err)
					continue
				}
				if n, err := l.Count(county, 10); err != nil || n != c.found {
					t.Errorf("%.20q counts %d, %v", c.text, n, err)
				}
			}
		}
	})
}

// R-CAT-03: a province adds what its people say; others do not understand it.
func TestSynonymsOfAProvince(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, kind.File{Path: "hunan/search.yaml", Content: []byte(`apiVersion: zhengtong/v1
kind: CodeSet
metadata: {tenant: "430000", name: matter-synonyms, extends: {tenant: national, name: matter-synonyms}}
spec:
  items:
    - {code: "开粉店", title: 小餐饮、食品经营许可}
    - {code: "占道粉摊", title: 道路}
`)})
		for _, c := range []struct{ path, text, want string }{
			{shuangfeng, "开粉店", "食品经营许可（新办）"}, {shuangfeng, "开饭店", "食品经营许可（新办）"}, {wuchang, "占道粉摊", ""}, {shuangfeng, "占道粉摊", ""},
		} {
			if got := titles(t, s, dbtest.As(t.Context(), c.path), matter.Query{Text: c.text, Order: matter.ByRelevance, Page: matter.Page{First: 5}}); got != c.want {
				t.Errorf("%s in %s: %s", c.text, c.path, got)
			}
		}
	})
}

// A member of a bundle is not offered by itself; a province offers no abstract base; tenants see their own.
func TestListBelongsToTheTenant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		for path, want := range map[string]string{"national/430000": "", "national/420000/420100": "", wuchang: "road-occupation"} {
			l, err := s.List(dbtest.As(t.Context(), path), matter.Query{Order: matter.ByTitle, Page: matter.Page{First: 20}})
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, row := range l.Hits {
				names = append(names, row.Name)
			}
			if strings.Join(names, " ") != want {
				t.Errorf("%s lists %v, %v", path, names, err)
			}
		}
	})
}

// R-CAT-06: a guide is found by id, code or name and is the published matter.
func TestGuide(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		county := dbtest.As(t.Context(), "national/430000/431300/431321")
		byName, err := s.Guide(county, matter.Ref{Name: "food-business-licence"})
		if err != nil {
			t.Fatal(err)
		}
		for _, ref := range []matter.Ref{{ID: byName.ID}, {Code: byName.BasicCode}, {Code: byName.ImplementationCode}} {
			guide, err := s.Guide(county, ref)
			if err != nil || guide.ID != byName.ID || !guide.Open || guide.Matter.Binding.Phone != "0738-0000001" || len(guide.Matter.Materials) != 6 {
				t.Errorf("%+v: %+v, %v", ref, guide, err)
			}
		}
		if _, err := s.Guide(county, matter.Ref{Name: "road-occupation"}); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("another tenant's: %v", err)
		}
		if _, err := s.Guide(county, matter.Ref{}); problem.CodeOf(err) != problem.BadRequest {
			t.Errorf("nothing named: %v", err)
		}
	})
}
