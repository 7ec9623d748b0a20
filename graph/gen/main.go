// Command gen turns graph/sdl into Go with gqlgen's library, as gqlgen.yml says.
//
// It is a module of its own so that the generator's dependencies stay out of the
// product's module graph. It runs from graph/ by `go generate ./graph`.
package main

import (
	"fmt"
	"os"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"
)

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
	return api.Generate(cfg)
}
