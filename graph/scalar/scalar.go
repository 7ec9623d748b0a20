// Package scalar holds the GraphQL scalars that have no ready Go type: civil
// dates and JSON values.
package scalar

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// MarshalDate writes a civil date `YYYY-MM-DD` as a string.
func MarshalDate(date string) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = io.WriteString(w, strconv.Quote(date))
	})
}

// UnmarshalDate reads a civil date and refuses anything that is not a day of the calendar.
func UnmarshalDate(v any) (string, error) {
	text, ok := v.(string)
	if !ok {
		return "", fmt.Errorf("a date is a string YYYY-MM-DD, not %T", v)
	}
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return "", fmt.Errorf("%q is not a date YYYY-MM-DD", text)
	}
	return text, nil
}

// MarshalJSON writes a JSON value as it is; an empty one as null.
func MarshalJSON(value json.RawMessage) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		if len(value) == 0 {
			_, _ = io.WriteString(w, "null")
			return
		}
		_, _ = w.Write(value)
	})
}

// UnmarshalJSON takes any JSON value. Numbers in variables arrive as json.Number
// and keep their text; a fractional literal inside the query is read by its
// shortest decimal text (3-kinds.md §3.1).
func UnmarshalJSON(v any) (json.RawMessage, error) {
	return json.Marshal(v)
}
