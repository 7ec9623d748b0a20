package font

import (
	"encoding/binary"
	"slices"
	"unicode/utf16"
)

// emSize is the number of font units to the em in everything this package makes.
const emSize = 1000

// Vertical metrics of Noto Sans SC in 1/1000 em; the fonts made here share them
// so that lines of mixed origin sit on one baseline.
const (
	ascent  = 880
	descent = -120
)

// What a font made from Noto's outlines must say of itself (OFL 1.1, condition 2).
const (
	copyright = "Outlines: Copyright 2014-2021 Adobe (http://www.adobe.com/), with Reserved Font Name 'Source'"
	licence   = "This Font Software is licensed under the SIL Open Font License, Version 1.1."
)

// entry is one glyph of a font being assembled.
type entry struct {
	char  rune
	glyph Glyph
}

// assemble writes a TrueType font with the given glyphs, sorted by character;
// glyph 0 is an empty .notdef. family names the font (ASCII).
func assemble(family string, entries []entry) []byte {
	slices.SortFunc(entries, func(a, b entry) int { return int(a.char - b.char) })
	glyf, loca := glyphTables(entries)
	return collect(map[string][]byte{
		"head": headTable(),
		"hhea": hheaTable(len(entries) + 1),
		"maxp": maxpTable(entries),
		"hmtx": hmtxTable(entries),
		"cmap": cmapTable(entries),
		"name": nameTable(family),
		"OS/2": os2Table(),
		"post": postTable(),
		"loca": loca,
		"glyf": glyf,
	})
}

// words appends 16-bit values in big-endian order.
func words(b []byte, values ...int) []byte {
	for _, v := range values {
		b = binary.BigEndian.AppendUint16(b, uint16(v))
	}
	return b
}

// longs appends 32-bit values in big-endian order.
func longs(b []byte, values ...int) []byte {
	for _, v := range values {
		b = binary.BigEndian.AppendUint32(b, uint32(v))
	}
	return b
}

func glyphTables(entries []entry) (glyf, loca []byte) {
	loca = longs(loca, 0)
	for _, e := range entries {
		loca = longs(loca, len(glyf)) // glyph 0 ends, and each glyph begins, where the records so far end
		glyf = append(glyf, e.glyph.record...)
	}
	return glyf, longs(loca, len(glyf))
}

func headTable() []byte {
	b := longs(nil, 0x00010000, 0x00010000, 0, 0x5F0F3CF5)
	b = words(b, 0x000B, emSize)
	b = longs(b, 0, 0, 0, 0) // created, modified: fixed, so that equal text gives equal bytes
	b = words(b, -1000, -500, 3000, 1300)
	return words(b, 0, 8, 2, 1, 0) // long loca offsets
}

func hheaTable(glyphs int) []byte {
	b := longs(nil, 0x00010000)
	return words(b, 1160, -288, 0, 3000, -1000, -1000, 3000, 1, 0, 0, 0, 0, 0, 0, 0, glyphs)
}

func maxpTable(entries []entry) []byte {
	points, contours := 0, 0
	for _, e := range entries {
		points, contours = max(points, e.glyph.points), max(contours, e.glyph.contours)
	}
	b := longs(nil, 0x00010000)
	return words(b, len(entries)+1, points, contours, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)
}

func hmtxTable(entries []entry) []byte {
	b := words(nil, emSize, 0)
	for _, e := range entries {
		b = words(b, e.glyph.Advance, e.glyph.left)
	}
	return b
}

// run is a stretch of consecutive characters whose glyphs are consecutive too.
type run struct{ first, last, glyph int }

func runsOf(entries []entry, limit rune) []run {
	var out []run
	for i, e := range entries {
		c := int(e.char)
		if e.char > limit {
			break
		}
		if n := len(out); n > 0 && out[n-1].last+1 == c {
			out[n-1].last = c
			continue
		}
		out = append(out, run{first: c, last: c, glyph: i + 1})
	}
	return out
}

// cmapTable holds a format 4 map for the basic plane and a format 12 map for every character.
func cmapTable(entries []entry) []byte {
	four, twelve := cmapFormat4(runsOf(entries, 0xFFFE)), cmapFormat12(runsOf(entries, 0x10FFFF))
	b := words(nil, 0, 2, 3, 1)
	b = longs(b, 20)
	b = words(b, 3, 10)
	b = longs(b, 20+len(four))
	return append(append(b, four...), twelve...)
}

func cmapFormat4(runs []run) []byte {
	runs = append(runs, run{first: 0xFFFF, last: 0xFFFF, glyph: 0}) // the format's closing segment
	n := len(runs)
	power, exponent := 1, 0
	for power*2 <= n {
		power, exponent = power*2, exponent+1
	}
	b := words(nil, 4, 16+8*n, 0, 2*n, 2*power, exponent, 2*(n-power))
	for _, r := range runs {
		b = words(b, r.last)
	}
	b = words(b, 0)
	for _, r := range runs {
		b = words(b, r.first)
	}
	for _, r := range runs {
		b = words(b, r.glyph-r.first)
	}
	return append(b, make([]byte, 2*n)...)
}

func cmapFormat12(runs []run) []byte {
	b := words(nil, 12, 0)
	b = longs(b, 16+12*len(runs), 0, len(runs))
	for _, r := range runs {
		b = longs(b, r.first, r.last, r.glyph)
	}
	return b
}

func nameTable(family string) []byte {
	records := []struct {
		id   int
		text string
	}{{0, copyright}, {1, family}, {4, family}, {6, family}, {13, licence}} // OpenType name ids
	b := words(nil, 0, len(records), 6+12*len(records))
	var texts []byte
	for _, r := range records {
		text := words(nil, intsOf(utf16.Encode([]rune(r.text)))...)
		b = words(b, 3, 1, 0x409, r.id, len(text), len(texts))
		texts = append(texts, text...)
	}
	return append(b, texts...)
}

func intsOf(units []uint16) []int {
	out := make([]int, len(units))
	for i, u := range units {
		out[i] = int(u)
	}
	return out
}

func os2Table() []byte {
	b := words(nil, 4, 500, 400, 5, 0) // version, average width, weight, width, free to embed
	b = words(b, 650, 600, 0, 75, 650, 600, 0, 350, 50, 325, 0)
	b = append(b, make([]byte, 10+16)...) // panose, Unicode ranges
	b = append(b, "ZTNG"...)
	b = words(b, 0x40, 0x20, 0xFFFF, ascent, descent, 0, 1160, 288)
	b = longs(b, 0, 0)
	return words(b, 543, 733, 0, 0x20, 0)
}

func postTable() []byte {
	b := longs(nil, 0x00030000, 0)
	b = words(b, -125, 50)
	return longs(b, 0, 0, 0, 0, 0)
}

// collect joins tables, in alphabetical order, behind their directory and sets the file checksum.
func collect(tables map[string][]byte) []byte {
	tags := make([]string, 0, len(tables))
	for tag := range tables {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	power, exponent := 1, 0
	for power*2 <= len(tags) {
		power, exponent = power*2, exponent+1
	}
	file := longs(nil, 0x00010000)
	file = words(file, len(tags), power*16, exponent, (len(tags)-power)*16)
	offset, head := len(file)+16*len(tags), 0
	var body []byte
	for _, tag := range tags {
		table := tables[tag]
		if tag == "head" {
			head = offset
		}
		file = append(file, tag...)
		padded := pad4(slices.Clone(table))
		file = longs(file, int(checksum(padded)), offset, len(table))
		body = append(body, padded...)
		offset += len(padded)
	}
	file = append(file, body...)
	binary.BigEndian.PutUint32(file[head+8:], 0xB1B0AFBA-checksum(file))
	return file
}

// checksum is the OpenType table checksum: the sum of the 32-bit words.
func checksum(b []byte) uint32 {
	var sum uint32
	for i := 0; i+4 <= len(b); i += 4 {
		sum += binary.BigEndian.Uint32(b[i:])
	}
	return sum
}
