package matter

import (
	"strings"
	"sync"
	"unicode"

	"github.com/longbridgeapp/opencc"
)

// The bounds of one search: more of a text is not looked at, and more words are not looked for.
const (
	maxText  = 200 // characters
	maxWords = 8
	maxWord  = 40 // characters
)

// simplifier makes traditional characters simplified ones. Loading its dictionary
// takes 25 ms, so that is done when the first Chinese text comes.
type simplifier struct {
	once      sync.Once
	converter *opencc.OpenCC
	err       error
}

// simplify returns the text as it is when it cannot be converted character by character.
func (s *simplifier) simplify(text string) string {
	if !strings.ContainsFunc(text, isChinese) {
		return text
	}
	s.once.Do(func() { s.converter, s.err = opencc.New("t2s") })
	if s.err != nil {
		return text
	}
	simple, err := s.converter.Convert(text)
	if err != nil || len([]rune(simple)) != len([]rune(text)) {
		return text
	}
	return simple
}

// fold writes a text as search compares it, character by character: full width
// made half, letters lower, traditional characters simplified, line ends blanks.
func (s *simplifier) fold(text string) string {
	return s.simplify(strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' { // full-width forms of ASCII
			r -= '！' - '!'
		}
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return unicode.ToLower(r)
	}, text))
}

func isChinese(r rune) bool { return unicode.Is(unicode.Han, r) }

// isLatin reports letters and digits of ASCII, in which codes, pinyin and initials are typed.
func isLatin(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }

func isWord(r rune) bool { return isChinese(r) || isLatin(r) }

// words splits a folded text into its words: Chinese characters, letters and
// digits without a gap. Everything else separates, so no sign of a query language
// gets through.
func words(text string) []string {
	if cut := []rune(text); len(cut) > maxText {
		text = string(cut[:maxText])
	}
	var out []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !isWord(r) }) {
		if cut := []rune(word); len(cut) > maxWord {
			word = string(cut[:maxWord])
		}
		if out = append(out, word); len(out) == maxWords {
			break
		}
	}
	return out
}

// scripts splits a word where Chinese characters and letters meet: 食品jy is 食品 and jy.
func scripts(word string) []string {
	var out []string
	from, before := 0, false
	for i, r := range word {
		if chinese := isChinese(r); i > 0 && chinese != before {
			out, from = append(out, word[from:i]), i
		}
		before = isChinese(r)
	}
	return append(out, word[from:])
}

// pairs are the pairs of neighbouring characters of a word.
func pairs(word string) []string {
	runes := []rune(word)
	out := make([]string, 0, len(runes))
	for i := range len(runes) - 1 {
		out = append(out, string(runes[i:i+2]))
	}
	return out
}
