package main

import (
	"runtime"
	"runtime/metrics"
	"testing"
	"time"
)

// The heap of a small node may grow fivefold, that of a large one twofold, and in between by the same number of bytes.
func TestGrowthOfHeap(t *testing.T) {
	for live, want := range map[uint64]int{0: 400, 20 << 20: 400, 40 << 20: 400, 80 << 20: 200, 120 << 20: 133, 320 << 20: 100, 8 << 30: 100} {
		if got := growthOf(live); got != want {
			t.Errorf("%d MB live: %d %%, want %d", live>>20, got, want)
		}
	}
}

// The percentage follows what lives, collection after collection.
func TestCollectorIsTuned(t *testing.T) {
	tuneCollector(0)
	reaches := func(want func(percent int) bool) {
		t.Helper()
		for until := time.Now().Add(20 * time.Second); ; {
			runtime.GC()
			set := []metrics.Sample{{Name: "/gc/gogc:percent"}}
			metrics.Read(set)
			percent := int(set[0].Value.Uint64())
			if want(percent) {
				return
			}
			if time.Now().After(until) {
				t.Fatalf("the heap may grow by %d %%", percent)
			}
		}
	}
	kept := make([]byte, 200<<20)
	kept[len(kept)-1] = 1
	reaches(func(percent int) bool { return percent == leastGrowth })
	runtime.KeepAlive(kept)
	kept = nil
	reaches(func(percent int) bool { return percent > leastGrowth })
}
