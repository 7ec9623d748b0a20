package render

import (
	"zhengtong/internal/document/layout"
)

// cell is set text with its alignment.
type cell struct {
	lines []line
	align layout.Align
}

// grid is a table being drawn: column edges from left to right.
type grid struct {
	f       *flow
	edges   []float64
	head    []cell
	columns []layout.Column
}

// table draws a row for each element of a list, its head repeated on every
// page. A row moves to the next page whole; one taller than a page is split
// between lines. An empty list shows one row that says so.
func (f *flow) table(t layout.Table, keep float64) error {
	g := &grid{f: f, columns: t.Columns, edges: edges(t.Columns)}
	for i, c := range t.Columns {
		g.head = append(g.head, g.set(i, c.Title, layout.Center))
	}
	items := f.values.List(t.Over)
	f.y += cellPadding
	g.header(g.firstRow(items))
	if len(items) == 0 {
		f.absent[t.Over] = true
		f.y = g.emptyRow()
	}
	for n, item := range items {
		cells := make([]cell, len(t.Columns))
		for i, c := range t.Columns {
			cells[i] = g.set(i, f.values.Fill(c.Text, &layout.Row{Number: n + 1, Item: item}), c.Align)
		}
		follow := 0.0
		if n == len(items)-1 {
			follow = keep
		}
		g.row(cells, follow)
		if len(f.sheets) > maxPages {
			return tooLong()
		}
	}
	f.y += f.style.leading / 2
	return nil
}

// edges divides the width by the columns' shares.
func edges(columns []layout.Column) []float64 {
	total := 0
	for _, c := range columns {
		total += c.Share()
	}
	out, sum := []float64{left}, 0
	for _, c := range columns {
		sum += c.Share()
		out = append(out, left+width*float64(sum)/float64(total))
	}
	return out
}

func (g *grid) set(column int, s string, align layout.Align) cell {
	room := g.edges[column+1] - g.edges[column] - 2*cellPadding
	return cell{lines: breakText(s, room, 0, g.f.measure(g.f.style.cell)), align: align}
}

// tallest is the number of lines of the tallest cell.
func tallest(cells []cell) int {
	n := 1
	for _, c := range cells {
		n = max(n, len(c.lines))
	}
	return n
}

func (f *flow) rowHeight(lines int) float64 {
	return float64(lines)*f.style.cellLeading + 2*cellPadding
}

// firstRow is how much room the head wants below itself: at least a line of the first row.
func (g *grid) firstRow(items []any) float64 {
	if len(items) == 0 {
		return g.f.rowHeight(1)
	}
	return g.f.rowHeight(2)
}

// header draws the head, on a new page when nothing would fit below it.
func (g *grid) header(below float64) {
	f, height := g.f, g.f.rowHeight(tallest(g.head))
	f.need(height + below)
	f.under(box{left, f.y, width, height, shade})
	g.draw(g.head, tallest(g.head))
}

// row draws a row, together with the follow points after it on the same page when they fit one at all.
func (g *grid) row(cells []cell, follow float64) {
	f, height := g.f, g.f.rowHeight(tallest(cells))
	fullPage := f.style.bottom - f.style.top - f.rowHeight(tallest(g.head))
	if height+follow > fullPage {
		follow = 0
	}
	if f.y+height+follow > f.style.bottom && height <= fullPage {
		f.page()
		g.header(0)
	}
	for {
		room := int((f.style.bottom - f.y - 2*cellPadding) / f.style.cellLeading)
		lines := tallest(cells)
		if lines <= room {
			g.draw(cells, lines)
			return
		}
		if room > 0 {
			g.draw(cut(cells, 0, room), room)
			cells = cut(cells, room, lines)
		}
		f.page()
		g.header(0)
	}
}

// cut takes lines from … to of every cell.
func cut(cells []cell, from, to int) []cell {
	out := make([]cell, len(cells))
	for i, c := range cells {
		out[i] = cell{align: c.align}
		if from < len(c.lines) {
			out[i].lines = c.lines[from:min(to, len(c.lines))]
		}
	}
	return out
}

// draw writes a row of the given number of lines, its texts centred in height, and its borders.
func (g *grid) draw(cells []cell, lines int) {
	f, height := g.f, g.f.rowHeight(lines)
	for i, c := range cells {
		x, room := g.edges[i]+cellPadding, g.edges[i+1]-g.edges[i]-2*cellPadding
		y := f.y + (height-float64(len(c.lines))*f.style.cellLeading)/2
		for _, l := range c.lines {
			f.over(f.cellText(l, c.align, x, y, room))
			y += f.style.cellLeading
		}
	}
	g.border(height)
	f.y += height
}

func (f *flow) cellText(l line, align layout.Align, x, y, room float64) text {
	t := text{x: x, y: baseline(y, f.style.cellLeading, f.style.cell), size: f.style.cell, s: l.text}
	switch align {
	case layout.Center:
		t.x += (room - l.width) / 2
	case layout.Right:
		t.x += room - l.width
	default:
		t.spacing = l.stretch(f.style.cell)
	}
	return t
}

// emptyRow says that there is nothing and returns where the table ends.
func (g *grid) emptyRow() float64 {
	f, height := g.f, g.f.rowHeight(1)
	const nothing = "（无）"
	x := left + (width-f.measure(f.style.cell).textWidth(nothing))/2
	f.over(text{x: x, y: baseline(f.y+cellPadding, f.style.cellLeading, f.style.cell), size: f.style.cell, s: nothing})
	f.over(rule{left, f.y, left, f.y + height, 0.6}, rule{right, f.y, right, f.y + height, 0.6}, rule{left, f.y + height, right, f.y + height, 0.6})
	return f.y + height
}

// border draws the lines around and between the cells of a row.
func (g *grid) border(height float64) {
	f := g.f
	f.over(rule{left, f.y, right, f.y, 0.6}, rule{left, f.y + height, right, f.y + height, 0.6})
	for _, x := range g.edges {
		f.over(rule{x, f.y, x, f.y + height, 0.6})
	}
}
