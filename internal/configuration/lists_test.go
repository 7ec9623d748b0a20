package configuration_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/interchange/record"
	"zhengtong/internal/interchange/table"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

const temple = "事项名称,基本编码,事项类型,行使层级,设定依据\n在宗教活动场所内改建或者新建建筑物审批,000141005000,01,4,宗教事务条例｜国务院令第426号｜第三十三条\n坏的,41005000,01,4,法\n"

// TestMattersComeInAndGoOut takes a county's list of catalogue items and its published records in, as one change each:
// bad rows are told with their place and leave no trace, the good record becomes a matter that runs, and the list that
// goes out holds the identical record again, as JSON and through a workbook (R-MGT-04, R-MGT-15).
func TestMattersComeInAndGoOut(t *testing.T) {
	o := openOffice(t, dbtest.Open(t, db.SQLite), "national", "guangxi")
	author := o.as(t, "author", "450721", "config-author")
	items, err := o.ImportCatalogue(author, configuration.FormatCSV, []byte(temple))
	if err != nil || items.Rows != 2 || items.Accepted != 1 || len(items.Files) != 1 {
		t.Fatalf("%+v, %v", items, err)
	}
	if p := items.Problems[0]; p.Path != "B3" || p.Line != 3 || p.Column != 2 || p.Code != "V-07" {
		t.Errorf("%+v", p)
	}
	o.through(t, "450721", configuration.Submission{Files: items.Files, Message: "目录"})
	text, err := os.ReadFile("../interchange/record/testdata/lingshan.json")
	if err != nil {
		t.Fatal(err)
	}
	published, _ := record.Read(text)
	in, err := o.ImportMatters(author, configuration.FormatAudit, "energy-review", text)
	if err != nil || in.Rows != 5 || in.Accepted != 1 {
		t.Fatalf("%d of %d, %v\n%s", in.Accepted, in.Rows, err, in.Problems)
	}
	for _, want := range []string{"$.AUDIT_ITEM.dept_code: 本租户没有统一社会信用代码为 11450721348531435D 的部门", "$.AUDIT_ITEM.catalog_code: 目录清单中没有基本编码 452004020000", "重复，已采用第 4 条"} {
		if !strings.Contains(in.Problems.String(), want) {
			t.Errorf("nothing says %q:\n%s", want, in.Problems)
		}
	}
	o.through(t, "450721", configuration.Submission{Files: in.Files, Message: "事项"})
	matter, err := o.Current(author, "matter-000141005000-01")
	if err != nil || matter.Spec.PromisedLimit.N != 10 || len(matter.Materials) != 5 || matter.Binding.ImplementationCode != "11450721MB155808114000141005000" {
		t.Fatalf("%+v, %v", matter, err)
	}
	out, err := o.ExportList(author, configuration.ListMatters, configuration.FormatAudit)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, out, published[4])
	book, err := o.ExportList(author, configuration.ListMatters, configuration.FormatXLSX)
	if err != nil {
		t.Fatal(err)
	}
	sheet, problems := table.ReadXLSX(book)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	sources, problems := record.FromRows(sheet.Rows)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var records []record.Record
	for _, s := range sources {
		records = append(records, s.Record)
	}
	again, err := record.Write(records)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, again, published[4])
	if again, err := o.ImportMatters(author, configuration.FormatXLSX, "energy-review", book); err != nil || again.Accepted != 1 {
		t.Errorf("the workbook comes in again: %d, %v\n%s", again.Accepted, err, again.Problems)
	}
}

// holds fails unless a list of records has one that is identical.
func holds(t *testing.T, list []byte, want record.Record) {
	t.Helper()
	records, problems := record.Read(list)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	canonical := kind.Canonical(map[string]any(want))
	for _, r := range records {
		if bytes.Equal(kind.Canonical(map[string]any(r)), canonical) {
			return
		}
	}
	shown, _ := json.Marshal(records)
	t.Errorf("the record\n%s\nis not among\n%s", canonical, shown)
}

// The other lists are made of the matters that the tenant offers (R-MGT-04); only matters have exchange tables.
func TestListsAreDerivedFromMatters(t *testing.T) {
	o := openOffice(t, dbtest.Open(t, db.SQLite), "national", "guangxi")
	author := o.as(t, "author", "450721", "config-author")
	for list, wants := range map[string][]string{
		configuration.ListCatalogue: {"固定资产投资项目节能审查", "000104002000", "2,3,4"}, configuration.ListFees: {"固定资产投资项目节能审查", "否", "不收费"},
		configuration.ListVisits: {"11450721MB155808114000104002000", "1", "须现场核验材料"}, configuration.ListPowers: {"灵山县行政审批局", "20"},
		configuration.ListPublicServices: {"事项名称"}, configuration.ListIntermediaries: {"是否法定"},
	} {
		text, err := o.ExportList(author, list, configuration.FormatCSV)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s lacks %q:\n%s", list, want, text)
			}
		}
	}
	if text, _ := o.ExportList(author, configuration.ListPublicServices, configuration.FormatCSV); strings.Contains(string(text), "节能审查") {
		t.Errorf("a licence is no public service:\n%s", text)
	}
	if _, err := o.ExportList(author, configuration.ListFees, configuration.FormatAudit); problem.CodeOf(err) != problem.Validation {
		t.Errorf("%v", err)
	}
	if _, err := o.ImportMatters(author, configuration.FormatCSV, "nobody", nil); problem.CodeOf(err) != problem.NotFound {
		t.Errorf("%v", err)
	}
	clerk := o.as(t, "x", "450721", "window-clerk")
	_, err := o.ImportMatters(clerk, configuration.FormatCSV, "energy-review", nil)
	if _, other := o.ExportList(clerk, configuration.ListFees, configuration.FormatCSV); problem.CodeOf(err) != problem.Forbidden || problem.CodeOf(other) != problem.Forbidden {
		t.Errorf("a clerk: %v, %v", err, other)
	}
}
