package db

import (
	"context"
	"errors"
	"time"

	"zhengtong/internal/tenancy"
)

// VirtualClock keeps the installation's virtual instant; it is a clock.Store.
type VirtualClock struct{ db *DB }

// VirtualClock returns the keeper of the virtual instant. A database whose
// Load reports true runs on virtual time, and a production start refuses it.
func (db *DB) VirtualClock() VirtualClock { return VirtualClock{db} }

// Load returns the instant, and false when the database never ran on virtual time.
func (v VirtualClock) Load(ctx context.Context) (time.Time, bool, error) {
	var at time.Time
	err := v.db.QueryRow(tenancy.Public(ctx), "SELECT instant FROM virtual_clock WHERE id = 1").Scan(&at)
	if errors.Is(err, ErrNoRows) {
		return time.Time{}, false, nil
	}
	return at, err == nil, err
}

// Save writes the instant.
func (v VirtualClock) Save(ctx context.Context, at time.Time) error {
	_, err := v.db.Exec(tenancy.Public(ctx), `INSERT INTO virtual_clock (id, instant) VALUES (1, $1)
		ON CONFLICT (id) DO UPDATE SET instant = excluded.instant`, at)
	return err
}
