package casework_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"zhengtong/internal/blob"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/testkit"
)

// objects is the one object store of this process (blob.Embedded allows no second).
var objects *blob.Store

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "casework-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	server, err := blob.StartEmbedded(context.Background(), filepath.Join(dir, "objects"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer server.Stop()
	if objects, err = blob.New(server.Config()); err == nil {
		err = objects.Prepare(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return testkit.RunMain(m)
}

// each runs a case in a county of its own, on SQLite and on PostgreSQL.
func each(t *testing.T, run func(t *testing.T, c *caseworktest.County)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { run(t, caseworktest.New(t, d, objects)) })
}

// lite runs a case on SQLite alone: for rules that do not touch SQL.
func lite(t *testing.T) *caseworktest.County {
	t.Helper()
	return caseworktest.New(t, dbtest.Open(t, db.SQLite), objects)
}
