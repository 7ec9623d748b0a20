package kind

import (
	"fmt"
	"maps"
	"strings"

	"zhengtong/internal/problem"
)

// Provenance tells which tenant each value of an effective document comes from:
// path of a scalar, a list that is replaced whole, or an element of a keyed list or set.
type Provenance map[string]string

// deleted marks what a patch has taken away: the tenant stands under this word and the path.
const deletedMark = "$delete:"

// Deleted returns the path of what a tenant has deleted, for a key that says so.
func Deleted(key string) (path string, ok bool) { return strings.CutPrefix(key, deletedMark) }

// Of returns the tenant of the value at a path, or of the nearest part above it; "" when it is unknown.
func (p Provenance) Of(path string) string {
	parsed, err := ParsePath(path)
	if err != nil {
		return ""
	}
	for ; len(parsed) > 0; parsed = parsed[:len(parsed)-1] {
		if tenant := p[parsed.String()]; tenant != "" {
			return tenant
		}
	}
	return ""
}

// Effective is a resource merged over its ancestors, before defaults.
type Effective struct {
	Resource   *Resource  // envelope and place of the last layer; Doc is the merged document
	Provenance Provenance // paths begin with "spec"
	Locks      []BoundLock
}

// Root makes the effective document of a resource that extends nothing.
func Root(r *Resource) *Effective {
	e := &Effective{Resource: r, Provenance: Provenance{}}
	info, _ := KindInfo(r.Kind)
	m := merger{kind: r.Kind, tenant: r.Metadata.Tenant, provenance: e.Provenance}
	m.claim(info.shape, nil, normalised(info, r.Doc), Path{{Name: "spec"}})
	e.Locks = bindLocks(info, r)
	return e
}

// Merge lays a patch over its parent: maps merge, scalars replace, lists follow
// their declared rule, `$delete` removes. Restating a parent's value is always
// allowed. Every lock of every ancestor is then checked (V-06, model invariant
// 19). Problems point into the patch.
func Merge(parent *Effective, child *Resource) (*Effective, problem.List) {
	info, ok := KindInfo(child.Kind)
	if !ok || child.Kind != parent.Resource.Kind {
		return nil, child.Locate(problem.List{{Path: "$.metadata.extends", Code: "V-03", Severity: problem.SeverityError,
			Message: fmt.Sprintf("%s 不能继承 %s", child.Kind, parent.Resource.Kind)}})
	}
	var problems problem.List
	m := merger{kind: child.Kind, tenant: child.Metadata.Tenant, provenance: maps.Clone(parent.Provenance), problems: &problems}
	base, patch := normalised(info, parent.Resource.Doc), normalised(info, child.Doc)
	if k, ok := info.New().(interface {
		guard(parent, child map[string]any) problem.List
	}); ok {
		problems = append(problems, k.guard(base, patch)...)
	}
	m.chosen = enumPaths(parent.Locks)
	m.delete(base, patch)
	delete(patch, deleteKey)
	doc, _ := m.merge(info.shape, nil, base, patch, Path{{Name: "spec"}}).(map[string]any)
	merged := *child
	merged.Doc = doc
	out := &Effective{Resource: &merged, Provenance: m.provenance}
	problems = append(problems, checkLocks(info, parent.Locks, doc)...)
	out.Locks = append(append([]BoundLock(nil), parent.Locks...), bindLocks(info, &merged)...)
	return out, child.Locate(problems).Sorted()
}

// normalised copies a document in the form in which its lists merge (a calendar's ranges become days).
func normalised(info Info, doc map[string]any) map[string]any {
	out := clone(doc)
	if n, ok := info.New().(interface{ normalise(map[string]any) }); ok {
		n.normalise(out)
	}
	return out
}

// merger carries what one merge collects.
type merger struct {
	kind       string
	tenant     string
	provenance Provenance
	problems   *problem.List
	chosen     map[string]bool // lists under an enum lock: the child's choice replaces
}

// merge returns the child's value laid over the parent's; both are trees it may change.
func (m *merger) merge(sh *shape, f *field, parent, child any, at Path) any {
	base, isMap := parent.(map[string]any)
	patch, alsoMap := child.(map[string]any)
	if isMap && alsoMap {
		return m.mergeMap(sh, f, base, patch, at)
	}
	list, isList := parent.([]any)
	more, alsoList := child.([]any)
	switch {
	case isList && alsoList && f != nil && f.mergeKey != "":
		return m.mergeKeyed(sh, f, list, more, at)
	case isList && alsoList && f != nil && f.mergeSet && !m.chosen[at.String()]:
		return m.mergeSet(list, more, at)
	}
	if !equal(parent, child) {
		m.forget(at)
		m.claim(sh, f, child, at)
	}
	return child
}

// mergeMap merges declared objects and free maps field by field. A field of an
// exclusive group that the child sets drops the parent's others.
func (m *merger) mergeMap(sh *shape, f *field, base, patch map[string]any, at Path) any {
	if sh != nil && sh.form == formObject {
		m.dropAlternatives(sh, base, patch, at)
	}
	for _, name := range sortedKeys(patch) {
		next, nextField := elementShape(sh, f, name)
		place := at.child(name)
		if old, ok := base[name]; ok {
			base[name] = m.merge(next, nextField, old, patch[name], place)
			continue
		}
		base[name] = patch[name]
		m.claim(next, nextField, patch[name], place)
	}
	return base
}

// elementShape is the declaration of a map's entry; nil inside free trees.
func elementShape(sh *shape, f *field, name string) (*shape, *field) {
	if sh == nil {
		return nil, nil
	}
	switch sh.form {
	case formObject:
		if next := sh.field(name); next != nil {
			return next.shape, next
		}
	case formDict:
		return sh.elem, f
	}
	return nil, nil
}

func (m *merger) dropAlternatives(sh *shape, base, patch map[string]any, at Path) {
	for _, mine := range sh.fields {
		if mine.alt == "" || patch[mine.name] == nil {
			continue
		}
		for _, other := range sh.alternativesOf(mine.alt) {
			if _, restated := patch[other]; other != mine.name && !restated {
				if _, had := base[other]; had {
					delete(base, other)
					m.gone(at.child(other))
				}
			}
		}
	}
}

// mergeKeyed merges elements with the same key and appends new ones.
func (m *merger) mergeKeyed(sh *shape, f *field, list, more []any, at Path) any {
	for _, item := range more {
		key := keyOf(item, f.mergeKey)
		place := at.keyed(f.mergeKey, key)
		i := indexOf(list, Segment{Key: f.mergeKey, Value: key})
		if i < 0 {
			list = append(list, item)
			m.claim(sh.elem, nil, item, place)
			continue
		}
		list[i] = m.merge(sh.elem, nil, list[i], item, place)
	}
	return list
}

// mergeSet adds what is new.
func (m *merger) mergeSet(list, more []any, at Path) any {
	for _, item := range more {
		text := scalarText(item)
		if indexOf(list, Segment{Key: "=", Value: text}) < 0 {
			list = append(list, item)
			m.claim(nil, nil, item, at.keyed("=", text))
		}
	}
	return list
}

// claim records the tenant of every value below a path.
func (m *merger) claim(sh *shape, f *field, value any, at Path) {
	delete(m.provenance, deletedMark+at.String())
	switch v := value.(type) {
	case map[string]any:
		for _, name := range sortedKeys(v) {
			next, nextField := elementShape(sh, f, name)
			m.claim(next, nextField, v[name], at.child(name))
		}
		if len(v) > 0 {
			return
		}
	case []any:
		if f != nil && f.mergeKey != "" {
			for _, item := range v {
				m.claim(sh.elem, nil, item, at.keyed(f.mergeKey, keyOf(item, f.mergeKey)))
			}
			return
		}
		if f != nil && f.mergeSet {
			for _, item := range v {
				m.provenance[at.keyed("=", scalarText(item)).String()] = m.tenant
			}
			return
		}
	}
	m.provenance[at.String()] = m.tenant
}

// gone records that the tenant has deleted what was at a path.
func (m *merger) gone(at Path) {
	m.forget(at)
	m.provenance[deletedMark+at.String()] = m.tenant
}

// forget drops the records at and below a path, of deletions too.
func (m *merger) forget(at Path) {
	prefix := at.String()
	for record := range m.provenance {
		key := strings.TrimPrefix(record, deletedMark)
		if key == prefix || len(key) > len(prefix) && key[:len(prefix)] == prefix && (key[len(prefix)] == '.' || key[len(prefix)] == '[') {
			delete(m.provenance, record)
		}
	}
}

// delete applies the patch's `$delete` to the parent's document.
func (m *merger) delete(base, patch map[string]any) {
	list, _ := patch[deleteKey].([]any)
	root := map[string]any{"spec": base}
	for i, item := range list {
		if CheckPath(m.kind, scalarText(item)) != nil {
			continue // reported when the patch was read
		}
		path, err := ParsePath(scalarText(item))
		if err != nil {
			continue // CheckPath has parsed it
		}
		if !remove(root, path) {
			at := Path{{Name: "spec"}, {Name: deleteKey}}.at(i)
			m.problems.Add(at.display(), "V-06", "上级没有 %s，无从删除", path)
			continue
		}
		m.gone(path)
		if holder, _ := Lookup(root, path[:len(path)-1]); len(path) > 2 && empty(holder) {
			m.provenance[path[:len(path)-1].String()] = m.tenant // nothing is left in it, by this tenant's doing
		}
	}
}

func empty(value any) bool {
	switch v := value.(type) {
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}

// remove takes the value at a path out of a tree and reports whether it was there.
func remove(root any, path Path) bool {
	holder, ok := Lookup(root, path[:len(path)-1])
	if !ok {
		return false
	}
	last := path[len(path)-1]
	switch h := holder.(type) {
	case map[string]any:
		_, ok := h[last.Name]
		delete(h, last.Name)
		return ok
	case []any:
		i := indexOf(h, last)
		if i < 0 || len(path) < 2 {
			return false
		}
		rest := append(append([]any{}, h[:i]...), h[i+1:]...)
		return replaceAt(root, path[:len(path)-1], rest)
	}
	return false
}

// replaceAt puts a value in the place of the one at a path.
func replaceAt(root any, path Path, value any) bool {
	holder, ok := Lookup(root, path[:len(path)-1])
	if !ok {
		return false
	}
	last := path[len(path)-1]
	switch h := holder.(type) {
	case map[string]any:
		h[last.Name] = value
		return true
	case []any:
		if i := indexOf(h, last); i >= 0 {
			h[i] = value
			return true
		}
	}
	return false
}

// clone copies a tree's maps and lists.
func clone[T any](tree T) T {
	out, _ := copyTree(any(tree)).(T)
	return out
}

func copyTree(tree any) any {
	switch t := tree.(type) {
	case map[string]any:
		out := make(map[string]any, len(t))
		for k, v := range t {
			out[k] = copyTree(v)
		}
		return out
	case []any:
		out := make([]any, len(t))
		for i, v := range t {
			out[i] = copyTree(v)
		}
		return out
	}
	return tree
}

// equal compares two trees by their canonical form.
func equal(a, b any) bool { return string(Canonical(a)) == string(Canonical(b)) }

// deletions checks `$delete` in an authored document and takes it out of the strict check.
func (v *visit) deletions(doc map[string]any, at Path) {
	value, ok := doc[deleteKey]
	if !ok {
		return
	}
	place := at.child(deleteKey)
	list, isList := value.([]any)
	if !isList || !v.partial {
		v.report(problem.SeverityError, place, true, "V-06", "$delete 只用于继承的资源，写成路径的列表", "")
		return
	}
	for i, item := range list {
		text, _ := item.(string)
		if err := CheckPath(v.res.Kind, text); err != nil {
			v.report(problem.SeverityError, place.at(i), false, "V-06", err.Error(), "")
		}
	}
}
