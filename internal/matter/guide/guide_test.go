package guide

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"zhengtong/internal/deadline"
	"zhengtong/internal/document/font"
)

// hostile is a guide whose every text tries to be something else, with long and rare names.
func hostile(t *testing.T) *Guide {
	t.Helper()
	const bad = `周𠮷</style><script>alert(1)</script>{{.x}}"&'` + "\u0000"
	long := strings.Repeat("龘靐齉爩䶮㙓𬭎𠮷", 40)
	g := &Guide{Tenant: "431321", TenantTitle: bad, Name: "x", Title: long, Body: bad, Sections: []Section{{ID: "all", Title: bad, Blocks: []Block{
		{Text: bad}, {Facts: []Fact{{Name: bad, Value: long}}}, {List: []string{bad, long}}, {Steps: []Step{{Title: long, Phase: bad, Who: bad, Limit: bad}, {Title: bad}}},
		{Table: &Table{Head: []string{bad, "乙"}, Shares: []int{1, 2}, Rows: [][]string{{bad, long}, {"", "2026-03-02T00:00:00Z"}}}},
		{Links: []Link{{Title: bad, URL: "javascript:alert(1)"}}}}}}}
	day, err := deadline.ParseDate("2026-03-02")
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Date("431321-1", day); err != nil {
		t.Fatal(err)
	}
	return g
}

// R-CAT-07: whatever a tenant writes into its titles and texts stays text, on the page and in the document.
func TestTextsStayTexts(t *testing.T) {
	g := hostile(t)
	page, err := HTML(g, "/matters/x?tenant=431321", "/guides/431321/x.pdf")
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	for _, never := range []string{"<script", "javascript:", `style="`, " onload", "http:"} {
		if strings.Contains(strings.ReplaceAll(text, `xmlns="http://www.w3.org/2000/svg"`, ""), never) {
			t.Errorf("the page holds %q", never)
		}
	}
	if !strings.Contains(text, "周𠮷&lt;/style&gt;&lt;script&gt;") {
		t.Error("the page does not show the text as it was written")
	}
	fonts, err := font.New()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := PDF(g, fonts); err != nil {
		t.Error(err)
	}
}

// The page's own style sheet is the only thing that its policy lets in.
func TestPolicyLetsInTheStyleSheet(t *testing.T) {
	page, err := HTML(hostile(t), "/", "/")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "<style>")
	sheet, _, found := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(sheet))
	if hash := base64.StdEncoding.EncodeToString(sum[:]); !found || !strings.Contains(Policy, "style-src 'sha256-"+hash+"'") {
		t.Errorf("%s does not let in a style sheet of hash %s", Policy, hash)
	}
	if strings.Contains(Policy, "unsafe") || !strings.HasPrefix(Policy, "default-src 'none'") {
		t.Errorf("the policy is %s", Policy)
	}
}

// R-CAT-13: a word changed, or another version or day, is another digest.
func TestDigestCoversWhatIsSaid(t *testing.T) {
	seen := map[string]string{}
	for name, change := range map[string]func(*Guide){
		"nothing": func(*Guide) {}, "title": func(g *Guide) { g.Title += "。" }, "cell": func(g *Guide) { g.Sections[0].Blocks[4].Table.Rows[0][1] = "x" },
		"step": func(g *Guide) { g.Sections[0].Blocks[3].Steps[0].Limit = "1" }, "order": func(g *Guide) { b := g.Sections[0].Blocks; b[0], b[2] = b[2], b[0] },
		"version": func(g *Guide) { g.Version = "431321-2" }, "day": func(g *Guide) { g.UpdatedOn = g.UpdatedOn.AddDays(1) },
	} {
		g := hostile(t)
		change(g)
		if err := g.Date(g.Version, g.UpdatedOn); err != nil {
			t.Fatal(err)
		}
		if other, known := seen[g.Digest]; known {
			t.Errorf("%s and %s have one digest", name, other)
		}
		seen[g.Digest] = name
	}
}

func TestOrdinal(t *testing.T) {
	for n, want := range map[int]string{1: "一", 9: "九", 10: "十", 13: "十三", 20: "二十", 21: "二十一", 99: "九十九"} {
		if got := ordinal(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}
