package graph_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"zhengtong/internal/blob"
	"zhengtong/internal/testkit"
)

// objects is the one object store of this process (blob.Embedded allows no second).
var objects *blob.Store

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "graph-test-")
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
