package bench

import (
	"embed"

	"zhengtong/schema/kind"
)

//go:embed testdata
var testdata embed.FS

// packFiles is the change that declares the bench matter in the demo county.
func packFiles() ([]kind.File, error) { return kind.Files(testdata, "testdata/pack") }
