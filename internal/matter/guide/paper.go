package guide

import (
	"path"
	"strings"

	"zhengtong/internal/configuration"
	"zhengtong/schema/kind"
)

// Paper is a kind of file that a guide offers for a material.
type Paper struct {
	Name  string // in addresses
	Title string
	asset func(*kind.Material) string
}

// Papers are the kinds of files, in the order in which they are offered.
var Papers = []Paper{
	{"blank", "（空白表格）", func(m *kind.Material) string { return m.Blank }},
	{"sample", "（示范样本）", func(m *kind.Material) string { return m.Sample }},
}

// File is a stored file with the name to save it under.
type File struct{ SHA256, Name string }

// Of finds the file of a material; ok is false where it has none.
func (p Paper) Of(t configuration.MaterialTerm) (f File, ok bool) {
	name, ok := strings.CutPrefix(p.asset(t.Spec), "asset:")
	if !ok || t.Assets[name] == "" {
		return File{}, false
	}
	return File{SHA256: t.Assets[name], Name: path.Base(name)}, true
}

// PaperPath is where a node serves the file of a material.
func PaperPath(tenant, matter, paper, ref string) string {
	return "/guides/" + tenant + "/" + matter + "/" + paper + "/" + ref
}

// FindPaper finds a file of a matter by the words of its address.
func FindPaper(m *configuration.Matter, paper, ref string) (File, bool) {
	for _, p := range Papers {
		for _, t := range m.Materials {
			if p.Name == paper && t.Ref == ref {
				return p.Of(t)
			}
		}
	}
	return File{}, false
}
