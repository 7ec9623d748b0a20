package matter

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/internal/tenancy"
)

// maxEntries bounds the matters that one search looks at more closely.
const maxEntries = 10_000

// maxTests bounds the words and letters of one reading that the database compares;
// what it lets through is compared in full afterwards.
const maxTests = 16

// condition gathers the WHERE of a query.
type condition struct {
	dialect db.Dialect
	parts   []string
	args    []any
}

// in begins a condition on rows of the tenants, which the caller may see.
func (s *store) in(tenants ...string) *condition {
	c := &condition{dialect: s.db.Dialect()}
	c.add("tenant_id IN ("+c.list(tenants)+")", nil...)
	return c
}

// offered is a condition on the acting tenant's matters that are offered to everybody;
// those of governments above are in the view offered_matter.
func (s *store) offered(ctx context.Context) *condition {
	c := s.in(tenancy.Acting(ctx))
	c.add("status = 'published'")
	c.add("public_listed = ?", true)
	return c
}

// put adds an argument and returns its placeholder.
func (c *condition) put(arg any) string {
	c.args = append(c.args, arg)
	return fmt.Sprintf("$%d", len(c.args))
}

// list adds arguments and returns their placeholders.
func (c *condition) list(args []string) string {
	places := make([]string, len(args))
	for i, arg := range args {
		places[i] = c.put(arg)
	}
	return strings.Join(places, ", ")
}

func (c *condition) add(text string, args ...any) {
	for _, arg := range args {
		text = strings.Replace(text, "?", c.put(arg), 1)
	}
	c.parts = append(c.parts, text)
}

func (c *condition) String() string { return strings.Join(c.parts, " AND ") }

// either joins conditions of which one must hold.
func either(parts []string) string { return "(" + strings.Join(parts, " OR ") + ")" }

// filter asks for what the filter wants.
func (c *condition) filter(f Filter) {
	if f.Names != nil {
		c.among("name", f.Names)
	}
	if f.Step != "" {
		c.add(c.contains("flow", f.Step))
	}
	for _, d := range dimensions {
		wanted := d.wanted(f)
		if wanted == "" {
			continue
		}
		accepted := []string{wanted}
		if d.accept != nil {
			accepted = d.accept(wanted)
		}
		switch {
		case d.column == "joint":
			c.add("joint = ?", wanted == "true")
		case d.many:
			c.has(d.column, accepted)
		default:
			c.add(d.column+" = ?", wanted)
		}
	}
}

// among asks for one of some values.
func (c *condition) among(column string, values []string) {
	if len(values) == 0 {
		c.add("1 = 0")
		return
	}
	c.add(column + " IN (" + c.list(values) + ")")
}

// has asks for one of the values in a JSON list.
func (c *condition) has(column string, values []string) {
	if len(values) == 0 {
		c.add("1 = 0")
		return
	}
	element := "jsonb_array_elements_text(" + column + ") AS element(value)"
	if c.dialect == db.SQLite {
		element = "json_each(" + column + ")"
	}
	c.add("EXISTS (SELECT 1 FROM " + element + " WHERE value IN (" + c.list(values) + "))")
}

// contains asks for a text in a column. Words are letters, digits and Chinese
// characters only: nothing in them means anything to LIKE.
func (c *condition) contains(column, word string) string {
	return column + " LIKE " + c.put("%"+word+"%")
}

// sounding asks for letters in their order among the readings.
func (c *condition) sounding(letters string) string {
	return "sounds LIKE " + c.put("%"+strings.Join(strings.Split(letters, ""), "%")+"%")
}

// holding asks for the words of one of the readings.
func (c *condition) holding(readings []reading) {
	var any []string
	for _, r := range readings {
		var tests []string
		for _, part := range partsOf(r) {
			test := c.contains("search", part)
			if isLatin(rune(part[0])) {
				test = either([]string{test, c.sounding(part)})
			}
			tests = append(tests, test)
		}
		any = append(any, "("+strings.Join(tests, " AND ")+")")
	}
	c.add(either(any))
}

// nearly asks for most of each word of the readings, or what sounds alike.
func (c *condition) nearly(readings []reading) {
	var any []string
	for _, r := range readings[:min(len(readings), looseReadings)] {
		var tests []string
		for _, part := range partsOf(r) {
			if isLatin(rune(part[0])) {
				tests = append(tests, c.alike(part))
			} else {
				tests = append(tests, c.most(part))
			}
		}
		any = append(any, "("+strings.Join(tests, " AND ")+")")
	}
	c.add(either(any))
}

func (c *condition) alike(letters string) string {
	tests := []string{c.contains("search", letters)}
	for _, one := range misspelt(letters) {
		if one != "" {
			tests = append(tests, c.sounding(one))
		}
	}
	return either(tests)
}

func (c *condition) most(word string) string {
	typed := pairs(word)
	if len(typed) < 2 {
		return c.contains("search", word)
	}
	terms := make([]string, len(typed))
	for i, pair := range typed {
		terms[i] = "CASE WHEN " + c.contains("search", pair) + " THEN 1 ELSE 0 END"
	}
	return fmt.Sprintf("(%s) * %d >= %d", strings.Join(terms, " + "), shareOf, len(typed)*share)
}

// partsOf are the Chinese and the Latin parts of a reading's words, the first of them.
func partsOf(r reading) []string {
	var out []string
	for _, word := range r.words {
		out = append(out, scripts(word)...)
	}
	return out[:min(len(out), maxTests)]
}

// everything, holding and nearly are what entries can be narrowed by.
func everything(*condition) {}

func holding(readings []reading) func(*condition) {
	return func(c *condition) { c.holding(readings) }
}

func nearly(readings []reading) func(*condition) {
	return func(c *condition) { c.nearly(readings) }
}

const entryColumns = `tenant_id, id, name, title, basic_code, item_type, case_type, department, department_title, line, level, online_depth, joint,
	cross_area, audiences, themes, channels, deliveries, search`

// entries reads the matters offered in the areas that a condition lets through and
// keeps those that judge keeps. The titles of flows, the longest text, are read only when asked for.
func (s *store) entries(ctx context.Context, areas []string, flows bool, narrow func(*condition), judge func(*entry) (match, bool)) ([]match, error) {
	flow := "''"
	if flows {
		flow = "flow"
	}
	c := s.in(areas...)
	narrow(c)
	out := []match{}
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		e := &entry{}
		if err := scan(&e.tenant, &e.id, &e.name, &e.title, &e.basicCode, &e.itemType, &e.caseType, &e.department, &e.departmentTitle, &e.line,
			&e.level, &e.onlineDepth, &e.joint, &e.crossArea, &e.audiences, &e.themes, &e.channels, &e.deliveries, &e.search, &e.flow); err != nil {
			return err
		}
		e.depth = slices.Index(areas, e.tenant)
		if m, ok := judge(e); ok {
			out = append(out, m)
		}
		return nil
	}, fmt.Sprintf("SELECT %s, %s FROM offered_matter WHERE %s ORDER BY tenant_id, id LIMIT %d", entryColumns, flow, c, maxEntries), c.args...)
	return out, err
}

// whole reads the rows of matches, by id; one that is no longer offered is left out.
func (s *store) whole(ctx context.Context, matches []match) (map[uuid.UUID]Row, error) {
	out := map[uuid.UUID]Row{}
	if len(matches) == 0 {
		return out, nil
	}
	var tenants, ids []string
	for _, m := range matches {
		tenants, ids = append(tenants, m.tenant), append(ids, m.id.String())
	}
	slices.Sort(tenants)
	c := s.in(slices.Compact(tenants)...)
	c.add("id IN (" + c.list(ids) + ")")
	rows, err := s.rows(ctx, "SELECT tenant_id, "+columns+" FROM offered_matter WHERE "+c.String(), c.args...)
	for _, row := range rows {
		out[row.ID] = row
	}
	return out, err
}

// heldAtOnce bounds the matters that one query of held asks about.
const heldAtOnce = 200

// held tells how far above the area each of the matters found above it is first
// offered: by name and by basic code.
func (s *store) held(ctx context.Context, areas []string, found []match) (nearest, error) {
	out := nearest{}
	above := slices.DeleteFunc(slices.Clone(found), func(m match) bool { return m.depth == 0 })
	for some := range slices.Chunk(above, heldAtOnce) {
		names, codes := []string{}, []string{""}
		for _, m := range some {
			out.note(m.depth, "name "+m.name)
			out.note(m.depth, "code "+m.basicCode)
			names, codes = append(names, m.name), append(codes, m.basicCode)
		}
		c := s.in(areas[0])
		c.add(shown)
		c.add(either([]string{"name IN (" + c.list(names) + ")", "basic_code <> '' AND basic_code IN (" + c.list(codes) + ")"}))
		err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
			var name, code string
			err := scan(&name, &code)
			out.note(0, "name "+name)
			out.note(0, "code "+code)
			return err
		}, "SELECT name, basic_code FROM matter WHERE "+c.String(), c.args...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// browse reads one page without a text from the database's own order.
func (s *store) browse(ctx context.Context, q Query) ([]Row, error) {
	c := s.offered(ctx)
	c.filter(q.Filter)
	key := "basic_code"
	if q.Order == ByTitle {
		key = "title"
	}
	if q.Page.AfterID != uuid.Nil {
		c.add("("+key+", id) > (?, ?)", q.Page.AfterKey, q.Page.AfterID)
	}
	return s.rows(ctx, fmt.Sprintf("SELECT tenant_id, %s FROM matter WHERE %s ORDER BY %s, id LIMIT %d", columns, c, key, q.Page.First+1), c.args...)
}

func (s *store) count(ctx context.Context, q Query, limit int) (int, error) {
	c := s.offered(ctx)
	c.filter(q.Filter)
	var n int
	err := s.db.QueryRow(ctx, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM matter WHERE %s LIMIT %d) found", c, limit), c.args...).Scan(&n)
	return n, err
}
