package db

import (
	"context"
	"errors"

	"zhengtong/internal/tenancy"
)

// ErrNoTenant is returned for any statement whose context has no acting tenant
// and was not made by tenancy.Public: an edge forgot tenancy.With.
var ErrNoTenant = errors.New("no acting tenant in the context: nothing to see")

// session runs statements: an engine outside a transaction, or a transaction.
// Errors come translated.
type session interface {
	query(ctx context.Context, sql string, args []any) (cursor, error)
	exec(ctx context.Context, sql string, args []any) (int64, error)
	run(ctx context.Context, b *Batch) error
}

// transaction is a session that ends.
type transaction interface {
	session
	assume(ctx context.Context) error // the tenant of ctx, for the statements that follow
	commit(ctx context.Context) error
	rollback(ctx context.Context) error
}

// engine is a database behind its pool.
type engine interface {
	session
	dialect() Dialect
	begin(ctx context.Context) (transaction, error)
	health(ctx context.Context) error
	stats() Stats
	lock(ctx context.Context, name string) (*Lock, error)
	close()
}

// pool is what DB and Relay share: statements, transactions and batches over an engine.
type pool struct {
	engine engine
	scoped bool // statements need an acting tenant
}

// Dialect returns which database this is.
func (p *pool) Dialect() Dialect { return p.engine.dialect() }

// ForUpdate is the end of a SELECT that locks what it reads until the
// transaction ends; empty on SQLite, where a transaction has the database.
func (p *pool) ForUpdate() string {
	if p.Dialect() == SQLite {
		return ""
	}
	return " FOR UPDATE"
}

// SkipLocked is ForUpdate that passes over the rows others have locked: for claims.
func (p *pool) SkipLocked() string {
	if p.Dialect() == SQLite {
		return ""
	}
	return " FOR UPDATE SKIP LOCKED"
}

// session returns the transaction of ctx, switched to the tenant of ctx, or the engine.
func (p *pool) session(ctx context.Context) (session, error) {
	if err := p.admit(ctx); err != nil {
		return nil, err
	}
	state := p.current(ctx)
	if state == nil {
		return p.engine, nil
	}
	if p.scoped {
		if err := state.tx.assume(ctx); err != nil {
			return nil, err
		}
	}
	return state.tx, nil
}

func (p *pool) admit(ctx context.Context) error {
	if !p.scoped || tenancy.Acting(ctx) != "" || tenancy.IsPublic(ctx) {
		return nil
	}
	return ErrNoTenant
}

// Query runs a statement that returns rows. Close them.
func (p *pool) Query(ctx context.Context, sql string, args ...any) (*Rows, error) {
	s, err := p.session(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.query(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	return &Rows{cursor: c}, nil
}

// QueryRow runs a statement that returns a row; its Scan returns ErrNoRows when there was none.
func (p *pool) QueryRow(ctx context.Context, sql string, args ...any) *Row {
	rows, err := p.Query(ctx, sql, args...)
	return &Row{rows: rows, err: err}
}

// Exec runs a statement and returns the number of rows it changed.
func (p *pool) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	s, err := p.session(ctx)
	if err != nil {
		return 0, err
	}
	return s.exec(ctx, sql, args)
}

// Each runs a query and calls each once a row with the row's Scan function; it stops at the first error.
func (p *pool) Each(ctx context.Context, each func(scan func(dest ...any) error) error, sql string, args ...any) error {
	rows, err := p.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
