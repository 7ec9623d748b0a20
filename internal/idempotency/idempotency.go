// Package idempotency carries a request's Idempotency-Key from the edge to the
// service that writes its record.
//
// The edge reads the key, hashes the body and calls With. A service calls From
// inside its own transaction and writes the record (key, principal, body hash,
// object) with the work, telling so by Record. The key is the record's primary
// key: a repeat of the work is undone by it, and the edge answers from the record
// that stands, or refuses with IDEMPOTENCY_MISMATCH when its hash differs.
package idempotency

import (
	"context"
	"sync/atomic"

	"zhengtong/internal/problem"
)

// MaxLength bounds the text of a key, in bytes.
const MaxLength = 255

// Key is what makes a repeat recognisable: the client's key and the SHA-256 of
// the canonical body (operation, variables).
type Key struct {
	Key      string
	BodyHash [32]byte
}

// Check refuses a key that is empty, too long or not printable ASCII: BAD_REQUEST, reason "bad_idempotency_key".
func Check(key string) error {
	ok := key != "" && len(key) <= MaxLength
	for i := range len(key) {
		ok = ok && key[i] > ' ' && key[i] < 0x7f
	}
	if !ok {
		return problem.New(problem.BadRequest, "bad_idempotency_key", "Idempotency-Key 应为 1 至 %d 个可见 ASCII 字符", MaxLength)
	}
	return nil
}

// Mismatch is the refusal of a key that was used with another body.
func Mismatch() error {
	return problem.New(problem.IdempotencyMismatch, "other_body", "该 Idempotency-Key 已用于另一请求")
}

type keyKey struct{}

// carried is a key that knows whether its record has been written.
type carried struct {
	key      Key
	recorded atomic.Bool
}

// With returns a context that carries the key, without a record yet.
func With(ctx context.Context, key Key) context.Context {
	return context.WithValue(ctx, keyKey{}, &carried{key: key})
}

// From returns the key of the request; ok is false when the client sent none.
func From(ctx context.Context) (key Key, ok bool) {
	c, ok := ctx.Value(keyKey{}).(*carried)
	if !ok {
		return Key{}, false
	}
	return c.key, true
}

// Record notes that the record of the key is part of what is about to be
// committed. Without a key in the context it does nothing.
func Record(ctx context.Context) {
	if c, ok := ctx.Value(keyKey{}).(*carried); ok {
		c.recorded.Store(true)
	}
}

// Recorded reports whether work that succeeded wrote the record of its key, and so
// met no earlier one: the key is the record's primary key.
func Recorded(ctx context.Context) bool {
	c, ok := ctx.Value(keyKey{}).(*carried)
	return ok && c.recorded.Load()
}
