package configuration

import (
	"strconv"
	"strings"

	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// listKeys are the keys by which the kinds' lists merge (docs/kinds.md); "=" is a set.
func listKeys() []string {
	return []string{"id", "ref", "name", "field", "code", "level", "path", "date", "="}
}

// place gives problems of an effective document their file, line and column: in
// the layer that the value comes from, or the nearest one when nothing says so.
func (f *Found) place(list problem.List) problem.List {
	for i := range list {
		if list[i].File != "" {
			continue
		}
		path := f.keyed(list[i].Path)
		at := f.layerOf(path)
		list[i].Path = path
		list[i].File = at.File
		list[i].Line, list[i].Column = at.Position(path)
	}
	return list
}

// layerOf is the authored resource that the value at a path comes from.
func (f *Found) layerOf(path string) *kind.Resource {
	if len(f.chain) == 0 {
		return f.Resource
	}
	tenant := f.Provenance.Of(strings.TrimPrefix(path, "$."))
	for _, l := range f.chain {
		if l.Resource.Metadata.Tenant == tenant {
			return l.Resource
		}
	}
	return f.chain[0].Resource
}

// keyed writes list positions of a path as the keys that the lists declare, which
// mean the same in every layer: $.spec.materials[3].ref → $.spec.materials[ref=x].ref.
func (f *Found) keyed(text string) string {
	path, err := kind.ParsePath(text)
	if err != nil || len(path) < 2 || path[0].Name != "spec" {
		return text
	}
	out := kind.Path{path[0]}
	for i, segment := range path[1:] {
		if segment.Name == "" && segment.Key == "" {
			holder, _ := kind.Lookup(f.Resource.Doc, path[1:i+1])
			segment = keyedSegment(f.Resource.Kind, out, holder, segment)
		}
		out = append(out, segment)
	}
	return "$." + out.String()
}

func keyedSegment(kindName string, at kind.Path, holder any, segment kind.Segment) kind.Segment {
	list, ok := holder.([]any)
	if !ok || segment.Index >= len(list) {
		return segment
	}
	for _, key := range listKeys() {
		value := list[segment.Index]
		if m, isMap := value.(map[string]any); isMap {
			value = m[key]
		} else if key != "=" {
			continue
		}
		text, isText := value.(string)
		if !isText {
			continue
		}
		keyed := kind.Segment{Key: key, Value: text}
		if kind.CheckPath(kindName, append(append(kind.Path{}, at...), keyed).String()) == nil {
			return keyed
		}
	}
	return segment
}

// at is the path of an element of a list.
func at(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }
