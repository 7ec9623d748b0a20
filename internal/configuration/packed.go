package configuration

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
)

// document is the text of one effective document, shared by digest. A patch is much
// like what it was laid over: of it are kept the members that are not the same there,
// to the letter, for equal values of one database are written alike.
type document struct {
	digest string
	text   []byte // as it is, or what differs from over
	over   *document
	cut    atomic.Pointer[cutting] // of a text as it is, once something was laid over it
}

// packed makes a document of a text that is much like another; over may be nil.
func packed(digest string, body []byte, over *document) *document {
	whole := &document{digest: digest, text: body}
	if over == nil || over.over != nil {
		return whole
	}
	theirs, err := over.cuts()
	if err != nil {
		return whole
	}
	differing, err := theirs.difference(body)
	if err != nil {
		return whole
	}
	if text := written(differing); len(text) < len(body) {
		return &document{digest: digest, text: text, over: over}
	}
	return whole
}

// cuts are the members of a text as it is.
func (d *document) cuts() (*cutting, error) {
	if known := d.cut.Load(); known != nil {
		return known, nil
	}
	found, err := cut(d.text)
	if err != nil {
		return nil, err
	}
	d.cut.Store(found)
	return found, nil
}

// together lays documents that are read, and go, at one time side by side. Some hundred thousand small pieces, each where
// there was room among what requests leave behind, would hold twice their size of the machine.
func together(documents []*document) []*document {
	var digests strings.Builder
	size := 0
	for _, d := range documents {
		digests.WriteString(d.digest)
		size += len(d.text)
	}
	rest, texts := digests.String(), make([]byte, 0, size)
	kept, out := make([]document, len(documents)), make([]*document, len(documents))
	for i, d := range documents {
		from := len(texts)
		texts = append(texts, d.text...)
		out[i] = &kept[i]
		out[i].digest, out[i].text, out[i].over = rest[:len(d.digest)], texts[from:len(texts):len(texts)], d.over
		rest = rest[len(d.digest):]
	}
	return out
}

// body is the text of the document, or another of the same members.
func (d *document) body() ([]byte, error) {
	if d.over == nil {
		return d.text, nil
	}
	theirs, err := d.over.cuts()
	if err != nil {
		return nil, err
	}
	differing, err := read(d.text)
	if err != nil {
		return nil, fmt.Errorf("configuration: kept document %s: %w", d.digest, err)
	}
	return joined(laid(theirs.members, differing)), nil
}

// joined is the JSON object of members in order.
func joined(members []member) []byte {
	size := 0
	for _, m := range members {
		size += len(m.name) + len(m.value) + len(`"":,{}`)
	}
	return join(make([]byte, 0, size), members, 0)
}

// join adds the object of members, leaving out the first so many bytes of their names.
func join(out []byte, members []member, named int) []byte {
	out = append(out, '{')
	for i, more := 0, false; i < len(members); more = true {
		if more {
			out = append(out, ',')
		}
		head, _, within := strings.Cut(members[i].name[named:], "/")
		out = append(append(append(out, '"'), head...), `":`...)
		if !within {
			out = append(out, members[i].value...)
			i++
			continue
		}
		prefix, from := members[i].name[:named+len(head)+1], i
		for i < len(members) && strings.HasPrefix(members[i].name, prefix) {
			i++
		}
		out = join(out, members[from:i], len(prefix))
	}
	return append(out, '}')
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
	return out
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
