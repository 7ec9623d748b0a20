// Package idempotency carries a request's Idempotency-Key from the edge to the
// service that writes its record.
//
// The edge reads the key, hashes the body and calls With. A service calls From
// inside its own transaction: it looks the key up for the principal, answers
// the recorded result again when the hash is the same, refuses with
// IDEMPOTENCY_MISMATCH when it differs, and otherwise does the work and writes
// the record (key, principal, body hash, result) in that same transaction. The
// result is named by SetResult, so that a store deep in the transaction knows
// what to record.
package idempotency

import (
	"context"
	"sync"

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

// carried is a key with the place for its result.
type carried struct {
	key Key

	mu       sync.Mutex
	kind, id string
}

// With returns a context that carries the key, without a result yet.
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

// SetResult names the object that the request made or changed, such as ("case", "0190…").
// Without a key in the context it does nothing.
func SetResult(ctx context.Context, kind, id string) {
	if c, ok := ctx.Value(keyKey{}).(*carried); ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.kind, c.id = kind, id
	}
}

// Result returns what SetResult named; ok is false when nothing was named or there is no key.
func Result(ctx context.Context) (kind, id string, ok bool) {
	c, found := ctx.Value(keyKey{}).(*carried)
	if !found {
		return "", "", false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kind, c.id, c.kind != ""
}
