// Package dbtest opens migrated databases for tests: each contract case runs
// on SQLite and on PostgreSQL.
package dbtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"zhengtong/internal/db"
	"zhengtong/internal/tenancy"
	"zhengtong/internal/testkit"
	"zhengtong/schema/migrations"
)

// Each runs a case on both databases, as the subtests "sqlite" and "postgres".
func Each(t *testing.T, run func(t *testing.T, d *db.DB)) {
	t.Helper()
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		t.Run(string(dialect), func(t *testing.T) { run(t, Open(t, dialect)) })
	}
}

// Open returns a database of its own for t, migrated and empty, closed when t ends.
func Open(t testing.TB, dialect db.Dialect) *db.DB {
	t.Helper()
	return OpenWith(t, dialect, db.Config{})
}

// OpenWith is Open with the other settings of cfg.
func OpenWith(t testing.TB, dialect db.Dialect, cfg db.Config) *db.DB {
	t.Helper()
	if dialect == db.SQLite {
		template, err := embedded()
		if err != nil {
			t.Fatal(err)
		}
		cfg.Dir = t.TempDir()
		if err := os.WriteFile(filepath.Join(cfg.Dir, db.FileName), template, 0o600); err != nil {
			t.Fatal(err)
		}
	} else {
		cfg.URL = testkit.Postgres(t, Template())
	}
	d, err := db.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
	})
	return d
}

// embedded is the migrated SQLite database that tests copy, made once a process: closed, it is one file.
var embedded = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "dbtest")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := migrate(context.Background(), db.Config{Dir: dir}); err != nil {
		return nil, err
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) != 1 {
		return nil, fmt.Errorf("a closed database is %v: %w", left, err)
	}
	return os.ReadFile(filepath.Join(dir, db.FileName))
})

// Template is the migrated PostgreSQL database that tests copy.
func Template() testkit.Template {
	return testkit.Template{
		Digest:  migrations.Digest(),
		Migrate: func(ctx context.Context, url string) error { return migrate(ctx, db.Config{URL: url}) },
	}
}

func migrate(ctx context.Context, cfg db.Config) error {
	d, err := db.Open(ctx, cfg)
	if err != nil {
		return err
	}
	return errors.Join(d.Migrate(ctx), d.Close())
}

// As returns a context that acts in the tenant at the end of path:
// "national/430000/431300", or one code, whose parent is then the realm.
func As(ctx context.Context, path string) context.Context {
	lineage := strings.Split(path, "/")
	if len(lineage) == 1 && path != tenancy.Realm {
		lineage = []string{tenancy.Realm, path}
	}
	code := lineage[len(lineage)-1]
	return tenancy.With(ctx, tenancy.Scope{Home: code, Acting: code, Lineage: lineage})
}

// Tree registers the tenants at the ends of the paths and returns the tree.
// Levels follow depth, titles are the codes: ["national", "national/430000", …].
func Tree(t testing.TB, d *db.DB, at time.Time, paths ...string) *tenancy.Tree {
	t.Helper()
	levels := []string{"platform", "province", "city", "county", "township", "village"}
	for _, path := range paths {
		lineage := strings.Split(path, "/")
		tenant := tenancy.Tenant{
			Code: lineage[len(lineage)-1], DivisionCode: lineage[len(lineage)-1], Title: lineage[len(lineage)-1],
			Level: levels[len(lineage)-1], Lineage: lineage, Status: "active", CreatedAt: at,
		}
		if len(lineage) > 1 {
			tenant.Parent = lineage[len(lineage)-2]
		}
		if err := tenancy.InsertTenant(t.Context(), d, tenant); err != nil {
			t.Fatalf("register %s: %v", path, err)
		}
	}
	tree, err := tenancy.LoadTree(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}
