package matter

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

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
	name       string // title of the matter
	basic      string // basic code
	digest     string
	status     string
	department string
	title      string // department's
	code       string // implementation code
	level      string
	flow       string
	indexed    bool // by a program that wrote all columns of the search
}

// same reports that writing the row would change nothing that a reader sees.
func (k knownRow) same(r Row) bool {
	return k.indexed && k.digest == r.Digest && k.status != statusCancelled && k.department == r.Department && k.title == r.DepartmentTitle &&
		k.code == r.ImplementationCode && k.level == r.Level
}

// known are the rows of a tenant by name, of some matters alone when only names any.
func (s *store) known(ctx context.Context, tenant string, only []string) (map[string]knownRow, error) {
	out := map[string]knownRow{}
	sql, args := "", []any{tenant}
	if only != nil {
		if len(only) == 0 {
			return out, nil
		}
		for _, name := range only {
			args = append(args, name)
		}
		sql = " AND name IN (" + db.Placeholders(2, len(only)) + ")"
	}
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var name string
		var k knownRow
		err := scan(&k.id, &name, &k.name, &k.basic, &k.digest, &k.status, &k.department, &k.title, &k.code, &k.level, &k.flow, &k.indexed)
		out[name] = k
		return err
	}, `SELECT id, name, title, basic_code, digest, status, department, department_title, implementation_code, level, flow, sounds <> ''
		FROM matter WHERE tenant_id = $1`+sql, args...)
	return out, err
}

const columns = `id, name, title, basic_code, implementation_code, item_type, case_type, department, department_title, line, level,
	audiences, themes, channels, deliveries, online_depth, joint, cross_area, status, public_listed, digest, revision, updated_at`

func (l *language) upsert(b *db.Batch, r Row) error {
	lists := make([]string, 4)
	for i, list := range [][]string{r.Audiences, r.Themes, r.Channels, r.Deliveries} {
		text, err := json.Marshal(append([]string{}, list...))
		if err != nil {
			return err
		}
		lists[i] = string(text)
	}
	search, sounds := l.searchText(r)
	b.Exec(`INSERT INTO matter (tenant_id, `+columns+`, search, sounds, flow) VALUES (`+db.Placeholders(1, 27)+`)
		ON CONFLICT (tenant_id, name) DO UPDATE SET title = excluded.title, basic_code = excluded.basic_code,
			implementation_code = excluded.implementation_code, item_type = excluded.item_type, case_type = excluded.case_type,
			department = excluded.department, department_title = excluded.department_title, line = excluded.line, level = excluded.level,
			audiences = excluded.audiences, themes = excluded.themes, channels = excluded.channels,
			deliveries = excluded.deliveries, online_depth = excluded.online_depth, joint = excluded.joint,
			cross_area = excluded.cross_area,
			status = CASE WHEN matter.status = 'cancelled' THEN excluded.status ELSE matter.status END,
			public_listed = excluded.public_listed, digest = excluded.digest, revision = excluded.revision,
			updated_at = excluded.updated_at, search = excluded.search, sounds = excluded.sounds,
			flow = excluded.flow`,
		r.Tenant, r.ID, r.Name, r.Title, r.BasicCode, r.ImplementationCode, r.ItemType, r.CaseType, r.Department, r.DepartmentTitle, r.Line,
		r.Level, lists[0], lists[1], lists[2], lists[3], r.OnlineDepth, r.Joint, r.CrossArea, r.Status, r.PublicListed, r.Digest,
		r.Revision, r.UpdatedAt, search, sounds, l.phrases(r.Flow))
	return nil
}

func cancel(b *db.Batch, p configuration.Publication, name string) {
	b.Exec("UPDATE matter SET status = 'cancelled', revision = $1, updated_at = $2 WHERE tenant_id = $3 AND name = $4",
		p.Revision, p.At, p.Tenant, name)
}

// shown is the condition of the rows that people are shown, suspended ones among them.
const shown = "status NOT IN ('cancelled', 'ended', 'merged')"

// find returns one row that is shown.
func (s *store) find(ctx context.Context, ref Ref) (Row, error) {
	c := s.in(tenancy.Acting(ctx))
	c.add(shown)
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
		var audiences, themes, channels, deliveries json.RawMessage
		if err := scan(&r.Tenant, &r.ID, &r.Name, &r.Title, &r.BasicCode, &r.ImplementationCode, &r.ItemType, &r.CaseType, &r.Department,
			&r.DepartmentTitle, &r.Line, &r.Level, &audiences, &themes, &channels, &deliveries, &r.OnlineDepth, &r.Joint, &r.CrossArea, &r.Status,
			&r.PublicListed, &r.Digest, &r.Revision, &r.UpdatedAt); err != nil {
			return err
		}
		for _, list := range []struct {
			text json.RawMessage
			into *[]string
		}{{audiences, &r.Audiences}, {themes, &r.Themes}, {channels, &r.Channels}, {deliveries, &r.Deliveries}} {
			if err := json.Unmarshal(list.text, list.into); err != nil {
				return fmt.Errorf("matter %s: %w", r.Name, err)
			}
		}
		out = append(out, r)
		return nil
	}, sql, args...)
	return slices.Clip(out), err
}
