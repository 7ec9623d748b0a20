package matter_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/matter"
	"zhengtong/schema/kind"
)

// paths are the areas of the catalogue.
var paths = map[string]string{"431321": shuangfeng, "431300": "national/430000/431300", "430000": "national/430000"}

// lines reads a file of test data without its comments and empty lines.
func lines(t *testing.T, name string) []string {
	t.Helper()
	file, err := os.Open("testdata/relevance/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var out []string
	for s := bufio.NewScanner(file); s.Scan(); {
		if line := strings.TrimSpace(s.Text()); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out
}

// dice are always the same.
func dice() *rand.Rand { return rand.New(rand.NewPCG(3, 7)) }

// heading is what the titles below it in the catalogue have in common.
type heading struct{ area, department, line, theme, objects string }

// catalogue makes matters of the titles, in an order, with codes and attributes that a seed decides.
func catalogue(t *testing.T) map[string][]configuration.Offer {
	t.Helper()
	dice := dice()
	out := map[string][]configuration.Offer{}
	var under heading
	n := 0
	for _, line := range lines(t, "catalogue.txt") {
		if rest, is := strings.CutPrefix(line, "= "); is {
			parts := strings.Split(rest, " | ")
			under = heading{parts[0], parts[1], parts[2], parts[3], parts[4]}
			continue
		}
		title, aliases, _ := strings.Cut(line, " | ")
		base, varied := strings.CutSuffix(title, "+")
		variants := []string{base}
		if varied {
			for _, act := range []string{"新办", "变更", "延续", "注销", "补办"} {
				variants = append(variants, base+"（"+act+"）")
			}
		}
		for i, variant := range variants {
			if i == 0 {
				n++
			}
			out[under.area] = append(out[under.area], under.offer(variant, aliases, fmt.Sprintf("000131%03d%03d", n, i+1), dice))
		}
	}
	for area := range out {
		dice.Shuffle(len(out[area]), func(i, j int) { out[area][i], out[area][j] = out[area][j], out[area][i] })
	}
	return out
}

func (h heading) offer(title, aliases, code string, dice *rand.Rand) configuration.Offer {
	spec := &kind.Matter{}
	spec.Title, spec.BasicCode, spec.Line, spec.Themes, spec.ServiceObjects = title, code, h.line, []string{h.theme}, strings.Split(h.objects, ",")
	spec.ItemType = []string{"administrative_licence", "confirmation", "public_service"}[dice.IntN(3)]
	spec.CaseType = []string{"instant", "promised"}[dice.IntN(2)]
	spec.OnlineDepth = []string{"I", "II", "III", "IV"}[dice.IntN(4)]
	spec.ExerciseLevel, spec.PublicListed = "county", true
	spec.Channels, spec.Delivery = []string{"window", "web"}[:1+dice.IntN(2)], []string{"pickup", "courier"}[:1+dice.IntN(2)]
	if aliases != "" {
		spec.Aliases = strings.Split(aliases, "、")
	}
	if dice.IntN(5) == 0 {
		spec.JointDepartments = []string{"zwfwj"}
	}
	spec.CrossArea = []string{"", "province", "nation"}[len(title)%3] // no dice: what they gave stays as it is
	flow := append([]string{"受理"}, [][]string{{"审查决定"}, {"现场核查", "审查决定"}, {"ＸＫ核查"}}[len(title)/3%3]...)
	resource := &kind.Resource{Kind: "Matter", Metadata: kind.Metadata{Tenant: h.area, Name: "m-" + code}}
	return configuration.Offer{Found: &configuration.Found{Resource: resource, Digest: code, Owner: h.area}, Spec: spec, Flow: flow,
		Binding: configuration.Binding{Department: "d-" + h.line, DepartmentTitle: h.department}}
}

// publishCatalogue gives the areas the matters of the catalogue in place of their own.
func publishCatalogue(t *testing.T, d *db.DB) map[string][]configuration.Offer {
	t.Helper()
	offers := catalogue(t)
	for area, offered := range offers {
		offer(t, d, area, offered...)
	}
	return offers
}

func offer(t *testing.T, d *db.DB, area string, offered ...configuration.Offer) {
	t.Helper()
	err := matter.NewProjection(d).Project(dbtest.As(t.Context(), paths[area]), configuration.Publication{Tenant: area, Revision: 9, At: noon, Offered: offered})
	if err != nil {
		t.Fatal(err)
	}
}

// R-CAT-03: what comes first for what people type, on both databases alike; what only
// the governments above offer is found too, and marked.
func TestRelevance(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		publishCatalogue(t, d)
		county := dbtest.As(t.Context(), shuangfeng)
		for _, line := range lines(t, "cases.txt") {
			typed, want, ok := strings.Cut(line, " => ")
			if !ok {
				t.Fatalf("no => in %q", line)
			}
			expected := strings.Split(want, "; ")
			l, err := s.List(county, matter.Query{Text: typed, Order: matter.ByRelevance, Above: true, Page: matter.Page{First: 20}})
			if err != nil {
				t.Errorf("%s: %v", typed, err)
				continue
			}
			var got []string
			for _, hit := range l.Hits {
				title := hit.Title
				if hit.Tenant != "431321" {
					title = "[" + title + "]"
				}
				got = append(got, title)
			}
			if want == "nothing" {
				expected = nil
				if len(got) > 0 {
					t.Errorf("%s finds %v", typed, got[:min(len(got), 4)])
				}
			}
			if first := got[:min(len(got), len(expected))]; !slices.Equal(first, expected) {
				t.Errorf("%s\n got %s\nwant %s", typed, strings.Join(got[:min(len(got), 8)], "; "), want)
			}
		}
	})
}
