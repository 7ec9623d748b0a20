package table

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"zhengtong/internal/problem"
)

// maxParts bounds the files inside an XLSX.
const maxParts = 500

// ReadXLSX reads the first sheet of a workbook. Merged cells and formulas are
// refused: neither says which row a value belongs to.
func ReadXLSX(content []byte) (Sheet, problem.List) {
	if len(content) > MaxBytes {
		return Sheet{}, problem.List{remark(1, 1, "分次导入", "文件长 %d 字节，超过 %d", len(content), MaxBytes)}
	}
	parts, err := unpack(content)
	if err != nil {
		return Sheet{}, problem.List{remark(1, 1, "", "%v", err)}
	}
	sheet, err := firstSheet(parts)
	if err != nil {
		return Sheet{}, problem.List{remark(1, 1, "用 Excel 或 WPS 另存为 .xlsx", "不是工作簿（XLSX）：%v", err)}
	}
	if problems := scan(sheet); len(problems) > 0 {
		return Sheet{}, problems
	}
	book, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{RawCellValue: true, UnzipSizeLimit: MaxContent, UnzipXMLSizeLimit: MaxContent})
	if err != nil {
		return Sheet{}, problem.List{remark(1, 1, "用 Excel 或 WPS 另存为 .xlsx", "不是工作簿（XLSX）：%v", err)}
	}
	defer book.Close() // it holds nothing but memory
	rows, err := book.GetRows(book.GetSheetName(0), excelize.Options{RawCellValue: true})
	if err != nil {
		return Sheet{}, problem.List{remark(1, 1, "", "不能读取工作表：%v", err)}
	}
	var problems problem.List
	for i, row := range rows {
		for j := range row {
			var p *problem.Problem
			if row[j], p = check(i+1, j+1, row[j]); p != nil {
				problems = append(problems, *p)
			}
		}
	}
	return tidy(rows, problems)
}

// unpack opens the parts of a workbook within bounds. What a part really holds never exceeds what it declares: the
// reader of archives stops there.
func unpack(content []byte) (map[string]*zip.File, error) {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, fmt.Errorf("不是工作簿（XLSX）：%w", err)
	}
	if len(archive.File) > maxParts {
		return nil, fmt.Errorf("工作簿内有 %d 个文件，超过 %d", len(archive.File), maxParts)
	}
	parts, total := map[string]*zip.File{}, uint64(0)
	for _, f := range archive.File {
		if f.UncompressedSize64 > MaxContent || total+f.UncompressedSize64 > MaxContent {
			return nil, fmt.Errorf("工作簿解压后超过 %d 字节", MaxContent)
		}
		total += f.UncompressedSize64
		parts[strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/")] = f
	}
	return parts, nil
}

// firstSheet finds the part that holds the first sheet.
func firstSheet(parts map[string]*zip.File) (*zip.File, error) {
	var book struct {
		Sheets []struct {
			ID string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var relations struct {
		Relation []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	for name, into := range map[string]any{"xl/workbook.xml": &book, "xl/_rels/workbook.xml.rels": &relations} {
		if err := readPart(parts[name], into); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	for _, r := range relations.Relation {
		if len(book.Sheets) == 0 || r.ID != book.Sheets[0].ID {
			continue
		}
		target := strings.TrimPrefix(r.Target, "/")
		if target == r.Target {
			target = path.Join("xl", target)
		}
		if part := parts[target]; part != nil {
			return part, nil
		}
	}
	return nil, errors.New("没有工作表")
}

func readPart(part *zip.File, into any) error {
	if part == nil {
		return errors.New("缺少")
	}
	reader, err := part.Open()
	if err != nil {
		return err
	}
	defer reader.Close()
	return xml.NewDecoder(io.LimitReader(reader, 4<<20)).Decode(into)
}

// scan walks the sheet's XML once, before anything is held in memory: too many rows or columns, merged cells, formulas.
func scan(sheet *zip.File) problem.List {
	reader, err := sheet.Open()
	if err != nil {
		return problem.List{remark(1, 1, "", "不能读取工作表：%v", err)}
	}
	defer reader.Close()
	decoder := xml.NewDecoder(reader)
	var problems problem.List
	row, column := 0, 0
	for len(problems) < 100 {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return problems
		}
		if err != nil {
			return append(problems, remark(1, 1, "", "不能读取工作表：%v", err))
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "row":
			row, column = place(start, "r", row+1), 0
			if row > MaxRows+1 {
				return append(problems, tooManyRows())
			}
		case "c":
			column++
			if name := attribute(start, "r"); name != "" {
				if c, r, err := excelize.CellNameToCoordinates(name); err == nil {
					column, row = c, r
				}
			}
			if row > MaxRows+1 {
				return append(problems, tooManyRows())
			}
			if column > MaxColumns {
				return append(problems, remark(max(row, 1), MaxColumns+1, "", "超过 %d 列", MaxColumns))
			}
		case "f":
			problems = append(problems, remark(max(row, 1), max(column, 1), "选择性粘贴为数值", "单元格是公式，不会计算"))
		case "mergeCell":
			first, _, _ := strings.Cut(attribute(start, "ref"), ":")
			c, r, err := excelize.CellNameToCoordinates(first)
			if err != nil {
				c, r = 1, 1
			}
			problems = append(problems, remark(r, c, "取消合并，每行写全", "有合并的单元格 %s", attribute(start, "ref")))
		}
	}
	return problems
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func place(e xml.StartElement, name string, otherwise int) int {
	var n int
	if _, err := fmt.Sscanf(attribute(e, name), "%d", &n); err != nil || n < 1 {
		return otherwise
	}
	return n
}

// WriteXLSX writes rows as a workbook of one sheet; every cell is text, so that codes keep their zeros.
func WriteXLSX(title string, rows [][]string) ([]byte, error) {
	book := excelize.NewFile()
	defer book.Close() // it holds nothing but memory
	if err := book.SetSheetName("Sheet1", title); err != nil {
		return nil, err
	}
	text, err := book.NewStyle(&excelize.Style{NumFmt: 49}) // @: text
	if err != nil {
		return nil, err
	}
	stream, err := book.NewStreamWriter(title)
	if err != nil {
		return nil, err
	}
	for i, row := range rows {
		cells := make([]any, len(row))
		for j, value := range row {
			if n := len(utf16.Encode([]rune(value))); n >= excelize.TotalCellChars { // else it would be cut off
				return nil, fmt.Errorf("table: cell %s holds %d characters, more than a workbook keeps", Cell(i+1, j+1), n)
			}
			cells[j] = excelize.Cell{StyleID: text, Value: guard(value)}
		}
		if err := stream.SetRow(Cell(i+1, 1), cells); err != nil {
			return nil, err
		}
	}
	if err := stream.Flush(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = book.Write(&b)
	return b.Bytes(), err
}
