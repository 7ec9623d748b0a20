package matter

import (
	"strings"
	"sync"

	"github.com/mozillazg/go-pinyin"
)

// severalReadings are the characters of titles whose other readings are in common
// use: 行业 and 执行, 会议 and 会计, 重大 and 重复. Of all others the usual reading counts
// alone, for the dictionary has rare ones of most.
const severalReadings = "行长重调藏乐朝差都还会降角率曲宿校兴折种参盛给卡"

// sounds knows how characters are read. It is safe for concurrent use.
type sounds struct{ known sync.Map } // rune → []string

// of returns the readings of a character in pinyin without tones; none for what is not Chinese.
func (s *sounds) of(r rune) []string {
	if !isChinese(r) {
		return nil
	}
	if known, ok := s.known.Load(r); ok {
		return known.([]string)
	}
	args := pinyin.NewArgs()
	args.Heteronym = strings.ContainsRune(severalReadings, r)
	out := pinyin.SinglePinyin(r, args)
	s.known.Store(r, out)
	return out
}

// spell writes all readings of a text one after the other. Whatever may be typed for
// a part of the text is a subsequence of it, which is what the database looks for.
func (s *sounds) spell(text string) string {
	var b strings.Builder
	for _, r := range text {
		for _, reading := range s.of(r) {
			b.WriteString(reading)
		}
	}
	return b.String()
}

// blurred joins the sounds that many do not tell apart: zh z, ch c, sh s, and -ng -n.
// It only takes letters away.
func blurred(text string) string {
	return blur.Replace(text)
}

var blur = strings.NewReplacer("zh", "z", "ch", "c", "sh", "s", "ang", "an", "eng", "en", "ing", "in")

// manner is how exactly typed letters must follow the readings of characters.
type manner int

const (
	whole   manner = iota // whole syllables; the last may be unfinished
	partial               // any beginning of each syllable, as initials are
	blurry                // as partial, with sounds that are easily mixed up taken for one
)

// walk follows typed characters along a text.
type walk struct {
	sounds *sounds
	manner manner
	text   []rune
	typed  []rune
	failed map[[2]int]bool
}

// follow tries to match typed from a place of the text on and returns where in the
// text it ends; -1 when it does not match. A Chinese character stands for itself, a
// letter for itself or for a part of the reading of a character.
func (s *sounds) follow(m manner, text []rune, from int, typed []rune) int {
	w := walk{sounds: s, manner: m, text: text, typed: typed}
	return w.from(from, 0)
}

func (w *walk) from(i, j int) int {
	if j == len(w.typed) {
		return i
	}
	if i == len(w.text) || w.failed[[2]int{i, j}] {
		return -1
	}
	if end := w.step(i, j); end >= 0 {
		return end
	}
	if w.failed == nil {
		w.failed = map[[2]int]bool{}
	}
	w.failed[[2]int{i, j}] = true
	return -1
}

func (w *walk) step(i, j int) int {
	if w.text[i] == w.typed[j] {
		return w.from(i+1, j+1)
	}
	if j > 0 && !isWord(w.text[i]) {
		return w.from(i+1, j) // brackets and the like are not typed
	}
	for _, reading := range w.sounds.of(w.text[i]) {
		if w.manner == blurry {
			reading = blurred(reading)
		}
		n := common(reading, w.typed[j:])
		least := n
		if w.manner != whole {
			least = 1
		}
		for ; n >= least && n > 0; n-- {
			if w.manner == whole && n < len(reading) && j+n < len(w.typed) {
				break
			}
			if end := w.from(i+1, j+n); end >= 0 {
				return end
			}
		}
	}
	return -1
}

// common is how many letters the reading and what was typed have in common at their beginning.
func common(reading string, typed []rune) int {
	n := 0
	for n < len(reading) && n < len(typed) && rune(reading[n]) == typed[n] {
		n++
	}
	return n
}
