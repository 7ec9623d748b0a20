package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"

	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

// lite is the embedded database: one connection writes, the others read beside it (WAL).
type lite struct {
	write *sql.DB
	read  *sql.DB

	mu    sync.Mutex
	locks map[string]bool // held by TryLock; the embedded mode is one process
}

// FileName is the name of the embedded database in its folder.
const FileName = "zhengtong.db"

func openSQLite(_ context.Context, cfg Config) (*DB, error) {
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("database folder: %w", err)
	}
	file := filepath.Join(cfg.Dir, FileName)
	write, err := sql.Open("sqlite", dataSource(file, "_txlock=immediate"))
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", dataSource(file, "_pragma=query_only(1)"))
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	readers := max(4, 2*runtime.GOMAXPROCS(0))
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	engine := &lite{write: write, read: read, locks: map[string]bool{}}
	work := &pool{engine: engine, scoped: true}
	return &DB{
		pool:  work,
		ent:   newEnt(work),
		relay: &Relay{&pool{engine: engine}},
		sql:   write,
		log:   cfg.Logger,
	}, nil
}

// dataSource names the file with the settings that keep a commit through a power cut (synchronous=FULL) and
// let readers go on while one writes (WAL).
func dataSource(file, extra string) string {
	return "file:" + (&url.URL{Path: file}).EscapedPath() + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)" +
		"&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=temp_store(memory)&" + extra
}

func (l *lite) dialect() Dialect { return SQLite }

func (l *lite) close() { _ = errors.Join(l.read.Close(), l.write.Close()) }

func (l *lite) query(ctx context.Context, sql string, args []any) (cursor, error) {
	if readOnly(sql) {
		return querySQLite(ctx, l.read, sql, args)
	}
	return querySQLite(ctx, l.write, sql, args)
}

func (l *lite) exec(ctx context.Context, sql string, args []any) (int64, error) {
	return execSQLite(ctx, l.write, sql, args)
}

func (l *lite) begin(ctx context.Context) (transaction, error) {
	tx, err := l.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, translate(err)
	}
	return &liteTx{tx}, nil
}

func (l *lite) run(ctx context.Context, b *Batch) error {
	tx, err := l.begin(ctx)
	if err != nil {
		return err
	}
	if err := tx.run(ctx, b); err != nil {
		return errors.Join(err, tx.rollback(ctx))
	}
	return tx.commit(ctx)
}

var (
	writes    = regexp.MustCompile(`(?i)\b(insert\s+(or\s+\w+\s+)?into|update\s+\w+\s+(as\s+\w+\s+)?set|delete\s+from|replace\s+into)\b`)
	firstWord = regexp.MustCompile(`(?i)^\s*(select|with|values)\b`)
)

// readOnly reports whether a statement may go to the readers; in doubt it goes to the writer.
func readOnly(sql string) bool {
	word := strings.ToLower(firstWord.FindString(sql))
	return word != "" && (!strings.Contains(word, "with") || !writes.MatchString(sql))
}

type liteTx struct{ *sql.Tx }

// assume has nothing to set: SQLite knows no row-level security, the predicates of the statements are the wall.
func (t *liteTx) assume(context.Context) error { return nil }

func (t *liteTx) query(ctx context.Context, sql string, args []any) (cursor, error) {
	return querySQLite(ctx, t.Tx, sql, args)
}

func (t *liteTx) exec(ctx context.Context, sql string, args []any) (int64, error) {
	return execSQLite(ctx, t.Tx, sql, args)
}

func (t *liteTx) run(ctx context.Context, b *Batch) error {
	for _, s := range b.steps {
		if err := t.step(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (t *liteTx) step(ctx context.Context, s step) error {
	if s.scan != nil {
		c, err := t.query(ctx, s.sql, s.args)
		if err != nil {
			return err
		}
		rows := &Rows{cursor: c}
		return errors.Join(s.scan(rows), rows.Err(), rows.Close())
	}
	n, err := t.exec(ctx, s.sql, s.args)
	if err == nil && s.require != "" && n != 1 {
		return stale(s.require)
	}
	return err
}

func (t *liteTx) commit(context.Context) error { return translate(t.Tx.Commit()) }

func (t *liteTx) rollback(context.Context) error {
	if err := t.Tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return translate(err)
	}
	return nil
}

// liteRunner is a pool or a transaction.
type liteRunner interface {
	QueryContext(ctx context.Context, sql string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, sql string, args ...any) (sql.Result, error)
}

func querySQLite(ctx context.Context, on liteRunner, sql string, args []any) (cursor, error) {
	values, err := arguments(SQLite, args)
	if err != nil {
		return nil, err
	}
	rows, err := on.QueryContext(ctx, sql, values...)
	if err != nil {
		return nil, translate(err)
	}
	return rows, nil
}

func execSQLite(ctx context.Context, on liteRunner, sql string, args []any) (int64, error) {
	values, err := arguments(SQLite, args)
	if err != nil {
		return 0, err
	}
	result, err := on.ExecContext(ctx, sql, values...)
	if err != nil {
		return 0, translate(err)
	}
	return result.RowsAffected()
}
