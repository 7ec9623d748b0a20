package nation

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"zhengtong/internal/configuration"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

// shape is a matter that comes with the program, taken apart: its effective
// documents and those of everything that a case of it is pinned to.
type shape struct {
	word   string // begins the names of its parts in the catalogue
	matter map[string]any
	parts  []part
}

// part is one effective document with the text of its layout.
type part struct {
	kind, name string
	doc        map[string]any
	layout     string
	file       string // that the document names for its layout; "" for none
}

// loadShapes takes the shipped matters apart.
func loadShapes() ([]shape, error) {
	files, err := kind.Files(tenants.FS(), ".")
	if err != nil {
		return nil, err
	}
	layers, problems := configuration.Read(files)
	if problems.HasErrors() {
		return nil, fmt.Errorf("shipped packs:\n%s", problems)
	}
	set := configuration.NewSet(layers...)
	var out []shape
	for _, of := range []struct{ tenant, matter, word string }{{"431321", "food-business-licence", "food"}, {"450721", "energy-review", "energy"}} {
		s, err := takeApart(set.View(of.tenant), of.matter, of.word)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func takeApart(view configuration.Source, name, word string) (shape, error) {
	whole, problems := configuration.Compile(view, name)
	if whole == nil {
		return shape{}, fmt.Errorf("shipped matter %s of %s:\n%s", name, view.Tenant(), problems)
	}
	s := shape{word: word}
	for _, pin := range slices.Sorted(maps.Keys(whole.Pins)) {
		kindName, name, _ := strings.Cut(pin, "/")
		found, ok := view.Find(kindName, name)
		if !ok {
			return shape{}, fmt.Errorf("shipped %s of %s is not there", pin, view.Tenant())
		}
		doc := copyTree(found.Resource.Doc).(map[string]any)
		if kindName == "Matter" {
			s.matter = doc
			continue
		}
		p := part{kind: kindName, name: name, doc: doc, layout: string(found.Layout)}
		p.file = loosen(&p)
		s.parts = append(s.parts, p)
	}
	for _, key := range []string{"implementing_department", "implementation_code", "handling_item_code", "exercise_level", "supervision_rules", "booking", "catalogue_item"} {
		delete(s.matter, key) // they are the tenant's own, or the catalogue's
	}
	s.matter["abstract"] = true
	return s, nil
}

// loosen takes out of a document what only its own tenant has, and returns the layout file that it names.
func loosen(p *part) string {
	seal := map[string]any{"of": "implementing_department", "seal_type": sealType}
	switch p.kind {
	case "DocumentTemplate":
		if _, sealed := p.doc["seal"]; sealed {
			p.doc["seal"] = seal
		}
		file, _ := p.doc["file"].(string)
		return file
	case "SpecialProcedure":
		if overrun, ok := p.doc["on_overrun"].(map[string]any); ok {
			delete(overrun, "raise")
		}
	case "LicenceType":
		delete(p.doc, "reminders")
		if lifecycle, ok := p.doc["lifecycle"].(map[string]any); ok {
			delete(lifecycle, "upgrade")
		}
		template := p.doc["template"].(map[string]any)
		delete(template, "seal")
		file, _ := template["file"].(string)
		return file
	case "Material": // samples and blanks are files that its tenant keeps
		delete(p.doc, "sample")
		delete(p.doc, "blank")
	case "Workflow":
		for _, node := range p.doc["nodes"].([]any) {
			if assign, ok := node.(map[string]any)["assign"].(map[string]any); ok {
				assign["department"] = "$matter.implementing_department"
			}
		}
	}
	return ""
}

// sealType is the type of the one seal that each department has.
const sealType = "special_business"

func copyTree(tree any) any {
	switch t := tree.(type) {
	case map[string]any:
		out := make(map[string]any, len(t))
		for key, value := range t {
			out[key] = copyTree(value)
		}
		return out
	case []any:
		out := make([]any, len(t))
		for i, value := range t {
			out[i] = copyTree(value)
		}
		return out
	}
	return tree
}
