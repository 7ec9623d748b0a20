package render

import (
	"fmt"

	"zhengtong/internal/document/layout"
	"zhengtong/internal/problem"
)

// flow places blocks from top to bottom and opens pages as they fill.
type flow struct {
	record Record
	assets Assets
	style  style
	values layout.Values
	absent map[string]bool
	sheets []*sheet
	symbol *symbol // the code, once made
	y      float64 // top of the free room on the current page
}

func newFlow(rec Record, assets Assets, s style) *flow {
	f := &flow{record: rec, assets: assets, style: s, absent: map[string]bool{}}
	f.values = layout.Values{Data: rec.Values, Zone: assets.Zone, Absent: func(path string) { f.absent[path] = true }}
	f.page()
	return f
}

// page opens a new page.
func (f *flow) page() {
	s := &sheet{}
	f.sheets = append(f.sheets, s)
	f.y = f.style.top
	if f.assets.Watermark != "" {
		s.watermark(f.assets.Watermark, f.measure(48))
	}
	if f.assets.Copy != "" {
		label := "（" + f.assets.Copy + "）"
		s.over = append(s.over, text{x: right - f.measure(noteSize+2).textWidth(label), y: 20 * mm, size: noteSize + 2, s: label})
	}
}

// watermark writes a pale text along the page's diagonal, centred.
func (s *sheet) watermark(label string, m measure) {
	const slope = 0.819 // of 55 degrees: the direction (0.574, -0.819)
	half := m.textWidth(label) / 2
	s.under = append(s.under, text{x: pageWidth/2 - half*0.574, y: pageHeight/2 + half*slope, size: 48, s: label, ink: grey, silent: true, turn: true, angle: 55})
}

// need opens a new page unless height is free on this one.
func (f *flow) need(height float64) {
	if f.y+height > f.style.bottom+0.01 && f.y > f.style.top {
		f.page()
	}
}

func (f *flow) current() *sheet { return f.sheets[len(f.sheets)-1] }

func (f *flow) over(marks ...any) { s := f.current(); s.over = append(s.over, marks...) }

func (f *flow) under(marks ...any) { s := f.current(); s.under = append(s.under, marks...) }

// measure is the width of characters at a size.
func (f *flow) measure(size float64) measure {
	fonts := f.assets.Fonts
	return func(r rune) float64 { return float64(fonts.Advance(r)) * size / 1000 }
}

// baseline is where text sits in a line of the given height that starts at y:
// the em box is centred in it.
func baseline(y, leading, size float64) float64 { return y + (leading-size)/2 + 0.88*size }

// compose lays out all blocks.
func (f *flow) compose(l layout.Layout) error {
	var footer *layout.Footer
	blocks := f.shown(l.Blocks)
	titled := false
	for i := 0; i < len(blocks); i++ {
		b := blocks[i]
		switch {
		case b.Title != nil:
			f.title(f.values.Fill(b.Title.Text, nil))
			titled = true
		case b.Footer != nil:
			footer = b.Footer
		case b.Seal != nil || b.QR != nil:
			used, err := f.closing(blocks[i:])
			if err != nil {
				return err
			}
			i += used - 1
		default:
			if !titled {
				f.title(f.record.Title)
				titled = true
			}
			if err := f.body(b, f.keep(blocks[i+1:])); err != nil {
				return err
			}
		}
		if len(f.sheets) > maxPages {
			return tooLong()
		}
	}
	f.feet(footer)
	return nil
}

func tooLong() error {
	return problem.New(problem.Validation, "document_too_long", "文书超过 %d 页，请拆分", maxPages)
}

// shown leaves out the blocks whose condition finds nothing.
func (f *flow) shown(blocks []layout.Block) []layout.Block {
	var out []layout.Block
	for _, b := range blocks {
		if b.When == "" || f.values.Present(b.When) {
			out = append(out, b)
		}
	}
	return out
}

// keep is the height that must follow the last lines of a block on the same
// page: a signature never stands alone on a page (GB/T 9704 §7.3.5).
func (f *flow) keep(rest []layout.Block) float64 {
	if len(rest) > 0 && (rest[0].Seal != nil || rest[0].QR != nil) {
		return f.band(rest).height
	}
	return 0
}

func (f *flow) body(b layout.Block, keep float64) error {
	if b.Table != nil {
		return f.table(*b.Table, keep)
	}
	if b.Paragraph != nil {
		return f.paragraph(*b.Paragraph, keep)
	}
	if b.Heading != nil {
		f.heading(f.values.Fill(b.Heading.Text, nil))
	}
	return nil
}

// heading begins a part, with room above it and at least two lines of what follows on the same page.
func (f *flow) heading(name string) {
	size := f.style.size + 2
	lines := breakText(name, width, 0, f.measure(size))
	above := 0.0
	if f.y > f.style.top {
		above = f.style.leading / 2
	}
	f.need(above + float64(len(lines))*f.style.leading*1.2 + 2*f.style.leading + 4*cellPadding)
	if f.y > f.style.top {
		f.y += above
	}
	for _, l := range lines {
		f.over(text{x: left, y: baseline(f.y, f.style.leading*1.2, size), size: size, s: l.text})
		f.y += f.style.leading * 1.2
	}
}

// title sets the issuing organisation, the document's name and its number, centred.
func (f *flow) title(name string) {
	m := f.measure(titleSize)
	heading := name
	if org := f.assets.Organisation; org != "" {
		heading = org + "\n" + name
	}
	for _, l := range breakText(heading, width, 0, m) {
		f.centred(l, titleSize, titleLead)
	}
	if f.record.Number != "" {
		f.y += 6
		for _, l := range breakText(f.record.Number, width, 0, f.measure(numberSize)) {
			f.centred(l, numberSize, numberSize*1.5)
		}
	}
	f.y += f.style.leading / 2
}

func (f *flow) centred(l line, size, leading float64) {
	f.need(leading)
	f.over(text{x: left + (width-l.width)/2, y: baseline(f.y, leading, size), size: size, s: l.text})
	f.y += leading
}

// paragraph sets running text; its last two lines stay with what follows.
func (f *flow) paragraph(p layout.Paragraph, keep float64) error {
	indent := 0.0
	if p.Indented() {
		indent = 2 * f.style.size
	}
	lines := breakText(f.values.Fill(p.Text, nil), width, indent, f.measure(f.style.size))
	begins := true
	for i, l := range lines {
		switch remaining := len(lines) - i; {
		case remaining == 2 || remaining == 1 && len(lines) == 1:
			f.need(float64(remaining)*f.style.leading + keep)
		default:
			f.need(f.style.leading)
		}
		shift := 0.0
		if begins {
			shift = indent
		}
		f.over(f.placed(l, p.Align, left+shift, width-shift))
		f.y += f.style.leading
		begins = l.last
		if len(f.sheets) > maxPages {
			return tooLong()
		}
	}
	return nil
}

// placed aligns a body line in its room; without an alignment it is stretched to both edges.
func (f *flow) placed(l line, align layout.Align, x, room float64) text {
	t := text{x: x, y: baseline(f.y, f.style.leading, f.style.size), size: f.style.size, s: l.text}
	switch align {
	case layout.Center:
		t.x += (room - l.width) / 2
	case layout.Right:
		t.x += room - l.width
	case layout.Left:
	default:
		t.spacing = l.stretch(f.style.size)
	}
	return t
}

// feet writes the footer and `第 n 页 共 m 页` on every page.
func (f *flow) feet(footer *layout.Footer) {
	m := f.measure(noteSize)
	note := ""
	if footer != nil {
		note = f.values.Fill(footer.Text, nil)
	}
	for i, s := range f.sheets {
		number := fmt.Sprintf("第 %d 页　共 %d 页", i+1, len(f.sheets))
		numberWidth := m.textWidth(number)
		s.over = append(s.over,
			rule{left, footerY - 14, right, footerY - 14, 0.5},
			text{x: right - numberWidth, y: footerY, size: noteSize, s: number})
		for j, l := range breakText(note, width-numberWidth-12, 0, m) {
			if l.text != "" {
				s.over = append(s.over, text{x: left, y: footerY + float64(j)*noteSize*1.4, size: noteSize, s: l.text})
			}
		}
	}
}
