package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// findings is what the tests say of themselves.
type findings struct {
	holds map[string][]string // number → tests and case files, in the order found
	tests map[string]bool     // every test function, as package.Test
}

func (f *findings) add(number, test string) {
	if !slices.Contains(f.holds[number], test) {
		f.holds[number] = append(f.holds[number], test)
	}
}

var (
	cited     = regexp.MustCompile(`\b(?:R-[A-Z]{2,4}-\d{2}|[TV]-\d{2}|I[1-9])\b`)
	citedFile = regexp.MustCompile(`\b(?:R-[A-Z]{2,4}|T|V)-\d{2}\b`)
	testName  = regexp.MustCompile(`^(Test|Fuzz|Example)`)
	webTest   = regexp.MustCompile(`\.(test|spec)\.tsx?$`)
)

// scan reads Go tests, the web's tests, and the case files under testdata.
func scan(root fs.FS) (*findings, error) {
	f := &findings{holds: map[string][]string{}, tests: map[string]bool{}}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if base := entry.Name(); base == "node_modules" || (strings.HasPrefix(base, ".") && name != ".") || name == "deploy/coverage" {
				return fs.SkipDir
			}
			return nil
		}
		switch {
		case strings.HasSuffix(name, "_test.go"):
			return f.goTests(root, name)
		case webTest.MatchString(name), isCase(name):
			return f.wholeFile(root, name)
		}
		return nil
	})
	return f, err
}

// isCase reports whether a file is a case that a test reads: its expectations cite checks by number.
func isCase(name string) bool {
	dirs := strings.Split(path.Dir(name), "/")
	return slices.Contains(dirs, "testdata") && slices.Contains([]string{".yaml", ".txtar", ".json", ".txt"}, path.Ext(name))
}

func (f *findings) wholeFile(root fs.FS, name string) error {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return err
	}
	cases := isCase(name)
	for line := range strings.Lines(string(text)) {
		if cases {
			line, _, _ = strings.Cut(line, " # ") // remarks inside packs expect nothing
			if strings.HasPrefix(line, "#") {
				continue
			}
		}
		for _, number := range citedFile.FindAllString(line, -1) {
			f.add(number, name)
		}
	}
	return nil
}

// goTests attributes each comment to the test function that it stands in or above.
func (f *findings) goTests(root fs.FS, name string) error {
	source, err := fs.ReadFile(root, name)
	if err != nil {
		return err
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ParseComments)
	if err != nil {
		return err
	}
	for _, declaration := range file.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok || function.Recv != nil || !testName.MatchString(function.Name.Name) {
			continue
		}
		test := path.Dir(name) + "." + function.Name.Name
		f.tests[test] = true
		from, to := function.Pos(), function.End()
		if function.Doc != nil {
			from = function.Doc.Pos()
		}
		for _, comment := range file.Comments {
			if comment.Pos() < from || comment.Pos() > to {
				continue
			}
			for _, number := range cited.FindAllString(comment.Text(), -1) {
				f.add(number, test)
			}
		}
	}
	return nil
}
