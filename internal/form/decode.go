package form

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"zhengtong/internal/expr"
	"zhengtong/internal/problem"
)

// Limits of a submitted form's text.
const (
	maxBytes  = 1 << 20
	maxDepth  = 20
	maxValues = 20_000
)

// reader reads JSON into plain values, numbers kept as text.
type reader struct {
	dec    *json.Decoder
	values int
}

var (
	errTooDeep  = fmt.Errorf("嵌套超过 %d 层", maxDepth)
	errTooMany  = fmt.Errorf("值超过 %d 个", maxValues)
	errEncoding = errors.New("不是有效的 UTF-8 或含有半个代理对")
)

// readJSON reads one JSON value: maps without repeated keys, numbers as json.Number,
// texts without NUL (which PostgreSQL cannot store).
func readJSON(text []byte) (any, error) {
	if len(text) > maxBytes {
		return nil, fmt.Errorf("超过 %d 字节", maxBytes)
	}
	if !utf8.Valid(text) || halfSurrogate(text) {
		return nil, errEncoding
	}
	r := &reader{dec: json.NewDecoder(bytes.NewReader(text))}
	r.dec.UseNumber()
	v, err := r.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("JSON 之后有多余内容")
	}
	return v, nil
}

func (r *reader) value(depth int) (any, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	if r.values++; r.values > maxValues {
		return nil, errTooMany
	}
	token, err := r.dec.Token()
	if err != nil {
		return nil, fmt.Errorf("JSON 有误：%w", err)
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return r.object(depth)
		}
		return r.array(depth)
	case string:
		return token, checkText(token)
	default:
		return token, nil
	}
}

// halfSurrogate finds an escape such as \ud83d without its other half. The standard
// decoder would put U+FFFD in its place, and so change what the applicant wrote.
func halfSurrogate(text []byte) bool {
	for i := 0; i < len(text)-1; i++ {
		if text[i] != '\\' {
			continue
		}
		r := escapedRune(text[i:])
		switch {
		case !utf16.IsSurrogate(r):
			i++ // also skips an escaped backslash
		case utf16.DecodeRune(r, escapedRune(text[min(i+6, len(text)):])) == utf8.RuneError:
			return true
		default:
			i += 11
		}
	}
	return false
}

// escapedRune reads \uXXXX at the start of text; -1 for anything else.
func escapedRune(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}

func checkText(s string) error {
	if strings.ContainsRune(s, 0) {
		return errors.New("文本含有 NUL 字符")
	}
	return nil
}

func (r *reader) object(depth int) (any, error) {
	out := map[string]any{}
	for r.dec.More() {
		token, err := r.dec.Token()
		if err != nil {
			return nil, fmt.Errorf("JSON 有误：%w", err)
		}
		key, ok := token.(string)
		if !ok || checkText(key) != nil {
			return nil, errors.New("JSON 有误：键不是文本")
		}
		if _, twice := out[key]; twice {
			return nil, fmt.Errorf("键 %.60q 重复", key)
		}
		if out[key], err = r.value(depth + 1); err != nil {
			return nil, err
		}
	}
	_, err := r.dec.Token()
	return out, err
}

func (r *reader) array(depth int) (any, error) {
	out := []any{}
	for r.dec.More() {
		v, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	_, err := r.dec.Token()
	return out, err
}

// Decode reads submitted data: `integer` fields become int64, `number` fields
// expr.Decimal, from their text. Values of another type than the schema's are kept,
// for Validate to name. The error is a problem.Error with reason "form_malformed".
func (f *Form) Decode(text []byte) (Data, error) { return DecodeAs(f.typ, text) }

// DecodeAs is Decode for any object type; it does not validate.
func DecodeAs(t *expr.Type, text []byte) (Data, error) {
	raw, err := readJSON(text)
	if err != nil {
		return nil, malformed(err)
	}
	if _, ok := raw.(map[string]any); !ok {
		return nil, malformed(errors.New("表单数据须为 JSON 对象"))
	}
	v, err := typed(t, raw)
	if err != nil {
		return nil, malformed(err)
	}
	data, _ := v.(map[string]any)
	return data, nil
}

func malformed(err error) error {
	return problem.New(problem.BadRequest, "form_malformed", "表单数据无法读取：%v", err)
}

// typed turns numbers into the type the schema gives them.
func typed(t *expr.Type, v any) (any, error) {
	switch v := v.(type) {
	case json.Number:
		return typedNumber(t, v)
	case map[string]any:
		for key, item := range v {
			out, err := typed(below(t, key), item)
			if err != nil {
				return nil, fmt.Errorf("%.60s：%w", key, err)
			}
			v[key] = out
		}
		return v, nil
	case []any:
		for i, item := range v {
			out, err := typed(element(t), item)
			if err != nil {
				return nil, err
			}
			v[i] = out
		}
		return v, nil
	default:
		return v, nil
	}
}

func typedNumber(t *expr.Type, n json.Number) (any, error) {
	d, err := expr.ParseDecimal(n.String())
	if err != nil {
		return nil, errors.New("数值位数过多")
	}
	if t != nil && t.Kind == expr.KindDecimal {
		return d, nil
	}
	if whole, ok := d.Int64(); ok {
		return whole, nil
	}
	return d, nil
}

// below is the type of a key of t; nil when the schema does not know it.
func below(t *expr.Type, key string) *expr.Type {
	switch {
	case t == nil:
		return nil
	case t.Kind == expr.KindObject:
		return t.Fields[key].Type
	case t.Kind == expr.KindMap:
		return t.Elem
	default:
		return nil
	}
}

func element(t *expr.Type) *expr.Type {
	if t == nil || t.Kind != expr.KindList {
		return nil
	}
	return t.Elem
}
