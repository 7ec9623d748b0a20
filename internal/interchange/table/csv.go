package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"zhengtong/internal/problem"
)

var byteOrderMark = []byte("\xEF\xBB\xBF")

// ReadCSV reads comma-separated values in UTF-8, with or without a byte order mark, or GB18030.
func ReadCSV(content []byte) (Sheet, problem.List) {
	if len(content) > MaxBytes {
		return Sheet{}, problem.List{remark(1, 1, "分次导入", "文件长 %d 字节，超过 %d", len(content), MaxBytes)}
	}
	text, ok := decode(content)
	if !ok {
		return Sheet{}, problem.List{remark(1, 1, "用 UTF-8 或 GB18030 保存", "不是 UTF-8 或 GB18030 文本")}
	}
	reader := csv.NewReader(bytes.NewReader(text))
	reader.FieldsPerRecord = -1
	var rows [][]string
	var problems problem.List
	for {
		fields, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return tidy(rows, problems)
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			p := remark(len(rows)+1, 1, "含逗号、引号或换行的内容要加引号，引号写两遍", "第 %d 行不是合法的 CSV：%v", bad.Line, bad.Err)
			return Sheet{}, append(problems, p)
		}
		if err != nil {
			return Sheet{}, append(problems, remark(len(rows)+1, 1, "", "%v", err))
		}
		if len(rows) > MaxRows {
			return Sheet{}, append(problems, tooManyRows())
		}
		if len(fields) > MaxColumns {
			return Sheet{}, append(problems, remark(len(rows)+1, MaxColumns+1, "", "超过 %d 列", MaxColumns))
		}
		for i := range fields {
			var p *problem.Problem
			if fields[i], p = check(len(rows)+1, i+1, fields[i]); p != nil {
				problems = append(problems, *p)
			}
		}
		rows = append(rows, fields)
	}
}

// decode brings a text to UTF-8; false when it is neither that nor GB18030.
func decode(content []byte) ([]byte, bool) {
	if text, marked := bytes.CutPrefix(content, byteOrderMark); marked || utf8.Valid(content) {
		return text, utf8.Valid(text)
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(content)
	return text, err == nil && !bytes.ContainsRune(text, utf8.RuneError)
}

// WriteCSV writes rows as UTF-8 with a byte order mark, which programs for spreadsheets need for Chinese.
func WriteCSV(rows [][]string) ([]byte, error) {
	b := bytes.NewBuffer(append([]byte{}, byteOrderMark...))
	w := csv.NewWriter(b)
	w.UseCRLF = true
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, text := range row {
			safe[i] = guard(text)
		}
		if err := w.Write(safe); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}
