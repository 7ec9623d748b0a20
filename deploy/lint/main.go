// Command lint checks rules of this house that general linters do not know:
// who may import whom, by the table of folders in README.md; who touches the
// generated database client; and that tests neither skip nor sleep.
//
//	go run ./deploy/lint            checks the repository, exits 1 on a problem
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// module is the name in go.mod, with which our own import paths begin.
const module = "zhengtong/"

// maxLines is where a hand-written file stops being one thing.
const maxLines = 500

func main() {
	problems, err := check(os.DirFS("."))
	if err != nil {
		fmt.Fprintln(os.Stderr, "lint:", err)
		os.Exit(2)
	}
	for _, p := range problems {
		fmt.Println(p)
	}
	if len(problems) > 0 {
		os.Exit(1)
	}
}

// check returns the problems as `file:line: message`.
func check(root fs.FS) ([]string, error) {
	readme, err := fs.ReadFile(root, "README.md")
	if err != nil {
		return nil, err
	}
	rules, err := parseTable(string(readme))
	if err != nil {
		return nil, fmt.Errorf("README.md: %w", err)
	}
	var problems []string
	err = fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "testdata" || (strings.HasPrefix(entry.Name(), ".") && name != ".")) {
			return fs.SkipDir
		}
		if entry.IsDir() || filepath.Ext(name) != ".go" {
			return nil
		}
		found, err := checkFile(root, name, rules)
		problems = append(problems, found...)
		return err
	})
	return problems, err
}

func checkFile(root fs.FS, name string, rules table) ([]string, error) {
	source, err := fs.ReadFile(root, name)
	if err != nil {
		return nil, err
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	if ast.IsGenerated(file) {
		return nil, nil
	}
	var problems []string
	report := func(at token.Pos, format string, args ...any) {
		problems = append(problems, fmt.Sprintf("%s: %s", files.Position(at), fmt.Sprintf(format, args...)))
	}
	if lines := strings.Count(string(source), "\n"); lines > maxLines {
		report(file.Pos(), "%d lines: is this file one thing?", lines)
	}
	if strings.HasSuffix(name, "_test.go") { // tests may import what they need
		checkTest(file, report)
		return problems, nil
	}
	if path.Dir(name) == "." { // build-only files of the module's root
		return problems, nil
	}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		if target, ours := strings.CutPrefix(imported, module); ours {
			checkImport(name, target, rules, func(format string, args ...any) { report(spec.Pos(), format, args...) })
		}
	}
	return problems, nil
}

func checkImport(name, target string, rules table, report func(string, ...any)) {
	dir := path.Dir(name)
	if why := rules.refuses(dir, target); why != "" {
		report("%s", why)
	}
	// Every query lives in a store file, and only the platform opens the client.
	inEnt := target == "internal/ent" || strings.HasPrefix(target, "internal/ent/")
	if inEnt && !inside(dir, "internal/ent") && !inside(dir, "internal/db") && !strings.HasPrefix(path.Base(name), "store") {
		report("only internal/db and files named store*.go import %s", target)
	}
}

// checkTest refuses skipping and sleeping: a skipped check is no check, and a sleeping one guesses.
func checkTest(file *ast.File, report func(token.Pos, string, ...any)) {
	ast.Inspect(file, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		selector, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		receiver, _ := selector.X.(*ast.Ident)
		switch {
		case receiver == nil:
		case receiver.Name == "time" && selector.Sel.Name == "Sleep":
			report(call.Pos(), "a test must wait for what it expects, not sleep")
		case (receiver.Name == "t" || receiver.Name == "b" || receiver.Name == "tb") && strings.HasPrefix(selector.Sel.Name, "Skip"):
			report(call.Pos(), "a test must not be skipped")
		}
		return true
	})
}

func inside(dir, folder string) bool { return dir == folder || strings.HasPrefix(dir, folder+"/") }
