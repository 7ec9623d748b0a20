package simulation

import (
	"context"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/casework"
)

// Desk is where a path plays: the verbs on one case, its clock, and what only a
// simulation does for people. *casework.Sandbox has it but for the clock.
type Desk interface {
	casework.Verbs
	// Upload hands in a file for a material or a file field of a report.
	Upload(ctx context.Context, owner uuid.UUID, material string) uuid.UUID
	// NextTimer is the earliest instant at which a clock of the case reaches a rung.
	NextTimer(ctx context.Context) (id uuid.UUID, at time.Time, ok bool)
	// Events are what has happened to the case, in order.
	Events() []casework.Told
	Now() time.Time
	Set(time.Time)
}
