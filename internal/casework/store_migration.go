package casework

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

const migrationColumns = "id, name, title, matter, from_digest, to_digest, pins, nodes, fields, cases, revision, author, reviewer, created_at, finished_at"

func (m *Migration) read(scan func(...any) error) error {
	r := &reader{}
	return r.plain(&m.ID, &m.Name, &m.Title, &m.Matter, &m.From, &m.To).json(&m.pins).json(&m.Maps.Nodes).json(&m.Maps.Fields).json(&m.Cases).
		plain(&m.Revision, &m.Author, &m.Reviewer, &m.CreatedAt).time(&m.FinishedAt).scan(scan)
}

// migration reads a published migration of the acting tenant.
func (s *store) migration(ctx context.Context, id uuid.UUID) (*Migration, error) {
	return s.oneMigration(ctx, "id = $2", id)
}

// migrationNamed reads the latest of a name.
func (s *store) migrationNamed(ctx context.Context, name string) (*Migration, error) {
	return s.oneMigration(ctx, "name = $2 ORDER BY revision DESC LIMIT 1", name)
}

func (s *store) oneMigration(ctx context.Context, where string, arg any) (*Migration, error) {
	m := &Migration{}
	err := m.read(s.db.QueryRow(ctx, "SELECT "+migrationColumns+" FROM migration WHERE tenant_id = $1 AND "+where, tenancy.Acting(ctx), arg).Scan)
	if err == db.ErrNoRows {
		return nil, problem.Missing()
	}
	m.Cases = sortedOnce(m.Cases)
	return m, err
}

// candidates reads a page of the cases that a migration looks at, after a place: the
// numbers it lists, or the open cases of its matter.
func (s *store) candidates(ctx context.Context, m *Migration, after string, size int) (page []candidate, more bool, err error) {
	if len(m.Cases) > 0 {
		return s.listed(ctx, m, after, size)
	}
	from := uuid.FromStringOrNil(after)
	err = s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var c candidate
		r := &reader{}
		if err := r.plain(&c.ID, &c.No).json(&c.pins).scan(scan); err != nil {
			return err
		}
		page = append(page, c)
		return nil
	}, `SELECT id, case_no, pins FROM case_file WHERE tenant_id = $1 AND matter_name = $2 AND status NOT IN ('ended', 'archived') AND id > $3
		ORDER BY id LIMIT $4`, tenancy.Acting(ctx), m.Matter, from, size+1)
	if len(page) > size {
		page, more = page[:size], true
	}
	return page, more, err
}

func (s *store) listed(ctx context.Context, m *Migration, after string, size int) (page []candidate, more bool, err error) {
	at, found := slices.BinarySearch(m.Cases, after)
	if found {
		at++
	}
	numbers := m.Cases[at:]
	if len(numbers) > size {
		numbers, more = numbers[:size], true
	}
	args := []any{tenancy.Acting(ctx)}
	for _, no := range numbers {
		page, args = append(page, candidate{No: no}), append(args, no)
	}
	if len(numbers) == 0 {
		return nil, false, nil
	}
	err = s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var c candidate
		r := &reader{}
		if err := r.plain(&c.ID, &c.No).json(&c.pins).scan(scan); err != nil {
			return err
		}
		if i, ok := slices.BinarySearch(numbers, c.No); ok {
			page[i] = c
		}
		return nil
	}, "SELECT id, case_no, pins FROM case_file WHERE tenant_id = $1 AND case_no IN ("+db.Placeholders(2, len(numbers))+")", args...)
	return page, more, err
}

// isMoved reports whether it is written down what became of a case.
func (s *store) isMoved(ctx context.Context, migration uuid.UUID, no string) (bool, error) {
	var n int
	err := s.db.QueryRow(ctx, "SELECT count(*) FROM migration_case WHERE tenant_id = $1 AND migration_id = $2 AND case_no = $3",
		tenancy.Acting(ctx), migration, no).Scan(&n)
	return n > 0, err
}

// writeMove writes down, once, what became of a case.
func writeMove(b *db.Batch, tenant string, migration uuid.UUID, move Move, before configuration.Pins, at time.Time) {
	v := &values{}
	v.add(tenant, migration, move.No).id(move.Case).add(move.Outcome, move.Reason).json(move)
	if before == nil {
		before = configuration.Pins{}
	}
	v.json(before).add(at)
	b.Exec(`INSERT INTO migration_case (tenant_id, migration_id, case_no, case_id, outcome, reason, body, pins_before, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, v.args...)
}

// keepMove writes down what became of a case that stays as it is.
func (s *store) keepMove(ctx context.Context, migration uuid.UUID, move Move, at time.Time) error {
	b := s.db.NewBatch()
	writeMove(b, tenancy.Acting(ctx), migration, move, nil, at)
	return s.db.Run(ctx, b)
}

// turnPage ends the job of a page, and asks for the next one or ends the migration.
func (s *store) turnPage(ctx context.Context, m *Migration, page []candidate, more bool, now time.Time, with func(*db.Batch)) error {
	b := s.db.NewBatch()
	if with != nil {
		with(b)
	}
	if more {
		configuration.AskForMigration(b, tenancy.Acting(ctx), configuration.MigrationJob{Migration: m.ID, After: m.place(page[len(page)-1])}, now)
	} else {
		b.Exec("UPDATE migration SET finished_at = $3 WHERE tenant_id = $1 AND id = $2 AND finished_at IS NULL", tenancy.Acting(ctx), m.ID, now)
	}
	return s.db.Run(ctx, b)
}

// moves lists what became of the cases of a migration, by number after one.
func (s *store) moves(ctx context.Context, migration uuid.UUID, outcome, after string, first int) (found []Move, more bool, err error) {
	err = s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var text string
		var m Move
		if err := scan(&text); err != nil {
			return err
		}
		err := json.Unmarshal([]byte(text), &m)
		found = append(found, m)
		return err
	}, `SELECT body FROM migration_case WHERE tenant_id = $1 AND migration_id = $2 AND case_no > $3 AND ($4 = '' OR outcome = $4)
		ORDER BY case_no LIMIT $5`, tenancy.Acting(ctx), migration, after, outcome, first+1)
	if len(found) > first {
		found, more = found[:first], true
	}
	return found, more, err
}

// moveCounts counts what became of the cases of a migration.
func (s *store) moveCounts(ctx context.Context, migration uuid.UUID) (map[string]int, error) {
	counts := map[string]int{}
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var outcome string
		var n int
		err := scan(&outcome, &n)
		counts[outcome] = n
		return err
	}, "SELECT outcome, count(*) FROM migration_case WHERE tenant_id = $1 AND migration_id = $2 GROUP BY outcome", tenancy.Acting(ctx), migration)
	return counts, err
}
