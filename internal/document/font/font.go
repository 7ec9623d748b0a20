// Package font gives documents their glyphs. It holds Noto Sans SC and the rare
// Han characters of personal and place names that Noto Sans SC lacks (both under
// the SIL Open Font License, OFL.txt), takes further fonts as fallbacks, and
// assembles from all of them one small TrueType font with exactly the
// characters a document uses. TrueType and OpenType/CFF sources, single files
// and collections (.ttf, .otf, .ttc), are accepted alike.
//
// Scripts that need shaping (Arabic-script Uyghur, Tibetan, Mongolian) are not
// shaped: such characters are drawn one by one, or as boxes when no font has them.
package font

import (
	_ "embed" // for the two fonts below
	"fmt"
	"maps"
	"sync"
	"unicode"

	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

//go:embed NotoSansSC-Regular.ttf
var regular []byte

//go:embed rare-han.ttf
var rareHan []byte

// Glyph is one drawable shape. Advance is its width in 1/1000 em.
type Glyph struct {
	Advance int

	record           []byte // glyf table entry
	left             int    // left side bearing
	points, contours int
}

// Set is an ordered list of fonts, asked in turn for each character. It is safe
// for concurrent use; glyphs are kept once made, at most one per character that
// its fonts hold (about 10 MB if every one is used).
type Set struct {
	faces []*sfnt.Font

	mu     sync.RWMutex
	glyphs map[rune]Glyph
}

// New returns the built-in fonts followed by the given font files, in order of
// preference. Parsing costs under a millisecond; make one Set per process.
func New(fallbacks ...[]byte) (*Set, error) {
	s := &Set{glyphs: make(map[rune]Glyph)}
	for i, file := range append([][]byte{regular, rareHan}, fallbacks...) {
		faces, err := parse(file)
		if err != nil {
			return nil, fmt.Errorf("font %d: %w", i, err)
		}
		s.faces = append(s.faces, faces...)
	}
	return s, nil
}

// parse reads a font or every member of a collection.
func parse(file []byte) ([]*sfnt.Font, error) {
	collection, err := sfnt.ParseCollection(file)
	if err != nil {
		return nil, err
	}
	faces := make([]*sfnt.Font, collection.NumFonts())
	for i := range faces {
		if faces[i], err = collection.Font(i); err != nil {
			return nil, fmt.Errorf("member %d: %w", i, err)
		}
	}
	return faces, nil
}

// Covers reports whether some font of the set draws r. A character that it does
// not cover is drawn as a box that shows its code point.
func (s *Set) Covers(r rune) bool {
	_, ok := s.glyph(r)
	return ok
}

// Advance is the width of r in 1/1000 em.
func (s *Set) Advance(r rune) int {
	g, _ := s.glyph(r)
	return g.Advance
}

// Subset assembles a TrueType font of the given characters, each mapped to its
// own code point, those without a glyph to their box. The same characters in
// any order give the same bytes. aliases adds further code points (keys) that
// look like other characters (values); it may be nil.
func (s *Set) Subset(family string, chars []rune, aliases map[rune]rune) []byte {
	looks := maps.Clone(aliases)
	if looks == nil {
		looks = make(map[rune]rune, len(chars))
	}
	for _, r := range chars {
		looks[r] = r
	}
	entries := make([]entry, 0, len(looks))
	for char, like := range looks {
		g, _ := s.glyph(like)
		entries = append(entries, entry{char: char, glyph: g})
	}
	return assemble(family, entries)
}

// glyph finds or makes the shape of r; ok is false when it is a stand-in.
// Stand-ins are not kept: outside text must not be able to fill the memory.
func (s *Set) glyph(r rune) (g Glyph, ok bool) {
	s.mu.RLock()
	g, ok = s.glyphs[r]
	s.mu.RUnlock()
	if ok {
		return g, true
	}
	if g, ok = s.load(r); !ok {
		return s.standIn(r), false
	}
	s.mu.Lock()
	s.glyphs[r] = g
	s.mu.Unlock()
	return g, true
}

// load takes the shape of r from the first font that has it and can draw it.
func (s *Set) load(r rune) (Glyph, bool) {
	var buf sfnt.Buffer
	for _, face := range s.faces {
		index, err := face.GlyphIndex(&buf, r)
		if err != nil || index == 0 {
			continue
		}
		advance, err := face.GlyphAdvance(&buf, index, fixed.I(emSize), xfont.HintingNone)
		if err != nil {
			continue
		}
		shape, err := trace(face, &buf, index, emSize, 0, 0)
		if err != nil {
			continue
		}
		return newGlyph(advance.Round(), shape), true
	}
	return Glyph{}, false
}

// trace reads an outline scaled to size units an em and moved by (dx, dy).
func trace(face *sfnt.Font, buf *sfnt.Buffer, index sfnt.GlyphIndex, size, dx, dy int) (outline, error) {
	segments, err := face.LoadGlyph(buf, index, fixed.I(size), nil)
	if err != nil {
		return nil, err
	}
	return fromSegments(segments, dx, dy), nil
}

func newGlyph(advance int, shape outline) Glyph {
	g := Glyph{Advance: advance, record: shape.record(), contours: len(shape)}
	for i, contour := range shape {
		g.points += len(contour)
		for j, p := range contour {
			if i == 0 && j == 0 || p.x < g.left {
				g.left = p.x
			}
		}
	}
	return g
}

// standIn is the shape of a character no font has: nothing for variation
// selectors and other marks that only modify, blank for spaces, else a box with
// the code point in it, two rows of hexadecimal digits.
func (s *Set) standIn(r rune) Glyph {
	switch {
	case unicode.Is(unicode.Variation_Selector, r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Cc, r):
		return Glyph{}
	case unicode.Is(unicode.Zs, r):
		return Glyph{Advance: emSize / 2}
	}
	const left, bottom, right, top, rule = 60, -90, 940, 850, 36
	box := outline{
		{{left, bottom, true}, {left, top, true}, {right, top, true}, {right, bottom, true}},
		{{left + rule, bottom + rule, true}, {right - rule, bottom + rule, true}, {right - rule, top - rule, true}, {left + rule, top - rule, true}},
	}
	digits := fmt.Sprintf("%04X", r)
	upper := len(digits) / 2
	for i, row := range []string{digits[:upper], digits[upper:]} {
		box = append(box, s.digits(row, 430-i*400)...)
	}
	return newGlyph(emSize, box)
}

// digits draws a centred row of hexadecimal digits with its baseline at y.
func (s *Set) digits(row string, y int) outline {
	const size, pitch = 420, 250
	var buf sfnt.Buffer
	var out outline
	x := (emSize - pitch*len(row)) / 2
	for _, d := range row {
		face := s.faces[0]
		index, err := face.GlyphIndex(&buf, d)
		if err != nil {
			continue // the built-in font has every digit: the box alone is then what can be shown
		}
		shape, err := trace(face, &buf, index, size, x, y)
		if err != nil {
			continue
		}
		out = append(out, shape...)
		x += pitch
	}
	return out
}
