package casework

import (
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"
)

// Strategies of docs/kinds.md: who of those fit to act gets the task.
func TestChoose(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 3, n, 9, 0, 0, 0, time.UTC) }
	person := func(n byte, number string, load int, last time.Time) holder {
		return holder{Staff: uuid.UUID{15: n}, StaffNo: number, Load: load, LastAssigned: last}
	}
	three := []holder{person(1, "003", 2, day(1)), person(2, "001", 2, day(3)), person(3, "002", 5, time.Time{})}
	for name, c := range map[string]struct {
		strategy string
		holders  []holder
		same     uuid.UUID
		want     byte // 0 = stays offered
	}{
		"fewest tasks, then the lowest staff number": {"least_loaded", three, uuid.Nil, 2},
		"one alone has fewer":                        {"least_loaded", append(three[1:2:2], person(4, "009", 1, day(1))), uuid.Nil, 4},
		"never assigned comes first in the round":    {"round_robin", three, uuid.Nil, 3},
		"then whoever waited longest":                {"round_robin", three[:2], uuid.Nil, 1},
		"fixed is the lowest staff number":           {"fixed", three, uuid.Nil, 2},
		"the same as before":                         {"same_as(review)", three, uuid.UUID{15: 1}, 1},
		"the same is no longer fit":                  {"same_as(review)", three[1:], uuid.UUID{15: 1}, 0},
		"nobody did it before":                       {"same_as(review)", three, uuid.Nil, 0},
		"nobody is fit":                              {"least_loaded", nil, uuid.Nil, 0},
		"a strategy nobody knows":                    {"by_weather", three, uuid.Nil, 0},
	} {
		if got := choose(c.holders, c.strategy, c.same); got != (uuid.UUID{15: c.want}) {
			t.Errorf("%s: %s, want %d", name, got, c.want)
		}
	}
}
