package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestDocumentsAreFresh fails when a kind changed and `go run ./schema/kind/gen` was not run.
func TestDocumentsAreFresh(t *testing.T) {
	pages, err := pages()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range pages {
		got, err := os.ReadFile(filepath.Join("../../../docs", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("docs/%s is out of date: go run ./schema/kind/gen", name)
		}
	}
	files, err := filepath.Glob("../../../docs/kinds/*")
	if err != nil || len(files) != len(pages)-1 {
		t.Errorf("docs/kinds holds %d files, want %d (%v)", len(files), len(pages)-1, err)
	}
}
