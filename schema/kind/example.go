package kind

import "embed"

//go:embed example/*.yaml
var examples embed.FS

// Example is a short, valid resource of a kind, for the reference and the console; nil for an unknown kind.
func Example(kind string) []byte {
	text, err := examples.ReadFile("example/" + kind + ".yaml")
	if err != nil {
		return nil
	}
	return text
}
