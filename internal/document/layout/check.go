package layout

import (
	"fmt"
	"slices"
	"strings"

	"zhengtong/internal/problem"
)

// CodePlaceholder is the publish check of this file: placeholders ⊆ fields ⊆ roots.
const CodePlaceholder = "V-37"

// roots are the document roots of domain §3.2.2: what the engine can put into a
// document. A root whose list is nil is open or a list: anything beneath it is a value.
var roots = map[string][]string{
	"case":       {"no", "query_code", "received_at", "accepted_on", "promised_due_on", "statutory_due_on", "status_text"},
	"matter":     {"title", "code"},
	"applicant":  {"name", "id_masked"},
	"clerk":      {"name", "staff_no"},
	"department": {"title"},
	"correction": {"items", "items_by_department", "due_on", "count"},
	"special":    {"type", "legal_basis", "expected_days"},
	"extension":  {"reason", "days", "approved_by"},
	"decision":   {"basis", "date"},
	"licence":    {"no", "no_masked", "title", "valid_to"},
	"bill":       {"no", "total"},
	"bundle":     {"no", "query_code", "accepted_on", "promised_due_on", "statutory_due_on"},
	"receiver":   {"name", "id_last4"},
	"delivery":   {"at", "way"},
	"members":    nil, "materials": nil, "opinions": nil, "remedies": nil,
	"input": nil, "facts": nil, "form": nil,
}

// KnownRoot reports whether a path is one that documents may use (V-37, fields ⊆ roots).
func KnownRoot(path string) bool {
	root, rest, deeper := strings.Cut(path, ".")
	names, ok := roots[root]
	if !ok {
		return false
	}
	if names == nil {
		return true
	}
	name, _, _ := strings.Cut(rest, ".")
	return deeper && slices.Contains(names, name)
}

// Placeholders returns the document paths that a layout reads, sorted, each
// once: texts, the lists of tables and the conditions of blocks. Paths relative
// to a table's row are covered by the table's list.
func Placeholders(l Layout) []string {
	var out []string
	l.walk(func(_ string, path string) { out = append(out, path) })
	slices.Sort(out)
	return slices.Compact(out)
}

// Check is publish check V-37 for one template: every placeholder is one of
// fields or lies beneath one, and every field is a document root. It also
// refuses row placeholders outside tables and a second title, seal, code or
// footer. Problems carry paths into the layout (`$.blocks[2].paragraph`) and the field list (`fields`).
func Check(l Layout, fields []string) problem.List {
	var out problem.List
	l.walk(func(place, path string) {
		if !granted(path, fields) {
			out.Add(place, CodePlaceholder, "占位符 %s 不在模板的 fields 中", path)
		}
	})
	for _, f := range fields {
		if !KnownRoot(f) {
			out.Add("fields", CodePlaceholder, "%s 不是文书可用的数据项", f)
		}
	}
	l.strayRows(&out)
	l.repeats(&out)
	return out.Sorted()
}

// granted reports whether path or one of its ancestors is among fields.
func granted(path string, fields []string) bool {
	return slices.ContainsFunc(fields, func(f string) bool { return path == f || strings.HasPrefix(path, f+".") })
}

// walk calls visit for every absolute path with its place in the layout.
func (l Layout) walk(visit func(place, path string)) {
	l.texts(func(place string, _ bool, t Text) {
		for _, p := range t.parts {
			if p.Path != "" && !p.relative() {
				visit(place, p.Path)
			}
		}
	})
	for i, b := range l.Blocks {
		if b.When != "" {
			visit(fmt.Sprintf("$.blocks[%d].when", i), b.When)
		}
		if b.Table != nil && b.Table.Over != "" {
			visit(fmt.Sprintf("$.blocks[%d].table.over", i), b.Table.Over)
		}
	}
}

// texts calls visit for every text of the layout; inRow tells whether it belongs to a table's row.
func (l Layout) texts(visit func(place string, inRow bool, t Text)) {
	for i, b := range l.Blocks {
		at := fmt.Sprintf("$.blocks[%d].", i)
		switch {
		case b.Title != nil:
			visit(at+"title", false, b.Title.Text)
		case b.Heading != nil:
			visit(at+"heading", false, b.Heading.Text)
		case b.Paragraph != nil:
			visit(at+"paragraph", false, b.Paragraph.Text)
		case b.Seal != nil:
			visit(at+"seal.name", false, b.Seal.Name)
		case b.QR != nil:
			visit(at+"qr.caption", false, b.QR.Caption)
		case b.Footer != nil:
			visit(at+"footer", false, b.Footer.Text)
		case b.Table != nil:
			for j, c := range b.Table.Columns {
				visit(fmt.Sprintf("%stable.columns[%d].text", at, j), true, c.Text)
			}
		}
	}
}

func (l Layout) strayRows(out *problem.List) {
	l.texts(func(place string, inRow bool, t Text) {
		for _, p := range t.parts {
			if !inRow && p.relative() {
				out.Add(place, CodePlaceholder, "{{%s}} 只能用在表格的列中", p.Path)
			}
		}
	})
}

func (l Layout) repeats(out *problem.List) {
	seen := map[string]bool{}
	for i, b := range l.Blocks {
		for name, present := range map[string]bool{"title": b.Title != nil, "seal": b.Seal != nil, "qr": b.QR != nil, "footer": b.Footer != nil} {
			if present && seen[name] {
				out.Add(fmt.Sprintf("$.blocks[%d].%s", i, name), CodeShape, "一份文书只能有一个 %s", name)
			}
			seen[name] = seen[name] || present
		}
	}
}
