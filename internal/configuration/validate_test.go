package configuration_test

import (
	"testing"
	"time"

	"zhengtong/internal/configuration"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

// packs returns the shipped packs below the folders.
func packs(t testing.TB, folders ...string) []kind.File {
	t.Helper()
	var out []kind.File
	for _, folder := range folders {
		files, err := kind.Files(tenants.FS(), folder)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, files...)
	}
	return out
}

// R-CFG-06: the shipped packs pass every check, given together as one change.
func TestShippedPacksValidate(t *testing.T) {
	start := time.Now()
	base, err := configuration.BaseOf(packs(t, tenants.National))
	if err != nil {
		t.Fatal(err)
	}
	report := configuration.Validate(packs(t, "hunan", "hubei", "guangxi"), base)
	t.Log(time.Since(start))
	if !report.OK() {
		t.Errorf("%s", report.Problems.Errors())
	}
	if report.Matters < 3 || len(report.Tenants) < 6 {
		t.Errorf("%d matters of %v", report.Matters, report.Tenants)
	}
}
