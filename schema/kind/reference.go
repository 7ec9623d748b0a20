package kind

import (
	"reflect"
	"slices"
	"strings"
)

// Ref is a name in a spec that means another resource. Kind is the kind it must
// be of; Or lists others that do as well (a seal may be used on a DocumentTemplate
// or a LicenceType). Tenant is set when the name is of a named tenant; otherwise
// the look-up walks own → ancestors.
type Ref struct {
	Path     string // $.spec.materials[3].ref
	Kind     string
	Or       []string
	Tenant   string
	Name     string
	Optional bool // late: a pack's parameter or an abstract base's name, checked where it becomes concrete
}

// Expression is a CEL text in a spec with the context that types its variables (domain part 3.1).
type Expression struct {
	Path    string
	Context string
	Source  string
}

// References lists every name of another resource in a resource's spec, in the
// order of declaration. `$matter.…` and other late names are left out.
func References(r *Resource) []Ref {
	info, ok := KindInfo(r.Kind)
	if !ok {
		return nil
	}
	w := walker{abstract: r.Doc["abstract"] == true}
	w.walk(info.shape, nil, r.Doc, Path{{Name: "spec"}})
	return w.refs
}

// Expressions lists every CEL text of a resource's spec, in the order of declaration.
func Expressions(r *Resource) []Expression {
	info, ok := KindInfo(r.Kind)
	if !ok {
		return nil
	}
	w := walker{}
	w.walk(info.shape, nil, r.Doc, Path{{Name: "spec"}})
	return w.expressions
}

// Asset is a file that a spec names by `asset:` and its path in the pack.
type Asset struct {
	Path string // of the value, such as $.spec.sample
	Name string // path in the pack, without the prefix
}

// assetPrefix begins a reference to a file.
const assetPrefix = "asset:"

// Assets lists the files that a resource's spec names by `asset:`, in the order of
// declaration. Each is found as LayoutPath says.
func Assets(r *Resource) []Asset {
	info, ok := KindInfo(r.Kind)
	if !ok {
		return nil
	}
	w := walker{}
	w.walk(info.shape, nil, r.Doc, Path{{Name: "spec"}})
	return w.assets
}

// walker visits a document along its declaration.
type walker struct {
	abstract    bool
	refs        []Ref
	expressions []Expression
	assets      []Asset
}

func (w *walker) walk(sh *shape, f *field, value any, at Path) {
	if sh == nil || value == nil {
		return
	}
	switch v := value.(type) {
	case map[string]any:
		w.object(sh, f, v, at)
	case []any:
		for i, item := range v {
			w.walk(sh.elem, f, item, at.at(i))
		}
	case string:
		if sh.form == formObject && f != nil && f.short != "" {
			f = sh.field(f.short)
		}
		w.text(f, v, at)
	}
}

func (w *walker) object(sh *shape, f *field, doc map[string]any, at Path) {
	switch sh.form {
	case formDict:
		for _, name := range sortedKeys(doc) {
			w.walk(sh.elem, f, doc[name], at.child(name))
		}
	case formObject:
		if sh.typ == reflect.TypeFor[ResourceName]() {
			w.named(f, doc, at)
			return
		}
		for _, next := range sh.fields {
			w.walk(next.shape, next, doc[next.name], at.child(next.name))
		}
	}
}

// named records a reference that says its tenant.
func (w *walker) named(f *field, doc map[string]any, at Path) {
	kind := "Department" // Department.line_parent
	if f != nil && f.name == "pack" {
		kind = "Pack"
	}
	w.refs = append(w.refs, Ref{Path: at.display(), Kind: kind, Tenant: scalarText(doc["tenant"]), Name: scalarText(doc["name"])})
}

func (w *walker) text(f *field, text string, at Path) {
	if f == nil {
		return
	}
	if f.expr != "" {
		w.expressions = append(w.expressions, Expression{Path: at.display(), Context: f.expr, Source: text})
	}
	if (f.format == "asset" || f.format == "module") && isAsset(text) {
		w.assets = append(w.assets, Asset{Path: at.display(), Name: strings.TrimPrefix(text, assetPrefix)})
	}
	if len(f.refs) == 0 || isLateName(text) || slices.Contains(f.notRefs, text) {
		return
	}
	w.refs = append(w.refs, Ref{Path: at.display(), Kind: f.refs[0], Or: f.refs[1:], Name: text,
		Optional: w.abstract || strings.Contains(text, "${param.")})
}
