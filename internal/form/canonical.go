package form

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"unicode/utf16"

	"zhengtong/internal/deadline"
	"zhengtong/internal/expr"
)

// Canonical writes v as the one JSON text that equal data have: RFC 8785, keys sorted
// by UTF-16 units, no spaces, least escapes; numbers are whole numbers or decimals in
// their shortest plain text. It errs on a value that form data never hold (a float).
func Canonical(v any) ([]byte, error) { return appendValue(nil, v) }

// Digest is the SHA-256 of the canonical text, in hexadecimal.
func Digest(v any) (string, error) {
	text, err := Canonical(v)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

func appendValue(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case string:
		return appendText(b, v), nil
	case int64:
		return strconv.AppendInt(b, v, 10), nil
	case int:
		return strconv.AppendInt(b, int64(v), 10), nil
	case expr.Decimal:
		return append(b, v.String()...), nil
	case json.Number:
		d, err := expr.ParseDecimal(v.String())
		return append(b, d.String()...), err
	case deadline.Date:
		return appendText(b, v.String()), nil
	case []any:
		return appendList(b, v)
	case []string:
		return appendList(b, v)
	case map[string]any:
		return appendMap(b, v)
	default:
		return nil, fmt.Errorf("form: no canonical text for a %T", v)
	}
}

func appendList[T any](b []byte, items []T) ([]byte, error) {
	b = append(b, '[')
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = appendValue(b, item); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

func appendMap(b []byte, m map[string]any) ([]byte, error) {
	b = append(b, '{')
	for i, key := range slices.SortedFunc(maps.Keys(m), compareUTF16) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendText(b, key), ':')
		var err error
		if b, err = appendValue(b, m[key]); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

// compareUTF16 orders as JavaScript does: characters beyond the basic plane sort
// before U+E000, unlike in UTF-8.
func compareUTF16(a, b string) int {
	if isASCII(a) && isASCII(b) {
		return cmp.Compare(a, b)
	}
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

var escapes = map[byte]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\t': `\t`, '\n': `\n`, '\f': `\f`, '\r': `\r`}

func appendText(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		c := s[i]
		if e, ok := escapes[c]; ok {
			b = append(b, e...)
		} else if c < 0x20 {
			b = fmt.Appendf(b, `\u%04x`, c)
		} else {
			b = append(b, c)
		}
	}
	return append(b, '"')
}
