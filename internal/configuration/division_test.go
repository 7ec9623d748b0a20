package configuration_test

import (
	"strings"
	"testing"
	"time"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// countyTenant is the Tenant of the smallest base's county with more said.
func countyTenant(more string) kind.File {
	return kind.File{Path: "tenant.yaml", Content: []byte(`apiVersion: zhengtong/v1
kind: Tenant
metadata: {tenant: "110101", name: "110101"}
spec: {title: 测试县, level: county, parent: "110000", ` + more + "}\n")}
}

// secondCounty is a county beside it.
const secondCounty = `
apiVersion: zhengtong/v1
kind: Tenant
metadata: {tenant: "110102", name: "110102"}
spec: {title: 第二县, level: county, division_code: "110102", parent: "110000"}
---
apiVersion: zhengtong/v1
kind: Department
metadata: {tenant: "110102", name: office}
spec: {title: 第二县办公室, uscc: "11430000006120011E", head: {role: viewer}}
`

// A tenant whose division code changes keeps its rows; both codes lead to it, and nobody else may take the new one.
func TestDivisionCodeChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openWith(t, d, smallest(t, authors, secondCounty))
		refused := func(file kind.File, want string) {
			t.Helper()
			_, err := o.SubmitChange(o.as(t, "author", "110000", "config-author"), configuration.Submission{Message: "改码", Files: []kind.File{file}})
			if problem.CodeOf(err) != problem.Validation || !strings.Contains(err.Error(), want) {
				t.Errorf("want %s: %v", want, err)
			}
		}
		refused(countyTenant(`division_code: "110105"`), "V-01")
		refused(countyTenant(`division_code: "110102", code_change: {since: "2026-03-01", basis: 批复}`), "V-07")
		o.clock.Add(time.Minute)
		o.through(t, "110000", configuration.Submission{Message: "县改区", Files: []kind.File{countyTenant(`division_code: "110105", code_change: {since: "2026-03-01", basis: 国函〔2026〕1号}`)}})
		for _, code := range []string{"110101", "110105"} {
			if now, ok := o.tree.Resolve(code); !ok || now.Code != "110101" || now.DivisionCode != "110105" {
				t.Errorf("%s leads to %+v, %t", code, now, ok)
			}
		}
		if _, err := o.Current(o.as(t, "visitor", "110101"), "permit"); err != nil {
			t.Error(err)
		}
	})
}

// A tenant that is merged leads to its successor, takes no applications and publishes nothing; open cases stay where they
// are, and what is published above passes it by. A code of the register of retired divisions leads to who took its place.
func TestTenantsMerge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openWith(t, d, smallest(t, authors, secondCounty))
		visitor := o.as(t, "visitor", "110101")
		pinned, err := o.Current(visitor, "permit")
		if err != nil {
			t.Fatal(err)
		}
		o.clock.Add(time.Minute)
		merged := `division_code: "110101", succeeded_by: {tenant: "110102", since: "2026-03-01", basis: 国函〔2026〕2号}`
		o.through(t, "110000", configuration.Submission{Message: "撤并", Files: []kind.File{countyTenant(merged)}})
		row, _ := o.tree.Get("110101")
		if row.Status != tenancy.Merged || row.SucceededBy != "110102" || row.SucceededOn != "2026-03-01" {
			t.Errorf("%+v", row)
		}
		for _, code := range []string{"110101", "110102", "110104"} { // 宣武区 became 西城区, 110102, in 2010
			if now, ok := o.tree.Resolve(code); !ok || now.Code != "110102" {
				t.Errorf("%s leads to %+v, %t", code, now, ok)
			}
		}
		if _, ok := o.tree.Resolve("999999"); ok {
			t.Error("a code of nobody leads somewhere")
		}
		if _, err := o.Current(visitor, "permit"); problem.ReasonOf(err) != "tenant_merged" {
			t.Errorf("%v", err)
		}
		if _, err := o.Pinned(visitor, "permit", pinned.Pins); err != nil {
			t.Errorf("an open case: %v", err)
		}
		if _, err := o.SubmitChange(o.as(t, "author", "110101", "config-author"), configuration.Submission{Message: "x", Files: []kind.File{countyTenant(merged)}}); problem.ReasonOf(err) != "tenant_merged" {
			t.Errorf("%v", err)
		}
	})
}
