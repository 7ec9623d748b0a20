package guide

import (
	"fmt"
	"strings"

	"zhengtong/internal/document/font"
	"zhengtong/internal/document/layout"
	"zhengtong/internal/document/render"
)

// PDF prints a dated guide on A4 (R-CAT-07). The same guide gives the same bytes.
func PDF(g *Guide, fonts *font.Set) ([]byte, error) {
	p := &printer{values: map[string]any{}}
	p.add(layout.Block{Title: &layout.Title{Text: layout.Literal(g.Title + "\n办事指南")}})
	for i, section := range g.Sections {
		p.add(layout.Block{Heading: &layout.Heading{Text: layout.Literal(ordinal(i+1) + "、" + section.Title)}})
		for _, b := range section.Blocks {
			p.block(b)
		}
	}
	p.add(layout.Block{Footer: &layout.Footer{Text: layout.Literal("版本号 " + g.Version + "　摘要 " + g.Digest)}})
	record := render.Record{Number: "版本号：" + g.Version + "　更新日期：" + layout.Date(g.UpdatedOn.String()), Title: g.Title + "办事指南", Values: p.values,
		ContentDigest: g.Digest, IssuedOn: g.UpdatedOn}
	file, _, err := render.Render(record, layout.Layout{Blocks: p.blocks, Dense: true}, render.Assets{Fonts: fonts, Organisation: g.Body})
	if err != nil {
		return nil, fmt.Errorf("guide of %s as PDF: %w", g.Name, err)
	}
	return file, nil
}

// printer turns blocks of a guide into those of a page. Tables are drawn over lists of the values.
type printer struct {
	blocks []layout.Block
	values map[string]any
}

func (p *printer) add(b layout.Block) { p.blocks = append(p.blocks, b) }

func (p *printer) block(b Block) {
	switch {
	case b.Text != "":
		p.paragraph(b.Text)
	case len(b.List) > 0:
		for i, item := range b.List {
			p.paragraph(fmt.Sprintf("%d．%s", i+1, item))
		}
	case len(b.Facts) > 0:
		rows := make([][]string, len(b.Facts))
		for i, f := range b.Facts {
			rows[i] = []string{f.Name, f.Value}
		}
		p.table(&Table{Head: []string{"项目", "内容"}, Shares: []int{2, 7}, Rows: rows})
	case b.Table != nil:
		p.table(b.Table)
	case len(b.Steps) > 0:
		rows := make([][]string, len(b.Steps))
		for i, s := range b.Steps {
			rows[i] = []string{fmt.Sprint(i + 1), s.Title, s.Phase, s.Who, s.Limit}
		}
		p.table(&Table{Head: []string{"序号", "环节", "阶段", "办理人", "时限"}, Shares: []int{2, 6, 3, 6, 4}, Rows: rows})
	case len(b.Links) > 0:
		for _, l := range b.Links {
			p.paragraph(l.Title + "：" + l.URL)
		}
	}
}

func (p *printer) paragraph(text string) {
	p.add(layout.Block{Paragraph: &layout.Paragraph{Text: layout.Literal(text), Align: layout.Left}})
}

// table draws a table over a list of its own; a column's text is the cell of its name.
func (p *printer) table(t *Table) {
	over := fmt.Sprintf("t%d", len(p.values))
	rows := make([]any, len(t.Rows))
	for i, row := range t.Rows {
		cells := make(map[string]any, len(row))
		for j, text := range row {
			cells[column(j)] = text
		}
		rows[i] = cells
	}
	p.values[over] = rows
	out := &layout.Table{Over: over}
	for j, head := range t.Head {
		text, err := layout.ParseText("{{." + column(j) + "}}")
		if err != nil { // letters always parse
			continue
		}
		out.Columns = append(out.Columns, layout.Column{Title: head, Text: text, Width: t.Shares[j], Align: layout.Left})
	}
	p.add(layout.Block{Table: out})
}

func column(i int) string { return string(rune('a' + i)) }

// ordinal writes 1 to 99 as a heading counts: 十一.
func ordinal(n int) string {
	digits := strings.Split("〇一二三四五六七八九", "")
	switch {
	case n < 10:
		return digits[n]
	case n < 20:
		return strings.TrimSuffix("十"+digits[n%10], "〇")
	}
	return strings.TrimSuffix(digits[n/10]+"十"+digits[n%10], "〇")
}
