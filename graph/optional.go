package graph

import (
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/relay"
	"zhengtong/internal/deadline"
)

// opt makes what a service leaves empty into null.
func opt[T comparable](value T) *T {
	var none T
	if value == none {
		return nil
	}
	return &value
}

// or is what an optional argument says, else what is meant without it.
func or[T any](given *T, otherwise T) T {
	if given == nil {
		return otherwise
	}
	return *given
}

func optDate(d deadline.Date) *string {
	if d.IsZero() {
		return nil
	}
	text := d.String()
	return &text
}

func optTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// dateOf reads an optional Date argument; the scalar has checked it already.
func dateOf(text *string) (deadline.Date, error) {
	if text == nil {
		return deadline.Date{}, nil
	}
	return deadline.ParseDate(*text)
}

// each maps a list; an empty one stays a list, never null.
func each[T, U any](list []T, f func(T) U) []U {
	out := make([]U, len(list))
	for i, one := range list {
		out[i] = f(one)
	}
	return out
}

// listed makes no list into an empty one: GraphQL lists of ours are never null.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// uuids reads ids of one type in one tenant.
func uuids(ids []*relay.ID, t relay.Type, tenant string) ([]uuid.UUID, error) {
	out := make([]uuid.UUID, len(ids))
	for i, id := range ids {
		if err := id.Expect(t); err != nil {
			return nil, err
		}
		if id.Tenant == tenant { // another tenant's is one that is not here
			out[i] = id.UUID()
		}
	}
	return out, nil
}
