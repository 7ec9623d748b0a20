package matter

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/tenancy"
)

// store holds the queries of the package.
type store struct{ db *db.DB }

// knownRow is what decides whether a row must be written again.
type knownRow struct {
	id         uuid.UUID
	digest     string
	status     string
	department string
	title      string // department's
	code       string // implementation code
	level      string
}

// same reports that writing the row would change nothing that a reader sees.
func (k knownRow) same(r Row) bool {
	return k.digest == r.Digest && k.status != statusCancelled && k.department == r.Department && k.title == r.DepartmentTitle &&
		k.code == r.ImplementationCode && k.level == r.Level
}

func (s *store) known(ctx context.Context, tenant string) (map[string]knownRow, error) {
	out := map[string]knownRow{}
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var name string
		var k knownRow
		err := scan(&k.id, &name, &k.digest, &k.status, &k.department, &k.title, &k.code, &k.level)
		out[name] = k
		return err
	}, `SELECT id, name, digest, status, department, department_title, implementation_code, level FROM matter WHERE tenant_id = $1`, tenant)
	return out, err
}

const columns = `id, name, title, basic_code, implementation_code, item_type, case_type, department, department_title, line, level,
	audiences, themes, channels, status, public_listed, digest, revision, updated_at`

func upsert(b *db.Batch, r Row) error {
	lists := make([]string, 3)
	for i, list := range [][]string{r.Audiences, r.Themes, r.Channels} {
		text, err := json.Marshal(append([]string{}, list...))
		if err != nil {
			return err
		}
		lists[i] = string(text)
	}
	b.Exec(`INSERT INTO matter (tenant_id, `+columns+`, search)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
		ON CONFLICT (tenant_id, name) DO UPDATE SET title = excluded.title, basic_code = excluded.basic_code,
			implementation_code = excluded.implementation_code, item_type = excluded.item_type, case_type = excluded.case_type,
			department = excluded.department, department_title = excluded.department_title, line = excluded.line, level = excluded.level,
			audiences = excluded.audiences, themes = excluded.themes, channels = excluded.channels,
			status = CASE WHEN matter.status = 'cancelled' THEN excluded.status ELSE matter.status END,
			public_listed = excluded.public_listed, digest = excluded.digest, revision = excluded.revision,
			updated_at = excluded.updated_at, search = excluded.search`,
		r.Tenant, r.ID, r.Name, r.Title, r.BasicCode, r.ImplementationCode, r.ItemType, r.CaseType, r.Department, r.DepartmentTitle, r.Line,
		r.Level, lists[0], lists[1], lists[2], r.Status, r.PublicListed, r.Digest, r.Revision, r.UpdatedAt,
		index(r.Title, r.DepartmentTitle, r.BasicCode, r.ImplementationCode))
	return nil
}

func cancel(b *db.Batch, p configuration.Publication, name string) {
	b.Exec("UPDATE matter SET status = 'cancelled', revision = $1, updated_at = $2 WHERE tenant_id = $3 AND name = $4",
		p.Revision, p.At, p.Tenant, name)
}

// query is one search.
type query struct {
	words  []term
	filter Filter
	order  Order
	page   Page
	since  time.Time // of the applications that make a matter hot
}

// condition gathers the WHERE of a search.
type condition struct {
	dialect db.Dialect
	parts   []string
	args    []any
}

func (c *condition) add(text string, args ...any) {
	for _, arg := range args {
		c.args = append(c.args, arg)
		text = strings.Replace(text, "?", fmt.Sprintf("$%d", len(c.args)), 1)
	}
	c.parts = append(c.parts, text)
}

// among asks for one of some values.
func (c *condition) among(column string, values []string) {
	if len(values) == 0 {
		c.add("1 = 0")
		return
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	c.add(column+" IN ("+strings.Repeat("?, ", len(values)-1)+"?)", args...)
}

// has asks for a value in a JSON list.
func (c *condition) has(column, value string) {
	if c.dialect == db.Postgres {
		text, _ := json.Marshal([]string{value}) // strings always marshal
		c.add(column+" @> ?", string(text))
		return
	}
	c.add("EXISTS (SELECT 1 FROM json_each("+column+") WHERE value = ?)", value)
}

// search asks for every word. PostgreSQL has an index of them; SQLite looks
// through the tenant's own rows.
func (c *condition) search(words []term) {
	if c.dialect == db.SQLite {
		for _, w := range words {
			pattern := "% " + w.text
			if !w.prefix {
				pattern += " "
			}
			c.add("search LIKE ?", pattern+"%")
		}
		return
	}
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = "'" + w.text + "'" // letters, digits and Chinese characters only: see runs
		if w.prefix {
			parts[i] += ":*"
		}
	}
	if len(parts) > 0 {
		c.add("to_tsvector('simple', search) @@ to_tsquery('simple', ?)", strings.Join(parts, " & "))
	}
}

func (s *store) where(ctx context.Context, q query) *condition {
	c := &condition{dialect: s.db.Dialect()}
	c.add("tenant_id = ?", tenancy.Acting(ctx))
	c.add("status = 'published'")
	c.add("public_listed = ?", true)
	for _, equal := range [][2]string{{"department", q.filter.Department}, {"line", q.filter.Line}, {"item_type", q.filter.ItemType},
		{"case_type", q.filter.CaseType}} {
		if equal[1] != "" {
			c.add(equal[0]+" = ?", equal[1])
		}
	}
	for _, holds := range [][2]string{{"themes", q.filter.Theme}, {"audiences", q.filter.ServiceObject}, {"channels", q.filter.Channel}} {
		if holds[1] != "" {
			c.has(holds[0], holds[1])
		}
	}
	if q.filter.Names != nil {
		c.among("name", q.filter.Names)
	}
	c.search(q.words)
	return c
}

func (s *store) list(ctx context.Context, q query) ([]Row, error) {
	c := s.where(ctx, q)
	if q.order == ByHeat {
		return s.hottest(ctx, c, q)
	}
	key := "basic_code"
	if q.order == ByTitle {
		key = "title"
	}
	if q.page.AfterID != uuid.Nil {
		c.add("("+key+", id) > (?, ?)", q.page.AfterKey, q.page.AfterID)
	}
	return s.rows(ctx, fmt.Sprintf("SELECT tenant_id, %s FROM matter WHERE %s ORDER BY %s, id LIMIT %d", columns, strings.Join(c.parts, " AND "), key,
		q.page.First+1), c.args...)
}

// maxHot bounds the hot list: it is a recommendation, not a catalogue (R-CAT-05).
const maxHot = 50

// hottest orders by applications since a moment; it has one page of at most maxHot rows.
func (s *store) hottest(ctx context.Context, c *condition, q query) ([]Row, error) {
	if q.page.AfterID != uuid.Nil {
		return nil, nil
	}
	c.args = append(c.args, q.since)
	return s.rows(ctx, fmt.Sprintf(`SELECT tenant_id, %s FROM matter LEFT JOIN (SELECT matter_id, count(*) AS heat FROM case_file
		WHERE tenant_id = $1 AND created_at >= $%d GROUP BY matter_id) applied ON applied.matter_id = matter.id
		WHERE %s ORDER BY COALESCE(heat, 0) DESC, basic_code, id LIMIT %d`, columns, len(c.args), strings.Join(c.parts, " AND "),
		min(q.page.First, maxHot)), c.args...)
}

func (s *store) count(ctx context.Context, q query, limit int) (int, error) {
	c := s.where(ctx, q)
	var n int
	err := s.db.QueryRow(ctx, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM matter WHERE %s LIMIT %d) found",
		strings.Join(c.parts, " AND "), limit), c.args...).Scan(&n)
	return n, err
}

// find returns one row that is not cancelled.
func (s *store) find(ctx context.Context, ref Ref) (Row, error) {
	c := &condition{dialect: s.db.Dialect()}
	c.add("tenant_id = ?", tenancy.Acting(ctx))
	c.add("status <> 'cancelled'")
	switch {
	case ref.ID != uuid.Nil:
		c.add("id = ?", ref.ID)
	case ref.Name != "":
		c.add("name = ?", ref.Name)
	default:
		c.add("(basic_code = ? OR implementation_code = ?)", ref.Code, ref.Code)
	}
	rows, err := s.rows(ctx, "SELECT tenant_id, "+columns+" FROM matter WHERE "+strings.Join(c.parts, " AND ")+" ORDER BY name LIMIT 1", c.args...)
	if err != nil {
		return Row{}, err
	}
	if len(rows) == 0 {
		return Row{}, db.ErrNoRows
	}
	return rows[0], nil
}

func (s *store) rows(ctx context.Context, sql string, args ...any) ([]Row, error) {
	var out []Row
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var r Row
		var audiences, themes, channels json.RawMessage
		if err := scan(&r.Tenant, &r.ID, &r.Name, &r.Title, &r.BasicCode, &r.ImplementationCode, &r.ItemType, &r.CaseType, &r.Department,
			&r.DepartmentTitle, &r.Line, &r.Level, &audiences, &themes, &channels, &r.Status, &r.PublicListed, &r.Digest, &r.Revision,
			&r.UpdatedAt); err != nil {
			return err
		}
		for _, list := range []struct {
			text json.RawMessage
			into *[]string
		}{{audiences, &r.Audiences}, {themes, &r.Themes}, {channels, &r.Channels}} {
			if err := json.Unmarshal(list.text, list.into); err != nil {
				return fmt.Errorf("matter %s: %w", r.Name, err)
			}
		}
		out = append(out, r)
		return nil
	}, sql, args...)
	return slices.Clip(out), err
}
