package code

import (
	"bytes"
	"os"
	"testing"

	"go.yaml.in/yaml/v3"

	"zhengtong/internal/deadline"
)

// checks names the check behind each list of testdata/codes.yaml.
var checks = map[string]func(string) error{
	"uscc": CheckUSCC, "organisation": CheckOrganisation, "division": CheckDivision, "basic": CheckBasic,
	"implementation": CheckImplementation, "handling": CheckHandlingItem, "material": CheckMaterial,
	"licence": CheckLicence, "food": CheckFoodLicence, "project": CheckProject, "query": CheckQueryCode,
	"citizen": func(s string) error { return CheckCitizenID(s, deadline.MustDate("2026-02-09")) },
}

func readYAML(t testing.TB, path string, into any) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		t.Fatal(err)
	}
}

func TestCodes(t *testing.T) {
	var lists map[string][]struct{ Code, Error string }
	readYAML(t, "testdata/codes.yaml", &lists)
	for name, check := range checks {
		if len(lists[name]) == 0 {
			t.Errorf("%s has no cases", name)
		}
		for _, c := range lists[name] {
			got := ""
			if err := check(c.Code); err != nil {
				got = err.Error()
			}
			if got != c.Error {
				t.Errorf("%s %s: %q, want %q", name, c.Code, got, c.Error)
			}
		}
	}
	if len(lists) != len(checks) {
		t.Errorf("%d lists for %d checks", len(lists), len(checks))
	}
}
