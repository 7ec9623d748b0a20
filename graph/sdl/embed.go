// Package sdl holds the GraphQL schema as text, a file for each domain.
package sdl

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed *.graphqls
var files embed.FS

// Text is the whole schema, as served at /schema.graphql.
func Text() (string, error) {
	names, err := fs.Glob(files, "*.graphqls")
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return "", err
		}
		b.Write(text)
		b.WriteByte('\n')
	}
	return b.String(), nil
}
