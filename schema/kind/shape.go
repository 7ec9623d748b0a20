package kind

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// form is how a value is written.
type form int

const (
	formFree    form = iota // any tree: JSON Schema, lookup tables, test inputs
	formText                // a string
	formInteger             // a whole number
	formBool                // true or false
	formObject              // a map with declared fields
	formList                // a list
	formDict                // a map with free keys
)

// shape is a Go type as the engine sees it.
type shape struct {
	form   form
	typ    reflect.Type // for formObject the struct, for the JSON Schema definition's name
	fields []*field     // of an object, in the order of declaration
	elem   *shape       // of a list or dict
}

// field is one declared field with its tags (see the package comment).
type field struct {
	name, doc, def, lock  string
	format, expr, code    string
	missing               string // the check that a missing value breaks
	required, altRequired bool
	enum                  []string
	mergeKey              string // keyed list
	mergeSet              bool
	alt, short            string
	refs, notRefs         []string
	min, max              string
	shape                 *shape
	index                 []int // for reflect.Value.FieldByIndex
}

// field returns the declared field of an object, or nil.
func (s *shape) field(name string) *field {
	for _, f := range s.fields {
		if f.name == name {
			return f
		}
	}
	return nil
}

// names lists the fields of an object.
func (s *shape) names() []string {
	out := make([]string, len(s.fields))
	for i, f := range s.fields {
		out[i] = f.name
	}
	return out
}

// alternativesOf lists the fields of a group that exclude each other.
func (s *shape) alternativesOf(group string) []string {
	var out []string
	for _, f := range s.fields {
		if f.alt == group {
			out = append(out, f.name)
		}
	}
	return out
}

var rawJSON = reflect.TypeFor[json.RawMessage]()

// shapes builds shapes of types once each. It is used while the registry is built and never changes afterwards.
type shapes map[reflect.Type]*shape

// of returns the shape of a type; it panics on a type the engine does not know, a mistake in this package.
func (m shapes) of(t reflect.Type) *shape {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if s, ok := m[t]; ok {
		return s
	}
	s := &shape{typ: t}
	m[t] = s
	if t == rawJSON {
		return s // free
	}
	switch t.Kind() {
	case reflect.Interface:
		s.form = formFree
	case reflect.String:
		s.form = formText
	case reflect.Int, reflect.Int64:
		s.form = formInteger
	case reflect.Bool:
		s.form = formBool
	case reflect.Slice:
		s.form, s.elem = formList, m.of(t.Elem())
	case reflect.Map:
		s.form, s.elem = formDict, m.of(t.Elem())
	case reflect.Struct:
		s.form = formObject
		m.addFields(s, t, nil)
	default:
		panic(fmt.Sprintf("kind: type %s cannot be declared", t))
	}
	return s
}

// addFields collects the declared fields of a struct; embedded structs are laid flat.
func (m shapes) addFields(s *shape, t reflect.Type, index []int) {
	for i := range t.NumField() {
		sf := t.Field(i)
		at := append(slices.Clone(index), i)
		if sf.Anonymous {
			m.addFields(s, sf.Type, at)
			continue
		}
		if f := newField(sf, at); f != nil {
			f.shape = m.of(sf.Type)
			s.fields = append(s.fields, f)
		}
	}
}

// newField reads the tags; nil for a Go field that is not declared.
func newField(sf reflect.StructField, index []int) *field {
	tag := sf.Tag
	name, ok := tag.Lookup("yaml")
	if !ok {
		if name, _, _ = strings.Cut(tag.Get("json"), ","); name == "" || name == "-" {
			return nil
		}
	}
	f := &field{index: index, doc: tag.Get("doc"), def: tag.Get("default"), lock: tag.Get("lock"), format: tag.Get("format"),
		expr: tag.Get("expr"), code: tag.Get("code"), missing: tag.Get("missing"), short: tag.Get("short"), min: tag.Get("min"), max: tag.Get("max")}
	f.name, f.required = strings.CutSuffix(name, "!")
	f.alt, f.altRequired = strings.CutSuffix(tag.Get("alt"), "!")
	switch enum := tag.Get("enum"); {
	case strings.HasPrefix(enum, "@"):
		f.enum = namedList(enum[1:])
	case enum != "":
		f.enum = strings.Split(enum, ",")
	}
	switch merge := tag.Get("merge"); {
	case merge == "set":
		f.mergeSet = true
	case merge != "":
		f.mergeKey = strings.TrimPrefix(merge, "key=")
	}
	if ref := tag.Get("ref"); ref != "" {
		kinds, words, _ := strings.Cut(ref, ";")
		f.refs = strings.Split(kinds, "|")
		if words != "" {
			f.notRefs = strings.Split(words, ",")
		}
	}
	return f
}

// allows reports whether a word is in the field's closed list; "x*" admits a prefix.
func (f *field) allows(word string) bool {
	for _, e := range f.enum {
		if prefix, wild := strings.CutSuffix(e, "*"); e == word || wild && strings.HasPrefix(word, prefix) && len(word) > len(prefix) {
			return true
		}
	}
	return len(f.enum) == 0
}
