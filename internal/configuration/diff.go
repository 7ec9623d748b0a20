package configuration

import (
	"encoding/json"
	"slices"

	"zhengtong/schema/kind"
)

// FieldChange is one value that differs between two versions (R-MGT-06). Path is
// that of problems and locks; Before or After is nil where the value is absent.
type FieldChange struct {
	Path   string `json:"path"`
	Before any    `json:"before"`
	After  any    `json:"after"`
}

// differ compares two documents of a kind.
type differ struct {
	kind    string
	changes []FieldChange
}

// Diff lists the fields that differ between two versions of a resource: the spec by
// the keys of its lists, what binds the levels below, the texts of layouts and the digests of assets. nil stands for an absent version.
func Diff(kindName string, before, after map[string]any) []FieldChange {
	d := &differ{kind: kindName}
	d.maps(nil, before, after)
	return d.changes
}

// comparable is the part of a version that people compare.
func (r *resolution) comparable() map[string]any {
	metadata := r.chain[0].Resource.Metadata.Tree()
	delete(metadata, "tenant")
	delete(metadata, "name")
	return withAssets(r.found.Assets, map[string]any{"metadata": metadata, "spec": r.found.Resource.Doc, "layouts": textMap(r.layouts(r.found.Resource))})
}

func (d *differ) value(at kind.Path, before, after any) {
	if same(before, after) {
		return
	}
	left, leftMap := before.(map[string]any)
	right, rightMap := after.(map[string]any)
	if leftMap && rightMap {
		d.maps(at, left, right)
		return
	}
	leftList, isList := before.([]any)
	rightList, alsoList := after.([]any)
	if isList && alsoList && d.keyed(at, leftList, rightList) {
		return
	}
	d.changes = append(d.changes, FieldChange{Path: at.String(), Before: before, After: after})
}

func (d *differ) maps(at kind.Path, before, after map[string]any) {
	names := map[string]bool{}
	for name := range before {
		names[name] = true
	}
	for name := range after {
		names[name] = true
	}
	for _, name := range sortedKeys(names) {
		d.value(append(slices.Clone(at), kind.Segment{Name: name}), before[name], after[name])
	}
}

// keyed compares two lists element by element when every element has the key that the list declares.
func (d *differ) keyed(at kind.Path, before, after []any) bool {
	left, order, ok := d.elements(at, before, nil)
	if !ok {
		return false
	}
	right, order, ok := d.elements(at, after, order)
	if !ok {
		return false
	}
	for _, segment := range order {
		d.value(append(slices.Clone(at), segment), left[segment], right[segment])
	}
	return true
}

func (d *differ) elements(at kind.Path, list []any, order []kind.Segment) (map[kind.Segment]any, []kind.Segment, bool) {
	out := map[kind.Segment]any{}
	for i, item := range list {
		segment := keyedSegment(d.kind, at, list, kind.Segment{Index: i})
		if segment.Key == "" {
			return nil, nil, false
		}
		out[segment] = item
		if !slices.Contains(order, segment) {
			order = append(order, segment)
		}
	}
	return out, order, true
}

func same(a, b any) bool {
	return string(kind.Canonical(plain(a))) == string(kind.Canonical(plain(b)))
}

// plain makes a tree of what may be another JSON value, such as a map of texts.
func plain(value any) any {
	switch value.(type) {
	case nil, bool, string, json.Number, []any, map[string]any:
		return value
	}
	return nil // trees hold nothing else
}
