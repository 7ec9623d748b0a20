package graph_test

import (
	"fmt"
	"testing"
)

// Search by GraphQL: ranked, with the matched parts of titles, facets and a count; a mixture of characters and letters.
func TestMatterSearch(t *testing.T) {
	w := open(t)
	const query = `query($text: String, $filter: MatterFilter, $after: String) { matters(text: $text, filter: $filter, after: $after) {
		edges { cursor titleParts { text matched } node { name joint open tenant { code } } } totalCount
		facets { name values { value title count } } pageInfo { hasNextPage endCursor } } }`
	a := w.do("", query, map[string]any{"text": "食品jy"}, "X-Tenant", county)
	parts := fmt.Sprint(a.at("matters", "edges", 0, "titleParts"))
	if a.text("matters", "edges", 0, "node", "tenant", "code") != county || a.at("matters", "edges", 0, "node", "open") != true ||
		parts != "[map[matched:true text:食品经营] map[matched:false text:许可（新办）]]" || fmt.Sprint(a.at("matters", "totalCount")) != "1" {
		t.Errorf("%v", a.Data)
	}
	facets := map[string]string{}
	for _, facet := range a.at("matters", "facets").([]any) {
		f := facet.(map[string]any)
		facets[f["name"].(string)] = fmt.Sprint(f["values"])
	}
	if facets["department"] != "[map[count:1 title:双峰县市场监督管理局 value:scjgj]]" || facets["joint"] != "[map[count:1 title:<nil> value:false]]" || len(facets) != 13 {
		t.Errorf("facets %v", facets)
	}
	none := w.do("", query, map[string]any{"text": "食品jy", "filter": map[string]any{"joint": true, "onlineDepth": "I", "delivery": "courier"}}, "X-Tenant", county)
	if len(none.at("matters", "edges").([]any)) != 0 || fmt.Sprint(none.at("matters", "totalCount")) != "0" {
		t.Errorf("filtered: %v", none.Data)
	}
	for step, found := range map[string]int{"现场核查": 1, "听证": 0} { // R-CAT-08
		a := w.do("", query, map[string]any{"filter": map[string]any{"step": step}}, "X-Tenant", county)
		if got := len(a.at("matters", "edges").([]any)); got != found {
			t.Errorf("%s in the flow: %d matters", step, got)
		}
	}
	if e := w.ask("", query, map[string]any{"text": "食品", "after": "nonsense"}, "X-Tenant", county); e.code() != "BAD_REQUEST" {
		t.Errorf("a bad cursor: %+v", e.Errors)
	}
}

// R-MGT-05, R-CAT-05: an application counts for its matter at once; staff who read configuration see it, nobody else does.
func TestMatterUsage(t *testing.T) {
	w := open(t)
	const query = `query($id: ID!) { matter(id: $id) { usage { submitted lastUsedOn channels { channel submitted } } } }`
	w.apply("xiangwei")
	a := w.do("bianzhi", query, map[string]any{"id": food})
	if fmt.Sprint(a.at("matter", "usage", "submitted")) == "0" || a.text("matter", "usage", "channels", 0, "channel") != "web" || a.text("matter", "usage", "lastUsedOn") == "" {
		t.Errorf("%v", a.Data)
	}
	for login, code := range map[string]string{"": "UNAUTHENTICATED", "xiangwei": "FORBIDDEN", "hecha": "FORBIDDEN", "shi-bianzhi": "NOT_FOUND"} {
		if e := w.ask(login, query, map[string]any{"id": food}); e.code() != code {
			t.Errorf("%q: %+v %v", login, e.Errors, e.Data)
		}
	}
	hot := w.do("", `query { matters(orderBy: hot, first: 1) { edges { node { name } } } }`, nil, "X-Tenant", county)
	if hot.text("matters", "edges", 0, "node", "name") != "food-business-licence" {
		t.Errorf("hot: %v", hot.Data)
	}
}
