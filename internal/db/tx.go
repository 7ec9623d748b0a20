package db

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"zhengtong/internal/problem"
)

// attempts bounds how often a transaction that lost against others is run; the waits between sum to under a second.
const attempts = 5

// txState is a transaction on its way through a context.
type txState struct {
	tx     transaction
	after  []func()
	failed error // of a joined call: nothing may be committed any more
}

type txKey struct{ engine engine }

func (p *pool) current(ctx context.Context) *txState {
	state, _ := ctx.Value(txKey{p.engine}).(*txState)
	return state
}

// InTx runs fn in a transaction: the one that ctx carries, or a new one, which
// is committed when fn returns nil. Everything done with fn's context is part
// of it, Ent included. A new transaction that loses against another one
// (serialisation, deadlock, busy) is run again, so fn must not leave traces
// elsewhere; use AfterCommit. An error of a joined fn dooms the whole.
func (p *pool) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if err := p.admit(ctx); err != nil {
		return err
	}
	if state := p.current(ctx); state != nil {
		err := fn(ctx)
		if err != nil && state.failed == nil {
			state.failed = err
		}
		return err
	}
	return retry(ctx, func() error { return p.once(ctx, fn) })
}

func (p *pool) once(ctx context.Context, fn func(ctx context.Context) error) (err error) {
	tx, err := p.engine.begin(ctx)
	if err != nil {
		return err
	}
	state := &txState{tx: tx}
	done := false
	defer func() {
		if !done { // also when fn panics
			undo := tx.rollback(context.WithoutCancel(ctx))
			err = errors.Join(err, undo)
		}
	}()
	if err := fn(context.WithValue(ctx, txKey{p.engine}, state)); err != nil {
		return err
	}
	if state.failed != nil {
		return fmt.Errorf("a part of the transaction failed: %w", state.failed)
	}
	if err := tx.commit(ctx); err != nil {
		return err
	}
	done = true
	for _, f := range state.after {
		f()
	}
	return nil
}

// AfterCommit calls f once the transaction of ctx is committed, or now when there is none.
func (p *pool) AfterCommit(ctx context.Context, f func()) {
	if state := p.current(ctx); state != nil {
		state.after = append(state.after, f)
		return
	}
	f()
}

// InsideTx reports whether ctx carries a transaction of this database.
func (p *pool) InsideTx(ctx context.Context) bool { return p.current(ctx) != nil }

// retry runs f again while it loses against other transactions.
func retry(ctx context.Context, f func() error) error {
	wait := 5 * time.Millisecond
	for n := 1; ; n++ {
		err := f()
		if err == nil || !lost(err) {
			return err
		}
		if n == attempts {
			return busy(err)
		}
		timer := time.NewTimer(wait + rand.N(wait))
		select {
		case <-ctx.Done():
			timer.Stop()
			return errors.Join(ctx.Err(), err)
		case <-timer.C:
		}
		wait *= 3
	}
}

func busy(cause error) error {
	e := problem.New(problem.Unavailable, "busy", "系统繁忙，请稍后重试")
	e.Retryable, e.RetryAfter, e.Cause = true, time.Second, cause
	return e
}
