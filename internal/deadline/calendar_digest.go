package deadline

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"
)

// digestOf hashes the resolved content line by line in a fixed order.
func digestOf(c *Calendar) string {
	h := sha256.New()
	fmt.Fprintf(h, "weekend %v\nthrough %s\n", c.weekend, c.through)
	for _, s := range c.hours {
		fmt.Fprintf(h, "hours %s %s\n", s.from, s.to)
	}
	for _, k := range slices.SortedFunc(maps.Keys(c.fixed), compareMonthDay) {
		fmt.Fprintf(h, "fixed %02d-%02d %q\n", k.month, k.day, c.fixed[k])
	}
	for _, d := range slices.SortedFunc(maps.Keys(c.statutory), Date.Compare) {
		fmt.Fprintf(h, "statutory %s %q\n", d, c.statutory[d])
	}
	hashExceptions(h, c)
	return hex.EncodeToString(h.Sum(nil))
}

func hashExceptions(h hash.Hash, c *Calendar) {
	for _, d := range slices.SortedFunc(maps.Keys(c.exceptions), Date.Compare) {
		r := c.exceptions[d]
		fmt.Fprintf(h, "exception %s %t %t %q\n", d, r.working, r.overridable, r.reason)
	}
}

func compareMonthDay(a, b monthDay) int {
	return (int(a.month)*100 + a.day) - (int(b.month)*100 + b.day)
}
