package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Bounds of how far the heap grows between two collections of garbage, in percent of
// what lives. Between them it grows by so many bytes: a node with few tenants lives in some tens
// of megabytes and seldom collects; one that keeps the configuration of thousands does
// not hold a multiple of it.
const (
	mostGrowth  = 400
	leastGrowth = 100
	growth      = 160 << 20
)

// growthOf is the percentage for a live heap in bytes.
func growthOf(live uint64) int {
	return int(min(mostGrowth, max(leastGrowth, growth*100/max(live, 1))))
}

// tuneCollector sets the percentage now and after every collection; last is what it is.
func tuneCollector(last int) {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	now := growthOf(sample[0].Value.Uint64())
	if now != last {
		debug.SetGCPercent(now)
	}
	runtime.AddCleanup(new([16]byte), tuneCollector, now)
}
