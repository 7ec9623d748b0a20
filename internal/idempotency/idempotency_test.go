package idempotency_test

import (
	"strings"
	"testing"

	"zhengtong/internal/idempotency"
	"zhengtong/internal/problem"
)

func TestTheRecordIsKnownWhereTheKeyIs(t *testing.T) {
	ctx := idempotency.With(t.Context(), idempotency.Key{Key: "k", BodyHash: [32]byte{1}})
	if key, ok := idempotency.From(ctx); !ok || key.Key != "k" || key.BodyHash != [32]byte{1} {
		t.Fatal(key, ok)
	}
	if idempotency.Recorded(ctx) {
		t.Fatal("no record was written yet")
	}
	idempotency.Record(ctx)
	if !idempotency.Recorded(ctx) {
		t.Fatal("the record is not known")
	}
}

func TestWithoutAKeyNothingIsCarried(t *testing.T) {
	idempotency.Record(t.Context())
	if _, ok := idempotency.From(t.Context()); ok || idempotency.Recorded(t.Context()) {
		t.Error("a key out of nothing")
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
