package kind

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"zhengtong/internal/problem"
)

// Canonical writes a tree as canonical JSON: keys sorted, no spaces, numbers as
// written, only the escapes JSON requires. Equal documents give equal bytes, so
// the digest addresses the version. It panics on a value that is not a tree.
func Canonical(tree any) []byte { return appendCanonical(nil, tree) }

// Digest is the lower-case hexadecimal SHA-256 of canonical JSON.
func Digest(canonical []byte) string {
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])
}

func appendCanonical(b []byte, tree any) []byte {
	switch x := tree.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, x)
	case json.Number:
		return append(b, x...)
	case string:
		return appendString(b, x)
	case []any:
		b = append(b, '[')
		for i, e := range x {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendCanonical(b, e)
		}
		return append(b, ']')
	case map[string]any:
		b = append(b, '{')
		for i, key := range sortedKeys(x) {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, key), ':')
			b = appendCanonical(b, x[key])
		}
		return append(b, '}')
	}
	panic(fmt.Sprintf("kind: %T is not part of a tree", tree))
}

// appendString quotes a text with the shortest escapes (RFC 8785).
func appendString(b []byte, text string) []byte {
	const hexDigits = "0123456789abcdef"
	b = append(b, '"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, '\\', 'n')
		case r == '\t':
			b = append(b, '\\', 't')
		case r == '\r':
			b = append(b, '\\', 'r')
		case r < 0x20:
			b = append(b, '\\', 'u', '0', '0', hexDigits[r>>4], hexDigits[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}

// FromCanonical makes a resource of a kind from the canonical JSON of its
// complete spec, as stored. It returns an error when the kind is unknown, the
// text is not JSON, or the document no longer fits the kind (problem.Validation).
func FromCanonical(kind string, metadata Metadata, canonical []byte) (*Resource, error) {
	info, ok := KindInfo(kind)
	if !ok {
		return nil, fmt.Errorf("unknown kind %q", kind)
	}
	tree, err := ParseJSON(canonical)
	if err != nil {
		return nil, err
	}
	doc, ok := tree.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("canonical JSON of %s is not an object", kind)
	}
	r := &Resource{APIVersion: APIVersion, Kind: kind, Metadata: metadata, Doc: doc}
	v := newVisit(r)
	v.conform(info.shape, nil, doc, Path{{Name: "spec"}})
	if err := problem.Invalid(v.problems); err != nil {
		return nil, err
	}
	v.bindSpec(info)
	return r, nil
}

// Complete returns the resource with its document made whole (defaults filled
// in), its Spec bound and all of the kind's own checks run: what is published.
// Problems are placed where the document can tell.
func (r *Resource) Complete() (*Resource, problem.List) {
	info, ok := KindInfo(r.Kind)
	if !ok {
		return r, problem.List{{File: r.File, Path: "$.kind", Code: "V-01", Message: "未知种类", Severity: problem.SeverityError}}
	}
	whole := *r
	whole.Doc = withDefaults(info, r.Doc)
	v := newVisit(&whole)
	v.pack = r.Metadata.Pack != ""
	v.conform(info.shape, nil, whole.Doc, Path{{Name: "spec"}})
	v.bindSpec(info)
	v.validate(info)
	return &whole, v.problems.Sorted()
}

// Canonical is the canonical JSON of the resource's document as it stands.
func (r *Resource) Canonical() []byte { return Canonical(r.Doc) }

// Digest addresses the resource's document as it stands.
func (r *Resource) Digest() string { return Digest(r.Canonical()) }
