package layout

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"zhengtong/internal/problem"
)

// CodeShape marks a layout that is not shaped as the package describes (publish check V-01).
const CodeShape = "V-01"

// MaxBytes bounds a layout file; a page of text needs a few kilobytes.
const MaxBytes = 256 << 10

// Decode reads a layout from YAML or JSON, strictly: unknown fields, wrong types
// and malformed placeholders are all reported, each with its line and column in
// data. The layout is usable when the list has no errors.
func Decode(data []byte) (Layout, problem.List) {
	d := decoder{}
	if len(data) > MaxBytes {
		d.at(nil, "$", "版式文件超过 %d 字节", MaxBytes)
		return Layout{}, d.problems
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		d.at(nil, "$", "不是有效的 YAML 或 JSON：%v", err)
		return Layout{}, d.problems
	}
	if len(doc.Content) == 0 {
		d.at(nil, "$", "版式为空")
		return Layout{}, d.problems
	}
	l := d.layout(doc.Content[0])
	return l, d.problems.Sorted()
}

// decoder walks the node tree and collects problems.
type decoder struct {
	problems problem.List
}

func (d *decoder) at(n *yaml.Node, path, format string, args ...any) {
	p := problem.Problem{Path: path, Code: CodeShape, Message: fmt.Sprintf(format, args...), Severity: problem.SeverityError}
	if n != nil {
		p.Line, p.Column = n.Line, n.Column
	}
	d.problems = append(d.problems, p)
}

// fields calls set for every entry of a mapping whose name is known and returns the names it met.
func (d *decoder) fields(n *yaml.Node, path string, known []string, set func(name string, value *yaml.Node, path string)) map[string]bool {
	seen := map[string]bool{}
	if n.Kind != yaml.MappingNode {
		d.at(n, path, "应为对象，可用字段：%s", strings.Join(known, "、"))
		return seen
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case !slices.Contains(known, key.Value):
			d.at(key, path+"."+key.Value, "未知字段 %q，可用：%s", key.Value, strings.Join(known, "、"))
		case seen[key.Value]:
			d.at(key, path+"."+key.Value, "字段 %q 重复", key.Value)
		default:
			set(key.Value, value, path+"."+key.Value)
		}
		seen[key.Value] = true
	}
	return seen
}

func (d *decoder) layout(n *yaml.Node) Layout {
	var l Layout
	seen := d.fields(n, "$", []string{"blocks", "dense"}, func(name string, value *yaml.Node, path string) {
		if name == "dense" {
			l.Dense = *d.boolean(value, path)
			return
		}
		d.items(value, path, func(item *yaml.Node, path string) {
			l.Blocks = append(l.Blocks, d.block(item, path))
		})
	})
	if n.Kind == yaml.MappingNode && !seen["blocks"] {
		d.at(n, "$.blocks", "缺少 blocks")
	}
	return l
}

func (d *decoder) items(n *yaml.Node, path string, each func(item *yaml.Node, path string)) {
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		d.at(n, path, "应为非空列表")
		return
	}
	for i, item := range n.Content {
		each(item, fmt.Sprintf("%s[%d]", path, i))
	}
}

var blockNames = []string{"title", "heading", "paragraph", "table", "seal", "qr", "footer"}

// block reads `name`, `name: value` and `{name: value, when: path}`.
func (d *decoder) block(n *yaml.Node, path string) Block {
	var b Block
	if n.Kind == yaml.ScalarNode && (n.Value == "seal" || n.Value == "qr") {
		if n.Value == "seal" {
			return Block{Seal: &Seal{}}
		}
		return Block{QR: &QR{}}
	}
	named := 0
	d.fields(n, path, append(slices.Clone(blockNames), "when"), func(name string, value *yaml.Node, path string) {
		if name == "when" {
			b.When = d.path(value, path)
			return
		}
		if named++; named == 1 {
			d.content(&b, name, value, path)
		}
	})
	if n.Kind == yaml.MappingNode && named != 1 {
		d.at(n, path, "每块须且只能有一个：%s", strings.Join(blockNames, "、"))
	}
	return b
}

func (d *decoder) content(b *Block, name string, n *yaml.Node, path string) {
	switch name {
	case "title":
		b.Title = &Title{Text: d.shorthand(n, path, true, nil)}
	case "heading":
		b.Heading = &Heading{Text: d.shorthand(n, path, true, nil)}
	case "paragraph":
		p := Paragraph{}
		p.Text = d.shorthand(n, path, true, map[string]func(*yaml.Node, string){
			"align":  func(n *yaml.Node, path string) { p.Align = d.align(n, path) },
			"indent": func(n *yaml.Node, path string) { p.Indent = d.boolean(n, path) },
			"when":   func(n *yaml.Node, path string) { b.When = cmp.Or(b.When, d.path(n, path)) },
		})
		b.Paragraph = &p
	case "table":
		b.Table = d.table(b, n, path)
	case "seal":
		b.Seal = &Seal{}
		d.optional(n, path, "name", &b.Seal.Name)
	case "qr":
		b.QR = &QR{}
		d.optional(n, path, "caption", &b.QR.Caption)
	case "footer":
		b.Footer = &Footer{Text: d.shorthand(n, path, true, nil)}
	}
}

// shorthand reads a bare string or {text: …} with further fields.
func (d *decoder) shorthand(n *yaml.Node, path string, required bool, more map[string]func(*yaml.Node, string)) (t Text) {
	if n.Kind == yaml.ScalarNode {
		t = d.text(n, path)
	} else {
		known := []string{"text"}
		for name := range more {
			known = append(known, name)
		}
		slices.Sort(known)
		d.fields(n, path, known, func(name string, value *yaml.Node, path string) {
			if name == "text" {
				t = d.text(value, path)
				return
			}
			more[name](value, path)
		})
	}
	if required && t.IsZero() {
		d.at(n, path, "文字不能为空")
	}
	return t
}

// optional reads nothing, true, or an object with one text field.
func (d *decoder) optional(n *yaml.Node, path, name string, into *Text) {
	if n.Kind == yaml.ScalarNode && (n.Tag == "!!null" || n.Tag == "!!bool" && n.Value == "true") {
		return
	}
	d.fields(n, path, []string{name}, func(_ string, value *yaml.Node, path string) { *into = d.text(value, path) })
}

func (d *decoder) table(b *Block, n *yaml.Node, path string) *Table {
	t := &Table{}
	d.fields(n, path, []string{"over", "columns", "when"}, func(name string, value *yaml.Node, path string) {
		switch name {
		case "over":
			t.Over = d.path(value, path)
		case "when":
			b.When = cmp.Or(b.When, d.path(value, path))
		case "columns":
			d.items(value, path, func(item *yaml.Node, path string) { t.Columns = append(t.Columns, d.column(item, path)) })
		}
	})
	if n.Kind == yaml.MappingNode && (t.Over == "" || len(t.Columns) == 0) {
		d.at(n, path, "表格须有 over 和 columns")
	}
	return t
}

func (d *decoder) column(n *yaml.Node, path string) Column {
	var c Column
	d.fields(n, path, []string{"title", "text", "width", "align"}, func(name string, value *yaml.Node, path string) {
		switch name {
		case "title":
			c.Title = d.str(value, path)
		case "text":
			c.Text = d.text(value, path)
		case "align":
			c.Align = d.align(value, path)
		case "width":
			if err := value.Decode(&c.Width); err != nil || c.Width < 1 || c.Width > 100 {
				d.at(value, path, "宽度应为 1 至 100 的整数")
			}
		}
	})
	if c.Title == "" || c.Text.IsZero() {
		d.at(n, path, "列须有 title 和 text")
	}
	return c
}

func (d *decoder) str(n *yaml.Node, path string) string {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!str" {
		d.at(n, path, "应为文字")
		return ""
	}
	return n.Value
}

func (d *decoder) text(n *yaml.Node, path string) Text {
	t, err := ParseText(d.str(n, path))
	if err != nil {
		d.at(n, path, "%v", err)
	}
	return t
}

func (d *decoder) path(n *yaml.Node, path string) string {
	s := d.str(n, path)
	if s != "" && !validPath(s) {
		d.at(n, path, "%q 不是有效路径", s)
	}
	return s
}

func (d *decoder) boolean(n *yaml.Node, path string) *bool {
	var v bool
	if n.Tag != "!!bool" || n.Decode(&v) != nil {
		d.at(n, path, "应为 true 或 false")
	}
	return &v
}

func (d *decoder) align(n *yaml.Node, path string) Align {
	a := Align(d.str(n, path))
	if a != Left && a != Center && a != Right {
		d.at(n, path, "对齐方式应为 left、center 或 right")
	}
	return a
}
