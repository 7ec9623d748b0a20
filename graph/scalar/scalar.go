// Package scalar holds the GraphQL scalars that have no ready Go type or whose
// refusals must carry a code: instants, civil dates and JSON values.
package scalar

import (
	"encoding/json"
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"zhengtong/internal/problem"
)

// MarshalTime writes an instant in RFC 3339, UTC.
func MarshalTime(t time.Time) graphql.Marshaler {
	return text(t.UTC().Format(time.RFC3339Nano))
}

// UnmarshalTime reads an instant in RFC 3339; anything else is BAD_REQUEST, reason "bad_time".
func UnmarshalTime(v any) (time.Time, error) {
	s, _ := v.(string)
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, problem.New(problem.BadRequest, "bad_time", "时间应为 RFC 3339 格式，例如 2026-02-10T01:30:00Z")
	}
	return t.UTC(), nil
}

// MarshalDate writes a civil date `YYYY-MM-DD` as a string.
func MarshalDate(date string) graphql.Marshaler { return text(date) }

// UnmarshalDate reads a civil date; what is not a day of the calendar is BAD_REQUEST, reason "bad_date".
func UnmarshalDate(v any) (string, error) {
	s, _ := v.(string)
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", problem.New(problem.BadRequest, "bad_date", "日期应为 YYYY-MM-DD 格式")
	}
	return s, nil
}

// MarshalJSON writes a JSON value as it is; an empty one as null.
func MarshalJSON(value json.RawMessage) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		if len(value) == 0 {
			value = json.RawMessage("null")
		}
		_, _ = w.Write(value)
	})
}

// UnmarshalJSON takes any JSON value. Numbers in variables arrive as json.Number
// and keep their text; a fractional literal inside the query is read by its
// shortest decimal text (docs/kinds.md).
func UnmarshalJSON(v any) (json.RawMessage, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, problem.New(problem.BadRequest, "bad_json", "JSON 值无效")
	}
	return raw, nil
}

func text(s string) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(s)) })
}
