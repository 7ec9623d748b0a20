package code_test

import (
	"slices"
	"strings"
	"testing"

	"zhengtong/internal/code"
)

// Retired codes keep their validity and lead to what is in use: 崇文区 was merged in 2010, 崇明县 became a district.
func TestRetiredDivisions(t *testing.T) {
	merged, ok := code.RetiredDivision("110103")
	if !ok || merged.Name != "崇文区" || merged.To != 2010 || !merged.ValidIn(2010) || merged.ValidIn(2011) || merged.ValidIn(1980) {
		t.Errorf("%+v, %t", merged, ok)
	}
	for retired, want := range map[string]string{"110103": "110101", "310230": "310151", "130103": "130102 130104", "431321": "", "999999": ""} {
		if got := strings.Join(code.Successors(retired), " "); got != want {
			t.Errorf("%s leads to %q, want %q", retired, got, want)
		}
	}
	if !code.ValidDivision("110103") {
		t.Error("a retired code is malformed")
	}
	if _, ok := code.RetiredDivision("431321"); ok {
		t.Error("双峰县 is in use")
	}
}

// Every line of the register is well formed, and no successor is still retired.
func TestRegisterOfRetiredDivisions(t *testing.T) {
	n := 0
	for province := range 90 {
		for rest := range 10_000 {
			division := string([]byte{byte('0' + province/10), byte('0' + province%10), byte('0' + rest/1000), byte('0' + rest/100%10), byte('0' + rest/10%10), byte('0' + rest%10)})
			r, ok := code.RetiredDivision(division)
			if !ok {
				continue
			}
			n++
			if !code.ValidDivision(division) || r.Name == "" || r.From < 1981 || r.To < r.From || r.To > 2024 {
				t.Errorf("%+v", r)
			}
			for _, successor := range code.Successors(division) {
				if _, gone := code.RetiredDivision(successor); gone || !code.ValidDivision(successor) || slices.Contains([]string{division}, successor) {
					t.Errorf("%s leads to %s", division, successor)
				}
			}
		}
	}
	if n < 3000 {
		t.Errorf("%d retired codes", n)
	}
}
