package workers

import (
	"context"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
)

// JobTimer is the job of a timer that has come due.
const JobTimer = "case.timer"

type timerPayload struct {
	Timer uuid.UUID `json:"timer"`
}

// Timers fires the rungs of clocks; casework.Service does.
type Timers interface {
	Fire(ctx context.Context, timer uuid.UUID, with func(*db.Batch)) error
}

// TimerHandler fires the timer of a job.
func TimerHandler(timers Timers) Handler {
	return func(ctx context.Context, job Job) error {
		var in timerPayload
		if err := job.Decode(&in); err != nil {
			return err
		}
		return timers.Fire(ctx, in.Timer, job.Done)
	}
}
