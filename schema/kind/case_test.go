package kind_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"zhengtong/schema/kind"
)

var update = flag.Bool("update", false, "rewrite the expected parts of the case files")

// TestCases runs testdata/*.txtar. Each holds a small pack (its YAML files) and
// what reading says about it in the file "problems"; -update rewrites that.
func TestCases(t *testing.T) {
	each(t, "testdata/*.txtar", func(t *testing.T, archive *txtar.Archive) {
		_, problems := kind.ReadFiles(packOf(archive))
		expect(t, archive, "problems", problems.String())
	})
}

// TestMergeCases runs testdata/merge/*.txtar: the layers 1.yaml, 2.yaml, … are
// merged in order; "effective" is the document, "provenance" who said what,
// "problems" what reading, merging and completing say.
func TestMergeCases(t *testing.T) {
	each(t, "testdata/merge/*.txtar", func(t *testing.T, archive *txtar.Archive) {
		resources, problems := kind.ReadFiles(packOf(archive))
		if len(resources) == 0 {
			t.Fatalf("nothing read: %s", problems)
		}
		effective := kind.Root(resources[0])
		for _, layer := range resources[1:] {
			merged, more := kind.Merge(effective, layer)
			effective, problems = merged, append(problems, more...)
		}
		if !problems.HasErrors() {
			_, more := effective.Resource.Complete()
			problems = append(problems, more...)
		}
		var origin strings.Builder
		for _, path := range slices.Sorted(maps.Keys(effective.Provenance)) {
			fmt.Fprintf(&origin, "%s: %s\n", path, effective.Provenance[path])
		}
		var doc bytes.Buffer
		if err := json.Indent(&doc, effective.Resource.Canonical(), "", "  "); err != nil {
			t.Fatal(err)
		}
		expect(t, archive, "problems", problems.String())
		expect(t, archive, "effective", doc.String()+"\n")
		expect(t, archive, "provenance", origin.String())
	})
}

// each runs a case for every file of a pattern and writes it back under -update.
func each(t *testing.T, pattern string, run func(*testing.T, *txtar.Archive)) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no case files %s: %v", pattern, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			run(t, archive)
			if *update {
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func packOf(archive *txtar.Archive) []kind.File {
	var files []kind.File
	for _, f := range archive.Files {
		if strings.HasSuffix(f.Name, ".yaml") {
			files = append(files, kind.File{Path: f.Name, Content: f.Data})
		}
	}
	return files
}

// expect compares a part of the case with what was got, or replaces it under -update.
func expect(t *testing.T, archive *txtar.Archive, name, got string) {
	t.Helper()
	i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == name })
	if i < 0 {
		archive.Files = append(archive.Files, txtar.File{Name: name})
		i = len(archive.Files) - 1
	}
	if *update {
		archive.Files[i].Data = []byte(got)
		return
	}
	if want := string(archive.Files[i].Data); got != want {
		t.Errorf("%s differ\n--- got\n%s--- want\n%s", name, got, want)
	}
}
