package kind

import (
	"slices"

	"zhengtong/internal/problem"
)

// Drop returns a patch's document without the values, and without the deletions,
// that problems point at; false when none of them is the patch's own saying. A
// value that is not in the patch by itself goes with the nearest part above it.
func Drop(doc map[string]any, problems problem.List) (map[string]any, bool) {
	out := clone(doc)
	root := map[string]any{"spec": out}
	dropped := false
	for _, p := range problems {
		path, err := ParsePath(p.Path)
		if err != nil || len(path) < 2 || path[0].Name != "spec" {
			continue
		}
		dropped = dropDeletions(out, path) || dropped
		for at := path; len(at) > 1; at = at[:len(at)-1] {
			if remove(root, at) {
				dropped = true
				break
			}
		}
	}
	return out, dropped
}

// dropDeletions leaves out the `$delete` entries at, above or below a path.
func dropDeletions(doc map[string]any, path Path) bool {
	list, _ := doc[deleteKey].([]any)
	kept := slices.DeleteFunc(slices.Clone(list), func(item any) bool {
		gone, err := ParsePath(scalarText(item))
		if err != nil {
			return false
		}
		n := min(len(gone), len(path))
		return gone[:n].String() == path[:n].String()
	})
	if len(kept) == len(list) {
		return false
	}
	doc[deleteKey] = kept
	if len(kept) == 0 {
		delete(doc, deleteKey)
	}
	return true
}
