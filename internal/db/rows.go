package db

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// ErrNoRows is returned by Row.Scan when the query found nothing.
var ErrNoRows = sql.ErrNoRows

// cursor is what both drivers offer of a result.
type cursor interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
	Columns() ([]string, error)
}

// Rows is the result of a query. Scan takes the same destinations on both
// databases: Go's basic types and named forms of them, time.Time (UTC),
// uuid.UUID, json.RawMessage or string for JSON, pointers to these for columns
// that may be null, and sql.Scanner.
type Rows struct{ cursor cursor }

// Next moves to the next row and reports whether there is one.
func (r *Rows) Next() bool { return r.cursor.Next() }

// Scan copies the columns of the row.
func (r *Rows) Scan(dest ...any) error { return translate(r.cursor.Scan(destinations(dest)...)) }

// Err returns what ended Next early.
func (r *Rows) Err() error { return translate(r.cursor.Err()) }

// Close frees the connection. It may be called twice.
func (r *Rows) Close() error { return translate(r.cursor.Close()) }

// Row is the first row of a query.
type Row struct {
	rows *Rows
	err  error
}

// Scan copies the columns and frees the connection; ErrNoRows says there was no row.
func (r *Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return ErrNoRows
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	return r.rows.Close()
}

// destinations replaces those that a driver would refuse or read differently.
func destinations(dest []any) []any {
	out := make([]any, len(dest))
	for i, d := range dest {
		switch d := d.(type) {
		case *time.Time:
			out[i] = (*instant)(d)
		case **time.Time:
			out[i] = &maybeInstant{to: d}
		case *sql.NullTime:
			out[i] = &nullInstant{to: d}
		case *json.RawMessage:
			out[i] = (*[]byte)(d)
		default:
			out[i] = d
		}
	}
	return out
}

// storedFormat is how SQLite keeps an instant: sorted as text it is sorted in time.
const storedFormat = "2006-01-02T15:04:05.000000Z"

// instant reads a time that a driver gives as such or, for a computed column of SQLite, as text.
type instant time.Time

func (t *instant) Scan(src any) error {
	switch v := src.(type) {
	case time.Time:
		*t = instant(v.UTC())
		return nil
	case string:
		at, err := time.Parse(storedFormat, v)
		*t = instant(at)
		return err
	case []byte:
		return t.Scan(string(v))
	case nil:
		return errors.New("the instant is null: scan it into a *time.Time pointer")
	}
	return fmt.Errorf("cannot read an instant from %T", src)
}

type maybeInstant struct{ to **time.Time }

func (m *maybeInstant) Scan(src any) error {
	if src == nil {
		*m.to = nil
		return nil
	}
	var t instant
	if err := t.Scan(src); err != nil {
		return err
	}
	at := time.Time(t)
	*m.to = &at
	return nil
}

type nullInstant struct{ to *sql.NullTime }

func (n *nullInstant) Scan(src any) error {
	*n.to = sql.NullTime{}
	if src == nil {
		return nil
	}
	n.to.Valid = true
	return (*instant)(&n.to.Time).Scan(src)
}
