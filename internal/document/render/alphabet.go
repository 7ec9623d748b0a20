package render

import (
	"maps"
	"slices"

	"zhengtong/internal/document/font"
)

// silentPlane is where the characters of silent text live in the embedded font:
// Unicode's first private plane. They look the same but read as nothing.
const silentPlane = 0xF0000

// alphabet is what a document's font must hold.
type alphabet struct {
	used    map[rune]bool
	silent  map[rune]rune // character of silent text → its private code point
	missing []rune        // no font has them; sorted
}

// gather collects the characters of all sheets in the order they appear, so
// that equal documents give equal private code points.
func gather(sheets []*sheet, fonts *font.Set) alphabet {
	a := alphabet{used: map[rune]bool{}, silent: map[rune]rune{}}
	missing := map[rune]bool{}
	for _, s := range sheets {
		for _, mark := range slices.Concat(s.under, s.over) {
			t, ok := mark.(text)
			if !ok {
				continue
			}
			for _, r := range t.s {
				if !fonts.Covers(r) {
					missing[r] = true
				}
				a.add(r, t.silent)
			}
		}
	}
	a.missing = slices.Sorted(maps.Keys(missing))
	return a
}

func (a *alphabet) add(r rune, silent bool) {
	if !silent {
		a.used[r] = true
	} else if _, ok := a.silent[r]; !ok {
		a.silent[r] = silentPlane + rune(len(a.silent))
	}
}

// subset makes the font.
func (a *alphabet) subset(fonts *font.Set) []byte {
	aliases := make(map[rune]rune, len(a.silent))
	for like, char := range a.silent {
		aliases[char] = like
	}
	return fonts.Subset("ZhengtongDocument", slices.Collect(maps.Keys(a.used)), aliases)
}
