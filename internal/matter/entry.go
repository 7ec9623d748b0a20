package matter

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gofrs/uuid/v5"
)

// entry is a matter as search looks at it.
type entry struct {
	tenant, name, title         string
	id                          uuid.UUID
	basicCode                   string
	itemType, caseType          string
	department, departmentTitle string
	line, level, onlineDepth    string
	joint                       bool
	crossArea                   string
	audiences, themes           json.RawMessage // lists, read when they are needed
	channels, deliveries        json.RawMessage
	search                      string // lines: title, aliases, themes and line, department, codes; folded
	flow                        string // lines: titles of steps and special procedures, folded; empty when no step is asked for
	depth                       int    // how far above the area: 0 = its own
}

// listed reads a list as the database keeps it.
func listed(list json.RawMessage) []string {
	var out []string
	if err := json.Unmarshal(list, &out); err != nil {
		return nil // nobody but Project writes the column, and it writes lists of texts
	}
	return out
}

// searchText is the text in which words are looked for, and sounds the letters by which it may be typed.
func (l *language) searchText(r Row) (search, sounds string) {
	title, aliases := l.fold(r.Title), l.fold(strings.Join(slices.Concat(r.Aliases, r.Former), " "))
	lines := []string{
		title, aliases, l.fold(strings.Join(append(slices.Clone(r.Themes), r.Line), " ")), l.fold(r.DepartmentTitle),
		strings.ToLower(strings.TrimSpace(r.BasicCode + " " + r.ImplementationCode)),
	}
	return strings.Join(lines, "\n"), l.spell(title) + "\n" + l.spell(aliases)
}

// phrase is a text as it is looked for whole: folded, without what is no word.
func (l *language) phrase(text string) string {
	return strings.Map(func(r rune) rune {
		if isWord(r) {
			return r
		}
		return -1
	}, l.fold(text))
}

// phrases are texts as phrases are looked for among them, one a line.
func (l *language) phrases(texts []string) string {
	lines := make([]string, len(texts))
	for i, text := range texts {
		lines[i] = l.phrase(text)
	}
	return strings.Join(lines, "\n")
}

// succeeding is the search text of a matter that has taken the place of others: it is found by what they were called.
func (l *language) succeeding(search, sounds string, former []string) (string, string) {
	lines, letters := strings.Split(search, "\n"), strings.Split(sounds, "\n")
	if len(lines) < 2 || len(letters) < 2 {
		return search, sounds // not indexed yet: the next publication does it whole
	}
	for _, old := range former {
		if name := l.fold(old); !strings.Contains(lines[1], name) {
			lines[1] = strings.TrimSpace(lines[1] + " " + name)
		}
	}
	letters[1] = l.spell(lines[1])
	return strings.Join(lines, "\n"), strings.Join(letters, "\n")
}

// language is what indexing and searching know about Chinese.
type language struct {
	simplifier
	sounds
}

// rank is the sort key of a match: how well it matches, then its own area before the
// governments above, shorter titles, basic code and name. It depends on nothing but
// the matter and what was typed, so that a cursor stays good.
func (m match) rank() string {
	return fmt.Sprintf("%d%d%02d%d%d%d%03d %s %s %s", m.field, m.step, min(m.missing, 99), m.script, m.place, min(m.depth, 9),
		min(len([]rune(m.title)), 999), m.basicCode, m.name, m.tenant)
}

// Part is a part of a title; Matched says whether it is what was looked for.
type Part struct {
	Text    string
	Matched bool
}

// parts cuts the title at its spans. A title that was folded to another length is one part.
func (m match) parts() []Part {
	runes := []rune(m.title)
	folded, _, _ := strings.Cut(m.search, "\n")
	if len([]rune(folded)) != len(runes) {
		return []Part{{Text: m.title}}
	}
	meant := make([]bool, len(runes))
	for _, s := range m.spans {
		for i := s.from; i < s.to; i++ {
			meant[i] = true
		}
	}
	var out []Part
	from := 0
	for i := 1; i <= len(runes); i++ {
		if i == len(runes) || meant[i] != meant[from] {
			out, from = append(out, Part{string(runes[from:i]), meant[from]}), i
		}
	}
	return out
}
