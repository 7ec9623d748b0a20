package configuration

import (
	"bytes"
	"maps"
	"slices"
	"strings"
)

// touching finds the matters that changed resources are part of, tenant after tenant
// of one tree. A tenant that brings nothing but matters of its own has the answer of
// the one above it, but for these, and of these only those need be read in whose text
// something touched is named: whoever looks at thousands of tenants looks at what each
// of them declares, not at all that it inherits.
type touching struct {
	changed map[string]bool                // tenant/Kind/name
	known   map[string]touched             // by tenant
	linking map[string]map[string]bool     // tenant → matters that lead to other matters
	codes   map[string]map[string][]string // tenant → basic code → matters
	shifted map[string]bool                // tenants whose patches of what has changed are among the changed
}

// touched is what is touched in the view of a tenant.
type touched struct {
	matters map[string]string // name → title
	names   map[string]bool   // of everything touched that a matter can name
}

func newTouching(changed map[string]bool) *touching {
	return &touching{changed: changed, known: map[string]touched{}, linking: map[string]map[string]bool{}, codes: map[string]map[string][]string{},
		shifted: map[string]bool{}}
}

// matters are the matters of a view that a changed resource is part of, name → title.
// The map is the caller's to read only.
func (t *touching) matters(v *view) map[string]string { return t.in(v).matters }

func (t *touching) in(v *view) touched {
	ready, ok := t.known[v.Tenant()]
	if !ok {
		if own, few := t.standsOn(v); few {
			ready = t.upon(v, own)
		} else {
			ready = t.whole(v)
		}
		t.known[v.Tenant()] = ready
	}
	return ready
}

// whole looks at everything that matters are made of.
func (t *touching) whole(v *view) touched {
	out := touched{matters: map[string]string{}, names: map[string]bool{}}
	known := map[string]bool{}
	for _, kindName := range pinnedKinds {
		for _, f := range v.All(kindName) {
			if !touches(v, f, t.changed, known, map[string]bool{}) {
				continue
			}
			out.names[f.Resource.Metadata.Name] = true
			if kindName == "Matter" {
				out.matters[f.Resource.Metadata.Name] = f.Resource.Title()
			}
		}
	}
	return out
}

// upon looks at a tenant's own matters, and at those above that lead to matters: all else is as it is above.
func (t *touching) upon(v *view, own []string) touched {
	above := v.above()
	base := t.in(above)
	out := touched{matters: maps.Clone(base.matters), names: maps.Clone(base.names)}
	known := map[string]bool{}
	decide := func(name string) bool {
		f, ok := v.Find("Matter", name)
		if !ok || !touches(v, f, t.changed, known, map[string]bool{}) {
			return false
		}
		out.matters[name], out.names[name] = f.Resource.Title(), true
		return true
	}
	for _, name := range own {
		delete(out.matters, name)
	}
	rest := own
	for more := true; more; { // what turns out to be touched may be named by others
		more = false
		rest = slices.DeleteFunc(slices.Clone(rest), func(name string) bool {
			if !t.suspect(v, name, base.matters, out.names) {
				return false
			}
			more = decide(name) || more
			return true
		})
	}
	for _, name := range sortedKeys(t.links(above)) {
		if !slices.Contains(own, name) {
			delete(out.matters, name)
			decide(name)
		}
	}
	return out
}

// maxSuspects bounds the names that are looked for in texts; when more is touched everything is read.
const maxSuspects = 64

// suspect reports whether a tenant's own matter can be touched: it has changed, names something that is, or is laid
// over a matter that is. It errs to true.
func (t *touching) suspect(v *view, name string, above map[string]string, names map[string]bool) bool {
	if t.changed[(Key{Tenant: v.Tenant(), Kind: "Matter", Name: name}).String()] || len(names) > maxSuspects {
		return true
	}
	said, ok := v.shelf.(lister).said(v.Tenant(), name)
	if !ok || said.names(names) {
		return true
	}
	return said.patch && (above[name] != "" || !v.overNearest(name))
}

// overNearest reports a patch over the matter of its name that the tenant above has in force.
func (v *view) overNearest(name string) bool {
	set := v.shelf.(lister).authored(v.Tenant())
	l := set.layers[Key{v.Tenant(), "Matter", name}]
	extends := l.Resource.Metadata.Extends
	if extends == nil || extends.Name != name || extends.Digest != "" {
		return false
	}
	parent, _ := set.nearest(extends.Tenant, "Matter", name)
	above, ok := set.nearest(v.lineage[1], "Matter", name)
	return ok && above == parent
}

// standsOn lists a tenant's own matters, when it brings nothing else that a matter is made of; false when it does, or
// nobody is above it.
func (t *touching) standsOn(v *view) ([]string, bool) {
	list, ok := v.shelf.(lister)
	if !ok || len(v.lineage) == 1 {
		return nil, false
	}
	for _, kindName := range pinnedKinds {
		if kindName != "Matter" && len(list.names(v.Tenant(), kindName)) > 0 {
			return nil, false
		}
	}
	return list.names(v.Tenant(), "Matter"), true
}

// above is the view of the tenant above; only for finding what it declares.
func (v *view) above() *view { return &view{lineage: v.lineage[1:], shelf: v.shelf, parts: v.parts} }

// links are the matters of a view from which a way of references leads to another matter.
func (t *touching) links(v *view) map[string]bool {
	if ready, ok := t.linking[v.Tenant()]; ok {
		return ready
	}
	out := map[string]bool{}
	if own, ok := t.standsOn(v); ok {
		out = maps.Clone(t.links(v.above()))
		for _, name := range own {
			if f, ok := v.Find("Matter", name); ok && leads(v, f, map[string]bool{}) {
				out[name] = true
			}
		}
	} else {
		for _, f := range v.All("Matter") {
			if leads(v, f, map[string]bool{}) {
				out[f.Resource.Metadata.Name] = true
			}
		}
	}
	t.linking[v.Tenant()] = out
	return out
}

// leads reports whether a way of references leads from a resource to a matter.
func leads(v *view, f *Found, seen map[string]bool) bool {
	for _, ref := range f.references() {
		if ref.Kind == "Matter" {
			return true
		}
		key := ref.Kind + "/" + ref.Name
		if !pinnedKind(ref.Kind) || seen[key] {
			continue
		}
		seen[key] = true
		if next, ok := v.Find(ref.Kind, ref.Name); ok && leads(v, next, seen) {
			return true
		}
	}
	return false
}

// lister is a shelf that tells what a tenant declares without reading it.
type lister interface {
	// names lists a tenant's resources of a kind; those with errors may be among them.
	names(tenant, kindName string) []string
	// said is what a tenant's own matter says; false when it is not known.
	said(tenant, matter string) (said, bool)
	// authored is the set that holds a tenant's patches; nil where effective documents are held.
	authored(tenant string) *Set
}

// said is what a matter says: the tree of a patch or of a document, or stored texts.
type said struct {
	tree  any
	texts [2][]byte
	patch bool // something lies below that it does not tell
}

// names reports whether one of the names stands in it, as whatever.
func (s said) names(names map[string]bool) bool {
	for name := range names {
		for _, text := range s.texts {
			if bytes.Contains(text, []byte(name)) {
				return true
			}
		}
		if mentions(s.tree, name) {
			return true
		}
	}
	return false
}

// mentions reports whether a name stands in a text of a tree.
func mentions(tree any, name string) bool {
	switch t := tree.(type) {
	case string:
		return strings.Contains(t, name)
	case []any:
		return slices.ContainsFunc(t, func(element any) bool { return mentions(element, name) })
	case map[string]any:
		for key, value := range t {
			if strings.Contains(key, name) || mentions(value, name) {
				return true
			}
		}
	}
	return false
}

func (s *Set) names(tenant, kindName string) []string {
	layers := s.byKind[tenant][kindName]
	out := make([]string, len(layers))
	for i, l := range layers {
		out[i] = l.Resource.Metadata.Name
	}
	return out
}

func (s *Set) said(tenant, matter string) (said, bool) {
	l, ok := s.layers[Key{tenant, "Matter", matter}]
	if !ok {
		return said{}, false
	}
	return said{tree: l.Resource.Doc, patch: l.Resource.Metadata.Extends != nil}, true
}

func (s *Set) authored(string) *Set { return s }

func (s shelves) names(tenant, kindName string) []string {
	shelf := s.at(tenant)
	if shelf == nil {
		return nil
	}
	out := make([]string, len(shelf.byKind[kindName]))
	for i, e := range shelf.byKind[kindName] {
		out[i] = e.name
	}
	return out
}

// said of a packed document is what it was laid over too, as far as other members took its place: thousands of tenants
// are looked through, and few are suspected for it that the matter above is not.
func (s shelves) said(tenant, matter string) (said, bool) {
	e, ok := s.at(tenant).entry("Matter", matter)
	if !ok {
		return said{}, false
	}
	texts := [2][]byte{e.document.text}
	if over := e.document.over; over != nil {
		texts[1] = over.text
	}
	return said{texts: texts}, true
}

func (s shelves) authored(string) *Set { return nil }

func (d drafted) names(tenant, kindName string) []string {
	if d.loaded[tenant] {
		return d.set.names(tenant, kindName)
	}
	return d.published.(lister).names(tenant, kindName)
}

func (d drafted) said(tenant, matter string) (said, bool) {
	if d.loaded[tenant] {
		return d.set.said(tenant, matter)
	}
	return d.published.(lister).said(tenant, matter)
}

func (d drafted) authored(tenant string) *Set {
	if d.loaded[tenant] {
		return d.set
	}
	return nil
}

// pinnedKinds are those that a case is pinned to (docs/kinds.md, pinned at submission).
var pinnedKinds = []string{"Matter", "Form", "Workflow", "Material", "FeeSchedule", "SpecialProcedure", "DocumentTemplate", "LicenceType", "ArchiveClass",
	"ComplaintPolicy"}

func pinnedKind(kindName string) bool { return slices.Contains(pinnedKinds, kindName) }
