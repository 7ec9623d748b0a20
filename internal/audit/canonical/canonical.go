// Package canonical writes JSON in one form only, so that equal content has
// equal bytes and can be hashed. It follows RFC 8785 (keys sorted by UTF-16 code
// units, no white space, minimal escapes) with one difference: numbers are
// decimals, never binary floats, and are written as their shortest plain decimal
// text (1.50 and 15e-1 become 1.5), which loses nothing at any size.
package canonical

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/cockroachdb/apd/v3"
)

// The ways in which a text has no canonical form.
var (
	// ErrDuplicate is returned for an object that names a key twice: readers would disagree about its value.
	ErrDuplicate = errors.New("duplicate key")
	// ErrDepth is returned for a value nested deeper than maxDepth.
	ErrDepth = errors.New("nested too deeply")
	// ErrNumber is returned for a number with an exponent beyond maxExponent.
	ErrNumber = errors.New("number out of range")
	// ErrEncoding is returned for text that is not UTF-8.
	ErrEncoding = errors.New("not UTF-8")
)

const (
	maxDepth    = 100
	maxExponent = 400 // digits before or after the point; outside text must not make us write megabytes of zeros
)

// Marshal returns the canonical JSON of a value that encoding/json can marshal.
func Marshal(v any) ([]byte, error) {
	if out, ok := direct(make([]byte, 0, 256), v, 0); ok {
		return out, nil
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return Format(data)
}

// Format returns the canonical form of one JSON text.
func Format(data []byte) ([]byte, error) {
	if !utf8.Valid(data) {
		return nil, ErrEncoding
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	out, err := value(nil, d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("text after the JSON value")
	}
	return out, nil
}

// Is reports whether data is already in canonical form, byte for byte.
func Is(data []byte) bool {
	out, err := Format(data)
	return err == nil && bytes.Equal(out, data)
}

func value(out []byte, d *json.Decoder, depth int) ([]byte, error) {
	if depth > maxDepth {
		return nil, ErrDepth
	}
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case nil:
		return append(out, "null"...), nil
	case bool:
		return strconv.AppendBool(out, t), nil
	case string:
		return text(out, t), nil
	case json.Number:
		return number(out, t)
	case json.Delim:
		if t == '[' {
			return list(out, d, depth)
		}
		return object(out, d, depth)
	}
	return nil, fmt.Errorf("unexpected JSON token %v", token)
}

func list(out []byte, d *json.Decoder, depth int) ([]byte, error) {
	out = append(out, '[')
	for first := true; d.More(); first = false {
		if !first {
			out = append(out, ',')
		}
		var err error
		if out, err = value(out, d, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return append(out, ']'), err
}

// member is one entry of an object, its key also in the order's alphabet.
type member struct {
	key   []uint16
	bytes []byte
}

func object(out []byte, d *json.Decoder, depth int) ([]byte, error) {
	var members []member
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		key, ok := token.(string)
		if !ok {
			return nil, fmt.Errorf("object key %v is not text", token)
		}
		entry, err := value(append(text(nil, key), ':'), d, depth+1)
		if err != nil {
			return nil, err
		}
		members = append(members, member{utf16.Encode([]rune(key)), entry})
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	slices.SortFunc(members, func(a, b member) int { return slices.Compare(a.key, b.key) })
	out = append(out, '{')
	for i, m := range members {
		if i > 0 {
			if slices.Equal(m.key, members[i-1].key) {
				return nil, fmt.Errorf("%w %q", ErrDuplicate, string(utf16.Decode(m.key)))
			}
			out = append(out, ',')
		}
		out = append(out, m.bytes...)
	}
	return append(out, '}'), nil
}

// text writes a string with the escapes of RFC 8785 §3.2.2.2 and no others.
func text(out []byte, s string) []byte {
	const hex = "0123456789abcdef"
	out = append(out, '"')
	for i := range len(s) {
		c := s[i]
		if short := strings.IndexByte("\b\t\n\f\r\"\\", c); short >= 0 {
			out = append(out, '\\', `btnfr"\`[short])
		} else if c < 0x20 {
			out = append(out, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		} else {
			out = append(out, c)
		}
	}
	return append(out, '"')
}

// number writes a decimal without exponent, leading plus, trailing zeros or minus zero.
func number(out []byte, n json.Number) ([]byte, error) {
	d, _, err := apd.NewFromString(n.String())
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrNumber, n)
	}
	if d.IsZero() {
		return append(out, '0'), nil
	}
	d.Reduce(d)
	if size := d.NumDigits() + int64(d.Exponent); size > maxExponent || d.Exponent < -maxExponent || d.NumDigits() > maxExponent {
		return nil, fmt.Errorf("%w: %.40s", ErrNumber, n)
	}
	return append(out, d.Text('f')...), nil
}
