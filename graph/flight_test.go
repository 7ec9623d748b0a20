package graph

import (
	"testing"
	"testing/synctest"
	"time"

	"zhengtong/internal/problem"
)

// A twin waits until the first has landed, but no longer than five seconds (the API contract, Transport).
func TestATwinWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f flights
		name := flight{tenant: "431321", key: "k"}
		land, err := f.take(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.take(t.Context(), flight{tenant: "431322", key: "k"}); err != nil {
			t.Error("the same key elsewhere waits:", err)
		}
		start := time.Now()
		_, err = f.take(t.Context(), name)
		if problem.ReasonOf(err) != "twin_in_flight" || time.Since(start) != patience {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		time.AfterFunc(time.Second, land)
		start = time.Now()
		again, err := f.take(t.Context(), name)
		if err != nil || time.Since(start) != time.Second {
			t.Fatalf("%v after %v", err, time.Since(start))
		}
		again()
		if len(f.flying) != 1 {
			t.Errorf("%d still fly", len(f.flying))
		}
	})
}
