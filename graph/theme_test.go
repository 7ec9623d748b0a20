package graph_test

import (
	"slices"
	"strings"
	"testing"
)

// R-CAT-14: an applicant subscribes to themes; they are kept with the account, in every
// tenant, and nobody else can have any. What comes first in hot lists is tested in
// internal/matter.
func TestSubscribeThemes(t *testing.T) {
	w := open(t)
	const subscribing = `mutation($input: SubscribeThemesInput!) { subscribeThemes(input: $input) { clientMutationId viewer { themes } } }`
	themes := func(a answer, path ...any) string {
		var out []string
		list, _ := a.at(append(path, "viewer", "themes")...).([]any)
		for _, one := range list {
			out = append(out, one.(string))
		}
		return strings.Join(out, " ")
	}
	const reading = `{ viewer { themes } }`
	if got := themes(w.do("xiangwei", reading, nil)); got != "" {
		t.Errorf("at first: %s", got)
	}
	chosen := input(map[string]any{"themes": []string{"户籍", " 开办企业 ", "户籍"}, "clientMutationId": "c"})
	first := w.do("xiangwei", subscribing, chosen, "Idempotency-Key", "themes-1")
	again := w.do("xiangwei", subscribing, chosen, "Idempotency-Key", "themes-1")
	if got := themes(first, "subscribeThemes"); got != "开办企业 户籍" || themes(again, "subscribeThemes") != got || first.text("subscribeThemes", "clientMutationId") != "c" {
		t.Errorf("%v, %v", first.Data, again.Data)
	}
	if got := themes(w.do("xiangwei", reading, nil, "X-Tenant", county)); got != "开办企业 户籍" {
		t.Errorf("in a county: %s", got)
	}
	if got := themes(w.do("yongfeng", reading, nil)); got != "" {
		t.Errorf("another applicant has %s", got)
	}
	for name, wrong := range map[string][]string{"empty": {" "}, "long": {strings.Repeat("长", 51)}, "many": slices.Collect(func(yield func(string) bool) {
		for i := range 51 {
			if !yield(string(rune('一' + i))) {
				return
			}
		}
	})} {
		if code := w.ask("xiangwei", subscribing, input(map[string]any{"themes": wrong})).code(); code != "VALIDATION" {
			t.Errorf("%s: %s", name, code)
		}
	}
	if code := w.ask("shencha", subscribing, chosen).code(); code != "FORBIDDEN" {
		t.Errorf("staff: %s", code)
	}
	if code := w.ask("", subscribing, chosen).code(); code != "UNAUTHENTICATED" {
		t.Errorf("a visitor: %s", code)
	}
	w.do("xiangwei", subscribing, input(map[string]any{"themes": []string{}}))
	if got := themes(w.do("xiangwei", reading, nil)); got != "" {
		t.Errorf("ended: %s", got)
	}
}
