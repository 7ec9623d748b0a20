package font

import (
	"bytes"
	"math"
	"sync"
	"testing"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"pgregory.net/rapid"
)

func newSet(t testing.TB, fallbacks ...[]byte) *Set {
	t.Helper()
	s, err := New(fallbacks...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Names on identity cards use characters outside the basic plane; every one of
// these is borne by real people or places (通用规范汉字表, GB 18030-2022).
func TestBuiltInFontsCoverRareNames(t *testing.T) {
	s := newSet(t)
	for _, r := range "双峰县市场监督管理局〔2026〕㎡①〇Ｘ·𠮷䶮㙓𬭎𬱖𫖯𬀩堃龘" {
		if !s.Covers(r) {
			t.Errorf("%c U+%04X is not covered", r, r)
		}
		if s.Advance(r) <= 0 {
			t.Errorf("%c U+%04X has no width", r, r)
		}
	}
}

func TestAssembledFontReadsBack(t *testing.T) {
	s := newSet(t)
	chars := []rune("受理通知书𠮷䶮1〔〕 a")
	parsed, err := sfnt.Parse(s.Subset("Test", chars, nil))
	if err != nil {
		t.Fatal(err)
	}
	var buf sfnt.Buffer
	for _, r := range chars {
		index, err := parsed.GlyphIndex(&buf, r)
		if err != nil || index == 0 {
			t.Fatalf("%c has glyph %d, %v", r, index, err)
		}
		advance, err := parsed.GlyphAdvance(&buf, index, fixed.I(emSize), 0)
		if err != nil || advance.Round() != s.Advance(r) {
			t.Errorf("%c is %d wide, want %d (%v)", r, advance.Round(), s.Advance(r), err)
		}
		segments, err := parsed.LoadGlyph(&buf, index, fixed.I(emSize), nil)
		if err != nil || (r != ' ') != (len(segments) > 0) {
			t.Errorf("%c has %d segments (%v)", r, len(segments), err)
		}
	}
	if n := parsed.NumGlyphs(); n != len(chars)+1 {
		t.Errorf("%d glyphs, want %d", n, len(chars)+1)
	}
}

func TestSubsetIgnoresOrderAndRepeats(t *testing.T) {
	s := newSet(t)
	if !bytes.Equal(s.Subset("A", []rune("一二三"), nil), s.Subset("A", []rune("三一二一"), nil)) {
		t.Error("the same characters in another order give another font")
	}
}

func TestAliasLooksLikeAnotherCharacter(t *testing.T) {
	s := newSet(t)
	parsed, err := sfnt.Parse(s.Subset("Test", nil, map[rune]rune{0xF0000: '章'}))
	if err != nil {
		t.Fatal(err)
	}
	var buf sfnt.Buffer
	index, err := parsed.GlyphIndex(&buf, 0xF0000)
	if err != nil {
		t.Fatal(err)
	}
	if segments, err := parsed.LoadGlyph(&buf, index, fixed.I(emSize), nil); err != nil || len(segments) == 0 {
		t.Errorf("%d segments, %v", len(segments), err)
	}
}

// A character without a glyph is never dropped: it shows as a box with its code point.
func TestUnknownCharacterIsABox(t *testing.T) {
	s := newSet(t)
	const unknown = 0x2A7B0 // Extension C, in no Noto font
	if s.Covers(unknown) {
		t.Fatal("the built-in fonts have grown; choose another character")
	}
	g, _ := s.glyph(unknown)
	if g.Advance != emSize || g.contours < 2+5 {
		t.Errorf("the box is %d wide and has %d contours, want frame and five digits", g.Advance, g.contours)
	}
	for _, r := range []rune{0xFE00, 0xE0100, 0x200D, 0x07} {
		if g, ok := s.glyph(r); ok || g.Advance != 0 || g.record != nil {
			t.Errorf("U+%04X: covered %v, width %d; a modifier takes no room and is reported", r, ok, g.Advance)
		}
	}
	if len(s.glyphs) != 0 {
		t.Error("stand-ins are kept: outside text could fill the memory")
	}
}

func TestFallbackFontIsAskedLast(t *testing.T) {
	extra := assemble("Extra", []entry{
		{char: 0x2A7B0, glyph: newGlyph(777, outline{{{0, 0, true}, {0, 500, true}, {500, 0, true}}})},
		{char: '一', glyph: newGlyph(333, nil)},
	})
	s := newSet(t, extra)
	if got := s.Advance(0x2A7B0); got != 777 {
		t.Errorf("the fallback's glyph is %d wide, want 777", got)
	}
	if got := s.Advance('一'); got != 1000 {
		t.Errorf("a built-in glyph is %d wide, want 1000: the fallback took over", got)
	}
	if _, err := New([]byte("not a font")); err == nil {
		t.Error("a file that is no font was accepted")
	}
}

func TestSetIsSafeForConcurrentUse(t *testing.T) {
	s := newSet(t)
	want := s.Subset("A", []rune("中华人民共和国行政许可法"), nil)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if !bytes.Equal(want, s.Subset("A", []rune("中华人民共和国行政许可法"), nil)) {
				t.Error("another goroutine got another font")
			}
		})
	}
	wg.Wait()
}

// Law: the quadratic pieces of a cubic stay within the tolerance of it, whatever the cubic.
func TestQuadraticsFollowTheCubic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coordinate := rapid.IntRange(-1000, 1000)
		var p [4]fixed.Point26_6
		for i := range p {
			p[i] = fixed.P(coordinate.Draw(t, "x"), coordinate.Draw(t, "y"))
		}
		pieces := quadratics(p[0], p[1], p[2], p[3])
		start := p[0]
		for i, q := range pieces {
			for k := range 9 {
				u := float64(k) / 8
				at := (float64(i) + u) / float64(len(pieces))
				dx := bezier2(start.X, q[0].X, q[1].X, u) - bezier3(p[0].X, p[1].X, p[2].X, p[3].X, at)
				dy := bezier2(start.Y, q[0].Y, q[1].Y, u) - bezier3(p[0].Y, p[1].Y, p[2].Y, p[3].Y, at)
				if off := math.Hypot(dx, dy) / 64; off > curveTolerance+0.05 {
					t.Fatalf("piece %d of %d strays %.3f units", i, len(pieces), off)
				}
			}
			start = q[1]
		}
		if start != p[3] {
			t.Fatalf("ends at %v, want %v", start, p[3])
		}
	})
}

func bezier2(a, b, c fixed.Int26_6, t float64) float64 {
	u := 1 - t
	return u*u*float64(a) + 2*u*t*float64(b) + t*t*float64(c)
}

func bezier3(a, b, c, d fixed.Int26_6, t float64) float64 {
	u := 1 - t
	return u*u*u*float64(a) + 3*u*u*t*float64(b) + 3*u*t*t*float64(c) + t*t*t*float64(d)
}

// Supplement keeps what the first font lacks and nothing else.
func TestSupplementIsTheDifference(t *testing.T) {
	made, n, err := Supplement(rareHan, "ZhengtongRareHan", regular)
	if err != nil {
		t.Fatal(err)
	}
	again, m, err := Supplement(rareHan, "ZhengtongRareHan", made)
	if err != nil || n == 0 || m != 0 {
		t.Errorf("%d, then %d characters (%v); want some, then none; %d bytes", n, m, err, len(again))
	}
	if _, _, err := Supplement(rareHan, "Another", regular); err == nil {
		t.Error("an unknown member was accepted")
	}
}

func BenchmarkSubset(b *testing.B) {
	s := newSet(b)
	chars := []rune("双峰县市场监督管理局受理通知书编号申请人你单位提交的食品经营许可申请材料齐全符合法定形式予以受理")
	for b.Loop() {
		s.Subset("A", chars, nil)
	}
}
