package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
)

// ErrLockHeld is returned by TryLock when another process, or this one, holds the lock.
var ErrLockHeld = errors.New("the lock is held elsewhere")

// Lock is a named lock of the installation: at most one process holds it.
type Lock struct {
	check   func(ctx context.Context) error
	release func()
}

// Check returns an error when the lock has been lost, as it is with the connection that holds it.
func (l *Lock) Check(ctx context.Context) error { return l.check(ctx) }

// Release gives the lock back. It may be called once.
func (l *Lock) Release() { l.release() }

// TryLock takes the lock called name without waiting; ErrLockHeld says that
// somebody else has it. It serves to elect who runs a schedule; what must not
// happen twice needs a row all the same. It needs no tenant.
func (db *DB) TryLock(ctx context.Context, name string) (*Lock, error) {
	return db.relay.pool.engine.lock(ctx, name)
}

func (p *postgres) lock(ctx context.Context, name string) (*Lock, error) {
	conn, err := p.pool.Acquire(ctx)
	if err != nil {
		return nil, translate(err)
	}
	var taken bool
	err = conn.QueryRow(ctx, "SELECT pg_try_advisory_lock(hashtextextended('zhengtong:' || $1, 0))", name).Scan(&taken)
	if err != nil || !taken {
		conn.Release()
		if err == nil {
			err = fmt.Errorf("%s: %w", name, ErrLockHeld)
		}
		return nil, translate(err)
	}
	return &Lock{
		check:   func(ctx context.Context) error { return translate(conn.Ping(ctx)) },
		release: func() { discard(conn) },
	}, nil
}

// discard closes the connection instead of pooling it: its locks go with it whatever state it is in.
func discard(conn *pgxpool.Conn) {
	_ = conn.Hijack().Close(context.Background())
}

func (l *lite) lock(_ context.Context, name string) (*Lock, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.locks[name] {
		return nil, fmt.Errorf("%s: %w", name, ErrLockHeld)
	}
	l.locks[name] = true
	return &Lock{
		check: func(context.Context) error { return nil },
		release: func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			delete(l.locks, name)
		},
	}, nil
}
