package render

import (
	"strings"
	"unicode"
)

// Characters that may not begin or end a line (GB/T 15834-2011 §5.1; W3C 中文排版需求 §3.1.2).
const (
	noStart = "!),.:;?]}¢°·‖’”…‰′″℃、。〃〉》」』】〕〗〞！％），．：；？］｜｝～"
	noEnd   = "([{£¥‘“〈《「『【〔〖〝＄（．［｛￥"
)

// unit is what a line cannot be broken inside: a Han character, a word or
// number, a dash of two strokes, each with the marks that modify it.
type unit struct {
	text  string
	width float64
	space bool
}

// line is one line of set text. Loose is the room left in its measure.
type line struct {
	text  string
	width float64
	loose float64
	last  bool // of its paragraph: not stretched
}

// measure gives the width of a character at a size.
type measure func(r rune) float64

// textWidth is the width of a text without stretching.
func (m measure) textWidth(s string) float64 {
	var w float64
	for _, r := range s {
		w += m(r)
	}
	return w
}

// breakText sets text in lines no wider than room, the first narrowed by
// indent. A line feed begins a new paragraph line, also indented. Only a single
// character wider than the room can stick out.
func breakText(text string, room, indent float64, m measure) []line {
	var out []line
	for part := range strings.SplitSeq(clean(text), "\n") {
		out = append(out, breakParagraph(units(part, room-indent, m), room, indent)...)
	}
	return out
}

// clean turns every kind of white space but the line feed into a plain blank and drops control characters.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\u3000':
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cc, r):
			return -1
		}
		return r
	}, s)
}

// units splits a paragraph. A word too wide for a line falls into its characters.
func units(text string, room float64, m measure) []unit {
	var out []unit
	var before rune
	for _, r := range text {
		w := m(r)
		if n := len(out) - 1; n >= 0 && joins(before, r) && (modifies(r) || out[n].width+w <= room) {
			out[n].text += string(r)
			out[n].width += w
		} else {
			out = append(out, unit{text: string(r), width: w, space: r == ' '})
		}
		before = r
	}
	return out
}

// joins reports whether no break is allowed between two characters because they form one unit.
func joins(a, b rune) bool {
	if modifies(b) {
		return true
	}
	if a == b && (a == '—' || a == '…') {
		return true
	}
	return inWord(a) && inWord(b)
}

func modifies(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Variation_Selector)
}

// inWord reports whether r belongs to words and numbers of the Latin kind, such as 431321-2026/A.5%.
func inWord(r rune) bool {
	return r > ' ' && r < 0x2000 && !strings.ContainsRune("·°¢£¥", r) && !strings.ContainsRune("([{", r)
}

// breakable reports whether a line may end before unit at and the next begin
// there. Blanks at the break are not set, so what counts is the character on either side of them.
func breakable(list []unit, at int) bool {
	end, start := at, at
	for end > 0 && list[end-1].space {
		end--
	}
	for start < len(list) && list[start].space {
		start++
	}
	if end == 0 || start == len(list) {
		return true
	}
	first, last := []rune(list[start].text)[0], []rune(list[end-1].text)
	return !strings.ContainsRune(noStart, first) && !strings.ContainsRune(noEnd, last[len(last)-1])
}

// breakParagraph fills lines greedily; a line that would break at a forbidden
// place gives up units to the next one until the break is allowed.
func breakParagraph(list []unit, room, indent float64) []line {
	if len(list) == 0 {
		return []line{{last: true}}
	}
	var out []line
	measure := room - indent
	for start := 0; start < len(list); {
		end := fill(list[start:], measure) + start
		out = append(out, setLine(list[start:end], measure, end == len(list)))
		for start = end; start < len(list) && list[start].space; {
			start++
		}
		measure = room
	}
	return out
}

// fill returns how many units go on a line: at least one.
func fill(list []unit, room float64) int {
	var w float64
	end := 0
	for end < len(list) && w+list[end].width <= room+1e-6 {
		w += list[end].width
		end++
	}
	if end == len(list) {
		return end
	}
	for at := end; at > 0; at-- {
		if breakable(list, at) {
			return at
		}
	}
	return max(1, end)
}

func setLine(list []unit, room float64, last bool) line {
	var b strings.Builder
	for len(list) > 1 && list[len(list)-1].space {
		list = list[:len(list)-1]
	}
	out := line{last: last}
	for _, u := range list {
		b.WriteString(u.text)
		out.width += u.width
	}
	out.text, out.loose = b.String(), room-out.width
	return out
}

// stretch is the extra space after each character that fills the line: none on
// a paragraph's last line, and none when the line is so short that it would look torn.
func (l line) stretch(size float64) float64 {
	gaps := len([]rune(l.text)) - 1
	if l.last || gaps < 1 || l.loose <= 0 || l.loose/float64(gaps) > size/3 {
		return 0
	}
	return l.loose / float64(gaps)
}
