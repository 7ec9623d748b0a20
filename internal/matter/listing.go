package matter

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// Query is what a list is asked for.
type Query struct {
	Text   string
	Filter Filter
	Order  Order
	// Above adds what only a government above offers; the area's people are among
	// those whom it serves (R-CAT-03).
	Above bool
	Page  Page
}

// Order is an order of the list.
type Order string

// The orders of the list. Relevance puts the best match first, hot what was applied
// for most in the last 30 days, with the weight of the applicant's own history.
const (
	ByRelevance Order = "relevance"
	ByCode      Order = "code"
	ByTitle     Order = "title"
	ByHeat      Order = "hot"
)

// Page asks for rows after the sort key and id of the last row seen; First is at most 100.
type Page struct {
	First    int
	AfterKey string
	AfterID  uuid.UUID
}

// Hit is a row of a list. Parts are its title, with what was looked for marked.
type Hit struct {
	Row
	Parts []Part
	Key   string // for the next page
}

// Listing is one page of a list, and what may be asked of the whole list besides.
type Listing struct {
	Hits []Hit
	More bool // rows follow

	service *Service
	query   Query
	typed   []string
	unheard bool      // a step was asked for without a letter or character
	once    sync.Once // the fields of one answer are resolved side by side
	found   []match   // before filters; not there when the page did not need it
	err     error
}

// List returns publicly listed matters of the acting tenant; with a text, those whose
// title, aliases, themes, department or codes hold every word of it, typed in
// characters, pinyin, initials or a mixture. An empty text finds all; a text without
// a letter or character finds nothing, and nor does such a step. When nothing holds every word, what holds most
// of each, or sounds alike, is found instead.
func (s *Service) List(ctx context.Context, q Query) (*Listing, error) {
	if q.Page.First < 1 || q.Page.First > 100 {
		return nil, problem.New(problem.BadRequest, "bad_first", "first 应为 1 至 100")
	}
	l := &Listing{service: s, query: q, typed: words(s.language.fold(q.Text))}
	step := s.language.phrase(q.Filter.Step)
	l.query.Filter.Step, l.unheard = step, q.Filter.Step != "" && step == ""
	if l.nothing() {
		return l, nil
	}
	if len(l.typed) == 0 && q.Order == ByRelevance {
		l.query.Order = ByCode
	}
	if l.plain() {
		return l, l.browse(ctx)
	}
	return l, l.search(ctx)
}

// plain reports that the database alone makes the page.
func (l *Listing) plain() bool {
	return len(l.typed) == 0 && !l.query.Above && (l.query.Order == ByCode || l.query.Order == ByTitle)
}

func (l *Listing) browse(ctx context.Context) error {
	rows, err := l.service.store.browse(ctx, l.query)
	if err != nil {
		return err
	}
	l.More = len(rows) > l.query.Page.First
	for _, row := range rows[:min(len(rows), l.query.Page.First)] {
		key := row.BasicCode
		if l.query.Order == ByTitle {
			key = row.Title
		}
		l.Hits = append(l.Hits, Hit{Row: row, Parts: []Part{{Text: row.Title}}, Key: key})
	}
	return nil
}

// search finds the matters, orders them and reads the rows of the page.
func (l *Listing) search(ctx context.Context) error {
	if err := l.gather(ctx); err != nil {
		return err
	}
	keys, err := l.keys(ctx)
	if err != nil {
		return err
	}
	type keyed struct {
		match
		key string
	}
	var rest []keyed
	for _, m := range l.filtered() {
		k := keyed{m, keys(m)}
		after := cmp.Or(cmp.Compare(k.key, l.query.Page.AfterKey), cmp.Compare(m.id.String(), l.query.Page.AfterID.String()))
		if l.query.Page.AfterID == uuid.Nil || after > 0 {
			rest = append(rest, k)
		}
	}
	slices.SortFunc(rest, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.id.String(), b.id.String()))
	})
	l.More = len(rest) > l.query.Page.First
	page := rest[:min(len(rest), l.query.Page.First)]
	matches := make([]match, len(page))
	for i, k := range page {
		matches[i] = k.match
	}
	rows, err := l.service.store.whole(ctx, matches)
	if err != nil {
		return err
	}
	for _, k := range page {
		if row, still := rows[k.id]; still {
			l.Hits = append(l.Hits, Hit{Row: row, Parts: k.parts(), Key: k.key})
		}
	}
	return nil
}

// gather finds, once, the matters that hold the text, whatever the filter wants.
func (l *Listing) gather(ctx context.Context) error {
	l.once.Do(func() {
		if l.found, l.err = l.matches(ctx); l.err == nil && l.query.Above {
			l.found, l.err = l.withoutOwn(ctx, l.found)
		}
		if names := l.query.Filter.Names; names != nil {
			l.found = slices.DeleteFunc(l.found, func(m match) bool { return !slices.Contains(names, m.name) })
		}
		if step := l.query.Filter.Step; step != "" {
			l.found = slices.DeleteFunc(l.found, func(m match) bool { return !strings.Contains(m.flow, step) })
		}
	})
	return l.err
}

func (l *Listing) matches(ctx context.Context) ([]match, error) {
	s, area, flows := l.service, areas(ctx, l.query.Above), l.query.Filter.Step != ""
	if len(l.typed) == 0 {
		return s.store.entries(ctx, area, flows, everything, func(e *entry) (match, bool) { return match{entry: e}, true })
	}
	lexicon, err := s.lexicon(ctx)
	if err != nil {
		return nil, err
	}
	m := matcher{sounds: &s.language.sounds, readings: lexicon.read(l.typed)}
	found, err := s.store.entries(ctx, area, flows, holding(m.readings), m.strict)
	if err != nil || len(found) > 0 {
		return found, err
	}
	return s.store.entries(ctx, area, flows, nearly(m.readings), m.loose)
}

// areas are the acting tenant and, when asked for, those above it, the nearest first:
// the one way by which lists reach rows of other tenants, and those are public.
func areas(ctx context.Context, above bool) []string {
	scope, _ := tenancy.From(ctx)
	if !above {
		return []string{scope.Acting}
	}
	lineage := slices.Clone(scope.Lineage)
	slices.Reverse(lineage)
	return lineage
}

// withoutOwn drops what a government above offers when one nearer has the same
// matter, by basic code or by name: people turn to the nearest.
func (l *Listing) withoutOwn(ctx context.Context, found []match) ([]match, error) {
	if !slices.ContainsFunc(found, func(m match) bool { return m.depth > 0 }) {
		return found, nil
	}
	held, err := l.service.store.held(ctx, areas(ctx, true), found)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(m match) bool {
		return m.depth > 0 && (held.above(m.depth, "name "+m.name) || m.basicCode != "" && held.above(m.depth, "code "+m.basicCode))
	}), nil
}

// nearest is how far above the area a matter is first offered.
type nearest map[string]int

func (n nearest) above(depth int, key string) bool {
	first, ok := n[key]
	return ok && first < depth
}

func (n nearest) note(depth int, key string) {
	if first, ok := n[key]; !ok || depth < first {
		n[key] = depth
	}
}

func (l *Listing) filtered() []match {
	return slices.DeleteFunc(slices.Clone(l.found), func(m match) bool { return len(l.query.Filter.misses(m.entry)) > 0 })
}

// keys returns what the matters are ordered by; keys compare as bytes.
func (l *Listing) keys(ctx context.Context) (func(match) string, error) {
	switch l.query.Order {
	case ByTitle:
		return func(m match) string { return m.title }, nil
	case ByCode:
		return func(m match) string { return m.basicCode }, nil
	case ByRelevance:
		return match.rank, nil
	}
	a, err := l.service.attention(ctx)
	if err != nil {
		return nil, err
	}
	scores := a.scores(l.found)
	return func(m match) string {
		return fmt.Sprintf("%09d %s", 999_999_999-min(scores[m.id], 999_999_999), m.basicCode)
	}, nil
}

// Count counts the whole list, at most limit.
func (l *Listing) Count(ctx context.Context, limit int) (int, error) {
	if l.nothing() {
		return 0, nil
	}
	if l.plain() {
		return l.service.store.count(ctx, l.query, limit)
	}
	return min(len(l.filtered()), limit), nil
}

// Facets counts the whole list by each dimension.
func (l *Listing) Facets(ctx context.Context) ([]Facet, error) {
	if !l.nothing() {
		if err := l.gather(ctx); err != nil {
			return nil, err
		}
	}
	return facets(l.found, l.query.Filter), nil
}

func (l *Listing) nothing() bool { return l.query.Text != "" && len(l.typed) == 0 || l.unheard }
