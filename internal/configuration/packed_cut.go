package configuration

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// cutting is a canonical JSON object cut into its members. Those of its spec, and of
// objects within that, are members of their own.
type cutting struct {
	members []member // by name
	root    *branch
}

// member is one by name: "labels", "spec/title", "spec/guide/phone".
type member struct {
	name  string
	value string // JSON; "" = it is not there
}

// branch is a value, with its own members where it is cut into them.
type branch struct {
	value   string // JSON
	members map[string]*branch
}

// ofSpec begins the names of members of the spec.
const ofSpec = "spec/"

var errShape = errors.New("it is not an object with a spec of plain names")

// cut cuts an effective document.
func cut(text []byte) (*cutting, error) {
	if !gjson.ValidBytes(text) {
		return nil, errShape
	}
	root := branchOf("", gjson.ParseBytes(text))
	members, err := ordered(root.list(nil, ""))
	if err == nil && !slices.ContainsFunc(members, func(m member) bool { return strings.HasPrefix(m.name, ofSpec) }) {
		err = errShape
	}
	if err != nil {
		return nil, err
	}
	return &cutting{members, root}, nil
}

// difference are the members that another object has otherwise; those that only this one has are nil. Values that are
// written alike are not looked into.
func (c *cutting) difference(text []byte) ([]member, error) {
	if !gjson.ValidBytes(text) {
		return nil, errShape
	}
	object := gjson.ParseBytes(text)
	if !object.IsObject() {
		return nil, errShape
	}
	return ordered(c.root.difference(nil, "", object))
}

// ordered are members by name; an error when a name cannot be told.
func ordered(members []member) ([]member, error) {
	if slices.ContainsFunc(members, func(m member) bool { return strings.ContainsFunc(m.name, notPlain) }) {
		return nil, errShape
	}
	slices.SortFunc(members, func(a, b member) int { return cmp.Compare(a.name, b.name) })
	return members, nil
}

// notPlain reports what a name could not hold between quotes as it is.
func notPlain(r rune) bool { return r < ' ' || r == '"' || r == '\\' || r == utf8.RuneError }

// below is the path of a member of the object at a path, "" for the document.
func below(path, name string) string {
	if strings.Contains(name, "/") {
		name = "\x00" // not plain
	}
	if path == "" {
		return name
	}
	return path + "/" + name
}

// isCut reports whether the value at a path is cut into its members.
func isCut(path string, value gjson.Result) bool {
	return value.IsObject() && (path == "" || strings.HasPrefix(path+"/", ofSpec) && strings.Trim(value.Raw, "{} \t\r\n") != "")
}

func branchOf(path string, value gjson.Result) *branch {
	b := &branch{value: value.Raw}
	if isCut(path, value) {
		b.members = map[string]*branch{}
		value.ForEach(func(name, of gjson.Result) bool {
			b.members[name.String()] = branchOf(below(path, name.String()), of)
			return true
		})
	}
	return b
}

// list adds what is not cut any further.
func (b *branch) list(out []member, path string) []member {
	if b.members == nil {
		return append(out, member{path, b.value})
	}
	for name, of := range b.members {
		out = of.list(out, below(path, name))
	}
	return out
}

// gone adds the members of list as not there.
func (b *branch) gone(out []member, path string) []member {
	from := len(out)
	out = b.list(out, path)
	for i := range out[from:] {
		out[from+i].value = ""
	}
	return out
}

func (b *branch) difference(out []member, path string, ours gjson.Result) []member {
	switch {
	case b.members == nil && !isCut(path, ours):
		return append(out, member{path, ours.Raw})
	case b.members == nil || !isCut(path, ours):
		return branchOf(path, ours).list(b.gone(out, path), path)
	}
	there := 0
	ours.ForEach(func(key, value gjson.Result) bool {
		name := key.String()
		theirs := b.members[name]
		switch {
		case theirs == nil:
			out = branchOf(below(path, name), value).list(out, below(path, name))
			return true
		case theirs.value != value.Raw:
			out = theirs.difference(out, below(path, name), value)
		}
		there++
		return true
	})
	if there == len(b.members) {
		return out
	}
	names := map[string]bool{}
	ours.ForEach(func(key, _ gjson.Result) bool {
		names[key.String()] = true
		return true
	})
	for name, theirs := range b.members {
		if !names[name] {
			out = theirs.gone(out, below(path, name))
		}
	}
	return out
}
