package matter

import (
	"cmp"
	"slices"
	"strings"
)

// The fields of a matter that are searched, the best place for a match first.
const (
	inTitle = iota
	inAliases
	inThemes // and line of work
	inDepartment
	inCodes
)

// How letters were understood, the surest first.
const (
	byCharacter = iota
	bySyllable
	byInitials
)

// Where in the field the match is, the best place first.
const (
	wholly = iota
	beginning
	within
	scattered // 食品xuke in 食品经营许可
)

// span is a part of the title, in characters.
type span struct{ from, to int }

// quality tells how well something matches; what comes first counts most.
type quality struct {
	field   int
	step    int // of the reading
	missing int // pairs of characters that were typed and are not there
	script  int
	place   int
}

// worst joins the qualities of two words.
func (q quality) worst(other quality) quality {
	return quality{max(q.field, other.field), max(q.step, other.step), q.missing + other.missing, max(q.script, other.script), max(q.place, other.place)}
}

func (q quality) compare(other quality) int {
	return cmp.Or(q.field-other.field, q.step-other.step, q.missing-other.missing, q.script-other.script, q.place-other.place)
}

// matcher compares matters with what was typed.
type matcher struct {
	sounds   *sounds
	readings []reading
}

// match is a matter that was found, how well, and which parts of its title were meant.
type match struct {
	*entry
	quality
	spans []span
}

// strict compares a matter with every reading and keeps the best.
func (m matcher) strict(e *entry) (match, bool) { return m.best(e, m.readings, m.find) }

// loose is for when nothing was found: most of a longer word is enough, and letters may be mixed up (typing 食品经营许可证 finds 食品经营许可).
func (m matcher) loose(e *entry) (match, bool) {
	return m.best(e, m.readings[:min(len(m.readings), looseReadings)], m.findAlike)
}

// looseReadings are what was typed, without its fillers.
const looseReadings = 2

type finder func(fields []string, word string) (quality, []span, bool)

func (m matcher) best(e *entry, readings []reading, find finder) (match, bool) {
	fields := strings.Split(e.search, "\n")
	found, ok := match{entry: e}, false
	for _, r := range readings {
		q, spans, every := quality{step: r.step}, []span(nil), len(r.words) > 0
		for _, word := range r.words {
			one, at, there := find(fields, word)
			if every = there; !there {
				break
			}
			q, spans = q.worst(one), append(spans, at...)
		}
		if every && (!ok || q.compare(found.quality) < 0) {
			found.quality, found.spans, ok = q, spans, true
		}
	}
	return found, ok
}

// find looks for a word in the fields, in their order, and in each by character,
// syllables and initials.
func (m matcher) find(fields []string, word string) (quality, []span, bool) {
	for i, field := range fields {
		if i == inCodes {
			return codes(field, word)
		}
		if place, at, ok := literal(field, word); ok {
			return quality{field: i, place: place}, title(i, at), true
		}
		if i > inAliases {
			continue
		}
		if q, at, ok := m.spoken(field, word); ok {
			q.field = i
			return q, title(i, at...), true
		}
	}
	return quality{}, nil, false
}

func title(field int, at ...span) []span {
	if field == inTitle {
		return at
	}
	return nil
}

// literal looks for the word as it is.
func literal(field, word string) (place int, at span, ok bool) {
	i := strings.Index(field, word)
	if i < 0 {
		return 0, span{}, false
	}
	from := len([]rune(field[:i]))
	at = span{from, from + len([]rune(word))}
	return placeOf(field, i, i+len(word)), at, true
}

func placeOf(field string, from, to int) int {
	switch {
	case from == 0 && to == len(field):
		return wholly
	case from == 0:
		return beginning
	}
	return within
}

// spoken looks for a word that has letters: first in one piece, then its Chinese and
// its Latin parts by themselves.
func (m matcher) spoken(field, word string) (quality, []span, bool) {
	if !strings.ContainsFunc(word, isLatin) {
		return quality{}, nil, false
	}
	text, typed := []rune(field), []rune(word)
	for _, kind := range []manner{whole, partial} {
		if at, ok := m.anywhere(kind, text, typed); ok {
			return quality{script: int(kind) + bySyllable, place: placeOf(field, len(string(text[:at.from])), len(string(text[:at.to])))}, []span{at}, true
		}
	}
	parts := scripts(word)
	if len(parts) == 1 {
		return quality{}, nil, false
	}
	q, spans := quality{script: byInitials, place: scattered}, []span(nil)
	for _, part := range parts {
		_, at, ok := literal(field, part)
		if !ok && isLatin(rune(part[0])) {
			at, ok = m.anywhere(partial, text, []rune(part))
		}
		if !ok {
			return quality{}, nil, false
		}
		spans = append(spans, at)
	}
	return q, spans, true
}

// anywhere finds the first place of a text from which the typed characters can be followed.
func (m matcher) anywhere(kind manner, text, typed []rune) (span, bool) {
	for from := range text {
		if !isWord(text[from]) {
			continue
		}
		if to := m.sounds.follow(kind, text, from, typed); to >= 0 {
			return span{from, to}, true
		}
	}
	return span{}, false
}

// codes compares a word with the codes of a matter: one is given whole, or its beginning.
func codes(field, word string) (quality, []span, bool) {
	if len(word) < minCode || strings.ContainsFunc(word, isChinese) {
		return quality{}, nil, false
	}
	for _, code := range strings.Fields(field) {
		switch {
		case code == word:
			return quality{}, nil, true // nothing is surer
		case strings.HasPrefix(code, word):
			return quality{field: inCodes, place: beginning}, nil, true
		}
	}
	return quality{}, nil, false
}

// minCode is how much of a code must be typed.
const minCode = 4

// findAlike is find for what is nearly right.
func (m matcher) findAlike(fields []string, word string) (quality, []span, bool) {
	if q, spans, ok := m.find(fields, word); ok {
		q.step = alike
		return q, spans, true
	}
	q := quality{step: alike, place: scattered}
	var spans []span
	text := []rune(fields[inTitle])
	for _, part := range scripts(word) {
		if isLatin(rune(part[0])) {
			at, ok := m.misheard(text, part)
			if !ok {
				return quality{}, nil, false
			}
			q.script, spans = byInitials, append(spans, at)
			continue
		}
		missing, at, ok := most(fields[inTitle], part)
		if !ok {
			return quality{}, nil, false
		}
		q.missing, spans = q.missing+missing, append(spans, at...)
	}
	return q, spans, true
}

// misheard finds letters with sounds mixed up, or with one letter too many.
func (m matcher) misheard(text []rune, typed string) (span, bool) {
	for _, one := range misspelt(typed) {
		if at, ok := m.anywhere(blurry, text, []rune(one)); ok {
			return at, true
		}
	}
	return span{}, false
}

// minMisspelt is the length from which a letter of a word may be wrong.
const minMisspelt = 5

// misspelt lists what may have been meant by typed letters: the sounds, and for
// longer words each with one letter left out.
func misspelt(typed string) []string {
	out := []string{blurred(typed)}
	if len(typed) >= minMisspelt {
		for i := range typed {
			out = append(out, blurred(typed[:i]+typed[i+1:]))
		}
	}
	return slices.Compact(out)
}

// The share of a word's pairs of characters that must be there: three of four.
const (
	shareOf = 4
	share   = 3
)

// most looks for most pairs of a word of at least three characters, and reports how many are missing.
func most(field, word string) (missing int, at []span, ok bool) {
	typed := pairs(word)
	if len(typed) < 2 {
		_, one, found := literal(field, word)
		return 0, []span{one}, found
	}
	for _, pair := range typed {
		if _, one, found := literal(field, pair); found {
			at = append(at, one)
		} else {
			missing++
		}
	}
	return missing, at, (len(typed)-missing)*shareOf >= len(typed)*share
}
