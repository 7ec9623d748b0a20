// Package record reads and writes matters as the records of the national exchange
// tables (AUDIT_ITEM, AUDIT_MATERIAL, …), which are published as JSON, and as lists
// for spreadsheets made of the same fields.
//
// A record becomes a Matter with its Materials. What the two share is mapped
// (facts.go); the whole record is kept in the Matter's field `exchange`, so that
// writing it again gives the identical record as long as the matter says the same,
// and carries over what has changed since. Everything here is a pure function.
package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"zhengtong/internal/problem"
)

// Bounds of what is read.
const (
	MaxBytes   = 8 << 20
	MaxRecords = 5_000
	maxDepth   = 16
)

// Record is one matter: table → its row, or rows for a table of many.
type Record map[string]any

// field is a value of a table of one row, as text; "" when absent or of another form.
func (r Record) field(path string) (string, bool) {
	table, name, _ := strings.Cut(path, ".")
	row, _ := r[table].(map[string]any)
	return textOf(row[name])
}

func (r Record) set(path, value string) {
	table, name, _ := strings.Cut(path, ".")
	row, _ := r[table].(map[string]any)
	if row == nil {
		row = map[string]any{}
		r[table] = row
	}
	row[name] = value
}

// rows are those of a table of many.
func (r Record) rows(table string) []map[string]any {
	items, _ := r[table].([]any)
	out := make([]map[string]any, 0, len(items))
	for _, item := range items {
		row, _ := item.(map[string]any)
		out = append(out, row)
	}
	return out
}

func textOf(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return strings.TrimSpace(v), true
	case json.Number:
		return string(v), true
	}
	return "", false
}

// Read reads records: a list, an object with the list under `list`, or one record. Numbers keep their text. A problem
// names the record by its line, from 1, and the field by its path; nothing is returned with an error that is not a record's.
func Read(content []byte) ([]Record, problem.List) {
	refuse := func(format string, args ...any) ([]Record, problem.List) {
		return nil, problem.List{{Line: 1, Column: 1, Path: "$", Code: "record", Message: fmt.Sprintf(format, args...), Severity: problem.SeverityError}}
	}
	if len(content) > MaxBytes {
		return refuse("文件长 %d 字节，超过 %d", len(content), MaxBytes)
	}
	decoder := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(content, []byte("\xEF\xBB\xBF"))))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return refuse("不是合法的 JSON：%v", err)
	}
	if decoder.More() {
		return refuse("JSON 之后还有内容")
	}
	if object, ok := tree.(map[string]any); ok {
		if list, wrapped := object["list"]; wrapped {
			tree = list
		} else {
			tree = []any{object}
		}
	}
	items, ok := tree.([]any)
	if !ok {
		return refuse("应为记录的列表")
	}
	if len(items) > MaxRecords {
		return refuse("超过 %d 条记录", MaxRecords)
	}
	var problems problem.List
	records := make([]Record, len(items))
	for i, item := range items {
		object, ok := item.(map[string]any)
		if !ok {
			problems = append(problems, remark(i+1, "$", "应为 AUDIT_ITEM 等表", "记录不是对象"))
		}
		records[i] = object
		for _, name := range slices.Sorted(maps.Keys(object)) {
			if fault := faultOf(object[name], 0); fault != "" {
				problems = append(problems, remark(i+1, "$."+name, "", "%s", fault))
				delete(records[i], "AUDIT_ITEM")
			}
		}
	}
	return records, problems
}

// faultOf says why a tree cannot be kept; "" when it can.
func faultOf(tree any, depth int) string {
	if depth > maxDepth {
		return "嵌套过深"
	}
	switch node := tree.(type) {
	case string:
		for _, c := range node {
			if c != '\n' && c != '\t' && unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Noncharacter_Code_Point) || c == unicode.ReplacementChar {
				return fmt.Sprintf("含有不可见字符 U+%04X", c)
			}
		}
		if len(node) > 60<<10 {
			return "文字过长"
		}
	case []any:
		for _, e := range node {
			if fault := faultOf(e, depth+1); fault != "" {
				return fault
			}
		}
	case map[string]any:
		for key, e := range node {
			if fault := faultOf(key, depth+1); fault != "" {
				return fault
			}
			if fault := faultOf(e, depth+1); fault != "" {
				return fault
			}
		}
	}
	return ""
}

// Write writes records as a list that Read takes, keys in order.
func Write(records []Record) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if records == nil {
		records = []Record{}
	}
	err := encoder.Encode(map[string]any{"list": records})
	return b.Bytes(), err
}

// remark is a problem of one record.
func remark(row int, path, hint, format string, args ...any) problem.Problem {
	return problem.Problem{Line: row, Column: 1, Path: path, Code: "record", Hint: hint, Message: fmt.Sprintf(format, args...), Severity: problem.SeverityError}
}
