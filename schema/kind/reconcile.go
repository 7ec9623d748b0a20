package kind

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Edit is a value that at least one of two edits of the same base changed. Base,
// Theirs or Mine is nil where the value is absent. Clash: both changed it, to
// different values, or the one took away what the other changed.
type Edit struct {
	Path               string
	Base, Theirs, Mine any
	Clash              bool
}

// Reconcile is the three-way merge of two edits of one authored document, each a tree
// {metadata, spec, …}: what one of them changed holds, field by field, and in lists by
// the key that each list declares; lists without one are replaced whole. Where they
// clash, the value of mine stands in the result. Apart from that it does not matter
// which edit is whose. The documents are left as they are.
func Reconcile(kindName string, base, theirs, mine map[string]any) (map[string]any, []Edit) {
	info, _ := KindInfo(kindName)
	r := &reconciler{}
	merged := map[string]any{}
	for _, part := range unite(base, theirs, mine) {
		at := Path{{Name: part}}
		b, t, m := valueOrMissing(base, part), valueOrMissing(theirs, part), valueOrMissing(mine, part)
		var sh *shape
		switch part {
		case "metadata":
			sh = catalog().metadata
		case "spec":
			sh = info.shape
			b, t, m = normalisedPart(info, b), normalisedPart(info, t), normalisedPart(info, m)
		}
		if value := r.value(sh, nil, b, t, m, at); value != (missing{}) {
			merged[part] = value
		}
	}
	r.deletions()
	return clone(merged), r.edits
}

func normalisedPart(info Info, part any) any {
	if doc, ok := part.(map[string]any); ok && info.New != nil {
		return normalised(info, doc)
	}
	return part
}

// missing stands for a value that is not there, which is another thing than null.
type missing struct{}

func valueOrMissing(m map[string]any, name string) any {
	if v, ok := m[name]; ok {
		return v
	}
	return missing{}
}

func orNil(value any) any {
	if value == (missing{}) {
		return nil
	}
	return value
}

func alike(a, b any) bool {
	if a == (missing{}) || b == (missing{}) {
		return a == b
	}
	return equal(a, b)
}

// unite lists the keys of maps, sorted.
func unite(trees ...map[string]any) []string {
	all := map[string]any{}
	for _, tree := range trees {
		maps.Copy(all, tree)
	}
	return sortedKeys(all)
}

// reconciler collects the edits of one three-way merge.
type reconciler struct{ edits []Edit }

// note records the values at a place when an edit changed them.
func (r *reconciler) note(base, theirs, mine any, at Path, clash bool) {
	if clash || !alike(base, theirs) || !alike(base, mine) {
		r.edits = append(r.edits, Edit{Path: at.String(), Base: orNil(base), Theirs: orNil(theirs), Mine: orNil(mine), Clash: clash})
	}
}

// value merges what is at one place; the result is missing when nothing is there any more.
func (r *reconciler) value(sh *shape, f *field, base, theirs, mine any, at Path) any {
	if tree, left, right, ok := three[map[string]any](base, theirs, mine); ok && !whole(at) {
		return r.maps(sh, f, tree, left, right, at)
	}
	if f != nil && (f.mergeKey != "" || f.mergeSet) {
		if old, left, right, ok := three[[]any](base, theirs, mine); ok {
			if list, ok := r.list(sh, f, old, left, right, at); ok {
				return list
			}
		}
	}
	r.note(base, theirs, mine, at, !alike(base, theirs) && !alike(base, mine) && !alike(theirs, mine))
	if alike(base, mine) {
		return theirs
	}
	return mine
}

// three are the values as trees of one form; a base that is missing is an empty one.
func three[T map[string]any | []any](base, theirs, mine any) (b, t, m T, ok bool) {
	b, isBase := base.(T)
	t, isTheirs := theirs.(T)
	m, isMine := mine.(T)
	return b, t, m, isTheirs && isMine && (isBase || base == (missing{}))
}

// whole reports the parts of the head that mean nothing in pieces.
func whole(at Path) bool {
	return len(at) == 2 && at[0].Name == "metadata" && (at[1].Name == "extends" || at[1].Name == "effective")
}

func (r *reconciler) maps(sh *shape, f *field, base, theirs, mine map[string]any, at Path) any {
	out := map[string]any{}
	for _, name := range unite(base, theirs, mine) {
		next, nextField := elementShape(sh, f, name)
		if name == deleteKey && len(at) == 1 {
			nextField = &field{name: deleteKey, mergeSet: true}
		}
		value := r.value(next, nextField, valueOrMissing(base, name), valueOrMissing(theirs, name), valueOrMissing(mine, name), at.child(name))
		if value != (missing{}) {
			out[name] = value
		}
	}
	if sh != nil && sh.form == formObject {
		for _, group := range sh.inseparable() {
			r.hold(group, out, base, theirs, mine, at)
		}
	}
	return out
}

// inseparable lists fields of an object that mean something only together: a number and its unit, the alternatives of a group.
func (s *shape) inseparable() [][]string {
	var out [][]string
	if s.field("n") != nil && s.field("unit") != nil {
		out = append(out, []string{"n", "unit"})
	}
	seen := map[string]bool{}
	for _, f := range s.fields {
		if f.alt != "" && !seen[f.alt] {
			seen[f.alt] = true
			out = append(out, s.alternativesOf(f.alt))
		}
	}
	return out
}

// hold makes clashes of the edits of such fields when both sides changed some of them, to something different as a whole.
func (r *reconciler) hold(names []string, out, base, theirs, mine map[string]any, at Path) {
	part := func(m map[string]any) map[string]any {
		out := map[string]any{}
		for _, name := range names {
			if v, ok := m[name]; ok {
				out[name] = v
			}
		}
		return out
	}
	b, t, m := part(base), part(theirs), part(mine)
	if equal(b, t) || equal(b, m) || equal(t, m) {
		return
	}
	for _, name := range names {
		r.clashAt(at.child(name))
		delete(out, name)
	}
	maps.Copy(out, m)
}

// clashAt makes a clash of what was edited at a path, or below it.
func (r *reconciler) clashAt(at Path) {
	for i := range r.edits {
		if under(r.edits[i].Path, at.String()) {
			r.edits[i].Clash = true
		}
	}
}

// under reports whether a path is another, or below it.
func under(path, other string) bool {
	rest, ok := strings.CutPrefix(path, other)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// list merges keyed lists and sets element by element; false when an element has no key of its own.
func (r *reconciler) list(sh *shape, f *field, base, theirs, mine []any, at Path) (any, bool) {
	key, elem := f.mergeKey, (*shape)(nil)
	if key == "" {
		key = "="
	} else if sh != nil {
		elem = sh.elem
	}
	b, inBase, ok := indexed(base, key)
	t, inTheirs, alsoTheirs := indexed(theirs, key)
	m, inMine, alsoMine := indexed(mine, key)
	if !ok || !alsoTheirs || !alsoMine {
		return nil, false
	}
	merged := map[string]any{}
	for _, name := range unite(b, t, m) {
		value := r.value(elem, nil, valueOrMissing(b, name), valueOrMissing(t, name), valueOrMissing(m, name), at.keyed(key, name))
		if value != (missing{}) {
			merged[name] = value
		}
	}
	order, clash := sequence(kept(inBase, merged), kept(inTheirs, merged), kept(inMine, merged))
	if clash {
		r.note(texts(inBase), texts(inTheirs), texts(inMine), at, true)
	}
	out := make([]any, len(order))
	for i, name := range order {
		out[i] = merged[name]
	}
	return out, true
}

// indexed are the elements of a list by key and the keys in order; false when a key is absent or there twice.
func indexed(list []any, key string) (map[string]any, []string, bool) {
	out := make(map[string]any, len(list))
	order := make([]string, 0, len(list))
	for _, item := range list {
		name := keyOf(item, key)
		if _, twice := out[name]; twice || name == "" {
			return nil, nil, false
		}
		out[name] = item
		order = append(order, name)
	}
	return out, order, true
}

func kept(names []string, merged map[string]any) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { _, ok := merged[name]; return !ok })
}

func texts(names []string) []any {
	out := make([]any, len(names))
	for i, name := range names {
		out[i] = name
	}
	return out
}

// sequence is the order of the elements of two edits of a list: that of the edit which
// changed it; new elements follow what they followed. clash: both changed it, differently.
func sequence(base, theirs, mine []string) (order []string, clash bool) {
	common := func(list []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(name string) bool { return !slices.Contains(theirs, name) || !slices.Contains(mine, name) })
	}
	old := func(list []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(name string) bool { return !slices.Contains(base, name) })
	}
	before, left, right := common(base), common(theirs), common(mine)
	leftMoved, rightMoved := !slices.Equal(old(left), before), !slices.Equal(old(right), before)
	spine := right
	switch {
	case slices.Equal(left, right):
	case leftMoved && rightMoved:
		clash = true
	case leftMoved, !rightMoved && slices.Compare(left, right) < 0:
		spine = left
	}
	after := map[string][][]string{} // element → what each edit adds behind it; "" = at the beginning
	for _, list := range [][]string{theirs, mine} {
		added := map[string][]string{}
		anchor := ""
		for _, name := range list {
			if slices.Contains(spine, name) {
				anchor = name
				continue
			}
			added[anchor] = append(added[anchor], name)
		}
		for anchor, names := range added {
			after[anchor] = append(after[anchor], names)
		}
	}
	place := func(anchor string) {
		blocks := after[anchor]
		slices.SortFunc(blocks, slices.Compare[[]string])
		for _, names := range blocks {
			order = append(order, names...)
		}
	}
	place("")
	for _, name := range spine {
		order = append(order, name)
		place(name)
	}
	return order, clash
}

// deletions makes clashes of values that one edit changed and the other took away from the parent's by `$delete`.
func (r *reconciler) deletions() {
	prefix := Path{{Name: "spec"}, {Name: deleteKey}}
	for i := range r.edits {
		e := r.edits[i]
		path, err := ParsePath(e.Path)
		if err != nil || len(path) != len(prefix)+1 || !reflect.DeepEqual(path[:len(prefix)], prefix) {
			continue
		}
		byTheirs, byMine := e.Base == nil && e.Theirs != nil, e.Base == nil && e.Mine != nil
		for j := range r.edits {
			other := r.edits[j]
			if !under(other.Path, path[len(prefix)].Value) {
				continue
			}
			if byTheirs && !byMine && !alike(other.Base, other.Mine) || byMine && !byTheirs && !alike(other.Base, other.Theirs) {
				r.edits[i].Clash, r.edits[j].Clash = true, true
			}
		}
	}
}
