package configuration_test

import (
	"strings"
	"testing"
	"time"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// officePack is a pack of the province with one class of archive, and its adoption by the county.
const (
	officePack = `
apiVersion: zhengtong/v1
kind: Pack
metadata: {tenant: "430000", name: office}
spec: {title: 办公包, provides: [ArchiveClass/office-files], parameters: {title: {type: string, required: true}, years: {type: int, default: 5}}, installable_levels: [county]}
---
apiVersion: zhengtong/v1
kind: ArchiveClass
metadata: {tenant: "430000", name: office-files, pack: office}
spec: {title: "${param.title}档案", retention: {years: "${param.years}"}, package: [form]}
`
	officeAdoption = `
apiVersion: zhengtong/v1
kind: Adoption
metadata: {tenant: "431321", name: office}
spec: {title: 启用, from: {pack: {tenant: "430000", name: office}}, with: {title: 办公}}
`
)

// R-CFG-03: a rollback brings an Adoption back, or takes it away, with all that it installs, from the pack as it is now; when
// the pack is gone, it is refused.
func TestRollbackOfAnAdoption(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openWith(t, d, append(packs(t, "national", "hunan"), kind.File{Path: "office.yaml", Content: []byte(officePack)}))
		visitor, reviewer := o.as(t, "visitor", county), o.as(t, "reviewer", county, "config-reviewer")
		title := func() string {
			t.Helper()
			f, err := o.Effective(visitor, "ArchiveClass", "office-files")
			if problem.CodeOf(err) == problem.NotFound {
				return ""
			}
			if err != nil {
				t.Fatal(err)
			}
			return f.Resource.Title()
		}
		back := func(to int, want string) {
			t.Helper()
			o.clock.Add(time.Second)
			if _, err := o.Rollback(reviewer, to, "回退"); err != nil || title() != want {
				t.Errorf("back at %d: %q, want %q, %v", to, title(), want, err)
			}
		}
		adopted := o.through(t, county, configuration.Submission{Message: "启用", Files: []kind.File{{Path: "a.yaml", Content: []byte(officeAdoption)}}})
		if title() != "办公档案" || adopted.Revisions[county] != 2 {
			t.Fatalf("%q, %v", title(), adopted.Revisions)
		}
		back(1, "")
		back(2, "办公档案")
		back(1, "")
		renewed := kind.File{Path: "office.yaml", Content: []byte(strings.Replace(officePack, "package: [form]", "package: [form, rating]", 1))}
		o.through(t, "430000", configuration.Submission{Message: "包有更新", Files: []kind.File{renewed}})
		o.republish(t, "430000")
		back(2, "办公档案")
		f, err := o.Effective(visitor, "ArchiveClass", "office-files")
		if err != nil || len(f.Resource.Spec.(*kind.ArchiveClass).Package) != 2 {
			t.Errorf("not from the pack as it is now: %+v, %v", f, err)
		}
		back(1, "")
		o.through(t, "430000", configuration.Submission{Message: "撤下配置包", Deletes: []configuration.Key{{Kind: "Pack", Name: "office"}, {Kind: "ArchiveClass", Name: "office/office-files"}}})
		if _, err := o.Rollback(reviewer, 2, "回退"); problem.CodeOf(err) != problem.Validation || title() != "" {
			t.Errorf("without its pack: %v", err)
		}
		if described, err := o.Describe(o.as(t, "author", county, "config-author"), "Adoption", "office", 4); err != nil || described.Found == nil {
			t.Errorf("as of a revision that had it: %+v, %v", described, err)
		}
	})
}
