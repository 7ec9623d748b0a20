package matter

import (
	"context"
	"slices"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"

	"zhengtong/internal/configuration"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// The dictionaries that a tenant may extend (CodeSet): what people say for what a
// matter is called, and what they say besides, which tells matters apart in nothing.
const (
	synonymSet = "matter-synonyms"
	fillerSet  = "matter-fillers"
)

// maxReadingsOfText bounds the ways in which one text is understood.
const maxReadingsOfText = 12

// How far a reading of the text is from what was typed.
const (
	asTyped   = 0
	stripped  = 1 // without words that say nothing
	official  = 2 // everyday words replaced by the first official name, then by the second and so on
	onlyNamed = 7 // nothing but the official name
	alike     = 8 // nothing was found otherwise: most of it, or sounds alike
)

// reading is one way to understand what was typed: all its words must be found.
type reading struct {
	words []string
	step  int
}

// lexicon is the vocabulary of a tenant.
type lexicon struct {
	synonyms []kind.CodeItem // longest first
	fillers  []string        // longest first
}

// lexicon reads the dictionaries as the acting tenant has them; a tenant without any has an empty one.
func (s *Service) lexicon(ctx context.Context) (lexicon, error) {
	var l lexicon
	var err error
	if l.synonyms, err = s.codes(ctx, synonymSet); err != nil {
		return l, err
	}
	fillers, err := s.codes(ctx, fillerSet)
	for _, item := range fillers {
		l.fillers = append(l.fillers, item.Code)
	}
	return l, err
}

// codes are the entries of a CodeSet, folded, those with the longest code first.
func (s *Service) codes(ctx context.Context, name string) ([]kind.CodeItem, error) {
	found, err := s.configuration.Effective(ctx, "CodeSet", name)
	if problem.CodeOf(err) == problem.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.dictionaries.of(found), nil
}

// read lists the ways to understand what was typed, the nearest first.
func (l lexicon) read(typed []string) []reading {
	out := []reading{{typed, asTyped}}
	plain := l.strip(typed)
	if len(plain) > 0 && !slices.Equal(plain, typed) {
		out = append(out, reading{plain, stripped})
	} else {
		plain = typed
	}
	unclaimed := plain // by a longer synonym: 五险一金 is not 五险 and something
	for _, synonym := range l.synonyms {
		left, said := without(unclaimed, synonym.Code)
		if !said {
			continue
		}
		unclaimed = left
		rest, _ := without(plain, synonym.Code)
		for i, name := range strings.Split(synonym.Title, "、") {
			named := words(name)
			if len(named) == 0 {
				continue
			}
			out = append(out, reading{slices.Concat(named, rest), min(official+i, onlyNamed-1)})
			if len(rest) > 0 {
				out = append(out, reading{named, onlyNamed})
			}
		}
		if len(out) >= maxReadingsOfText {
			return out[:maxReadingsOfText]
		}
	}
	return out
}

func (l lexicon) strip(typed []string) []string {
	for _, filler := range l.fillers {
		typed, _ = without(typed, filler)
	}
	return typed
}

// without cuts a phrase out of the words and reports whether it was there.
func without(typed []string, phrase string) (rest []string, found bool) {
	for _, word := range typed {
		if !strings.Contains(word, phrase) {
			rest = append(rest, word)
			continue
		}
		found = true
		for _, piece := range strings.Split(word, phrase) {
			if piece != "" {
				rest = append(rest, piece)
			}
		}
	}
	return rest[:min(len(rest), maxWords)], found
}

// dictionaries keeps folded dictionaries by digest: tenants that inherit one share it.
type dictionaries struct {
	text  *simplifier
	known *lru.Cache[string, []kind.CodeItem]
}

func (d dictionaries) of(found *configuration.Found) []kind.CodeItem {
	if items, ok := d.known.Get(found.Digest); ok {
		return items
	}
	set, ok := found.Resource.Spec.(*kind.CodeSet)
	if !ok {
		return nil
	}
	items := make([]kind.CodeItem, 0, len(set.Items))
	for _, item := range set.Items {
		item.Code, item.Title = strings.Join(words(d.text.fold(item.Code)), ""), d.text.fold(item.Title)
		if item.Code != "" {
			items = append(items, item)
		}
	}
	slices.SortStableFunc(items, func(a, b kind.CodeItem) int { return len(b.Code) - len(a.Code) })
	d.known.Add(found.Digest, items)
	return items
}
