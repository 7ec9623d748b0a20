// Command coverage writes docs/coverage.md: which tests hold which requirement.
//
// A test cites what it holds in a comment (`// R-REC-12`, `// I3`, `// T-05`); a
// case file under testdata cites it by being there (`V-19` among the expected
// problems). What a number means is read from docs/requirements.md, whose last
// column may name further tests; a test named there must exist.
//
//	go generate ./deploy/coverage   (or: go run ./deploy/coverage -root .)
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

//go:generate go run . -root ../..

func main() {
	root := flag.String("root", ".", "folder of go.mod")
	flag.Parse()
	if err := run(*root); err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	requirements, err := readRequirements(os.DirFS(root))
	if err != nil {
		return err
	}
	found, err := scan(os.DirFS(root))
	if err != nil {
		return err
	}
	if missing := addNamed(requirements, found); len(missing) > 0 {
		return fmt.Errorf("docs/requirements.md names tests that do not exist: %w", errors.Join(missing...))
	}
	return os.WriteFile(filepath.Join(root, "docs", "coverage.md"), report(requirements, found.holds), 0o644)
}
