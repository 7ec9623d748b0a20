package font

import (
	"fmt"
	"unicode"

	"golang.org/x/image/font/sfnt"
)

//go:generate go run ./gen

// Supplement makes a TrueType font of the Han characters that the named member
// of the collection from draws and the font except does not, and says how many.
// It is how rare-han.ttf was made.
func Supplement(from []byte, member string, except []byte) ([]byte, int, error) {
	source, err := memberOf(from, member)
	if err != nil {
		return nil, 0, err
	}
	known, err := sfnt.Parse(except)
	if err != nil {
		return nil, 0, err
	}
	set := &Set{faces: []*sfnt.Font{source}}
	var buf sfnt.Buffer
	var entries []entry
	for r := rune(0x2E80); r < 0x40000; r++ {
		if !unicode.Is(unicode.Han, r) {
			continue
		}
		if index, err := known.GlyphIndex(&buf, r); err == nil && index != 0 {
			continue
		}
		if g, ok := set.load(r); ok {
			entries = append(entries, entry{char: r, glyph: g})
		}
	}
	return assemble("ZhengtongRareHan", entries), len(entries), nil
}

func memberOf(collection []byte, name string) (*sfnt.Font, error) {
	faces, err := parse(collection)
	if err != nil {
		return nil, err
	}
	var buf sfnt.Buffer
	for _, f := range faces {
		if full, err := f.Name(&buf, sfnt.NameIDFull); err == nil && full == name {
			return f, nil
		}
	}
	return nil, fmt.Errorf("the collection has no member %q", name)
}
