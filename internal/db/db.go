// Package db is the one way to the database: pools, transactions, pipelined
// batches, the tenancy walls, and the translation of two dialects into one.
//
// PostgreSQL serves production, SQLite the embedded mode (docs/architecture.md). Both
// take the same SQL: `$1` placeholders, UUIDs and civil dates as text, JSON as
// text, instants as time.Time (UTC, microseconds). Everything runs for the
// acting tenant that tenancy.Scope puts in the context; without one it is
// refused with ErrNoTenant, and PostgreSQL itself would show nothing (I2, I3).
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/ent"
)

// Dialect names the database behind a DB.
type Dialect string

// The two dialects.
const (
	Postgres Dialect = "postgres"
	SQLite   Dialect = "sqlite"
)

// Config says which database to open: URL for PostgreSQL, or Dir for SQLite.
// Connections keep their tenant between statements, so a PgBouncer in front
// must pool sessions, not transactions.
type Config struct {
	URL      string // postgres://…; its role must be a member of zt_app
	OwnerURL string // for migrations; URL when empty
	RelayURL string // its role must be a member of zt_relay; URL when empty
	Dir      string // folder of the embedded database, made when absent

	MaxConns      int32 // connections for the acting tenant's work; 0 = 4 a core, at least 8
	RelayMaxConns int32 // connections of the relay; 0 = 4
	Logger        *slog.Logger
}

// Validate names what is missing.
func (c Config) Validate() error {
	switch {
	case c.URL == "" && c.Dir == "":
		return errors.New("database: a PostgreSQL URL or a folder for SQLite is required")
	case c.URL != "" && c.Dir != "":
		return errors.New("database: give a PostgreSQL URL or a folder for SQLite, not both")
	}
	return nil
}

// DB is an open database. Its statements see the acting tenant of their
// context only. It is safe for concurrent use; a context that carries a
// transaction (InTx) is not: use it from one goroutine, one open Rows at a time.
type DB struct {
	*pool
	relay *Relay
	owner func(ctx context.Context) (*sql.DB, error)
	sql   *sql.DB
	ent   *ent.Client
	log   *slog.Logger
}

// Relay runs statements for all tenants at once, on PostgreSQL under the role
// zt_relay, which reads and writes the dispatch columns of outbox, timer and
// job and reads configuration_head, nothing else. It has the methods of DB.
type Relay struct{ *pool }

// Open prepares the pools; it connects when first used, so that Migrate can run on an empty database.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Dir != "" {
		return openSQLite(ctx, cfg)
	}
	return openPostgres(ctx, cfg)
}

// Close ends all connections. Rows and transactions must have been closed.
func (db *DB) Close() error {
	err := db.sql.Close()
	db.pool.engine.close()
	if db.relay.pool.engine != db.pool.engine {
		db.relay.pool.engine.close()
	}
	return err
}

// Relay returns the access that sees the dispatch columns of all tenants.
func (db *DB) Relay() *Relay { return db.relay }

// SQL returns the database as database/sql, for tools and tests. On PostgreSQL
// the tenant of the context holds there too. Arguments are not converted as
// Query and Exec do it, and transactions of InTx are not joined.
func (db *DB) SQL() *sql.DB { return db.sql }

// NewID returns a UUIDv7 (RFC 9562) whose time part is t: ids sort as they were made.
func NewID(t time.Time) uuid.UUID {
	id, err := uuid.NewV7AtTime(t)
	if err != nil {
		panic(fmt.Sprintf("no randomness for an id: %v", err)) // crypto/rand never fails since Go 1.24
	}
	return id
}
