package render

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	_ "image/png" // pdftoppm writes PNG
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/pdfcpu/pdfcpu/pkg/api"

	"zhengtong/internal/deadline"
	"zhengtong/internal/document/font"
	"zhengtong/internal/document/layout"
	"zhengtong/internal/problem"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sharedFonts is parsed once, as a process would.
var sharedFonts = sync.OnceValues(func() (*font.Set, error) { return font.New() })

func fonts(t testing.TB) *font.Set {
	t.Helper()
	set, err := sharedFonts()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func layoutOf(t testing.TB, name string) layout.Layout {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, string(data))
}

func decode(t testing.TB, source string) layout.Layout {
	t.Helper()
	l, problems := layout.Decode([]byte(source))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return l
}

// notice is the acceptance notice of testdata/notice.yaml.
func notice(t testing.TB) (Record, Assets) {
	t.Helper()
	data, err := os.ReadFile("testdata/notice.json")
	if err != nil {
		t.Fatal(err)
	}
	var values map[string]any
	if err := json.Unmarshal(data, &values); err != nil {
		t.Fatal(err)
	}
	digest, err := ContentDigest("template-1", values)
	if err != nil {
		t.Fatal(err)
	}
	rec := Record{
		Number: "受〔2026〕双市监第000123号", Title: "受理通知书", TemplateDigest: "template-1",
		Values: values, ContentDigest: digest, IssuedOn: deadline.MustDate("2026-03-05"),
	}
	return rec, Assets{
		Fonts: fonts(t), Organisation: "双峰县市场监督管理局",
		Seal:      Seal{Name: "双峰县市场监督管理局", Line: "行政许可专用章"},
		VerifyURL: "https://zwfw.example.gov.cn/verify?t=" + strings.Repeat("aB3_x-", 35),
	}
}

func mustRender(t testing.TB, rec Record, l layout.Layout, assets Assets) ([]byte, Result) {
	t.Helper()
	file, result, err := Render(rec, l, assets)
	if err != nil {
		t.Fatal(err)
	}
	return file, result
}

// tool runs one of poppler's programs on a file given on standard input.
func tool(t testing.TB, file []byte, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stdin = bytes.NewReader(file)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%s: %v: %s", name, err, stderr.String())
	}
	return out
}

// words is the text of a file as a reader copies it, page by page.
func words(t testing.TB, file []byte) string {
	t.Helper()
	return string(tool(t, file, "pdftotext", "-", "-"))
}

// R-DOC-01, R-DOC-03: title, number, body, table, signature and date are all there and can be copied.
func TestNoticeReadsAsWritten(t *testing.T) {
	rec, assets := notice(t)
	file, result := mustRender(t, rec, layoutOf(t, "notice.yaml"), assets)
	if result.Pages != 1 || len(result.Missing)+len(result.Absent) > 0 {
		t.Errorf("result %+v", result)
	}
	got := words(t, file)
	golden := filepath.Join("testdata", "notice.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the page reads\n%s\nwant\n%s", got, want)
	}
}

// Invariant I7: same record, same bytes; and the file is a valid PDF.
func TestSameRecordSameBytes(t *testing.T) {
	rec, assets := notice(t)
	l := layoutOf(t, "notice.yaml")
	first, result := mustRender(t, rec, l, assets)
	for range 5 {
		set, err := font.New() // another process
		if err != nil {
			t.Fatal(err)
		}
		assets.Fonts = set
		again, other := mustRender(t, rec, l, assets)
		if !bytes.Equal(first, again) || result.Digest != other.Digest {
			t.Fatal("the same record gave other bytes")
		}
	}
	rec.Number = "受〔2026〕双市监第000124号"
	if other, _ := mustRender(t, rec, l, assets); bytes.Equal(first, other) {
		t.Error("another number gave the same bytes")
	}
	api.DisableConfigDir()
	if err := api.Validate(bytes.NewReader(first), nil); err != nil {
		t.Errorf("pdfcpu: %v", err)
	}
}

// R-DOC-04: the code on the page leads to the address, as a camera would read it.
func TestCodeDecodesFromThePage(t *testing.T) {
	rec, assets := notice(t)
	file, _ := mustRender(t, rec, layoutOf(t, "notice.yaml"), assets)
	page, _, err := image.Decode(bytes.NewReader(tool(t, file, "pdftoppm", "-png", "-r", "300", "-")))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(page)
	if err != nil {
		t.Fatal(err)
	}
	found, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Fatal(err)
	}
	if found.GetText() != assets.VerifyURL {
		t.Errorf("the code says %q", found.GetText())
	}
}

func TestRareAndUnknownCharacters(t *testing.T) {
	rec, assets := notice(t)
	rec.Title = "𠮷䶮㙓𬭎\U0002A7B0"
	l := decode(t, "blocks: [{paragraph: 持有人：𠮷䶮㙓𬭎、\U0002A7B0和葛󠄁}]")
	file, result := mustRender(t, rec, l, assets)
	if want := []string{"U+2A7B0", "U+E0101"}; !slices.Equal(result.Missing, want) {
		t.Errorf("missing %q, want %q", result.Missing, want)
	}
	if got := words(t, file); !strings.Contains(got, "持有人：𠮷䶮㙓𬭎、\U0002A7B0和葛") {
		t.Errorf("the page reads %q", got)
	}
}

// A list runs over pages: its head comes again, no row is lost or doubled, and the signature is not alone.
func TestTableRunsOverPages(t *testing.T) {
	rec, assets := notice(t)
	var items []any
	for i := range 90 {
		items = append(items, map[string]any{"title": fmt.Sprintf("材料%03d%s", i, strings.Repeat("，名称很长", i%7)), "copies": i})
	}
	rec.Values["materials"] = items
	file, result := mustRender(t, rec, layoutOf(t, "notice.yaml"), assets)
	pages := strings.Split(strings.TrimSuffix(words(t, file), "\f"), "\f")
	if len(pages) != result.Pages || result.Pages < 4 {
		t.Fatalf("%d pages, result says %d", len(pages), result.Pages)
	}
	whole := strings.Join(pages, "")
	for i := range items {
		if n := strings.Count(whole, fmt.Sprintf("材料%03d", i)); n != 1 {
			t.Errorf("row %d appears %d times", i, n)
		}
	}
	for i, page := range pages[:len(pages)-1] {
		if !strings.Contains(page, "材料名称") || !strings.Contains(page, fmt.Sprintf("第%d页\n\n共%d页", i+1, len(pages))) {
			t.Errorf("page %d lacks the table's head or its number: %.60q", i+1, page)
		}
	}
	if last := pages[len(pages)-1]; !strings.Contains(last, "双峰县市场监督管理局") || !strings.Contains(last, "查询码") {
		t.Errorf("the signature stands alone: %.200q", last)
	}
}

// For any length of text the signature shares its page with two lines before it.
func TestSignatureNeverStandsAlone(t *testing.T) {
	rec, assets := notice(t)
	for n := 200; n < 1200; n += 17 {
		l := decode(t, "blocks: [{paragraph: "+strings.Repeat("文", n)+"}, seal]")
		f, err := fit(rec, l, assets)
		if err != nil {
			t.Fatal(err)
		}
		last := f.sheets[len(f.sheets)-1]
		body := 0
		for _, m := range last.over {
			if line, ok := m.(text); ok && strings.HasPrefix(line.s, "文") {
				body++
			}
		}
		if body < 2 {
			t.Errorf("%d characters: %d lines before the signature on its page", n, body)
		}
	}
}

func TestTallRowIsSplit(t *testing.T) {
	rec, assets := notice(t)
	long := strings.Repeat("这一格比一页还长。", 400)
	rec.Values["materials"] = []any{map[string]any{"title": long}}
	l := decode(t, "blocks: [{table: {over: materials, columns: [{title: 序号, text: '{{#}}'}, {title: 名称, text: '{{.title}}', width: 3}]}}]")
	file, result := mustRender(t, rec, l, assets)
	if got := strings.Count(words(t, file), "长"); result.Pages < 2 || got != 400 {
		t.Errorf("%d pages with %d of 400 sentences", result.Pages, got)
	}
}

func TestLongNamesStayOnThePage(t *testing.T) {
	rec, assets := notice(t)
	assets.Organisation = "内蒙古自治区呼伦贝尔市莫力达瓦达斡尔族自治旗行政审批政务服务与数据管理局"
	assets.Seal.Name = assets.Organisation
	rec.Values["applicant"] = map[string]any{"name": strings.Repeat("很长的企业名称", 12) + "有限责任公司"}
	f, err := fit(rec, layoutOf(t, "notice.yaml"), assets)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range f.sheets {
		for _, m := range slices.Concat(s.under, s.over) {
			line, ok := m.(text)
			if !ok || line.turn {
				continue
			}
			end := line.x + f.measure(line.size).textWidth(line.s) + line.spacing*float64(len([]rune(line.s)))
			if line.x < left-0.01 || end > right+line.size/3+0.01 {
				t.Errorf("%q runs from %.1f to %.1f", line.s, line.x, end)
			}
		}
	}
}

// What is absent shows as a rule and is named; an empty list says so; a conditional block goes.
func TestAbsentValuesShow(t *testing.T) {
	rec, assets := notice(t)
	l := decode(t, `{"blocks": [{"paragraph": "理由：{{input.reason}}"},
		{"paragraph": {"text": "请向{{input.competent_agency}}申请", "when": "input.competent_agency"}},
		{"table": {"over": "members", "columns": [{"title": "成员", "text": "{{.title}}"}]}}]}`)
	file, result := mustRender(t, rec, l, assets)
	if want := []string{"input.reason", "members"}; !slices.Equal(result.Absent, want) {
		t.Errorf("absent %q, want %q", result.Absent, want)
	}
	got := words(t, file)
	if !strings.Contains(got, "理由：——") || !strings.Contains(got, "（无）") || strings.Contains(got, "请向") {
		t.Errorf("the page reads %s", got)
	}
}

func TestRefusals(t *testing.T) {
	rec, assets := notice(t)
	withCode := decode(t, "blocks: [qr]")
	for name, c := range map[string]struct {
		change func(*Record, *Assets)
		layout layout.Layout
		reason string
	}{
		"no date":     {func(r *Record, _ *Assets) { r.IssuedOn = deadline.Date{} }, withCode, "document_without_date"},
		"no address":  {func(_ *Record, a *Assets) { a.VerifyURL = "" }, withCode, "qr_without_url"},
		"long adress": {func(_ *Record, a *Assets) { a.VerifyURL = strings.Repeat("x", 5000) }, withCode, "qr_too_long"},
		"endless": {func(r *Record, _ *Assets) {
			r.Values = map[string]any{"input": map[string]any{"reason": strings.Repeat("字", 400_000)}}
		}, decode(t, "blocks: [{paragraph: '{{input.reason}}'}]"), "document_too_long"},
	} {
		r, a := rec, assets
		c.change(&r, &a)
		_, _, err := Render(r, c.layout, a)
		if problem.CodeOf(err) != problem.Validation || problem.ReasonOf(err) != c.reason {
			t.Errorf("%s: %v", name, err)
		}
	}
	assets.Fonts = nil
	if _, _, err := Render(rec, withCode, assets); err != ErrFonts {
		t.Errorf("no fonts: %v", err)
	}
	assets.Fonts = fonts(t)
	assets.Seal.Image = []byte("no image")
	if _, _, err := Render(rec, decode(t, "blocks: [seal]"), assets); err == nil {
		t.Error("a broken seal image was accepted")
	}
}

// R-DOC-05 previews and R-LIC-16 downloads are marked, and the mark is not part of the text.
func TestWatermarkCopyAndSealAreNotRead(t *testing.T) {
	rec, assets := notice(t)
	assets.Watermark, assets.Copy = "预览无效", "存档联"
	assets.Seal.Line = "测试章"
	file, _ := mustRender(t, rec, decode(t, "blocks: [{paragraph: 正文}, seal]"), assets)
	got := words(t, file)
	if strings.Contains(got, "预览") || strings.Contains(got, "测试章") || !strings.Contains(got, "（存档联）") {
		t.Errorf("the page reads %s", got)
	}
	plain := assets
	plain.Watermark = ""
	if other, _ := mustRender(t, rec, decode(t, "blocks: [{paragraph: 正文}, seal]"), plain); bytes.Equal(file, other) {
		t.Error("the watermark leaves no mark")
	}
}

// R-DOC-07: the digest is known before the number is taken, and depends on every value.
func TestContentDigest(t *testing.T) {
	one, err := ContentDigest("t", map[string]any{"a": 1, "b": map[string]any{"c": "x", "d": nil}})
	if err != nil {
		t.Fatal(err)
	}
	same, err := ContentDigest("t", map[string]any{"b": map[string]any{"d": nil, "c": "x"}, "a": json.Number("1.0")})
	if err != nil || one != same || len(one) != 64 {
		t.Errorf("%s and %s (%v)", one, same, err)
	}
	for _, other := range []map[string]any{{"a": 2}, {"a": 1}, nil} {
		if d, err := ContentDigest("t", other); err != nil || d == one {
			t.Errorf("%v has the same digest (%v)", other, err)
		}
	}
	if d, err := ContentDigest("u", map[string]any{"a": 1, "b": map[string]any{"c": "x", "d": nil}}); err != nil || d == one {
		t.Errorf("another template has the same digest (%v)", err)
	}
}

// Design §10: a one-page notice (Chinese, table, code) in at most 10 ms of CPU.
func BenchmarkRenderNotice(b *testing.B) {
	rec, assets := notice(b)
	l := layoutOf(b, "notice.yaml")
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Render(rec, l, assets); err != nil {
			b.Fatal(err)
		}
	}
}
