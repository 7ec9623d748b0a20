package record

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"zhengtong/internal/interchange/table"
	"zhengtong/internal/problem"
)

// column is one heading of a list of matters, and the field or table of the record under it.
type column struct{ heading, path string }

// columns are the headings that people know. Any other field stands under its own path (`AUDIT_ITEM.task_version`).
var columns = []column{{"事项名称", "AUDIT_ITEM.task_name"}, {"基本编码", "AUDIT_ITEM.catalog_code"}, {"实施编码", "AUDIT_ITEM.task_code"}, {"业务办理项编码", "AUDIT_ITEM.ywcode"},
	{"事项类型", "AUDIT_ITEM.task_type"}, {"行使层级", "AUDIT_ITEM.use_level"}, {"行政区划", "AUDIT_ITEM.areacode"}, {"实施主体", "AUDIT_ITEM.dept_name"},
	{"实施主体编码", "AUDIT_ITEM.dept_code"}, {"办件类型", "AUDIT_ITEM.project_type"}, {"承诺办结时限", "AUDIT_ITEM.promise_day"}, {"承诺时限单位", "AUDIT_ITEM.promise_type"},
	{"法定办结时限", "AUDIT_ITEM.anticipate_day"}, {"法定时限单位", "AUDIT_ITEM.anticipate_type"}, {"是否收费", "AUDIT_ITEM.is_fee"}, {"办理形式", "AUDIT_ITEM.handle_type"},
	{"服务对象", "AUDIT_ITEM.serve_type"}, {"到现场次数", "AUDIT_ITEM.limit_scene_num"}, {"到现场原因", "AUDIT_ITEM_EXTEND.scene_reason"}, {"行使内容", "AUDIT_ITEM.exercise_content"},
	{"权限划分", "AUDIT_ITEM.authority_division"}, {"设定依据", "AUDIT_ITEM_BYLAW"}, {"申请材料", "AUDIT_MATERIAL"}, {"常见问题", "AUDIT_QA"}, {"办理窗口", "AUDIT_ITEM_WINDOW"}}

// needed are the columns without which no row can become a matter; of a pair, one will do.
var needed = [][]string{{"AUDIT_ITEM.task_name"}, {"AUDIT_ITEM.catalog_code", "AUDIT_ITEM.task_code"}, {"AUDIT_ITEM.use_level"}, {"AUDIT_ITEM.dept_code"},
	{"AUDIT_ITEM.promise_day"}, {"AUDIT_ITEM_BYLAW"}}

// lineFields are the fields of such a line: 法律名称｜文号｜条款.
var lineFields = map[string][]string{"AUDIT_ITEM_BYLAW": {"law_name", "law_number", "clause_number"}, "AUDIT_MATERIAL": {"material_name", "is_need", "original_amount"},
	"AUDIT_QA": {"question", "answer"}, "AUDIT_ITEM_WINDOW": {"window_name", "transact_addr", "transact_time"}}

// Rows writes records as a list with headings; FromRows gives the identical records.
func Rows(records []Record) [][]string {
	used := map[string]bool{} // paths that some record has
	typed := map[string]bool{}
	for _, r := range records {
		for path, value := range r.cells() {
			used[path] = true
			if _, text := value.(string); !text && strings.Contains(path, ".") {
				typed[path] = true
			}
		}
	}
	var head []column
	for _, c := range columns {
		if used[c.path] || slices.ContainsFunc(needed, func(paths []string) bool { return slices.Contains(paths, c.path) }) {
			if typed[c.path] {
				c.heading = c.path // its values are not all text: they stand as JSON
			}
			head = append(head, c)
			delete(used, c.path)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(used)) {
		head = append(head, column{path, path})
	}
	rows := [][]string{make([]string, len(head))}
	for i, c := range head {
		rows[0][i] = c.heading
	}
	for _, r := range records {
		cells := r.cells()
		row := make([]string, len(head))
		for i, c := range head {
			if value, there := cells[c.path]; there {
				row[i] = cellOf(value, c.heading != c.path && strings.Contains(c.path, "."))
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// cells are a record's values by path: each field of a table of one row, and each other table whole.
func (r Record) cells() map[string]any {
	out := map[string]any{}
	for name, value := range r {
		row, ok := value.(map[string]any)
		if !ok || len(row) == 0 || strings.Contains(name, ".") {
			out[name] = value
			continue
		}
		for field, inner := range row {
			out[name+"."+field] = inner
		}
	}
	return out
}

var literal = regexp.MustCompile(`^(-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|true|false|null|["\[{][\s\S]*)$`)

// cellOf writes a value: text as it is, unless it could be taken for JSON, and everything else as JSON.
func cellOf(value any, plain bool) string {
	text, isText := value.(string)
	if isText && text != "" && (plain && text[0] != '"' || !plain && !literal.MatchString(text)) {
		return text
	}
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil { // a tree of JSON always can be written
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// valueOf reads a cell that cellOf wrote, or that somebody typed.
func valueOf(text string, plain bool) any {
	if plain && !strings.HasPrefix(text, `"`) || !literal.MatchString(text) {
		return text
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil || decoder.More() {
		return text
	}
	return value
}

// FromRows reads a list of matters: the first row are headings, known ones or paths of fields. A sheet that lacks a
// needed column gives no records.
func FromRows(rows [][]string) ([]Source, problem.List) {
	var problems problem.List
	at := map[string]int{} // path → column, from 0
	plain := map[string]bool{}
	for i, heading := range rows[0] {
		heading = strings.TrimSpace(heading)
		path := heading
		if j := slices.IndexFunc(columns, func(c column) bool { return c.heading == heading }); j >= 0 {
			path = columns[j].path
			plain[path] = strings.Contains(path, ".")
		}
		switch _, twice := at[path]; {
		case heading == "":
		case twice:
			problems = append(problems, cell(1, i+1, "V-02", "列 %q 重复", heading))
		case path == heading && !strings.HasPrefix(heading, "AUDIT_"):
			problems = append(problems, cell(1, i+1, "V-01", "未知的列 %q", heading))
		default:
			at[path] = i
		}
	}
	for _, paths := range needed {
		if !slices.ContainsFunc(paths, func(path string) bool { _, ok := at[path]; return ok }) {
			j := slices.IndexFunc(columns, func(c column) bool { return c.path == paths[0] })
			problems = append(problems, cell(1, 1, "V-13", "缺少列 %q", columns[j].heading))
		}
	}
	if problems.HasErrors() {
		return nil, problems
	}
	var sources []Source
	for i, row := range rows[1:] {
		if strings.TrimSpace(strings.Join(row, "")) == "" {
			continue
		}
		r := Record{}
		for _, path := range slices.Sorted(maps.Keys(at)) {
			if text := strings.Trim(valueAt(row, at[path]), " \t"); text != "" {
				r.put(path, text, plain[path])
			}
		}
		line := i + 2
		sources = append(sources, Source{Record: r, Row: line, At: func(path string) (int, int, string) {
			name, _, _ := strings.Cut(path, ".")
			c, ok := at[path]
			if !ok {
				c = at[name] // 0, the first, when there is none either
			}
			return line, c + 1, table.Cell(line, c+1)
		}})
	}
	return sources, problems
}

func valueAt(row []string, i int) string {
	if i < len(row) {
		return row[i]
	}
	return ""
}

// put takes one cell into a record.
func (r Record) put(path, text string, plain bool) {
	name, field, inner := strings.Cut(path, ".")
	switch {
	case inner:
		row, _ := r[name].(map[string]any)
		if row == nil {
			row = map[string]any{}
			r[name] = row
		}
		row[field] = valueOf(text, plain)
	case lineFields[name] != nil && !strings.HasPrefix(text, "["):
		r[name] = lines(name, text)
	default:
		r[name] = valueOf(text, false)
	}
}

// lines reads a cell of several rows as people write it, a row a line.
func lines(name, text string) []any {
	var out []any
	for _, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		row := map[string]any{}
		for i, part := range strings.Split(strings.ReplaceAll(line, "|", "｜"), "｜") {
			if fields := lineFields[name]; i < len(fields) && strings.TrimSpace(part) != "" {
				row[fields[i]] = strings.TrimSpace(part)
			}
		}
		if name == "AUDIT_MATERIAL" && row["is_need"] == nil {
			row["is_need"] = "1"
		}
		if name == "AUDIT_MATERIAL" && row["original_amount"] == nil {
			row["original_amount"] = "1"
		}
		out = append(out, row)
	}
	return out
}

func cell(row, column int, code, format string, args ...any) problem.Problem {
	return problem.Problem{Line: row, Column: column, Path: table.Cell(row, column), Code: code, Message: fmt.Sprintf(format, args...), Severity: problem.SeverityError}
}
