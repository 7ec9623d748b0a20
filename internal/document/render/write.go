package render

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/signintech/gopdf"
)

// writer puts sheets into a PDF through gopdf.
type writer struct {
	pdf    gopdf.GoPdf
	family string
	silent map[rune]rune

	// What gopdf was last told, so that a code of six hundred boxes names its colour once.
	fill, stroke *colour
	lineWidth    float64
}

// write makes the file: one embedded font with exactly the characters used.
func write(rec Record, assets Assets, sheets []*sheet, chars alphabet) ([]byte, error) {
	w := &writer{silent: chars.silent}
	w.pdf.Start(gopdf.Config{PageSize: gopdf.Rect{W: pageWidth, H: pageHeight}})
	w.pdf.SetCompressLevel(zlib.BestSpeed)
	subset := chars.subset(assets.Fonts)
	w.family = subsetTag(subset) + "+NotoSansSC"
	if err := w.pdf.AddTTFFontData(w.family, subset); err != nil {
		return nil, fmt.Errorf("embed font: %w", err)
	}
	w.pdf.SetInfo(gopdf.PdfInfo{
		Title: rec.Title, Subject: rec.Number, Author: assets.Organisation, Creator: "Zhengtong",
		Producer: "content digest " + rec.ContentDigest, CreationDate: issued(rec),
	})
	for _, s := range sheets {
		w.pdf.AddPage()
		w.fill, w.stroke, w.lineWidth = nil, nil, 0
		for _, marks := range [][]any{s.under, s.over} {
			for _, mark := range marks {
				if err := w.draw(mark); err != nil {
					return nil, err
				}
			}
		}
	}
	var out bytes.Buffer
	if _, err := w.pdf.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("write PDF: %w", err)
	}
	return finish(out.Bytes())
}

// subsetTag is the six capitals that ISO 32000-1 §9.6.4 puts before a subset font's name, taken from its content.
func subsetTag(subset []byte) string {
	sum := sha256.Sum256(subset)
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag)
}

// issued is the file's creation date: the start of the day of issue, never the time of drawing.
func issued(rec Record) time.Time {
	year, month, day := rec.IssuedOn.Civil()
	return time.Date(year, month, day, 0, 0, 0, 0, time.FixedZone("CST", 8*60*60))
}

func (w *writer) draw(mark any) error {
	p := &w.pdf
	switch m := mark.(type) {
	case text:
		return w.text(m)
	case rule:
		w.line(black, m.width)
		p.Line(m.x1, m.y1, m.x2, m.y2)
	case box:
		w.paint(m.ink)
		p.RectFromUpperLeftWithStyle(m.x, m.y, m.w, m.h, "F")
	case shape:
		points := make([]gopdf.Point, len(m.points))
		for i, at := range m.points {
			points[i] = gopdf.Point{X: at[0], Y: at[1]}
		}
		w.paint(m.ink)
		p.Polygon(points, "F")
	case ring:
		w.line(m.ink, m.width)
		p.Oval(m.x-m.radius, m.y-m.radius, m.x+m.radius, m.y+m.radius)
	case picture:
		holder, err := gopdf.ImageHolderByBytes(m.data)
		if err != nil {
			return fmt.Errorf("seal image: %w", err)
		}
		if err := p.ImageByHolder(holder, m.x, m.y, &gopdf.Rect{W: m.w, H: m.h}); err != nil {
			return fmt.Errorf("seal image: %w", err)
		}
	}
	return nil
}

// paint sets the colour of areas.
func (w *writer) paint(ink colour) {
	if w.fill == nil || *w.fill != ink {
		w.pdf.SetFillColor(ink.r, ink.g, ink.b)
		w.fill = &ink
	}
}

// line sets the colour and width of lines.
func (w *writer) line(ink colour, width float64) {
	if w.stroke == nil || *w.stroke != ink {
		w.pdf.SetStrokeColor(ink.r, ink.g, ink.b)
		w.stroke = &ink
	}
	if w.lineWidth != width {
		w.pdf.SetLineWidth(width)
		w.lineWidth = width
	}
}

func (w *writer) text(t text) error {
	p := &w.pdf
	if t.s == "" {
		return nil
	}
	if err := p.SetFontWithStyle(w.family, gopdf.Regular, t.size); err != nil {
		return fmt.Errorf("font: %w", err)
	}
	if err := p.SetCharSpacing(t.spacing); err != nil {
		return fmt.Errorf("spacing: %w", err)
	}
	p.SetTextColor(t.ink.r, t.ink.g, t.ink.b)
	w.fill = nil // text sets the fill colour by itself
	if t.turn {
		p.Rotate(t.angle, t.x, t.y)
		defer p.RotateReset()
	}
	p.SetXY(t.x, t.y)
	s := t.s
	if t.silent {
		s = strings.Map(func(r rune) rune { return w.silent[r] }, s)
	}
	if err := p.Text(s); err != nil {
		return fmt.Errorf("text: %w", err)
	}
	return nil
}

// fileDigest is the SHA-256 of a file, hexadecimal.
func fileDigest(file []byte) string {
	sum := sha256.Sum256(file)
	return hex.EncodeToString(sum[:])
}
