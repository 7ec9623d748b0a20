// Package queue carries notes that work is waiting, over Redis (asynq), and
// tells other nodes that something has changed (publish and subscribe).
//
// The queue is never the truth (I1): a task only names a row of the job table
// and one attempt at it. Losing all of Redis loses no work, because a row
// whose lease runs out is dispatched again; and a task delivered twice is
// harmless, because only the handler's own transaction sets the row done.
package queue

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/gofrs/uuid/v5"
	"github.com/hibiken/asynq"

	"zhengtong/internal/problem"
)

// Task says: attempt number Attempt at job JobID of Tenant is due.
type Task struct {
	Tenant  string    `json:"tenant"`
	Type    string    `json:"-"` // `document.render`, …; selects the handler
	JobID   uuid.UUID `json:"job"`
	Attempt int       `json:"attempt"` // from 1
}

// ID returns the asynq task id, `<row>:<attempt>`. asynq refuses an id for
// ever while an archived twin lives, so every attempt has its own.
func (t Task) ID() string { return t.JobID.String() + ":" + strconv.Itoa(t.Attempt) }

var (
	tenantPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)
	namePattern   = regexp.MustCompile(`^[a-z][a-z0-9_.:-]{0,127}$`)
)

var errTask = errors.New("the task does not name a tenant, a type, a job and an attempt")

func (t Task) validate() error {
	if !tenantPattern.MatchString(t.Tenant) || !namePattern.MatchString(t.Type) || t.JobID == uuid.Nil || t.Attempt < 1 {
		return fmt.Errorf("%w: %q of tenant %q, %s", errTask, t.Type, t.Tenant, t.ID())
	}
	return nil
}

func (t Task) encode() ([]byte, error) {
	if err := t.validate(); err != nil {
		return nil, err
	}
	return json.Marshal(t)
}

// decode reads a task that came out of Redis and checks that its id fits its
// content, so that a task put there by hand or by another program is refused.
func decode(raw *asynq.Task, id string) (Task, error) {
	task := Task{Type: raw.Type()}
	if err := json.Unmarshal(raw.Payload(), &task); err != nil {
		return Task{}, fmt.Errorf("%w: %w", errTask, err)
	}
	if err := task.validate(); err != nil {
		return Task{}, err
	}
	if task.ID() != id {
		return Task{}, fmt.Errorf("%w: id %q, content %s", errTask, id, task.ID())
	}
	return task, nil
}

// away is the error while Redis does not answer; whoever enqueued leaves the row for the next dispatch.
func away(doing string, err error) error {
	if err == nil {
		return nil
	}
	return &problem.Error{Code: problem.Unavailable, Reason: "queue", Message: "任务队列暂时不可用，请稍后重试",
		Retryable: true, RetryAfter: 5 * time.Second, Cause: fmt.Errorf("%s: %w", doing, err)}
}
