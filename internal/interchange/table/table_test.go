package table_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"zhengtong/internal/interchange/table"
	"zhengtong/internal/problem"
)

var rows = [][]string{{"事项名称", "编码", "说明"}, {"食品经营许可", "000131010000", "一\n二"}, {"=1+1", "+86", "-3"}, {"@SUM(A1)", "'=x", "'"}, {"＝1", "a,\"b\"", "周𠮷"}}

// TestTablesComeBack: what is written is read again to the letter, codes with their zeros, texts that look like formulas.
func TestTablesComeBack(t *testing.T) {
	csv, err := table.WriteCSV(rows)
	if err != nil {
		t.Fatal(err)
	}
	book, err := table.WriteXLSX("事项", rows)
	if err != nil {
		t.Fatal(err)
	}
	for name, read := range map[string]func() (table.Sheet, problem.List){"csv": func() (table.Sheet, problem.List) { return table.ReadCSV(csv) },
		"csv without mark": func() (table.Sheet, problem.List) { return table.ReadCSV(csv[3:]) }, "xlsx": func() (table.Sheet, problem.List) { return table.ReadXLSX(book) }} {
		sheet, problems := read()
		if len(problems) > 0 || !slices.EqualFunc(sheet.Rows, rows, slices.Equal) {
			t.Errorf("%s: %q\n%s", name, sheet.Rows, problems)
		}
	}
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes(csv[3:])
	if err != nil {
		t.Fatal(err)
	}
	if sheet, problems := table.ReadCSV(gb); len(problems) > 0 || !slices.EqualFunc(sheet.Rows, rows, slices.Equal) {
		t.Errorf("GB18030: %q\n%s", sheet.Rows, problems)
	}
}

// TestNothingIsAFormula: no cell that is written begins as a formula does, in either format.
func TestNothingIsAFormula(t *testing.T) {
	csv, _ := table.WriteCSV(rows)
	for _, line := range strings.Split(string(csv[3:]), "\r\n") {
		for _, cell := range strings.Split(line, ",") {
			if cell := strings.Trim(cell, `"`); cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
				t.Errorf("%q stands in the file", cell)
			}
		}
	}
	book, _ := table.WriteXLSX("事项", rows)
	file, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		for j := range rows[i] {
			formula, _ := file.GetCellFormula("事项", table.Cell(i+1, j+1))
			value, _ := file.GetCellValue("事项", table.Cell(i+1, j+1))
			if formula != "" || value != "" && strings.ContainsAny(value[:1], "=+-@") {
				t.Errorf("%s is %q, formula %q", table.Cell(i+1, j+1), value, formula)
			}
		}
	}
}

func book(t *testing.T, fill func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, text := range []string{"事项名称", "编码"} {
		if err := f.SetCellStr("Sheet1", table.Cell(1, i+1), text); err != nil {
			t.Fatal(err)
		}
	}
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bomb is a workbook whose sheet unpacks to more than is read.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	for range 70 {
		if _, err := w.Write(bytes.Repeat([]byte(" "), 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestRefused: what is too large, merged, computed or not text is refused quickly, with its cell.
func TestRefused(t *testing.T) {
	long := strings.Repeat("字", table.MaxCell)
	parts := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for i := range 600 {
			if _, err := z.Create(fmt.Sprint("f", i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for name, c := range map[string]struct {
		content []byte
		xlsx    bool
		cell    string
		says    string
	}{
		"a million rows":      {[]byte("a\n" + strings.Repeat("b\n", 1_000_000)), false, "A5002", "超过 5000 行"},
		"many columns":        {[]byte(strings.Repeat("a,", 300)), false, "GS1", "超过 200 列"},
		"a huge cell":         {[]byte("a\n" + long), false, "A2", "单元格长"},
		"a hidden character":  {[]byte("a\nx,b\u200bc"), false, "B2", "U+200B"},
		"a zero byte":         {[]byte("a\nb\x00"), false, "A2", "U+0000"},
		"neither encoding":    {[]byte("a\n\xff\xff\xff"), false, "A1", "不是 UTF-8 或 GB18030"},
		"a lost quote":        {[]byte("a\n\"b"), false, "A2", "CSV"},
		"nothing":             {nil, false, "A1", "没有列名"},
		"a long file":         {bytes.Repeat([]byte("a"), table.MaxBytes+1), false, "A1", "超过"},
		"no workbook":         {[]byte("PK nonsense"), true, "A1", "不是工作簿"},
		"a bomb":              {bomb(t), true, "A1", "解压后超过"},
		"many parts":          {parts(), true, "A1", "超过 500"},
		"an archive":          {func() []byte { b, _ := table.WriteXLSX("x", nil); return b[:len(b)-40] }(), true, "A1", "不是工作簿"},
		"merged cells":        {book(t, func(f *excelize.File) { _ = f.MergeCell("Sheet1", "B2", "B4") }), true, "B2", "合并的单元格 B2:B4"},
		"a formula":           {book(t, func(f *excelize.File) { _ = f.SetCellFormula("Sheet1", "C3", "1+1") }), true, "C3", "公式"},
		"a row far below":     {book(t, func(f *excelize.File) { _ = f.SetCellStr("Sheet1", "A6000", "x") }), true, "A5002", "超过 5000 行"},
		"a column far right":  {book(t, func(f *excelize.File) { _ = f.SetCellStr("Sheet1", "XFD2", "x") }), true, "GS2", "超过 200 列"},
		"an empty first line": {book(t, func(f *excelize.File) { _ = f.RemoveRow("Sheet1", 1) }), true, "A1", "没有列名"},
	} {
		read := table.ReadCSV
		if c.xlsx {
			read = table.ReadXLSX
		}
		_, problems := read(c.content)
		if len(problems) == 0 || problems[0].Path != c.cell || !strings.Contains(problems[0].Message, c.says) || problems[0].Code != table.Code {
			t.Errorf("%s: wants %s saying %q, found\n%s", name, c.cell, c.says, problems)
		}
	}
}

func fuzz(f *testing.F, read func([]byte) (table.Sheet, problem.List), write func([][]string) ([]byte, error)) {
	f.Fuzz(func(t *testing.T, content []byte) {
		sheet, problems := read(content)
		for _, p := range problems {
			if p.Line < 1 || p.Column < 1 || p.Path != table.Cell(p.Line, p.Column) || p.Message == "" {
				t.Fatalf("a remark without a cell: %+v", p)
			}
		}
		if problems.HasErrors() {
			return
		}
		text, err := write(sheet.Rows)
		if err != nil {
			t.Fatal(err)
		}
		again, problems := read(text)
		if problems.HasErrors() || len(again.Rows) != len(sheet.Rows) {
			t.Fatalf("%q reads as %q\n%s", sheet.Rows, again.Rows, problems)
		}
	})
}

// FuzzReadCSV: whatever is read, reading returns; what it accepts is written and read again.
func FuzzReadCSV(f *testing.F) {
	text, _ := table.WriteCSV(rows)
	f.Add(text)
	f.Add([]byte("a,b\r\n\"c\"\"\n\",'=d\n"))
	fuzz(f, table.ReadCSV, func(rows [][]string) ([]byte, error) {
		for i := range rows {
			if len(rows[i]) == 0 || len(rows[i]) == 1 && rows[i][0] == "" {
				rows[i] = []string{"x"} // an empty line is no line to CSV
			}
		}
		return table.WriteCSV(rows)
	})
}

// FuzzReadXLSX: the same of workbooks.
func FuzzReadXLSX(f *testing.F) {
	text, err := table.WriteXLSX("x", rows)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	fuzz(f, table.ReadXLSX, func(rows [][]string) ([]byte, error) { return table.WriteXLSX("x", rows) })
}
