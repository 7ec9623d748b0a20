package relay

import (
	"context"
	"encoding/base64"
	"encoding/json"

	"zhengtong/internal/problem"
)

// Page sizes of every connection (the API contract).
const (
	DefaultFirst = 20
	MaxFirst     = 100
	// MaxCount bounds totalCount: counting stops there (I9).
	MaxCount = 10_000
)

// Counter counts the rows of a connection when totalCount is asked for; it may stop at MaxCount.
type Counter func(context.Context) (int, error)

// Total answers totalCount: null without a counter, never more than MaxCount.
func (count Counter) Total(ctx context.Context) (*int, error) {
	if count == nil {
		return nil, nil
	}
	n, err := count(ctx)
	if err != nil {
		return nil, err
	}
	n = min(n, MaxCount)
	return &n, nil
}

// Cursor is a place in a keyset-ordered list: the list's name with its order
// ("cases.received_desc") and the values of its ordering columns at the last row,
// the unique id last. It is not secret; a changed one only starts elsewhere in
// rows that the reader may see anyway.
type Cursor struct {
	List string
	Keys []string
}

// String is the opaque text.
func (c Cursor) String() string {
	raw, err := json.Marshal(append([]string{c.List}, c.Keys...))
	if err != nil { // strings always marshal
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// maxCursorLength bounds the text of a cursor.
const maxCursorLength = 1024

// ParseCursor reads a cursor of the named list with the given number of keys;
// another list's, or a broken one, is BAD_REQUEST, reason "bad_cursor".
func ParseCursor(text, list string, keys int) (Cursor, error) {
	if len(text) > maxCursorLength {
		return Cursor{}, badCursor()
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return Cursor{}, badCursor()
	}
	var parts []string
	if json.Unmarshal(raw, &parts) != nil || len(parts) != keys+1 || parts[0] != list {
		return Cursor{}, badCursor()
	}
	return Cursor{List: list, Keys: parts[1:]}, nil
}

func badCursor() error {
	return problem.New(problem.BadRequest, "bad_cursor", "游标无效，或属于另一个列表")
}

// Page is a checked request for one page: how many rows, and the ordering keys
// after which they start (nil for the first page). Ask the store for First+1 rows
// to learn whether another page follows.
type Page struct {
	List  string
	First int
	After []string
}

// PageOf checks the arguments first and after of a connection of the named list
// whose cursors have the given number of keys; BAD_REQUEST, reason "bad_first" or "bad_cursor".
func PageOf(first *int, after *string, list string, keys int) (Page, error) {
	page := Page{List: list, First: DefaultFirst}
	if first != nil {
		if *first < 1 || *first > MaxFirst {
			return Page{}, problem.New(problem.BadRequest, "bad_first", "first 应为 1 至 %d", MaxFirst)
		}
		page.First = *first
	}
	if after != nil && *after != "" {
		c, err := ParseCursor(*after, list, keys)
		if err != nil {
			return Page{}, err
		}
		page.After = c.Keys
	}
	return page, nil
}

// Cut takes what the store found for a page (at most First+1 rows) and answers the
// page's rows and whether another page follows.
func Cut[T any](page Page, rows []T) (cut []T, more bool) {
	if len(rows) > page.First {
		return rows[:page.First], true
	}
	return rows, false
}

// Link makes a short-lived address of an object's bytes when one is asked for; "" while there are none.
type Link func(context.Context) (string, error)
