package configuration

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// document is the text of one effective document, shared by digest. A patch is much
// like what it was laid over: of it are kept the members that are not the same there,
// to the letter, for equal values of one database are written alike.
type document struct {
	digest string
	text   []byte // as it is, or what differs from over
	over   *document
	read   func() ([]member, error) // of a text as it is; read once, when something is laid over it
}

// member is one of a canonical JSON object, or of its spec, by name: "labels", "spec/title".
type member struct {
	name  string
	value string // JSON; "" = it is not there
}

// ofSpec begins the names of members of the spec.
const ofSpec = "spec/"

// newDocument keeps a text as it is.
func newDocument(digest string, body []byte) *document {
	return &document{digest: digest, text: body, read: sync.OnceValues(func() ([]member, error) { return membersOf(body) })}
}

// packed makes a document of a text that is much like another; over may be nil.
func packed(digest string, body []byte, over *document) *document {
	whole := newDocument(digest, body)
	if over == nil || over.over != nil {
		return whole
	}
	theirs, err := over.read()
	if err != nil {
		return whole
	}
	ours, err := membersOf(body)
	if err != nil {
		return whole
	}
	if text := written(difference(theirs, ours)); len(text) < len(body) {
		return &document{digest: digest, text: text, over: over}
	}
	return whole
}

// body is the text of the document, or another of the same members.
func (d *document) body() ([]byte, error) {
	if d.over == nil {
		return d.text, nil
	}
	theirs, err := d.over.read()
	if err != nil {
		return nil, err
	}
	differing, err := read(d.text)
	if err != nil {
		return nil, fmt.Errorf("configuration: kept document %s: %w", d.digest, err)
	}
	return joined(laid(theirs, differing)), nil
}

var errShape = errors.New("it is not an object with a spec of plain names")

// membersOf cuts an effective document into its members, by name.
func membersOf(text []byte) ([]member, error) {
	if !gjson.ValidBytes(text) {
		return nil, errShape
	}
	var out []member
	gjson.ParseBytes(text).ForEach(func(key, value gjson.Result) bool {
		if key.String() != "spec" || !value.IsObject() {
			out = append(out, member{key.String(), value.Raw})
			return true
		}
		value.ForEach(func(key, value gjson.Result) bool {
			out = append(out, member{ofSpec + key.String(), value.Raw})
			return true
		})
		return true
	})
	if !slices.ContainsFunc(out, func(m member) bool { return strings.HasPrefix(m.name, ofSpec) }) {
		return nil, errShape
	}
	if slices.ContainsFunc(out, func(m member) bool { return strings.ContainsFunc(m.name, notPlain) }) {
		return nil, errShape
	}
	slices.SortFunc(out, func(a, b member) int { return cmp.Compare(a.name, b.name) })
	return out, nil
}

// notPlain reports what a name could not hold between quotes as it is.
func notPlain(r rune) bool { return r < ' ' || r == '"' || r == '\\' || r == utf8.RuneError }

// joined is the JSON object of members in order; those of the spec come last.
func joined(members []member) []byte {
	size := len(`{"spec":{}}`)
	for _, m := range members {
		size += len(m.name) + len(m.value) + len(`"":,`)
	}
	out := append(make([]byte, 0, size), '{')
	inside := false
	for _, m := range members {
		name, of := strings.CutPrefix(m.name, ofSpec)
		if of && !inside {
			out = append(separated(out), `"spec":{`...)
			inside = true
		}
		out = append(separated(out), '"')
		out = append(append(out, name...), `":`...)
		out = append(out, m.value...)
	}
	if inside {
		out = append(out, '}')
	}
	return append(out, '}')
}

// separated puts a comma behind what is not the beginning of an object.
func separated(text []byte) []byte {
	if text[len(text)-1] == '{' {
		return text
	}
	return append(text, ',')
}

// difference are the members of one object that another has not, or has otherwise; those that only the other has are nil.
func difference(theirs, ours []member) []member {
	var out []member
	for len(theirs) > 0 || len(ours) > 0 {
		switch {
		case len(ours) == 0 || len(theirs) > 0 && theirs[0].name < ours[0].name:
			out = append(out, member{name: theirs[0].name})
			theirs = theirs[1:]
		case len(theirs) == 0 || ours[0].name < theirs[0].name:
			out = append(out, ours[0])
			ours = ours[1:]
		default:
			if ours[0].value != theirs[0].value {
				out = append(out, ours[0])
			}
			theirs, ours = theirs[1:], ours[1:]
		}
	}
	return out
}

// laid are the members with differing ones in place of those of their names.
func laid(members, differing []member) []member {
	out := make([]member, 0, len(members)+len(differing))
	for _, m := range members {
		for len(differing) > 0 && differing[0].name < m.name {
			out = append(out, differing[0])
			differing = differing[1:]
		}
		if len(differing) == 0 || differing[0].name != m.name {
			out = append(out, m)
			continue
		}
		if differing[0].value != "" {
			out = append(out, differing[0])
		}
		differing = differing[1:]
	}
	return append(out, differing...)
}

// written is a list of members in few bytes: name and value of each, with their lengths before.
func written(members []member) []byte {
	var out []byte
	for _, m := range members {
		out = append(binary.AppendUvarint(out, uint64(len(m.name))), m.name...)
		out = append(binary.AppendUvarint(out, uint64(len(m.value))), m.value...)
	}
	return bytes.Clone(out)
}

var errCut = errors.New("it ends in the middle")

// read is what written has written.
func read(text []byte) ([]member, error) {
	var out []member
	for len(text) > 0 {
		var part [2]string
		for i := range part {
			n, width := binary.Uvarint(text)
			if width <= 0 || n > uint64(len(text)-width) {
				return nil, errCut
			}
			part[i], text = string(text[width:width+int(n)]), text[width+int(n):]
		}
		out = append(out, member{part[0], part[1]})
	}
	return out, nil
}
