// Package table reads and writes lists as CSV and XLSX: one sheet with a row of
// headings. It is a pure function of bytes; what is too large, merged, computed or
// not text is refused with its cell, and what is written cannot be taken for a
// formula by a program for spreadsheets.
package table

import (
	"fmt"
	"strings"
	"unicode"

	"zhengtong/internal/problem"
)

// Bounds of what is read.
const (
	MaxBytes   = 8 << 20  // the file as it comes
	MaxContent = 64 << 20 // an XLSX unpacked
	MaxRows    = 5_000    // below the headings
	MaxColumns = 200
	MaxCell    = 32 << 10 // bytes of one cell
)

// Code is the code of remarks on a file or cell that cannot be read.
const Code = "table"

// Sheet is a list as it was read: Rows[0] are the headings. Rows[i] stands in line
// i+1 of the sheet; empty lines below the headings are kept, so that the numbers agree.
type Sheet struct{ Rows [][]string }

// Cell names a cell as programs for spreadsheets do; row and column count from 1.
func Cell(row, column int) string {
	name := ""
	for ; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return fmt.Sprintf("%s%d", name, row)
}

// remark places a problem in a cell.
func remark(row, column int, hint, format string, args ...any) problem.Problem {
	return problem.Problem{Line: row, Column: column, Path: Cell(row, column), Code: Code, Hint: hint, Message: fmt.Sprintf(format, args...), Severity: problem.SeverityError}
}

// guarded are the first characters by which a program for spreadsheets takes a text for a formula.
const guarded = "=+-@\t\r'＝＋－＠"

// guard makes a text that cannot be taken for a formula; unguard takes it back.
func guard(text string) string {
	if text != "" && strings.ContainsRune(guarded, []rune(text)[0]) {
		return "'" + text
	}
	return text
}

func unguard(text string) string {
	rest, marked := strings.CutPrefix(text, "'")
	if marked && rest != "" && strings.ContainsRune(guarded, []rune(rest)[0]) {
		return rest
	}
	return text
}

// check reports what no cell may hold, and brings line breaks to one form.
func check(row, column int, text string) (string, *problem.Problem) {
	if len(text) > MaxCell {
		p := remark(row, column, "拆分内容", "单元格长 %d 字节，超过 %d", len(text), MaxCell)
		return "", &p
	}
	text = strings.ReplaceAll(strings.ReplaceAll(unguard(text), "\r\n", "\n"), "\r", "\n")
	for _, r := range text {
		if r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Noncharacter_Code_Point) || r == unicode.ReplacementChar {
			p := remark(row, column, "删除该字符", "含有不可见字符 U+%04X", r)
			return "", &p
		}
	}
	return text, nil
}

// tidy cuts empty lines at the end and refuses a sheet without headings.
func tidy(rows [][]string, problems problem.List) (Sheet, problem.List) {
	for len(rows) > 0 && empty(rows[len(rows)-1]) {
		rows = rows[:len(rows)-1]
	}
	switch {
	case problems.HasErrors():
		return Sheet{}, problems
	case len(rows) == 0 || empty(rows[0]):
		return Sheet{}, append(problems, remark(1, 1, "第一行写列名", "表中没有列名"))
	}
	return Sheet{Rows: rows}, problems
}

func empty(row []string) bool { return strings.TrimSpace(strings.Join(row, "")) == "" }

func tooManyRows() problem.Problem {
	return remark(MaxRows+2, 1, "分次导入", "超过 %d 行", MaxRows)
}
