package render

import (
	"math"

	"zhengtong/internal/document/layout"
)

// band is the foot of a document: the code on the left, the signature with date
// and seal on the right. Either may be missing; standing next to each other in the
// layout they share the height.
type band struct {
	seal   *layout.Seal
	code   *layout.QR
	used   int // blocks taken
	height float64
}

// signGap is the room left blank above the signature.
func (f *flow) signGap() float64 { return signLines * f.style.leading }

// band measures the closing blocks at the head of a list.
func (f *flow) band(blocks []layout.Block) band {
	var b band
	for _, block := range blocks {
		if block.Seal != nil && b.seal == nil {
			b.seal = block.Seal
		} else if block.QR != nil && b.code == nil {
			b.code = block.QR
		} else {
			break
		}
		b.used++
	}
	if b.seal != nil {
		names := len(f.signature(b))
		centre := f.signGap() + float64(names)*f.style.leading
		b.height = math.Max(centre+f.style.leading, centre+sealDiameter/2-f.style.leading/2)
	}
	if b.code != nil {
		b.height = math.Max(b.height, f.signGap()/2+codeSide+3*noteSize)
	}
	return b
}

// closing draws the band and returns how many blocks it took.
func (f *flow) closing(blocks []layout.Block) (int, error) {
	b := f.band(blocks)
	f.need(b.height)
	if b.code != nil {
		if err := f.code(*b.code, f.y+f.signGap()/2); err != nil {
			return 0, err
		}
	}
	if b.seal != nil {
		f.sign(b)
	}
	f.y += b.height
	return b.used, nil
}

// signature breaks the signing organisation's name into the lines that its room allows.
func (f *flow) signature(b band) []line {
	name := f.assets.Organisation
	if !b.seal.Name.IsZero() {
		name = f.values.Fill(b.seal.Name, nil)
	}
	room := width - 2*f.style.size
	if b.code != nil {
		room -= codeColumn
	}
	return breakText(name, room, 0, f.measure(f.style.size))
}

// sign writes name and date, the date four characters in from the right and the
// name centred on it, the seal under both (GB/T 9704 §7.3.5.1).
func (f *flow) sign(b band) {
	m := f.measure(f.style.size)
	names := f.signature(b)
	date := layout.Date(f.record.IssuedOn.String())
	widest := 0.0
	for _, l := range names {
		widest = math.Max(widest, l.width)
	}
	dateWidth := m.textWidth(date)
	centre := math.Min(right-4*f.style.size-dateWidth/2, right-2*f.style.size-widest/2)
	y := f.y + f.signGap()
	for _, l := range names {
		f.over(text{x: centre - l.width/2, y: baseline(y, f.style.leading, f.style.size), size: f.style.size, s: l.text})
		y += f.style.leading
	}
	f.over(text{x: centre - dateWidth/2, y: baseline(y, f.style.leading, f.style.size), size: f.style.size, s: date})
	f.impression(centre, y)
}
