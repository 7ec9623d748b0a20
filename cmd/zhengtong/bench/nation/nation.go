// Package nation makes a large installation: a country of provinces, cities and
// counties, a standard catalogue of matters, and every government taking the
// catalogue over by one Adoption and changing some of it. Everything is computed
// from sizes alone, so that two runs make the same country, byte for byte.
//
// The matters have the shape of those that come with the program: the same forms,
// workflows, materials, documents and fees, some shared by many matters, some a
// matter's own. Codes are well formed and made up.
package nation

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zhengtong/internal/code"
	"zhengtong/schema/kind"
)

// Size says how large a country is.
type Size struct {
	Tenants int // provinces, cities and counties together
	Matters int // of the standard catalogue
	Every   int // a county patches every so-many-th matter: 10 for 10 %; 0 = none
}

func (s Size) check() error {
	switch {
	case s.Tenants < 1 || s.Tenants > maxTenants:
		return fmt.Errorf("a country has 1 to %d tenants", maxTenants)
	case s.Matters < 1 || s.Matters > len(subjects)*len(acts):
		return fmt.Errorf("a catalogue has 1 to %d matters", len(subjects)*len(acts))
	case s.Every < 0:
		return fmt.Errorf("every %d-th matter cannot be patched", s.Every)
	}
	return nil
}

// The shape of the country: the first province is like 湖南, with 14 cities and 122
// counties; others have as many as the rest allows.
const (
	provinces      = 31
	firstCities    = 14
	firstCounties  = 122
	citiesAmong    = 10 // one government in so many is a city
	maxTenants     = 20_000
	countiesOfCity = 60 // at most, in the two digits that a code has for them
)

// Tenant is one government of the country.
type Tenant struct {
	Code, Parent, Level, Title string
	index                      int // among all, from 0
}

// Nation is a country to be made.
type Nation struct {
	Size
	Tenants []Tenant // each after the one above it
	shapes  []shape
	byCode  map[string]Tenant
}

// New lays a country out.
func New(size Size) (*Nation, error) {
	if err := size.check(); err != nil {
		return nil, err
	}
	shapes, err := loadShapes()
	if err != nil {
		return nil, err
	}
	n := &Nation{Size: size, shapes: shapes, byCode: map[string]Tenant{}}
	n.settle()
	return n, nil
}

// settle founds governments until there are enough.
func (n *Nation) settle() {
	left := n.Size.Tenants
	add := func(code, parent, level, title string) bool {
		if left == 0 {
			return false
		}
		left--
		t := Tenant{Code: code, Parent: parent, Level: level, Title: title, index: len(n.Tenants)}
		n.Tenants = append(n.Tenants, t)
		n.byCode[code] = t
		return true
	}
	for p := 0; p < provinces && left > 0; p++ {
		share := 1 + firstCities + firstCounties
		if p > 0 {
			share = max(1, (left+provinces-p-1)/(provinces-p))
		}
		share = min(share, left)
		province := fmt.Sprintf("%02d0000", provinceCodes[p])
		add(province, kind.National, "province", fmt.Sprintf("第%d省", p+1))
		cities, counties := firstCities, firstCounties
		if p > 0 || share < 1+firstCities+firstCounties {
			cities = min(max(share/citiesAmong, 1), share-1)
			counties = share - 1 - cities
		}
		for c := range cities {
			city := fmt.Sprintf("%02d%02d00", provinceCodes[p], c+1)
			add(city, province, "city", fmt.Sprintf("第%d省第%d市", p+1, c+1))
			of := counties / cities
			if c < counties%cities {
				of++
			}
			for k := range min(of, countiesOfCity) {
				add(fmt.Sprintf("%02d%02d%02d", provinceCodes[p], c+1, 21+k), city, "county", fmt.Sprintf("第%d省第%d市第%d县", p+1, c+1, k+1))
			}
		}
	}
}

// provinceCodes are the first two digits of 31 divisions of GB/T 2260.
var provinceCodes = [provinces]int{43, 11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65}

// Under are the governments at and below one.
func (n *Nation) Under(code string) []Tenant {
	var out []Tenant
	for _, t := range n.Tenants {
		for at := t; ; at = n.byCode[at.Parent] {
			if at.Code == code {
				out = append(out, t)
			}
			if at.Code == code || at.Parent == kind.National {
				break
			}
		}
	}
	return out
}

// Keep leaves out the governments that are not kept: a country that is made only in part.
func (n *Nation) Keep(kept func(code string) bool) {
	n.Tenants = slices.DeleteFunc(n.Tenants, func(t Tenant) bool { return !kept(t.Code) })
}

// Patches reports whether a government changes a matter of the catalogue. Over
// matters and over governments alike it is one in Every.
func (n *Nation) Patches(t Tenant, matter int) bool {
	return n.Every > 0 && t.Level == "county" && (t.index+matter)%n.Every == 0
}

// Government is what one government declares: itself, a department for each
// line with its seal, the Adoption, and its patches.
func (n *Nation) Government(t Tenant) []kind.File {
	w := &writer{tenant: t.Code}
	w.add("Tenant", t.Code, nil, map[string]any{"title": t.Title, "level": t.Level, "division_code": t.Code, "parent": t.Parent, "timezone": "Asia/Shanghai",
		"default_locale": "zh-CN"})
	for i, line := range lines {
		department := fmt.Sprintf("dept-%d", i+1)
		w.add("Department", department, nil, map[string]any{"title": t.Title + line.office, "short": fmt.Sprintf("%s%d", line.short, t.index), "line": line.name,
			"uscc": credit(t, i), "is_service_manager": i == 0, "head": map[string]any{"role": "agency-head"},
			"places": map[string]any{"address": t.Title + "政务服务中心", "hours": "工作日 09:00-12:00 13:00-17:00", "phone": "12345", "complaint": "12345"}})
		w.add("SealPolicy", "seal-"+department, nil, map[string]any{"title": t.Title + line.office + "行政许可专用章", "owner": department, "seal_type": sealType,
			"custody": "hsm", "usable_on": n.sealed(), "grants": n.seals(), "per_use": map[string]any{"require_case": true, "require_document_hash": true}})
	}
	w.add("Adoption", "standard", nil, map[string]any{"title": "标准目录", "from": map[string]any{"tenant": t.Parent}, "select": map[string]any{"kinds": []any{"Matter"}}})
	for i := range n.Matters {
		if n.Patches(t, i) {
			w.add("Matter", MatterName(i), map[string]any{"tenant": t.Parent, "name": MatterName(i)}, map[string]any{
				"abstract": false, "exercise_level": t.Level, "promised_limit": map[string]any{"n": 1 + (t.index+i)%4, "unit": "workday"},
				"guide": map[string]any{"address": fmt.Sprintf("%s政务服务中心%d号窗口", t.Title, 1+i%40), "hours": "工作日 09:00-12:00 13:00-17:00", "phone": "12345",
					"complaint": "12345"}})
		}
	}
	return w.files("country/" + t.Code)
}

// credit is a made-up unified social credit code with a right check digit.
func credit(t Tenant, line int) string {
	full, err := code.CompleteUSCC(fmt.Sprintf("11%s00%07d", t.Code, t.index*len(lines)+line))
	if err != nil {
		panic(err) // digits alone are well formed
	}
	return full
}

// line is one of the lines of work (条线) that matters belong to.
type line struct{ name, office, short string }

var lines = []line{{"政务服务", "行政审批服务局", "政务"}, {"市场监管", "市场监督管理局", "市监"}, {"发展改革", "发展和改革局", "发改"}, {"住房城乡建设", "住房和城乡建设局", "住建"},
	{"卫生健康", "卫生健康局", "卫健"}, {"交通运输", "交通运输局", "交通"}}

// writer gathers one tenant's resources as one file. JSON is YAML, and quick to write.
type writer struct {
	tenant string
	text   strings.Builder
	more   []kind.File
}

func (w *writer) add(kindName, name string, extends, spec map[string]any, locks ...any) {
	metadata := map[string]any{"tenant": w.tenant, "name": name}
	if extends != nil {
		metadata["extends"] = extends
	}
	if len(locks) > 0 {
		metadata["locks"] = locks
	}
	fmt.Fprintf(&w.text, "---\napiVersion: %s\nkind: %s\nmetadata: %s\nspec: %s\n", kind.APIVersion, kindName, kind.Canonical(metadata), kind.Canonical(plain(spec)))
}

// plain is a tree with numbers as the kinds have them.
func plain(tree any) any {
	switch t := tree.(type) {
	case int:
		return json.Number(strconv.Itoa(t))
	case []any:
		for i := range t {
			t[i] = plain(t[i])
		}
	case map[string]any:
		for key := range t {
			t[key] = plain(t[key])
		}
	}
	return tree
}

func (w *writer) files(folder string) []kind.File {
	return append([]kind.File{{Path: folder + "/resources.yaml", Content: []byte(strings.TrimPrefix(w.text.String(), "---\n"))}}, w.more...)
}
