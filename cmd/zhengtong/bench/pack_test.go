package bench

import (
	"testing"

	"zhengtong/internal/configuration"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

// The pack that the bench publishes passes every publish check on top of the demo tenants.
func TestPackPassesThePublishCheck(t *testing.T) {
	national, err := kind.Files(tenants.FS(), tenants.National)
	if err != nil {
		t.Fatal(err)
	}
	hunan, err := kind.Files(tenants.FS(), "hunan")
	if err != nil {
		t.Fatal(err)
	}
	base, err := configuration.BaseOf(append(national, hunan...))
	if err != nil {
		t.Fatal(err)
	}
	files, err := packFiles()
	if err != nil {
		t.Fatal(err)
	}
	report := configuration.Validate(files, base)
	if !report.OK() {
		t.Fatalf("problems:\n%s", report.Problems)
	}
	if report.Resources != 4 {
		t.Fatalf("the pack holds 4 resources, %d were read", report.Resources)
	}
}
