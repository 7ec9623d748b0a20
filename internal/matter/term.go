package matter

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// maxIndexed bounds the characters of a title that are indexed.
const maxIndexed = 100

// term is one word to look for: whole, or as the beginning of an indexed word.
type term struct {
	text   string
	prefix bool
}

// index writes the search text of a matter: its words separated by blanks, with a
// blank at both ends so that SQLite can find whole words by LIKE. Words are pairs
// of neighbouring Chinese characters, and, from each character of the title on,
// the pinyin and the initials of the rest, so that any part can be typed
// (R-CAT-03); besides, codes and Latin words as they are.
func index(title string, others ...string) string {
	words := map[string]bool{}
	for _, run := range runs(title) {
		if !unicode.Is(unicode.Han, run[0]) {
			words[string(run)] = true
			continue
		}
		addChinese(words, run)
	}
	for _, other := range others {
		for _, run := range runs(other) {
			if unicode.Is(unicode.Han, run[0]) {
				addPairs(words, run)
			} else {
				words[string(run)] = true
			}
		}
	}
	sorted := make([]string, 0, len(words))
	for word := range words {
		sorted = append(sorted, word)
	}
	slices.Sort(sorted)
	return " " + strings.Join(sorted, " ") + " "
}

func addPairs(words map[string]bool, run []rune) {
	for i := range run {
		words[string(run[i:min(i+2, len(run))])] = true
	}
}

func addChinese(words map[string]bool, run []rune) {
	addPairs(words, run)
	sounds := make([]string, len(run))
	for i, r := range run {
		sounds[i] = sound(r)
	}
	for i := range run {
		words[strings.Join(sounds[i:], "")] = true
		words[initials(sounds[i:])] = true
	}
	delete(words, "")
}

// sound is the pinyin of a character without its tone; "" when it has none.
func sound(r rune) string {
	if found := pinyin.SinglePinyin(r, pinyin.NewArgs()); len(found) > 0 {
		return found[0]
	}
	return ""
}

func initials(sounds []string) string {
	var b strings.Builder
	for _, s := range sounds {
		if s != "" {
			b.WriteByte(s[0])
		}
	}
	return b.String()
}

// terms are the words to look for in what a person typed; all must be found.
func terms(text string) []term {
	var out []term
	for _, run := range runs(text) {
		switch {
		case !unicode.Is(unicode.Han, run[0]):
			out = append(out, term{string(run), true})
		case len(run) == 1:
			out = append(out, term{string(run), true})
		default:
			for i := range run[:len(run)-1] {
				out = append(out, term{string(run[i : i+2]), false})
			}
		}
		if len(out) >= maxTerms {
			return out[:maxTerms]
		}
	}
	return out
}

// maxTerms bounds what one search looks for.
const maxTerms = 16

// runs splits a text into stretches of Chinese characters and of Latin letters and
// digits, full width made half and letters lower. Everything else separates: no
// sign of a query language gets through.
func runs(text string) [][]rune {
	var out [][]rune
	var run []rune
	var chinese bool
	flush := func() {
		if len(run) > 0 {
			out = append(out, run)
		}
		run = nil
	}
	n := 0
	for _, r := range text {
		if n++; n > maxIndexed {
			break
		}
		if r >= '！' && r <= '～' { // full-width forms of ASCII
			r -= '！' - '!'
		}
		han := unicode.Is(unicode.Han, r)
		if !han && (r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)) {
			flush()
			continue
		}
		if han != chinese {
			flush()
			chinese = han
		}
		run = append(run, unicode.ToLower(r))
	}
	flush()
	return out
}
