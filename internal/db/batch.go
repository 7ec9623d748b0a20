package db

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

// Batch collects statements that succeed or fail together and reach
// PostgreSQL in one round trip. Fill it, then give it to Run.
type Batch struct {
	steps []step
	err   error
}

// step is one statement of a batch.
type step struct {
	sql     string
	args    []any
	require string                 // reason of the Conflict unless exactly one row changes; "" = any number will do
	scan    func(rows *Rows) error // reads the rows; nil = there are none
}

// NewBatch returns an empty batch.
func (p *pool) NewBatch() *Batch { return &Batch{} }

// Len returns the number of statements.
func (b *Batch) Len() int { return len(b.steps) }

// Exec adds a statement that may change any number of rows.
func (b *Batch) Exec(sql string, args ...any) { b.steps = append(b.steps, step{sql: sql, args: args}) }

// Require adds an INSERT, UPDATE or DELETE without RETURNING that must change
// exactly one row; else the batch is undone and Run returns a problem.Conflict
// with the reason "stale_version".
func (b *Batch) Require(sql string, args ...any) { b.RequireOr("stale_version", sql, args...) }

// RequireOr is Require with another reason: "lost_claim", "action_not_offered".
func (b *Batch) RequireOr(reason, sql string, args ...any) {
	if !reasonPattern.MatchString(reason) && b.err == nil {
		b.err = fmt.Errorf("batch: %q is no reason: use lower case letters and underscores", reason)
	}
	if returning.MatchString(sql) && b.err == nil {
		b.err = fmt.Errorf("batch: a required statement must not return rows: %s", sql)
	}
	b.steps = append(b.steps, step{sql: sql, args: args, require: reason})
}

// Query adds a statement that returns rows. scan is called after the whole
// batch has been sent: it may only copy, for on PostgreSQL the batch is decided
// by then. An error of scan is returned by Run all the same.
func (b *Batch) Query(scan func(rows *Rows) error, sql string, args ...any) {
	b.steps = append(b.steps, step{sql: sql, args: args, scan: scan})
}

// Append adds the statements of another batch behind those of b.
func (b *Batch) Append(other *Batch) {
	if b.err == nil {
		b.err = other.err
	}
	b.steps = append(b.steps, other.steps...)
}

var (
	reasonPattern = regexp.MustCompile(`^[a-z_]+$`)
	returning     = regexp.MustCompile(`(?i)\breturning\b`)
)

// Run executes the batch for the acting tenant of ctx, all or nothing: inside
// the transaction that ctx carries, or in one of its own, which is run again
// when it loses against others. On PostgreSQL it is one pipelined round trip
// whose first statement sets the tenant for this transaction.
func (p *pool) Run(ctx context.Context, b *Batch) error {
	if b.err != nil {
		return b.err
	}
	if err := p.admit(ctx); err != nil {
		return err
	}
	if len(b.steps) == 0 {
		return nil
	}
	if state := p.current(ctx); state != nil {
		err := state.tx.run(ctx, b)
		if err != nil && state.failed == nil {
			state.failed = err
		}
		return err
	}
	return retry(ctx, func() error { return p.engine.run(ctx, b) })
}

// required makes PostgreSQL itself raise ZT001 unless the statement changes one row.
func required(s step) string {
	return "WITH u AS (" + strings.TrimRight(strings.TrimSpace(s.sql), ";") +
		" RETURNING 1) SELECT zt_require((SELECT count(*) FROM u), '" + s.require + "')"
}
