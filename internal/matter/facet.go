package matter

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
)

// Filter narrows the list; all that is given holds together (R-CAT-02, R-CAT-04,
// R-CAT-08, R-CAT-11, R-CAT-15).
type Filter struct {
	Department    string
	Line          string // line of work, which is the administrative function
	Theme         string
	ServiceObject string
	ServiceGroup  string // citizen, enterprise, government
	ItemType      string
	CaseType      string // instant, promised, forwarded
	Joint         *bool  // whether other departments take part
	Level         string // that exercises the power
	Channel       string
	Delivery      string   // way in which the result is delivered
	OnlineDepth   string   // I, II, III, IV: the stage of maturity
	CrossArea     string   // none, city, province, nation: how far applications from elsewhere are taken
	Step          string   // text in the title of a step of the flow, or of a special procedure
	Names         []string // of the resources; nil for all, empty for none
}

// serviceGroups are the objects of services in the three classes that portals show
// (R-CAT-15); a firm of one person is in two of them.
var serviceGroups = map[string][]string{
	"citizen":    {"natural_person", "individual_business"},
	"enterprise": {"enterprise", "individual_business", "unincorporated_enterprise", "social_organisation", "public_institution"},
	"government": {"administrative_organ", "public_institution"},
}

// groupsOf are the classes that a matter for these objects is for.
func groupsOf(objects []string) []string {
	var out []string
	for _, group := range slices.Sorted(maps.Keys(serviceGroups)) {
		if slices.ContainsFunc(objects, func(object string) bool { return slices.Contains(serviceGroups[group], object) }) {
			out = append(out, group)
		}
	}
	return out
}

// dimension is one way to narrow the list: in SQL by its column, here by the values of an entry.
type dimension struct {
	name   string
	column string
	many   bool // the column is a list
	wanted func(Filter) string
	values func(*entry) []string
	accept func(wanted string) []string // what the column may hold; nil for the wanted value itself
}

var dimensions = []dimension{
	{name: "department", column: "department", wanted: func(f Filter) string { return f.Department }, values: func(e *entry) []string { return []string{e.department} }},
	{name: "line", column: "line", wanted: func(f Filter) string { return f.Line }, values: func(e *entry) []string { return []string{e.line} }},
	{name: "theme", column: "themes", many: true, wanted: func(f Filter) string { return f.Theme }, values: func(e *entry) []string { return listed(e.themes) }},
	{name: "serviceObject", column: "audiences", many: true, wanted: func(f Filter) string { return f.ServiceObject }, values: func(e *entry) []string { return listed(e.audiences) }},
	{name: "serviceGroup", column: "audiences", many: true, wanted: func(f Filter) string { return f.ServiceGroup }, values: func(e *entry) []string { return groupsOf(listed(e.audiences)) },
		accept: func(group string) []string { return serviceGroups[group] }},
	{name: "itemType", column: "item_type", wanted: func(f Filter) string { return f.ItemType }, values: func(e *entry) []string { return []string{e.itemType} }},
	{name: "caseType", column: "case_type", wanted: func(f Filter) string { return f.CaseType }, values: func(e *entry) []string { return []string{e.caseType} }},
	{name: "joint", column: "joint", wanted: func(f Filter) string {
		if f.Joint == nil {
			return ""
		}
		return strconv.FormatBool(*f.Joint)
	}, values: func(e *entry) []string { return []string{strconv.FormatBool(e.joint)} }},
	{name: "level", column: "level", wanted: func(f Filter) string { return f.Level }, values: func(e *entry) []string { return []string{e.level} }},
	{name: "channel", column: "channels", many: true, wanted: func(f Filter) string { return f.Channel }, values: func(e *entry) []string { return listed(e.channels) }},
	{name: "delivery", column: "deliveries", many: true, wanted: func(f Filter) string { return f.Delivery }, values: func(e *entry) []string { return listed(e.deliveries) }},
	{name: "onlineDepth", column: "online_depth", wanted: func(f Filter) string { return f.OnlineDepth }, values: func(e *entry) []string { return []string{e.onlineDepth} }},
	{name: "crossArea", column: "cross_area", wanted: func(f Filter) string { return f.CrossArea }, values: func(e *entry) []string { return []string{e.crossArea} }},
}

// misses are the dimensions in which an entry is not what the filter wants, at most two: more make no difference.
func (f Filter) misses(e *entry) []int {
	var out []int
	for i, d := range dimensions {
		if wanted := d.wanted(f); wanted != "" && !slices.Contains(d.values(e), wanted) {
			if out = append(out, i); len(out) == 2 {
				break
			}
		}
	}
	return out
}

// Facet counts the matters found by the values of one dimension. A dimension that is
// filtered counts what it would find without its own filter, so that another value can
// be chosen.
type Facet struct {
	Name   string
	Values []FacetValue // those with most matters first, at most maxValues
}

// FacetValue is a value with the number of matters found that have it.
type FacetValue struct {
	Value string
	Title string // of a department; empty when the value speaks for itself
	Count int
}

// maxValues bounds the values that a facet shows.
const maxValues = 40

// facets counts what was found, in one pass.
func facets(found []match, f Filter) []Facet {
	counts := make([]map[string]int, len(dimensions))
	titles := map[string]string{}
	count := func(i int, e *entry) {
		for _, value := range dimensions[i].values(e) {
			if value != "" {
				counts[i][value]++
			}
		}
	}
	for i := range counts {
		counts[i] = map[string]int{}
	}
	for _, m := range found {
		titles[m.department] = m.departmentTitle
		switch missed := f.misses(m.entry); len(missed) {
		case 0:
			for i := range dimensions {
				count(i, m.entry)
			}
		case 1:
			count(missed[0], m.entry)
		}
	}
	out := make([]Facet, len(dimensions))
	for i, d := range dimensions {
		out[i] = Facet{Name: d.name, Values: ordered(counts[i])}
		if d.name == "department" {
			for j, value := range out[i].Values {
				out[i].Values[j].Title = titles[value.Value]
			}
		}
	}
	return out
}

func ordered(counts map[string]int) []FacetValue {
	out := make([]FacetValue, 0, len(counts))
	for value, n := range counts {
		out = append(out, FacetValue{Value: value, Count: n})
	}
	slices.SortFunc(out, func(a, b FacetValue) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Value, b.Value)) })
	return out[:min(len(out), maxValues)]
}
