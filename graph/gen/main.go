// Command gen turns graph/sdl into Go with gqlgen's library, as gqlgen.yml says.
//
// It is a module of its own so that the generator's dependencies stay out of the
// product's module graph. It runs from graph/ by `go generate ./graph`.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
)

// inOrder are the types whose fields, and lists of which, are resolved one after
// the other. gqlgen starts a goroutine for each field with a resolver and each
// element of a list; where all they need is in memory by then, starting them and
// growing their stacks costs more than the work itself (docs/adr/0023).
var inOrder = []string{"Case", "CaseEdge"}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "graph/gen:", err)
		os.Exit(1)
	}
}

// run generates relative to the repository's root, two folders above this one.
func run() error {
	if err := os.Chdir("../.."); err != nil {
		return err
	}
	cfg, err := config.LoadConfig("gqlgen.yml")
	if err != nil {
		return err
	}
	if err := api.Generate(cfg, api.AddPlugin(sequential{})); err != nil {
		return err
	}
	return listsInOrder(cfg)
}

// sequential tells gqlgen of the types whose fields are resolved in order.
type sequential struct{}

// Name is for gqlgen's messages.
func (sequential) Name() string { return "sequential" }

// GenerateCode runs before the code of the types is written.
func (sequential) GenerateCode(data *codegen.Data) error {
	for _, object := range data.Objects {
		if slices.Contains(inOrder, object.Name) {
			object.DisableConcurrency = true
		}
	}
	return nil
}

// listsInOrder rewrites how lists of these types are marshalled: gqlgen has no option for it.
func listsInOrder(cfg *config.Config) error {
	files, err := filepath.Glob(filepath.Join(cfg.Exec.DirName, "*.generated.go"))
	if err != nil {
		return err
	}
	found := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		out := text
		for _, name := range inOrder {
			marker := []byte(") marshalN" + name + "2ᚕ")
			at := bytes.Index(out, marker)
			if at < 0 {
				continue
			}
			head, rest := out[:at], out[at:]
			out = append(bytes.Clone(head), bytes.Replace(rest, []byte("graphql.MarshalSliceConcurrently("), []byte("marshalInOrder("), 1)...)
			found++
		}
		if !bytes.Equal(out, text) {
			if err := os.WriteFile(file, out, 0o644); err != nil {
				return err
			}
		}
	}
	if found == 0 {
		return fmt.Errorf("no list of %v in %s: has gqlgen changed what it writes?", inOrder, cfg.Exec.DirName)
	}
	return nil
}
