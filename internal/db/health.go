package db

import (
	"context"
	"fmt"
	"time"

	"zhengtong/internal/tenancy"
)

// Stats counts the connections of a pool, for metrics.
type Stats struct {
	Max      int           // connections allowed
	Open     int           // connections made
	InUse    int           // connections at work
	Waits    int64         // how often somebody had to wait for one
	WaitTime time.Duration // how long they waited, summed
}

// Health asks the database for an answer under the role of the program's work;
// an error says that it is away or not migrated. It needs no tenant.
func (db *DB) Health(ctx context.Context) error {
	ctx = tenancy.Public(ctx)
	if err := db.pool.engine.health(ctx); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if err := db.relay.pool.engine.health(ctx); err != nil {
		return fmt.Errorf("database, relay: %w", err)
	}
	return nil
}

// Stats returns the state of this pool: DB's for tenants' work, Relay's for dispatching.
func (p *pool) Stats() Stats { return p.engine.stats() }

func (p *postgres) health(ctx context.Context) error {
	_, err := p.exec(ctx, "SELECT 1", nil)
	return err
}

func (p *postgres) stats() Stats {
	s := p.pool.Stat()
	return Stats{
		Max: int(s.MaxConns()), Open: int(s.TotalConns()), InUse: int(s.AcquiredConns()),
		Waits: s.EmptyAcquireCount(), WaitTime: s.EmptyAcquireWaitTime(),
	}
}

func (l *lite) health(ctx context.Context) error {
	var n int
	return translate(l.read.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM tenant LIMIT 1)").Scan(&n))
}

func (l *lite) stats() Stats {
	r, w := l.read.Stats(), l.write.Stats()
	return Stats{
		Max: r.MaxOpenConnections + w.MaxOpenConnections, Open: r.OpenConnections + w.OpenConnections,
		InUse: r.InUse + w.InUse, Waits: r.WaitCount + w.WaitCount, WaitTime: r.WaitDuration + w.WaitDuration,
	}
}
