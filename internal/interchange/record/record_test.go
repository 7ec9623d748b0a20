package record_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"zhengtong/internal/interchange/record"
	"zhengtong/internal/interchange/table"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// lingshan are the five published records.
func lingshan(t testing.TB) []record.Record {
	t.Helper()
	text, err := os.ReadFile("testdata/lingshan.json")
	if err != nil {
		t.Fatal(err)
	}
	records, problems := record.Read(text)
	if len(problems) > 0 || len(records) != 5 {
		t.Fatalf("%d records\n%s", len(records), problems)
	}
	return records
}

// county is what the records refer to, with a template that fills in the rest.
func county() record.Tenant {
	return record.Tenant{Code: "450721", Departments: map[string]record.Department{
		"11450721MB15580811": {Name: "spj", Title: "灵山县行政审批局", Phone: "0777-1", Complaint: "0777-2"},
		"114507210081153718": {Name: "fgj", Title: "灵山县发展和改革局"},
		"11450721348531435D": {Name: "wgj", Title: "灵山县文化广电体育和旅游局"}},
		Catalogue: map[string]string{"000104002000": "energy-review", "001033002000": "sports", "000141005000": "temple", "452004020000": "project"},
		Matters:   map[string]string{"000104002000": "energy-review"},
		Template: record.Template{Spec: map[string]any{"title": "模板", "form": "f", "workflow": "w", "fee": "free", "archive_class": "a",
			"service_objects": []any{"enterprise"}, "handling_forms": []any{"window"},
			"documents": map[string]any{"refuse": "doc-refuse"}, "remedies": map[string]any{"reconsideration": map[string]any{"body": "灵山县人民政府"}}}}}
}

func sources(records ...record.Record) []record.Source {
	var out []record.Source
	for i, r := range records {
		out = append(out, record.Source{Record: r, Row: i + 1})
	}
	return out
}

// facts are those of an item's matter as it would be published.
func facts(t testing.TB, item record.Item, tenant record.Tenant) record.Facts {
	t.Helper()
	materials := map[string]*kind.Material{}
	for _, r := range item.Resources {
		whole, problems := r.Complete()
		if problems.HasErrors() {
			t.Fatalf("%s:\n%s", r.Key(), problems)
		}
		if m, ok := whole.Spec.(*kind.Material); ok {
			materials[r.Metadata.Name] = m
		}
	}
	whole, _ := item.Resources[0].Complete()
	m := whole.Spec.(*kind.Matter)
	for uscc, d := range tenant.Departments {
		if d.Name == m.ImplementingDepartment {
			body := record.Body{Tenant: tenant.Code, Department: d.Title, USCC: uscc, ImplementationCode: uscc + "4" + m.BasicCode}
			return record.FactsOfMatter(m, materials, body)
		}
	}
	t.Fatal("no department")
	return record.Facts{}
}

// TestRecordsComeBack takes each of the five published records in and writes it again: nothing is lost, not even what a
// matter has no word for, and not what the record does not say (R-MGT-15).
func TestRecordsComeBack(t *testing.T) {
	for i, r := range lingshan(t) {
		before := kind.Canonical(map[string]any(r))
		items, problems := record.Convert(sources(r), county())
		if len(items) != 1 {
			t.Errorf("record %d:\n%s", i+1, problems)
			continue
		}
		said := facts(t, items[0], county())
		filled := record.Filled(items[0].Facts, said)
		if got := kind.Canonical(map[string]any(record.Update(r, filled, said))); !bytes.Equal(before, got) {
			t.Errorf("record %d was\n%s\nis\n%s\nfilled %v", i+1, before, got, filled)
		}
	}
}

// TestChangedMatterChangesItsRecord: what the matter says now stands in the record, everything else as it was.
func TestChangedMatterChangesItsRecord(t *testing.T) {
	r := lingshan(t)[1]
	items, problems := record.Convert(sources(r), county())
	if len(items) != 1 {
		t.Fatal(problems)
	}
	said := facts(t, items[0], county())
	filled := record.Filled(items[0].Facts, said)
	doc := items[0].Resources[0].Doc
	doc["promised_limit"] = map[string]any{"n": doc["statutory_limit"].(map[string]any)["n"], "unit": "workday"}
	doc["materials"] = doc["materials"].([]any)[:1]
	now := record.Update(r, filled, facts(t, items[0], county()))
	item, was := now["AUDIT_ITEM"].(map[string]any), r["AUDIT_ITEM"].(map[string]any)
	if item["promise_day"] != "20" || was["promise_day"] != "5" || item["anticipate_day_explain"] != was["anticipate_day_explain"] || item["version_date"] != was["version_date"] {
		t.Errorf("%v", item)
	}
	materials := now["AUDIT_MATERIAL"].([]any)
	if len(materials) != 1 || materials[0].(map[string]any)["accept_stand"] == nil {
		t.Errorf("%v", materials)
	}
}

// TestReportByRecord: what is wrong with a record names its number, its field, a code and what to do; good records are
// taken all the same.
func TestReportByRecord(t *testing.T) {
	change := func(field string, value any) record.Record {
		r := lingshan(t)[1]
		r["AUDIT_ITEM"].(map[string]any)[field] = value
		return r
	}
	for _, c := range []struct{ field, value, path, code, says string }{
		{"dept_code", "11450721MB15580812", "$.AUDIT_ITEM.dept_code", "V-07", "11450721MB15580812"},
		{"dept_code", "114313210061000105", "$.AUDIT_ITEM.dept_code", "V-05", "没有统一社会信用代码"},
		{"catalog_code", "104002000", "$.AUDIT_ITEM.catalog_code", "V-07", "104002000"},
		{"catalog_code", "000104009000", "$.AUDIT_ITEM.catalog_code", "V-03", "目录清单"},
		{"task_code", "11450721MB155808113000104002000", "$.AUDIT_ITEM.task_code", "V-08", "实施编码"},
		{"task_type", "05", "$.AUDIT_ITEM.task_type", "V-08", "不符"},
		{"use_level", "9", "$.AUDIT_ITEM.use_level", "V-01", "行使层级"},
		{"areacode", "450700", "$.AUDIT_ITEM.areacode", "V-04", "450700"},
		{"promise_day", "五天", "$.AUDIT_ITEM.promise_day", "V-01", "五天"},
		{"promise_day", "21", "$.AUDIT_ITEM.promise_day", "V-09", "长于法定"},
		{"promise_type", "7", "$.AUDIT_ITEM.promise_type", "V-01", "单位"},
		{"serve_type", "2,77", "$.AUDIT_ITEM.serve_type", "V-01", "77"},
		{"task_name", "", "$.AUDIT_ITEM.task_name", "V-13", "事项名称"},
		{"is_fee", "1", "$.AUDIT_ITEM.is_fee", "V-12", "收费"},
		{"project_type", "8", "$.AUDIT_ITEM.project_type", "V-01", "办件类型"},
	} {
		items, problems := record.Convert(sources(lingshan(t)[4], change(c.field, c.value)), county())
		found := false
		for _, p := range problems {
			found = found || p.Line == 2 && p.Path == c.path && p.Code == c.code && strings.Contains(p.Message, c.says) && p.Severity == problem.SeverityError
		}
		if !found || len(items) != 1 || items[0].Source.Row != 1 {
			t.Errorf("%s = %s: %d items\n%s", c.field, c.value, len(items), problems)
		}
	}
}

// TestPublishedMistakes: of the two versions of one matter the newer is taken, and its limits that its own explanations
// contradict are told.
func TestPublishedMistakes(t *testing.T) {
	items, problems := record.Convert(sources(lingshan(t)...), county())
	if len(items) != 4 {
		t.Errorf("%d of 5 records\n%s", len(items), problems)
	}
	all := problems.String()
	for _, want := range []string{"编码 11450721348531435D4001033002000 重复，已采用第 4 条", "时限为 24，说明却写 1", "时限为 66，说明却写 20"} {
		if !strings.Contains(all, want) {
			t.Errorf("nothing says %q:\n%s", want, all)
		}
	}
}

// FuzzRead: whatever is read, reading returns; records that convert come back.
func FuzzRead(f *testing.F) {
	text, err := os.ReadFile("testdata/lingshan.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`[{"AUDIT_ITEM":{"task_name":1e400}},null,{"AUDIT_MATERIAL":{}}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		records, _ := record.Read(text)
		items, problems := record.Convert(sources(records...), county())
		for _, p := range problems {
			if p.Line < 1 || p.Line > len(records) || p.Path == "" || p.Message == "" {
				t.Fatalf("a remark without place: %+v", p)
			}
		}
		for _, item := range items {
			again, err := record.Write([]record.Record{item.Source.Record})
			if err != nil {
				t.Fatal(err)
			}
			if back, problems := record.Read(again); len(back) != 1 || problems.HasErrors() {
				t.Fatalf("written, refused:\n%s", problems)
			}
		}
	})
}

// TestRecordsThroughATable writes the five records as a list and reads them: identical, types of values included.
func TestRecordsThroughATable(t *testing.T) {
	records := lingshan(t)
	records[0]["AUDIT_EMPTY"], records[1]["AUDIT_ITEM"].(map[string]any)["sub"] = map[string]any{}, map[string]any{"deep": []any{nil, true}}
	records[2]["AUDIT_ITEM"].(map[string]any)["task_name"], records[3]["AUDIT_ITEM"].(map[string]any)["remark"] = "=cmd|'/c calc'!A1", "12"
	rows := record.Rows(records)
	csv, err := table.WriteCSV(rows)
	if err != nil {
		t.Fatal(err)
	}
	book, err := table.WriteXLSX("x", rows)
	if err != nil {
		t.Fatal(err)
	}
	for name, read := range map[string]func() (table.Sheet, problem.List){"csv": func() (table.Sheet, problem.List) { return table.ReadCSV(csv) },
		"xlsx": func() (table.Sheet, problem.List) { return table.ReadXLSX(book) }} {
		sheet, problems := read()
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		sources, problems := record.FromRows(sheet.Rows)
		if len(problems) > 0 || len(sources) != 5 {
			t.Fatalf("%s: %d\n%s", name, len(sources), problems)
		}
		for i, s := range sources {
			if want, got := kind.Canonical(map[string]any(records[i])), kind.Canonical(map[string]any(s.Record)); !bytes.Equal(want, got) {
				t.Errorf("%s: record %d was\n%s\nis\n%s", name, i+1, want, got)
			}
		}
	}
}

// TestRowsThatPeopleWrite reads a list with headings in Chinese and cells of several lines; what is wrong is told by cell.
func TestRowsThatPeopleWrite(t *testing.T) {
	head := []string{"事项名称", "基本编码", "行使层级", "实施主体编码", "承诺办结时限", "设定依据", "申请材料"}
	good := []string{"节能审查", "000104002000", "4", "11450721MB15580811", "5", "节约能源法｜主席令第七十七号｜第十五条\n审查办法", "申请书\n节能报告｜2｜3"}
	bad := []string{"节能审查", "104002000", "4", "11450721MB15580812", "五", "法", ""}
	sources, problems := record.FromRows([][]string{head, good, {}, bad})
	if len(problems) > 0 || len(sources) != 2 {
		t.Fatal(problems)
	}
	items, problems := record.Convert(sources, county())
	if len(items) != 1 || len(items[0].Resources) != 3 {
		t.Fatalf("%d items\n%s", len(items), problems)
	}
	materials := items[0].Resources[0].Doc["materials"].([]any)
	if first, second := materials[0].(map[string]any), materials[1].(map[string]any); first["required"] != true || second["required"] != false || second["copies"] != json.Number("3") {
		t.Errorf("%v", materials)
	}
	for _, want := range [][2]string{{"B4", "V-07"}, {"D4", "V-07"}, {"E4", "V-01"}} {
		found := false
		for _, p := range problems {
			found = found || p.Path == want[0] && p.Code == want[1] && p.Line == 4
		}
		if !found {
			t.Errorf("nothing at %s:\n%s", want, problems)
		}
	}
	_, problems = record.FromRows([][]string{{"事项名称", "事项名称", "备注"}, good})
	for _, want := range []string{"缺少列 \"实施主体编码\"", "列 \"事项名称\" 重复", "未知的列 \"备注\""} {
		if !strings.Contains(problems.String(), want) {
			t.Errorf("nothing says %q:\n%s", want, problems)
		}
	}
}
