package graph_test

import (
	"fmt"
	"testing"
)

// R-CFG-08: a tenant's portal bears the name, colour and links of its theme; without one, the tenant's own title.
func TestPortalIsBranded(t *testing.T) {
	w := open(t)
	const ask = `query($code: String!) { tenant(code: $code) { portal { title colour menu { title url } hotline } } }`
	county := w.do("", ask, map[string]any{"code": county}).Data["tenant"].(map[string]any)["portal"]
	want := "map[colour:#0b5a5a hotline:12345 menu:[map[title:国家政务服务平台 url:https://www.gov.cn]] title:双峰县政务服务网]"
	if got := fmt.Sprint(county); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	city := w.do("", ask, map[string]any{"code": "431300"}).Data["tenant"].(map[string]any)["portal"].(map[string]any)
	if city["colour"] != nil || len(city["menu"].([]any)) != 0 {
		t.Errorf("a county's theme dresses its city: %v", city)
	}
}
