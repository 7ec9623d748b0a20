package workers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"zhengtong/internal/authz"
	"zhengtong/internal/clock"
	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/queue"
	"zhengtong/internal/telemetry"
	"zhengtong/internal/tenancy"
)

// The usual times of machine work. A process that dies is noticed after Lease;
// TaskTime is what queue.Connect is given, and must be shorter.
const (
	Lease    = 30 * time.Second
	TaskTime = 25 * time.Second
	Poll     = 250 * time.Millisecond
	Attempts = 25
)

// Config names what the workers of a process need. Zero times and counts take
// the package's constants; Bus, Metrics and Log may be nil.
type Config struct {
	DB       *db.DB
	Tree     *tenancy.Tree
	Clock    clock.Clock // business time; one with Refresh is refreshed before each pass
	Queue    *queue.Client
	Bus      *queue.Bus // told of every relayed event
	Bell     *Bell      // rung by commits of this process
	Handlers map[string]Handler
	Routes   []Route
	Metrics  *telemetry.Metrics
	Log      *slog.Logger

	Lease    time.Duration
	Poll     time.Duration
	Parallel int           // tasks at once; 8
	Drain    time.Duration // for running tasks to end on Stop; 20 s
	Attempts int
	Backoff  func(attempt int) time.Duration
	Machine  clock.Clock // of leases and back-off; the machine's own
	// Alone says that this process is the installation's only one and its queue
	// began empty with it: what is leased belongs to a process that died.
	Alone bool
}

func (c Config) complete() (Config, error) {
	var errs []error
	for name, absent := range map[string]bool{"DB": c.DB == nil, "Tree": c.Tree == nil, "Clock": c.Clock == nil, "Queue": c.Queue == nil,
		"Handlers": len(c.Handlers) == 0} {
		if absent {
			errs = append(errs, fmt.Errorf("workers: %s is missing", name))
		}
	}
	for _, route := range c.Routes {
		if c.Handlers[route.Job] == nil {
			errs = append(errs, fmt.Errorf("workers: events are routed to %s, which has no handler", route.Job))
		}
	}
	c.Lease, c.Poll, c.Drain = or(c.Lease, Lease), or(c.Poll, Poll), or(c.Drain, 20*time.Second)
	c.Parallel, c.Attempts = or(c.Parallel, 8), or(c.Attempts, Attempts)
	if c.Backoff == nil {
		c.Backoff = Backoff
	}
	if c.Bell == nil {
		c.Bell = NewBell()
	}
	if c.Machine == nil {
		c.Machine = clock.System{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c, errors.Join(errs...)
}

func or[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

// Workers relay what waits and work it off. Any number of processes may run
// them over one database.
type Workers struct {
	config   Config
	dispatch dispatch
	rows     rows
	server   *queue.Server

	pass    sync.Mutex    // one pass at a time in this process
	leader  *db.Lock      // of the installation's relaying; guarded by pass
	settled chan struct{} // an attempt has ended

	stop    context.CancelFunc
	stopped chan struct{}
}

// New checks that nothing is missing. It does no I/O.
func New(config Config) (*Workers, error) {
	config, err := config.complete()
	if err != nil {
		return nil, err
	}
	w := &Workers{config: config, dispatch: dispatch{config.DB.Relay()}, rows: rows{config.DB}, settled: make(chan struct{}, 1)}
	handlers := make(map[string]queue.Handler, len(config.Handlers))
	for kind, handler := range config.Handlers {
		handlers[kind] = func(ctx context.Context, task queue.Task) error { return w.attempt(ctx, task, handler) }
	}
	w.server, err = queue.NewServer(config.Queue, queue.ServerConfig{
		Handlers: handlers, Parallel: config.Parallel, Drain: config.Drain, Log: config.Log, Observe: w.observe,
	})
	return w, err
}

// Start begins to relay and to work. Redis, the database and the object store
// may be away: work goes on when they are back.
func (w *Workers) Start() error {
	if w.config.Alone {
		if err := w.dispatch.orphan(context.Background(), w.config.Machine.Now()); err != nil {
			return fmt.Errorf("take over the leases of the process before: %w", err)
		}
	}
	if err := w.server.Start(); err != nil {
		return fmt.Errorf("start the queue server: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	w.stop, w.stopped = cancel, make(chan struct{})
	go w.run(ctx)
	return nil
}

// Stop takes on no more work and waits for what runs, at most the drain time.
func (w *Workers) Stop() {
	w.stop()
	<-w.stopped
	w.server.Stop()
	w.pass.Lock()
	defer w.pass.Unlock()
	w.resign()
}

// attempt makes one attempt at a job, as its tenant.
func (w *Workers) attempt(ctx context.Context, task queue.Task, handler Handler) error {
	ctx, err := w.as(ctx, task.Tenant, "job "+task.ID())
	if err != nil {
		return err
	}
	ctx = authz.With(ctx, authz.System())
	job, err := w.rows.load(ctx, task)
	if err != nil {
		return err
	}
	job.now, job.Last = w.config.Clock.Now(), task.Attempt >= w.config.Attempts
	return handler(ctx, job)
}

// as acts as a tenant, which may be newer than this process's register.
func (w *Workers) as(ctx context.Context, tenant, reason string) (context.Context, error) {
	there, err := w.config.Tree.ActAs(ctx, tenant, reason)
	if !errors.Is(err, tenancy.ErrUnknownTenant) {
		return there, err
	}
	if err := w.config.Tree.Refresh(ctx); err != nil {
		return nil, err
	}
	return w.config.Tree.ActAs(ctx, tenant, reason)
}

// observe counts an attempt that has ended and, when it failed, notes why and when to try again.
func (w *Workers) observe(ctx context.Context, task queue.Task, took time.Duration, err error) {
	outcome := "done"
	if err != nil {
		outcome = w.failed(ctx, task, err)
	}
	if w.config.Metrics != nil {
		w.config.Metrics.Job(task.Type, outcome, took)
	}
	select {
	case w.settled <- struct{}{}:
	default:
	}
}

func (w *Workers) failed(ctx context.Context, task queue.Task, cause error) string {
	if errors.Is(cause, errStale) {
		return "stale"
	}
	state, outcome := stateDispatched, "failed"
	switch {
	case task.Attempt >= w.config.Attempts:
		state, outcome = stateDead, "dead"
	case isNotYet(cause):
		outcome = "waiting"
	}
	wall := w.config.Machine.Now()
	retry := wall.Add(w.config.Backoff(task.Attempt))
	if errors.Is(cause, context.Canceled) { // this process stops: another one may go on at once
		retry = wall
	}
	there, err := w.as(ctx, task.Tenant, "job "+task.ID())
	if err == nil {
		_, err = w.rows.fail(there, task, state, reasonOf(cause), retry, w.config.Clock.Now())
	}
	if err != nil { // the lease runs out by itself
		w.config.Log.WarnContext(ctx, "could not note a failed attempt", "type", task.Type, "tenant", task.Tenant, "job", task.JobID.String(), "error", err)
	}
	if outcome == "dead" {
		w.config.Log.ErrorContext(ctx, "a job is given up", "type", task.Type, "tenant", task.Tenant, "job", task.JobID.String(), "error", cause)
	}
	return outcome
}

// reasonOf keeps what an operator needs of an error; it may hold no personal
// data, so problems with input are named by place only.
func reasonOf(err error) string {
	const longest = 500
	text := err.Error()
	if code := problem.CodeOf(err); code == problem.Validation {
		text = string(code) + " " + problem.ReasonOf(err)
	}
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest])
	}
	return text
}
