package telemetry

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Time bounds of the health checks: a dependency that does not answer within
// CheckTimeout counts as away, and an answer is shared for CheckAge, so that
// a storm of probes costs one check.
const (
	CheckTimeout = 2 * time.Second
	CheckAge     = time.Second
)

// Health knows the dependencies of a process by name.
type Health struct {
	timeout, age time.Duration
	now          func() time.Time

	mu     sync.Mutex
	checks []*check
}

type check struct {
	name string
	run  func(context.Context) error

	mu     sync.Mutex // held while the dependency is asked, so that twins wait for one answer
	at     time.Time
	result error
}

// NewHealth returns a registry without checks; such a process is ready.
func NewHealth() *Health {
	// Ages of answers are machine time: under a virtual clock probes must still refresh.
	return &Health{timeout: CheckTimeout, age: CheckAge, now: time.Now}
}

// Register adds a dependency; run returns nil when it answers. The error text
// is shown to whoever may reach /readyz, so it must not hold secrets. A
// second registration of a name replaces the first.
func (h *Health) Register(name string, run func(context.Context) error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.checks = slices.DeleteFunc(h.checks, func(c *check) bool { return c.name == name })
	h.checks = append(h.checks, &check{name: name, run: run})
}

// Report asks every dependency, all at once, and returns the failures by
// name; a name with nil answered.
func (h *Health) Report(ctx context.Context) map[string]error {
	h.mu.Lock()
	checks := slices.Clone(h.checks)
	h.mu.Unlock()
	results := make([]error, len(checks))
	var wait sync.WaitGroup
	for i, c := range checks {
		wait.Go(func() { results[i] = h.ask(ctx, c) })
	}
	wait.Wait()
	report := make(map[string]error, len(checks))
	for i, c := range checks {
		report[c.name] = results[i]
	}
	return report
}

func (h *Health) ask(ctx context.Context, c *check) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.at.IsZero() && h.now().Sub(c.at) < h.age {
		return c.result
	}
	// The answer is shared, so it must not depend on the patience of the one who asks.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), h.timeout)
	defer cancel()
	answer := make(chan error, 1)
	go func() { answer <- guard(ctx, c.run) }()
	select {
	case c.result = <-answer:
	case <-ctx.Done():
		c.result = fmt.Errorf("no answer within %s", h.timeout)
	}
	c.at = h.now()
	return c.result
}

// guard turns a panicking check into a failing one: a probe must not end the process.
func guard(ctx context.Context, run func(context.Context) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("check failed: %v", r)
		}
	}()
	return run(ctx)
}

// Live answers /healthz: 200 while the process runs, whatever its dependencies do.
func (h *Health) Live() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeReport(w, http.StatusOK, map[string]string{"process": "ok"})
	})
}

// Ready answers /readyz: `{"status": …, "checks": {name: "ok" or why not}}`, 503 when one dependency is away.
func (h *Health) Ready() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, shown := http.StatusOK, map[string]string{}
		for name, err := range h.Report(r.Context()) {
			shown[name] = "ok"
			if err != nil {
				status, shown[name] = http.StatusServiceUnavailable, err.Error()
			}
		}
		writeReport(w, status, shown)
	})
}

func writeReport(w http.ResponseWriter, status int, checks map[string]string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	word := "ok"
	if status != http.StatusOK {
		word = "unavailable"
	}
	// A failed write means that the prober has gone; there is nobody left to tell.
	_ = json.NewEncoder(w).Encode(map[string]any{"status": word, "checks": checks})
}
