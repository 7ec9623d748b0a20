package idempotency_test

import (
	"strings"
	"testing"

	"zhengtong/internal/idempotency"
	"zhengtong/internal/problem"
)

func TestTheResultIsSeenWhereTheKeyIs(t *testing.T) {
	ctx := idempotency.With(t.Context(), idempotency.Key{Key: "k", BodyHash: [32]byte{1}})
	if key, ok := idempotency.From(ctx); !ok || key.Key != "k" || key.BodyHash != [32]byte{1} {
		t.Fatal(key, ok)
	}
	if _, _, ok := idempotency.Result(ctx); ok {
		t.Fatal("no result was named yet")
	}
	idempotency.SetResult(ctx, "case", "0190")
	if kind, id, ok := idempotency.Result(ctx); !ok || kind != "case" || id != "0190" {
		t.Fatal(kind, id, ok)
	}
}

func TestWithoutAKeyNothingIsCarried(t *testing.T) {
	idempotency.SetResult(t.Context(), "case", "0190")
	if _, ok := idempotency.From(t.Context()); ok {
		t.Error("a key out of nothing")
	}
	if _, _, ok := idempotency.Result(t.Context()); ok {
		t.Error("a result out of nothing")
	}
}

func TestKeysArePrintableAndShort(t *testing.T) {
	for _, key := range []string{"", "a b", "键", "a\n", strings.Repeat("k", 256)} {
		if err := idempotency.Check(key); problem.CodeOf(err) != problem.BadRequest {
			t.Errorf("%q: %v", key, err)
		}
	}
	if err := idempotency.Check("0190-submit"); err != nil {
		t.Error(err)
	}
}
