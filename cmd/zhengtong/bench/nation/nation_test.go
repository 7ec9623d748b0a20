package nation

import (
	"testing"
	"time"

	"zhengtong/internal/configuration"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

// The country passes the checks of publication, and its sizes are what was asked for.
func TestCountryIsSound(t *testing.T) {
	n, err := New(Size{Tenants: 8, Matters: 40, Every: 10})
	if err != nil {
		t.Fatal(err)
	}
	files, err := kind.Files(tenants.FS(), tenants.National)
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, n.Catalogue()...)
	for _, tenant := range n.Tenants {
		files = append(files, n.Government(tenant)...)
	}
	began := time.Now()
	_, report := configuration.Check(files, nil, configuration.Base{})
	t.Log(time.Since(began), report.Resources, report.Matters)
	if !report.OK() {
		list := report.Problems.Errors()
		t.Fatalf("%d errors:\n%s", len(list), list[:min(len(list), 12)])
	}
	if report.Matters != 8*40 {
		t.Errorf("%d matters are offered", report.Matters)
	}
}
