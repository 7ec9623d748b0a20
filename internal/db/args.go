package db

import (
	"database/sql/driver"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"
)

// arguments turns what stores pass into what both drivers understand the same
// way: UUIDs, JSON, named strings, civil dates and everything that marshals as
// text become strings; instants are UTC and cut to microseconds, and text on
// SQLite; nil pointers are null.
func arguments(d Dialect, args []any) ([]any, error) {
	out := make([]any, len(args))
	for i, arg := range args {
		value, err := argument(d, arg)
		if err != nil {
			return nil, fmt.Errorf("argument $%d: %w", i+1, err)
		}
		out[i] = value
	}
	return out, nil
}

func argument(d Dialect, arg any) (any, error) {
	switch v := arg.(type) {
	case nil, string, int64, bool, int, int32:
		return v, nil
	case time.Time:
		return instantArgument(d, v), nil
	case uuid.UUID:
		return v.String(), nil
	case json.RawMessage:
		if v == nil {
			return nil, nil
		}
		return string(v), nil
	case []byte: // there are no binary columns: objects are kept in the object store, by digest
		if v == nil {
			return nil, nil
		}
		return string(v), nil
	}
	return reflected(d, arg)
}

func reflected(d Dialect, arg any) (any, error) {
	v := reflect.ValueOf(arg)
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return nil, nil
	}
	if valuer, ok := arg.(driver.Valuer); ok {
		value, err := valuer.Value()
		if err != nil {
			return nil, err
		}
		return argument(d, value)
	}
	if text, ok := arg.(encoding.TextMarshaler); ok && v.Kind() != reflect.Pointer {
		value, err := text.MarshalText()
		return string(value), err
	}
	switch v.Kind() {
	case reflect.Pointer:
		return argument(d, v.Elem().Interface())
	case reflect.String:
		return v.String(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int(), nil
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return int64(v.Uint()), nil
	case reflect.Bool:
		return v.Bool(), nil
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return string(v.Bytes()), nil
		}
	}
	return nil, fmt.Errorf("a %T has no place in SQL: pass text, a number, a time or JSON text", arg)
}

func instantArgument(d Dialect, t time.Time) any {
	t = t.UTC().Truncate(time.Microsecond)
	if d == SQLite {
		return t.Format(storedFormat)
	}
	return t
}

// Placeholders returns "$from, …" for n arguments, to be put between the
// parentheses of IN; for none, NULL, which nothing is in.
func Placeholders(from, n int) string {
	if n <= 0 {
		return "NULL"
	}
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(from + i))
	}
	return b.String()
}
