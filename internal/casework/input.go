package casework

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// InputField is something to ask a person for.
type InputField struct {
	Name     string
	Title    string
	Type     string // string, text, integer, number, boolean, date, enum, items, files, position, signatures
	Required bool
	Options  []string
	Max      int
	Min      int
}

// inputTitles are the inputs that `requires` may name (docs/kinds.md).
var inputTitles = map[string]string{
	"item_list": "需补正的材料", "reason": "理由", "reason_code": "原因", "legal_basis": "法律依据", "competent_agency": "有权机关", "opinion": "意见",
	"evidence": "证据", "target": "去向", "minutes": "笔录", "repeated_of": "重复的办件", "route": "途径", "facts_found": "查明的事实", "conclusion": "结论",
}

// inputsOf lists what an action takes: its required inputs and the opinion
// fields of its node. Remedies come from the matter and are never typed in.
func inputsOf(flow *kind.Workflow, node string, action *workflow.Action) []InputField {
	var fields []InputField
	spec := nodeForm(flow, node)
	for _, name := range action.Requires {
		if name == "remedies" || spec[name].Type != "" {
			continue
		}
		kind := "text"
		if name == "item_list" {
			kind = "items"
		}
		fields = append(fields, InputField{Name: name, Title: inputTitles[name], Type: kind, Required: true, Max: 2000})
	}
	return append(fields, specFields(spec)...)
}

func nodeForm(flow *kind.Workflow, node string) map[string]kind.FieldSpec {
	i := slices.IndexFunc(flow.Nodes, func(n kind.Node) bool { return n.ID == node })
	if i < 0 {
		return nil
	}
	return flow.Nodes[i].Form
}

func specFields(spec map[string]kind.FieldSpec) []InputField {
	var fields []InputField
	for name, f := range spec {
		field := InputField{Name: name, Title: f.Title, Type: f.Type, Required: f.Required, Options: f.Enum}
		if field.Title == "" {
			field.Title = fieldTitle(name)
		}
		if len(f.Enum) > 0 {
			field.Type = "enum"
		}
		if f.Max != nil {
			field.Max = *f.Max
		}
		if f.Min != nil {
			field.Min = *f.Min
		}
		fields = append(fields, field)
	}
	slices.SortFunc(fields, func(a, b InputField) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

func fieldTitle(name string) string {
	titles := map[string]string{"opinion": "意见", "recommend": "建议", "result": "结果", "findings": "发现的情况", "photos": "照片", "gps": "定位",
		"signatures": "签名", "report_no": "报告编号", "report_file": "报告文件"}
	if t, ok := titles[name]; ok {
		return t
	}
	return name
}

// checkInputs holds the given fields to what the action requires. Before its
// document is issued only what the document prints is demanded.
func (c *Change) checkInputs(task *Task, action *workflow.Action, final bool) error {
	var problems problem.List
	for _, name := range action.Requires {
		if name == "remedies" {
			if c.remedies() == "" {
				problems.Add("$.fields.remedies", "required", "事项没有写明救济途径，不能作出不利决定")
			}
			continue
		}
		if (final || name != "opinion") && blank(c.acting.fields[name]) {
			problems.Add("$.fields."+name, "required", "须填写%s", inputTitles[name])
		}
	}
	if final {
		problems = append(problems, checkFields("$.fields", nodeForm(c.matter.FlowSpec, task.Node), c.acting.fields)...)
	}
	return problem.Invalid(problems)
}

// checkFields holds values to declared fields.
func checkFields(path string, spec map[string]kind.FieldSpec, values map[string]any) problem.List {
	var problems problem.List
	for name, f := range spec {
		value := values[name]
		place := path + "." + name
		if blank(value) {
			if f.Required || (f.Min != nil && *f.Min > 0 && f.Type == "files") {
				problems.Add(place, "required", "须填写%s", fieldTitle(name))
			}
			continue
		}
		if text, ok := value.(string); ok {
			if len(f.Enum) > 0 && !slices.Contains(f.Enum, text) {
				problems.Add(place, "enum", "%s只能是 %v 之一", fieldTitle(name), f.Enum)
			}
			if f.Max != nil && f.Type == "string" && utf8.RuneCountInString(text) > *f.Max {
				problems.Add(place, "max", "%s不能超过 %d 字", fieldTitle(name), *f.Max)
			}
		}
		if list, ok := value.([]any); ok && f.Min != nil && len(list) < *f.Min {
			problems.Add(place, "min", "%s至少需要 %d 个", fieldTitle(name), *f.Min)
		}
	}
	return problems
}

func blank(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	}
	return false
}

// input is a text among the fields of the action being done.
func (c *Change) input(name string) string {
	if c.acting == nil {
		return ""
	}
	text, _ := c.acting.fields[name].(string)
	return text
}

func (c *Change) inputOr(name, otherwise string) string {
	if text := c.input(name); text != "" {
		return text
	}
	return otherwise
}

func limitOf(l kind.Limit) deadline.Limit {
	return deadline.Limit{N: l.N, Unit: deadline.Unit(l.Unit)}
}

func finishCode(code int) string { return strconv.Itoa(code) }

func indexed(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }
