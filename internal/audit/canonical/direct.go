package canonical

import (
	"encoding/json"
	"slices"
	"strconv"
	"unicode/utf8"
)

// direct writes the values that programs mostly hold without the detour over
// encoding/json; ok is false for anything else, which Marshal then takes the
// long way. Both ways give the same bytes.
func direct(out []byte, v any, depth int) (_ []byte, ok bool) {
	if depth > maxDepth {
		return nil, false
	}
	switch t := v.(type) {
	case nil:
		return append(out, "null"...), true
	case bool:
		return strconv.AppendBool(out, t), true
	case int:
		return strconv.AppendInt(out, int64(t), 10), true
	case int64:
		return strconv.AppendInt(out, t, 10), true
	case string:
		if !utf8.ValidString(t) {
			return nil, false
		}
		return text(out, t), true
	case json.RawMessage:
		formatted, err := Format(t)
		return append(out, formatted...), err == nil
	case []any:
		return directList(out, t, depth)
	case map[string]any:
		return directObject(out, t, depth)
	}
	return nil, false
}

func directList(out []byte, list []any, depth int) (_ []byte, ok bool) {
	out = append(out, '[')
	for i, element := range list {
		if i > 0 {
			out = append(out, ',')
		}
		if out, ok = direct(out, element, depth+1); !ok {
			return nil, false
		}
	}
	return append(out, ']'), true
}

// directObject sorts keys as bytes, which is the order of RFC 8785 for ASCII
// keys; an object with another key takes the long way.
func directObject(out []byte, object map[string]any, depth int) (_ []byte, ok bool) {
	keys := make([]string, 0, len(object))
	for key := range object {
		if slices.ContainsFunc([]byte(key), func(c byte) bool { return c >= utf8.RuneSelf }) {
			return nil, false
		}
		keys = append(keys, key)
	}
	slices.Sort(keys)
	out = append(out, '{')
	for i, key := range keys {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(text(out, key), ':')
		if out, ok = direct(out, object[key], depth+1); !ok {
			return nil, false
		}
	}
	return append(out, '}'), true
}
