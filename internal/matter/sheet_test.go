package matter_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zhengtong/internal/authz"
	"zhengtong/internal/clock"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/document/font"
	"zhengtong/internal/matter"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

const (
	shuangfeng = "national/430000/431300/431321"
	lingshan   = "national/450000/450700/450721"
)

// press is a service over published packs whose time moves when told to.
type press struct {
	*matter.Service
	configuration *configuration.Service
	clock         *clock.Manual
	door          *authz.Authorizer
}

// publish publishes the shipped packs of some folders.
func publish(t *testing.T, d *db.DB, fonts *font.Set, folders ...string) press {
	t.Helper()
	p := press{clock: clock.NewManual(noon)}
	var err error
	p.configuration, err = configuration.New(configuration.Config{DB: d, Clock: p.clock, Tree: tenancy.NewTree(d), Projection: matter.NewProjection(d)})
	if err != nil {
		t.Fatal(err)
	}
	var files []kind.File
	for _, folder := range append([]string{"national"}, folders...) {
		more, err := kind.Files(tenants.FS(), folder)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	if err := p.configuration.Bootstrap(t.Context(), files...); err != nil {
		t.Fatal(err)
	}
	if p.door, err = authz.New(t.Context(), p.configuration); err != nil {
		t.Fatal(err)
	}
	if p.Service, err = matter.New(matter.Config{DB: d, Configuration: p.configuration, Authz: p.door, Now: p.clock.Now, Fonts: fonts}); err != nil {
		t.Fatal(err)
	}
	return p
}

func embedded(t *testing.T) *font.Set {
	t.Helper()
	fonts, err := font.New()
	if err != nil {
		t.Fatal(err)
	}
	return fonts
}

// R-CAT-06, R-CAT-07: the guide as page and as document holds every element that the configuration declares, from all
// governments of the lineage; asked for twice, its bytes are the same.
func TestSheetHoldsEveryElement(t *testing.T) {
	fonts := embedded(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := publish(t, d, fonts, "guangxi", "hubei")
		for path, c := range map[string]struct {
			name string
			says []string
		}{
			lingshan: {"energy-review", []string{"固定资产投资项目节能审查", "000104002000", "11450721MB155808114000104002000", "行政许可", "承诺件", "县级", "灵山县行政审批局",
				"灵山县政务服务中心法人大厅（工程建设项目综合窗口）", "《固定资产投资项目节能办法》第三条（2016年国家发改委令第44号）", "20个工作日，自受理之日的次日起算", "5个工作日，自受理之日的次日起算",
				"逾期不告知的，自收到申请之日起即为受理", "延长10个工作日", "申请书", "原件 2 份", "必需", "审查要点", "不收费", "行政许可法第五十八条", "等待申请人补正", "机构评审", "最长15个工作日", "不计入",
				"专家评审", "窗口领取、电子送达", "三海街道江南路5号", "上午9:00-12:00", "0777-0000001", "0777-0000002", "灵山县人民政府", "6 个月内向灵山县人民法院", "是不是所有的固定资产投资项目",
				"不单独进行节能审查", "须现场核验材料"}},
			wuchang: {"road-occupation", []string{"临时占用城市道路审批", "城市道路占用费", "按下列标准计算", "费率表中的金额以分为单位", "period_tiers", "至 30", "1.2", "缴费单开出后5个工作日内", "刷卡",
				"15个工作日内退回", "符合条件时必需", "现场", "武昌区交通大队"}},
		} {
			ctx := dbtest.As(t.Context(), path)
			g, err := p.Sheet(ctx, c.name)
			if err != nil {
				t.Fatal(err)
			}
			page, err := p.File(ctx, g, matter.HTML)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range append(c.says, g.Version, g.Digest, "2026年3月2日") {
				if !strings.Contains(string(page), text) {
					t.Errorf("the page of %s does not say %q", c.name, text)
				}
			}
			file, err := p.File(ctx, g, matter.PDF)
			if err != nil || !bytes.HasPrefix(file, []byte("%PDF-1.7")) {
				t.Fatalf("%s as PDF: %d bytes, %v", c.name, len(file), err)
			}
			keep(t, c.name+".pdf", file)
			keep(t, c.name+".html", page)
			other, err := matter.New(matter.Config{DB: d, Configuration: p.configuration, Authz: p.door, Now: p.clock.Now, Fonts: fonts})
			if err != nil {
				t.Fatal(err)
			}
			again, err := other.Sheet(ctx, c.name)
			if err != nil || again.Digest != g.Digest {
				t.Fatalf("another node's digest is %s, not %s: %v", again.Digest, g.Digest, err)
			}
			for format, want := range map[matter.Format][]byte{matter.HTML: page, matter.PDF: file} {
				if got, err := other.File(ctx, again, format); err != nil || !bytes.Equal(got, want) {
					t.Errorf("another node writes %s as %s differently: %v", c.name, format, err)
				}
			}
		}
	})
}

// keep leaves what was written for a person to look at, where GUIDE_OUT says.
func keep(t *testing.T, name string, content []byte) {
	t.Helper()
	if folder := os.Getenv("GUIDE_OUT"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// R-CAT-12, R-CAT-13: the version and the day of a guide are those of the publication that last touched anything that
// it says, in the tenant or above it; what the guide does not say leaves them alone.
func TestSheetIsDatedByWhatItSays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := publish(t, d, nil, "guangxi")
		county := dbtest.As(t.Context(), lingshan)
		first, err := p.Sheet(county, "energy-review")
		if err != nil || first.Version != "450721-1" || first.UpdatedOn.String() != "2026-03-02" {
			t.Fatalf("%+v, %v", first, err)
		}
		seen := map[string]bool{first.Digest: true}
		for _, step := range []struct{ what, file, old, replaced, version, day string }{
			{"the county's promise", "guangxi/qinzhou/lingshan/matters/energy-review.yaml", "promised_limit: {n: 5", "promised_limit: {n: 4", "450721-2", "2026-03-12"},
			{"the region's material", "guangxi/materials/energy-review.yaml", "内容真实有效", "内容属实", "450000-2", "2026-03-22"},
			{"what the guide does not say", "guangxi/qinzhou/lingshan/supervision.yaml", "title: ", "title: 本县", "450000-2", "2026-03-22"},
			{"the county's telephone", "guangxi/qinzhou/lingshan/tenant.yaml", "hotline: ", "hotline: 0777-", "450721-4", "2026-04-11"},
		} {
			p.clock.Add(10 * 24 * time.Hour)
			if err := p.configuration.Bootstrap(t.Context(), changed(t, step.file, step.old, step.replaced)); err != nil {
				t.Fatalf("%s: %v", step.what, err)
			}
			g, err := p.Sheet(county, "energy-review")
			if err != nil || g.Version != step.version || g.UpdatedOn.String() != step.day {
				t.Errorf("%s: version %s of %s, want %s of %s: %v", step.what, g.Version, g.UpdatedOn, step.version, step.day, err)
			}
			if touched := g.UpdatedOn.String() != "2026-03-22" || step.what == "the region's material"; seen[g.Digest] == touched {
				t.Errorf("%s: digest %s is known: %t", step.what, g.Digest, seen[g.Digest])
			}
			seen[g.Digest] = true
		}
	})
}

// changed is a shipped file with one text in it replaced.
func changed(t *testing.T, name, old, replaced string) kind.File {
	t.Helper()
	text, err := fs.ReadFile(tenants.FS(), name)
	if err != nil || !strings.Contains(string(text), old) {
		t.Fatalf("%s does not say %q: %v", name, old, err)
	}
	return kind.File{Path: name, Content: []byte(strings.Replace(string(text), old, replaced, 1))}
}

// What is not for the public has no guide: absent, another tenant's, a member of a bundle.
func TestSheetIsForThePublic(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := publish(t, d, nil, "guangxi", "hubei")
		for _, c := range []struct{ path, name string }{{lingshan, "no-such"}, {lingshan, "road-occupation"}, {"national/420000/420100", "construction-planning-permit"},
			{"national/450000", "energy-review"}} {
			if _, err := p.Sheet(dbtest.As(t.Context(), c.path), c.name); problem.CodeOf(err) != problem.NotFound {
				t.Errorf("%s of %s: %v", c.name, c.path, err)
			}
		}
	})
}

// A stranger who asks for many guides is held up by the process's own pace, and what was drawn is not drawn again.
func TestManyNewDocumentsAreHeldUp(t *testing.T) {
	fonts := embedded(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := publish(t, d, fonts, "guangxi")
		county := dbtest.As(t.Context(), lingshan)
		g, err := p.Sheet(county, "energy-review")
		if err != nil {
			t.Fatal(err)
		}
		refused := 0
		for i := range 40 {
			one := *g
			if err := one.Date(fmt.Sprint("450721-", i), g.UpdatedOn); err != nil {
				t.Fatal(err)
			}
			one.Sections = nil // a short document, so that the test measures the pace and not the pen
			if _, err := p.File(county, &one, matter.PDF); problem.CodeOf(err) == problem.Unavailable {
				refused++
			} else if err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				g = &one
			}
		}
		if refused == 0 {
			t.Error("forty new documents at once, and nobody had to wait")
		}
		for range 40 {
			if _, err := p.File(county, g, matter.PDF); err != nil {
				t.Fatal("what was drawn before:", err)
			}
		}
	})
}
