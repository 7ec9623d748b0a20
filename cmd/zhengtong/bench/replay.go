package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gofrs/uuid/v5"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// replay is the reference of submission: the rows that the product wrote for the
// model case, written again under new ids by plain INSERTs in one pipelined batch.
// The rows are read back from the database, from every table that refers to
// cases, so the reference can neither forget a row nor keep one that is gone.
type replay struct {
	statements []replayed
	fresh      int // ids to make for one case
	rows       int
}

// replayed is one INSERT with its arguments.
type replayed struct {
	sql  string
	args []argument
}

// argument is a text (nil for NULL), or one of the ids that are new each time.
type argument struct {
	text *string
	slot int // into the fresh ids when text is nil and null is false
	null bool
}

// Slots that are not rows' own ids.
const (
	slotDraft = iota // the draft that becomes a case
	slotText         // a text that must be unique
	firstOwn
)

// fileDraft is what submission does to the draft, besides the rows it writes.
const fileDraft = "UPDATE draft SET case_id = $3, row_version = row_version + 1 WHERE tenant_id = $1 AND id = $2 AND case_id IS NULL"

// newReplay reads the model's rows back.
func newReplay(ctx context.Context, owner *pgxpool.Pool, m model) (*replay, error) {
	tables, err := tablesOfCases(ctx, owner)
	if err != nil {
		return nil, err
	}
	var found []modelRow
	for _, t := range tables {
		rows, err := t.read(ctx, owner, m.kase)
		if err != nil {
			return nil, fmt.Errorf("read %s back: %w", t.name, err)
		}
		found = append(found, rows...)
	}
	if len(found) == 0 {
		return nil, errors.New("the model case has no rows")
	}
	slots := map[string]int{m.draft.String(): slotDraft}
	for _, row := range found {
		if id := row.value("id"); id != nil && slots[*id] == 0 && *id != m.draft.String() {
			slots[*id] = firstOwn + len(slots) - 1
		}
	}
	r := &replay{fresh: firstOwn + len(slots) - 1, rows: len(found) + 1}
	for _, row := range found {
		if row.table.name == "issued_document" && *row.value("seq") != "0" {
			return nil, errors.New("submission takes a number of a gapless series, which the reference does not know how to do")
		}
		r.statements = append(r.statements, row.statement(slots))
	}
	kase := argument{slot: slots[m.kase.String()]}
	tenant := county
	r.statements = append(r.statements, replayed{sql: fileDraft, args: []argument{{text: &tenant}, {slot: slotDraft}, kase}})
	return r, nil
}

// batch makes the statements for one more case out of a draft. scoped says whether
// to bind the transaction to the tenant first, as row-level security needs.
func (r *replay) batch(draft uuid.UUID, scoped bool) (*pgx.Batch, error) {
	ids := make([]string, r.fresh)
	for i := range ids {
		id, err := uuid.NewV7()
		if err != nil {
			return nil, err
		}
		ids[i] = id.String()
	}
	ids[slotDraft] = draft.String()
	batch := &pgx.Batch{}
	if scoped {
		batch.Queue("SELECT set_config('zt.tenant', $1, true), set_config('zt.lineage', $2, true)", county, lineage)
	}
	for _, s := range r.statements {
		args := make([]any, len(s.args))
		for i, a := range s.args {
			switch {
			case a.null:
			case a.text != nil:
				args[i] = *a.text
			default:
				args[i] = ids[a.slot]
			}
		}
		batch.Queue(s.sql, args...)
	}
	return batch, nil
}

// send writes one case in one round trip; the batch is one transaction.
func (r *replay) send(ctx context.Context, on *pgxpool.Pool, draft uuid.UUID, scoped bool) error {
	batch, err := r.batch(draft, scoped)
	if err != nil {
		return err
	}
	return on.SendBatch(ctx, batch).Close()
}

// caseTable is a table whose rows belong to cases.
type caseTable struct {
	name    string
	link    string // condition that finds the rows of case $2
	columns []string
	types   []string
}

// modelRow is a row as texts, in the order of its table's columns.
type modelRow struct {
	table  caseTable
	values []*string
}

// tablesOfCases lists case_file, every table with a case_id, and the records of
// idempotency keys. Drafts are changed, not written; projections follow later.
func tablesOfCases(ctx context.Context, owner *pgxpool.Pool) ([]caseTable, error) {
	rows, err := owner.Query(ctx, `SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum), array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum)
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'draft'
		GROUP BY c.relname HAVING c.relname IN ('case_file', 'idempotency') OR bool_or(a.attname = 'case_id') ORDER BY c.relname <> 'case_file', c.relname`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (caseTable, error) {
		t := caseTable{link: "case_id = $2::uuid"}
		err := row.Scan(&t.name, &t.columns, &t.types)
		switch t.name {
		case "case_file":
			t.link = "id = $2::uuid"
		case "idempotency":
			t.link = "result->>'id' = $2"
		}
		return t, err
	})
}

func (t caseTable) read(ctx context.Context, owner *pgxpool.Pool, kase uuid.UUID) ([]modelRow, error) {
	sql := "SELECT " + strings.Join(t.columns, "::text, ") + "::text FROM " + t.name + " WHERE tenant_id = $1 AND " + t.link
	rows, err := owner.Query(ctx, sql, county, kase.String())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (modelRow, error) {
		values := make([]*string, len(t.columns))
		places := make([]any, len(values))
		for i := range values {
			places[i] = &values[i]
		}
		return modelRow{table: t, values: values}, row.Scan(places...)
	})
}

func (m modelRow) value(column string) *string {
	if i := slices.Index(m.table.columns, column); i >= 0 {
		return m.values[i]
	}
	return nil
}

// statement is the INSERT of the row; ids that slots knows are made anew each time.
func (m modelRow) statement(slots map[string]int) replayed {
	var r replayed
	places := make([]string, len(m.values))
	for i, value := range m.values {
		places[i] = fmt.Sprintf("$%d", i+1)
		column := m.table.columns[i]
		slot, known := 0, false
		if value != nil {
			slot, known = slots[*value]
		}
		switch {
		case value == nil:
			r.args = append(r.args, argument{null: true})
		case known && m.table.types[i] == "uuid":
			r.args = append(r.args, argument{slot: slot})
		case column == "case_no" || m.table.name == "idempotency" && column == "key":
			r.args = append(r.args, argument{slot: slotText})
		default:
			r.args = append(r.args, argument{text: value})
		}
	}
	r.sql = "INSERT INTO " + m.table.name + " (" + strings.Join(m.table.columns, ", ") + ") VALUES (" + strings.Join(places, ", ") + ")"
	return r
}
