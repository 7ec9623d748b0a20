package workers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
)

// The states that a failed attempt leaves its job in (docs/architecture.md).
const (
	stateDispatched = "dispatched"
	stateDead       = "dead"
)

// Job is one attempt at a row of the job table.
type Job struct {
	ID      uuid.UUID
	Tenant  string
	Type    string
	Key     string    // the same at every attempt: for the far side of an effect
	Case    uuid.UUID // Nil for work that is not about a case
	Payload json.RawMessage
	Attempt int  // from 1
	Last    bool // no further attempt follows a failure of this one
	created time.Time
	now     time.Time
}

// Handler does the work of one type of job: decode, one call, pass Done on. Its
// context acts as the job's tenant and as the system. An error means that
// another attempt follows, unless the job says Last.
type Handler func(ctx context.Context, job Job) error

// Done adds to a batch the statement that sets the job done. It goes into the
// transaction of the effect; that transaction fails with Conflict "lost_claim"
// when another attempt has taken over, so that an effect happens once.
func (j Job) Done(b *db.Batch) {
	b.RequireOr("lost_claim", `UPDATE job SET state = 'done', done_at = $4, lease_until = NULL, reason = ''
		WHERE tenant_id = $1 AND id = $2 AND created_at = $3 AND state = 'dispatched' AND attempt = $5`,
		j.Tenant, j.ID, j.created, j.now, j.Attempt)
}

// Decode reads the job's payload.
func (j Job) Decode(into any) error {
	if err := json.Unmarshal(j.Payload, into); err != nil {
		return fmt.Errorf("payload of job %s (%s): %w", j.ID, j.Type, err)
	}
	return nil
}

// NotYet is returned by a handler whose work waits for other work: the job is
// tried again like a failed one, but it is no failure in the metrics.
type NotYet struct{ Reason string }

func (e *NotYet) Error() string { return "not yet: " + e.Reason }

func isNotYet(err error) bool {
	var later interface{ NotYet() bool }
	if errors.As(err, &later) && later.NotYet() {
		return true
	}
	var own *NotYet
	return errors.As(err, &own)
}

// Backoff is how long after a failed attempt the next one follows: 100 ms,
// doubled each time, at most ten minutes. With 25 attempts a lost dependency
// may be away for two hours.
func Backoff(attempt int) time.Duration {
	const first, longest = 100 * time.Millisecond, 10 * time.Minute
	if attempt < 1 {
		attempt = 1
	}
	if attempt > 13 {
		return longest
	}
	return first << (attempt - 1)
}
