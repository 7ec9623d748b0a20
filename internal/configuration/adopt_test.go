package configuration_test

import (
	"os"
	"slices"
	"testing"

	"zhengtong/internal/clock"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// smallest returns the files of the smallest base with others laid beside them.
func smallest(t *testing.T, more ...string) []kind.File {
	t.Helper()
	files, err := kind.Files(os.DirFS(checkCases), "base")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, packs(t, "national")...)
	for i, text := range more {
		files = append(files, kind.File{Path: "more/" + string(rune('a'+i)) + ".yaml", Content: []byte(text)})
	}
	return files
}

func openFiles(t *testing.T, d *db.DB, files []kind.File) (*configuration.Service, *tenancy.Tree) {
	t.Helper()
	tree := tenancy.NewTree(d)
	s, err := configuration.New(configuration.Config{DB: d, Clock: clock.NewManual(noon), Tree: tree})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Bootstrap(t.Context(), files...); err != nil {
		t.Fatal(err)
	}
	return s, tree
}

const (
	adopted = `
apiVersion: zhengtong/v1
kind: Matter
metadata: {tenant: "110000", name: standard}
spec:
  abstract: true
  title: 省定许可
  item_type: administrative_licence
  basic_code: "000121000003"
  catalogue_item: permit
  line: 其他
  legal_basis: [{law: 测试条例}]
  service_objects: [enterprise]
  case_type: promised
  promised_limit: {n: 9, unit: workday}
  form: standard-form
  workflow: standard-flow
  fee: standard-free
  archive_class: standard-files
  guide: {address: 各地政务服务中心, hours: 工作日, phone: "12345", complaint: "12345"}
  documents: {acceptance: paper, non_acceptance: paper, correction: paper, grant: paper, refuse: paper, receipt: paper, extension: paper}
  remedies: {reconsideration: {body: 上级机关}}
---
apiVersion: zhengtong/v1
kind: Form
metadata: {tenant: "110000", name: standard-form}
spec: {title: 表, schema: {type: object, required: [name], properties: {name: {type: string, title: 名称}}}, ui: {sections: [{title: 一, fields: [name]}]}}
---
apiVersion: zhengtong/v1
kind: FeeSchedule
metadata: {tenant: "110000", name: standard-free}
spec: {title: 不收费, charge: none, legal_basis: 行政许可法第五十八条}
---
apiVersion: zhengtong/v1
kind: ArchiveClass
metadata: {tenant: "110000", name: standard-files}
spec: {title: 十年, retention: {years: 10}, package: [form]}
---
apiVersion: zhengtong/v1
kind: DocumentTemplate
metadata: {tenant: "110000", name: paper}
spec: {title: 文书, class: notice, fields: [case.no], layout: {blocks: [{title: 文书}]}}
---
apiVersion: zhengtong/v1
kind: Workflow
metadata: {tenant: "110000", name: standard-flow}
spec:
  title: 省定流程
  start: check
  nodes:
    - id: check
      title: 审查
      type: human
      phase: pre_acceptance
      assign: {department: $matter.implementing_department, role: officer, strategy: claim}
      actions:
        - {id: accept, title: 受理, effect: accept, document: acceptance, to: decide}
        - {id: correct, title: 补正, effect: issue_correction, document: correction, requires: [item_list, reason], to: wait, max_times: 1}
        - {id: refuse, title: 不受理, effect: refuse_acceptance, ground: not_competent, document: non_acceptance, requires: [reason, competent_agency], to: end_not_accepted}
    - {id: wait, title: 等待, type: wait, phase: pre_acceptance, events: {resubmitted: check, expired: abnormal}}
    - id: decide
      title: 决定
      type: human
      phase: handling
      assign: {department: $matter.implementing_department, role: approver, strategy: claim}
      actions:
        - {id: grant, title: 准予, effect: decide_grant, document: grant, to: end_granted}
        - {id: refuse, title: 不予, effect: decide_refuse, document: refuse, requires: [reason, legal_basis, remedies], to: end_refused}
    - {id: end_granted, type: end, outcome: granted}
    - {id: end_refused, type: end, outcome: refused}
    - {id: end_not_accepted, type: end, outcome: not_accepted}
`
	adoption = `
apiVersion: zhengtong/v1
kind: Adoption
metadata: {tenant: "110101", name: province}
spec: {title: 承接省级事项, from: {tenant: "110000"}, select: {kinds: [Matter], lines: [其他]}}
`
)

// R-MGT-16, docs/kinds.md Adoption: one resource makes the province's matters concrete here, bound to this tenant's body.
func TestAdoptionMakesMattersConcrete(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, tree := openFiles(t, d, smallest(t, adopted, adoption))
		county, err := tree.ActAs(t.Context(), "110101", "test")
		if err != nil {
			t.Fatal(err)
		}
		m, err := s.Current(county, "standard")
		if err != nil {
			t.Fatal(err)
		}
		if m.Binding.Department != "other" || m.Spec.ExerciseLevel != "county" || m.Binding.ImplementationCode != "11430000MB1A7001884000121000003" {
			t.Errorf("%+v", m.Binding)
		}
		found, err := s.Effective(county, "Matter", "standard")
		if err != nil || found.Owner != "110000" || found.Digest != m.Digest {
			t.Errorf("%+v, %v", found, err)
		}
		province, err := tree.ActAs(t.Context(), "110000", "test")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Current(province, "standard"); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("the province offers it: %v", err)
		}
		other, err := configuration.New(configuration.Config{DB: d, Clock: clock.NewManual(noon), Tree: tree})
		if err != nil {
			t.Fatal(err)
		}
		if pinned, err := other.Pinned(county, "standard", m.Pins); err != nil || pinned.Binding.Department != "other" {
			t.Errorf("%+v, %v", pinned, err)
		}
	})
}

// What an adopted matter still lacks in the tenant is an error that names matter and field.
func TestAdoptionNeedsTheTenantsOwn(t *testing.T) {
	base, err := configuration.BaseOf(smallest(t, adopted))
	if err != nil {
		t.Fatal(err)
	}
	change := []kind.File{{Path: "adoption.yaml", Content: []byte(adoption)},
		{Path: "department.yaml", Content: []byte("apiVersion: zhengtong/v1\nkind: Department\nmetadata: {tenant: \"110101\", name: other}\nspec: {title: 改名, line: 别的, uscc: 11430000MB1A700188, head: {role: head}}\n")}}
	report := configuration.Validate(change, base)
	if len(report.Problems) != 1 || report.Problems[0].Code != "V-13" || report.Problems[0].Path != "$.spec.implementing_department" {
		t.Errorf("%s", report.Problems)
	}
}

// A pack lives beside its resources, is kept with them, and is put in place by each Adoption with its own values.
func TestPackIsInstalledAndKept(t *testing.T) {
	const pack = `
apiVersion: zhengtong/v1
kind: Pack
metadata: {tenant: "110000", name: office}
spec: {title: 办公包, provides: [ArchiveClass/office-files], parameters: {title: {type: string, required: true}, years: {type: int, default: 5}}, installable_levels: [county]}
---
apiVersion: zhengtong/v1
kind: ArchiveClass
metadata: {tenant: "110000", name: office-files, pack: office}
spec: {title: "${param.title}档案", retention: {years: "${param.years}"}, package: [form]}
---
apiVersion: zhengtong/v1
kind: Adoption
metadata: {tenant: "110101", name: office}
spec: {title: 启用, from: {pack: {tenant: "110000", name: office}}, with: {title: 办公}}
`
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, tree := openFiles(t, d, smallest(t, pack))
		county, err := tree.ActAs(t.Context(), "110101", "test")
		if err != nil {
			t.Fatal(err)
		}
		found, err := s.Effective(county, "ArchiveClass", "office-files")
		if err != nil {
			t.Fatal(err)
		}
		class := found.Resource.Spec.(*kind.ArchiveClass)
		if found.Resource.Title() != "办公档案" || class.Retention.Years != 5 {
			t.Errorf("%+v", class)
		}
		province, err := tree.ActAs(t.Context(), "110000", "test")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Effective(province, "ArchiveClass", "office-files"); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("in force where nobody adopted it: %v", err)
		}
		if err := s.Bootstrap(t.Context(), smallest(t, pack)...); err != nil {
			t.Fatal(err)
		}
		if revision, err := s.Revision(county); err != nil || revision != 1 {
			t.Errorf("published again without a difference: %d, %v", revision, err)
		}
	})
}

// A node that did not publish sees the new revision when it looks at the heads, and readers keep the old one until then.
func TestAnotherNodeCatchesUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		visitor := o.as(t, "visitor", "431321")
		other, err := configuration.New(configuration.Config{DB: d, Clock: o.clock, Tree: o.tree})
		if err != nil {
			t.Fatal(err)
		}
		promised := func() int {
			m, err := other.Current(visitor, "food-business-licence")
			if err != nil {
				t.Fatal(err)
			}
			return m.Spec.PromisedLimit.N
		}
		seen := []int{promised()}
		o.through(t, "431321", configuration.Submission{Message: "提速", Files: []kind.File{edited(t, countyMatter, "promised_limit: {n: 5", "promised_limit: {n: 4")}})
		seen = append(seen, promised())
		if err := other.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if seen = append(seen, promised()); !slices.Equal(seen, []int{5, 5, 4}) {
			t.Errorf("saw %v", seen)
		}
	})
}
