package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"zhengtong/schema/migrations"
)

// Migrate brings the schema up to date, as the owner. Several processes may
// call it at once: on PostgreSQL they wait for each other.
func (db *DB) Migrate(ctx context.Context) error {
	provider, end, err := db.migrator(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	results, err := provider.Up(ctx)
	for _, r := range results {
		db.log.InfoContext(ctx, "migrated", "file", r.Source.Path, "took", r.Duration)
	}
	if err = errors.Join(err, end()); err != nil {
		return fmt.Errorf("migrate: %w", translate(err))
	}
	return nil
}

// Pending reports whether a migration of this program has not been applied.
func (db *DB) Pending(ctx context.Context) (bool, error) {
	provider, end, err := db.migrator(ctx)
	if err != nil {
		return false, fmt.Errorf("migrations: %w", err)
	}
	pending, err := provider.HasPending(ctx)
	return pending, translate(errors.Join(err, end()))
}

func (db *DB) migrator(ctx context.Context) (*goose.Provider, func() error, error) {
	if db.Dialect() == SQLite {
		files, err := fs.Sub(migrations.SQLite, "sqlite")
		if err != nil {
			return nil, nil, err
		}
		provider, err := goose.NewProvider(goose.DialectSQLite3, db.sql, files)
		return provider, func() error { return nil }, err
	}
	files, err := fs.Sub(migrations.Postgres, "postgres")
	if err != nil {
		return nil, nil, err
	}
	owner, err := db.owner(ctx)
	if err != nil {
		return nil, nil, err
	}
	provider, err := ownerProvider(owner, files)
	if err != nil {
		return nil, nil, errors.Join(err, owner.Close())
	}
	return provider, owner.Close, nil
}

func ownerProvider(owner *sql.DB, files fs.FS) (*goose.Provider, error) {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, owner, files, goose.WithSessionLocker(locker))
}
