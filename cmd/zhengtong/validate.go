package main

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"zhengtong/internal/configuration"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

type validateCommand struct {
	Paths []string `arg:"" help:"Files or folders of YAML packs." type:"path"`
	JSON  bool     `help:"Print one JSON object."`
}

// Run checks the files together as one change on the national base.
func (v validateCommand) Run() error {
	files, err := readPaths(v.Paths)
	if err != nil {
		return err
	}
	national, err := kind.Files(tenants.FS(), tenants.National)
	if err != nil {
		return err
	}
	base, err := configuration.BaseOf(national)
	if err != nil {
		return err
	}
	report := configuration.Validate(files, base)
	return show(os.Stdout, report.Problems, v.JSON, fmt.Sprintf("%d 个资源，%d 个事项", report.Resources, report.Matters))
}

// show prints problems and ends with errFound when one of them is an error.
func show(out io.Writer, problems problem.List, asJSON bool, summary string) error {
	sorted := problems.Sorted()
	errors := len(sorted.Errors())
	if asJSON {
		if sorted == nil {
			sorted = problem.List{}
		}
		if err := json.NewEncoder(out).Encode(map[string]any{"problems": sorted, "errors": errors, "warnings": len(sorted) - errors}); err != nil {
			return err
		}
	} else {
		fmt.Fprint(out, sorted)
		fmt.Fprintf(out, "%s：%d 个错误，%d 个警告\n", summary, errors, len(sorted)-errors)
	}
	if errors > 0 {
		return errFound
	}
	return nil
}

// readPaths reads packs: every file below a folder, or single files, and the assets
// that they name. Names are as the user wrote them, so that problems point into the
// user's own tree.
func readPaths(paths []string) ([]kind.File, error) {
	var files []kind.File
	for _, root := range paths {
		info, err := os.Stat(root)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			content, err := os.ReadFile(root)
			if err != nil {
				return nil, err
			}
			files = append(files, kind.File{Path: shown(root), Content: content})
			continue
		}
		err = filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !isPack(name) {
				return err
			}
			content, err := os.ReadFile(name)
			files = append(files, kind.File{Path: shown(name), Content: content})
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return kind.WithAssets(files, func(name string) ([]byte, error) { return readBelow(paths, name) })
}

// readBelow reads a file that a pack names, as long as it lies in one of the packs: a
// pack from elsewhere must not send away what else is on this machine.
func readBelow(roots []string, name string) ([]byte, error) {
	for _, root := range roots {
		if isPack(root) {
			root = filepath.Dir(root)
		}
		below, err := filepath.Rel(shown(root), name)
		if err != nil || below == ".." || strings.HasPrefix(below, "../") {
			continue
		}
		folder, err := os.OpenRoot(root)
		if err != nil {
			return nil, err
		}
		defer folder.Close()
		return folder.ReadFile(below)
	}
	return nil, fs.ErrNotExist
}

func isPack(name string) bool {
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

// shown is a path relative to the working folder when it lies below it.
func shown(name string) string {
	if here, err := os.Getwd(); err == nil {
		if short, err := filepath.Rel(here, name); err == nil && !strings.HasPrefix(short, "..") {
			return filepath.ToSlash(short)
		}
	}
	return filepath.ToSlash(strings.TrimPrefix(name, "/"))
}
