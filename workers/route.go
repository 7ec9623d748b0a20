package workers

import (
	"context"
	"encoding/json"
	"time"

	"github.com/gofrs/uuid/v5"
)

// Event is a row of the outbox as its consumers get it: the payload of their jobs.
type Event struct {
	ID      uuid.UUID       `json:"id"`
	Topic   string          `json:"topic"`
	Case    uuid.UUID       `json:"case"`
	Seq     int64           `json:"seq"`     // of the case's chain
	Version int             `json:"version"` // of the case after the change
	Fields  json.RawMessage `json:"fields"`
	At      time.Time       `json:"at"`
}

// Route names a consumer of events: each event it wants becomes a job.
type Route struct {
	Job string // type of the job, whose payload is the Event
	// Wants decides by topic, acting as the event's tenant; nil wants all. When in
	// doubt it says yes: the handler may find that there is nothing to do.
	Wants func(ctx context.Context, topic string) bool
	// PerCase joins the events of one case that are relayed together into one job
	// with the last of them, for consumers that look at the present state anyway.
	PerCase bool
}

// planned is a job that a group of events asks for.
type planned struct {
	route Route
	event Event
}

// plan applies the routes to the events of one tenant, in their order.
func plan(ctx context.Context, routes []Route, events []Event) []planned {
	var jobs []planned
	for _, route := range routes {
		last := map[uuid.UUID]int{}
		for _, event := range events {
			if route.Wants != nil && !route.Wants(ctx, event.Topic) {
				continue
			}
			if at, joined := last[event.Case]; joined && route.PerCase {
				if event.Seq > jobs[at].event.Seq {
					jobs[at].event = event
				}
				continue
			}
			last[event.Case] = len(jobs)
			jobs = append(jobs, planned{route: route, event: event})
		}
	}
	return jobs
}
