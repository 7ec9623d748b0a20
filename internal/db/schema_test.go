package db_test

import (
	"context"
	"database/sql"
	"io/fs"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"entgo.io/ent/schema/field"
	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"

	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/ent/migrate"
	"zhengtong/internal/testkit"
	"zhengtong/schema/migrations"
)

// column is what both databases and Ent say of a column.
type column struct {
	kind     string // PostgreSQL's type
	nullable bool
}

// open returns an owner's connection to a migrated PostgreSQL database.
func open(t *testing.T) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), testkit.Postgres(t, dbtest.Template()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func postgresColumns(t *testing.T) map[string]map[string]column {
	rows, err := open(t).Query(t.Context(), `SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull
		FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		AND a.attnum > 0 AND NOT a.attisdropped AND c.relname NOT LIKE 'goose%'`)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]column{}
	var table, name, kind string
	var nullable bool
	if _, err := pgx.ForEachRow(rows, []any{&table, &name, &kind, &nullable}, func() error {
		if out[table] == nil {
			out[table] = map[string]column{}
		}
		out[table][name] = column{kind, nullable}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func sqliteColumns(t *testing.T) map[string]map[string]column {
	d := dbtest.Open(t, db.SQLite)
	out := map[string]map[string]column{}
	if err := d.Each(dbtest.As(t.Context(), ours), func(scan func(dest ...any) error) error {
		var table, name, kind string
		var required, key int
		if err := scan(&table, &name, &kind, &required, &key); err != nil {
			return err
		}
		if out[table] == nil {
			out[table] = map[string]column{}
		}
		out[table][name] = column{strings.ToLower(kind), required == 0 && key == 0}
		return nil
	}, `SELECT t.name, c.name, c.type, c."notnull", c.pk FROM sqlite_master t JOIN pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'goose%' AND t.name NOT LIKE 'sqlite%'`); err != nil {
		t.Fatal(err)
	}
	return out
}

// sqliteKinds names SQLite's form of PostgreSQL's types.
var sqliteKinds = map[string]string{
	"text": "text", "uuid": "text", "jsonb": "text", "integer": "integer", "bigint": "integer", "boolean": "boolean",
	"timestamp with time zone": "timestamp",
}

func TestBothDatabasesHaveTheSameTables(t *testing.T) {
	big, small := postgresColumns(t), sqliteColumns(t)
	if a, b := slices.Sorted(maps.Keys(big)), slices.Sorted(maps.Keys(small)); !slices.Equal(a, b) {
		t.Fatalf("tables differ:\n%v\n%v", a, b)
	}
	for table, columns := range big {
		want := map[string]column{}
		for name, c := range columns {
			want[name] = column{sqliteKinds[c.kind], c.nullable}
		}
		if !maps.Equal(want, small[table]) {
			t.Errorf("%s: PostgreSQL implies %v, SQLite has %v", table, want, small[table])
		}
	}
}

// entKinds names PostgreSQL's types that Ent's may stand for.
var entKinds = map[field.Type][]string{
	field.TypeString: {"text"}, field.TypeUUID: {"uuid"}, field.TypeJSON: {"jsonb"}, field.TypeTime: {"timestamp with time zone"},
	field.TypeInt: {"integer"}, field.TypeInt64: {"bigint"}, field.TypeBool: {"boolean"},
}

// Ent's own migrator is not used, so its idea of the tables is compared with PostgreSQL's, which SQLite's equal.
func TestEntKnowsTheTables(t *testing.T) {
	tables := postgresColumns(t)
	for _, declared := range migrate.Tables {
		columns := tables[declared.Name]
		if len(columns) != len(declared.Columns) {
			t.Errorf("%s has %d columns, Ent knows %d", declared.Name, len(columns), len(declared.Columns))
		}
		for _, c := range declared.Columns {
			real, ok := columns[c.Name]
			if !ok {
				t.Errorf("%s.%s is not in the database", declared.Name, c.Name)
				continue
			}
			if !slices.Contains(entKinds[c.Type], real.kind) || c.Nullable != real.nullable {
				t.Errorf("%s.%s is %v, Ent has %s, nullable %t", declared.Name, c.Name, real, c.Type, c.Nullable)
			}
		}
	}
}

// I3: no table, and no partition, is without forced row-level security; every table of tenants has the policy.
func TestEveryTableIsClosed(t *testing.T) {
	rows, err := open(t).Query(t.Context(), `SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, c.relispartition,
		EXISTS (SELECT FROM pg_policies p WHERE p.tablename = c.relname AND p.policyname IN ('own', 'shared') AND p.roles = '{zt_app}'),
		has_table_privilege('zt_app', c.oid, 'SELECT') OR has_any_column_privilege('zt_relay', c.oid, 'SELECT'),
		pg_get_userbyid(c.relowner)
		FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname NOT LIKE 'goose%'`)
	if err != nil {
		t.Fatal(err)
	}
	var table, owner string
	var forced, partition, policy, readable bool
	n := 0
	if _, err := pgx.ForEachRow(rows, []any{&table, &forced, &partition, &policy, &readable, &owner}, func() error {
		n++
		if !forced || policy == partition || readable == partition || strings.HasPrefix(owner, "zt_") {
			t.Errorf("%s: forced %t, partition %t, policy %t, readable %t, owner %s", table, forced, partition, policy, readable, owner)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if n < 80 {
		t.Errorf("only %d tables", n)
	}
}

// An owner without special rights can migrate, twice, and serve.
func TestMigrationsByAnOrdinaryOwner(t *testing.T) {
	admin := testkit.Postgres(t, testkit.Template{})
	conn, err := pgx.Connect(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	owner := "zt_owner_" + strings.ReplaceAll(db.NewID(noon).String(), "-", "")
	for _, sql := range []string{
		"CREATE ROLE " + owner + " LOGIN CREATEROLE PASSWORD 'x'", "ALTER SCHEMA public OWNER TO " + owner,
		"DO $$ BEGIN CREATE ROLE zt_app; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
		"DO $$ BEGIN CREATE ROLE zt_relay; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
		"GRANT zt_app, zt_relay TO " + owner,
	} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	t.Cleanup(func() { dropOwner(t, admin, owner) })
	u, err := url.Parse(admin)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(owner, "x")
	d, err := db.Open(t.Context(), db.Config{URL: u.String()})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if pending, err := d.Pending(t.Context()); !pending || err != nil {
		t.Errorf("pending: %t, %v", pending, err)
	}
	for range 2 {
		if err := d.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if pending, err := d.Pending(t.Context()); pending || err != nil {
		t.Errorf("pending: %t, %v", pending, err)
	}
	ctx := dbtest.As(t.Context(), ours)
	newDraft(t, d, ctx, "m")
	if err := d.Health(t.Context()); err != nil || count(t, d, ctx, "draft") != 1 {
		t.Errorf("health: %v", err)
	}
	offeredBelow(t, d)
}

// Each migration can be taken back, and applied again.
func TestMigrationsGoDownAndUp(t *testing.T) {
	for dialect, files := range map[goose.Dialect]fs.FS{goose.DialectSQLite3: migrations.SQLite, goose.DialectPostgres: migrations.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			driver, source, folder := "sqlite", filepath.Join(t.TempDir(), "x.db"), "sqlite"
			if dialect == goose.DialectPostgres {
				driver, source, folder = "pgx", testkit.Postgres(t, testkit.Template{}), "postgres"
			}
			pool, err := sql.Open(driver, source)
			if err != nil {
				t.Fatal(err)
			}
			defer pool.Close()
			sub, err := fs.Sub(files, folder)
			if err != nil {
				t.Fatal(err)
			}
			provider, err := goose.NewProvider(dialect, pool, sub)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if _, err := provider.Up(t.Context()); err != nil {
					t.Fatal(err)
				}
				if _, err := provider.DownTo(t.Context(), 0); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func dropOwner(t *testing.T, admin, owner string) {
	conn, err := pgx.Connect(context.Background(), admin)
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close(context.Background())
	for _, sql := range []string{"DROP OWNED BY " + owner + " CASCADE", "DROP ROLE " + owner} {
		if _, err := conn.Exec(context.Background(), sql); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
}
