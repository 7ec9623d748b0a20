package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/hibiken/asynq"
)

// Handler does the work of one type of task. It loads the job row by tenant
// and id, does the work and sets the row done in one transaction. An error
// needs no retry here: the row's lease runs out and it is dispatched again.
type Handler func(ctx context.Context, task Task) error

// ErrNoHandler is reported for a task whose type has no handler in this process.
var ErrNoHandler = errors.New("no handler for this type of task")

// ServerConfig says how a process works tasks off.
type ServerConfig struct {
	Handlers map[string]Handler // by Task.Type
	Parallel int                // tasks at once
	Drain    time.Duration      // time for running tasks to end on Stop
	Log      *slog.Logger
	// Observe, when set, is told of every task that has ended, for metrics and
	// to note a failure in the job row. ctx outlives the task's own time limit.
	Observe func(ctx context.Context, task Task, took time.Duration, err error)
}

// Server works tasks off.
type Server struct {
	config ServerConfig
	server *asynq.Server
}

// NewServer returns a server that takes tasks from the Redis of client once started.
func NewServer(client *Client, config ServerConfig) (*Server, error) {
	switch {
	case len(config.Handlers) == 0:
		return nil, errors.New("queue server: no handlers")
	case config.Log == nil:
		return nil, errors.New("queue server: no logger")
	case config.Parallel < 1:
		return nil, errors.New("queue server: at least one task at a time")
	case config.Drain <= 0:
		return nil, errors.New("queue server: no time to drain")
	}
	return &Server{config: config, server: asynq.NewServerFromRedisClient(client.redis, asynq.Config{
		Concurrency:       config.Parallel,
		Queues:            map[string]int{mainQueue: 1},
		ShutdownTimeout:   config.Drain,
		TaskCheckInterval: 50 * time.Millisecond, // asynq polls: this is the delay of the first task after a pause
		Logger:            logger{config.Log},
		LogLevel:          asynq.WarnLevel,
	})}, nil
}

// Start begins to take tasks and returns. Redis may be away: tasks come when it is back.
func (s *Server) Start() error { return s.server.Start(asynq.HandlerFunc(s.work)) }

// Stop takes no more tasks and waits for the running ones, at most the drain
// time; then their contexts end, and their rows are dispatched again later.
func (s *Server) Stop() {
	s.server.Stop()
	s.server.Shutdown()
}

// work always succeeds in the eyes of asynq: it must neither retry nor keep
// what failed, for the job row knows (docs/architecture.md, Jobs).
func (s *Server) work(ctx context.Context, raw *asynq.Task) error {
	id, _ := asynq.GetTaskID(ctx)
	task, err := decode(raw, id)
	if err != nil {
		s.config.Log.ErrorContext(ctx, "refused a task", "type", raw.Type(), "error", err)
		return nil
	}
	started := time.Now() // how long it took is machine time, also on a virtual clock
	err = s.handle(ctx, task)
	if err != nil {
		s.config.Log.WarnContext(ctx, "a task failed", "type", task.Type, "tenant", task.Tenant, "job", task.JobID.String(), "attempt", task.Attempt, "error", err)
	}
	if s.config.Observe != nil {
		s.config.Observe(context.WithoutCancel(ctx), task, time.Since(started), err)
	}
	return nil
}

func (s *Server) handle(ctx context.Context, task Task) (err error) {
	handler, ok := s.config.Handlers[task.Type]
	if !ok {
		return ErrNoHandler
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic in the handler of %s: %v", task.Type, r)
		}
	}()
	return handler(ctx, task)
}

// logger lets asynq write to the structured log.
type logger struct{ log *slog.Logger }

func (l logger) Debug(args ...any) { l.log.Debug(fmt.Sprint(args...), "part", "asynq") }
func (l logger) Info(args ...any)  { l.log.Info(fmt.Sprint(args...), "part", "asynq") }
func (l logger) Warn(args ...any)  { l.log.Warn(fmt.Sprint(args...), "part", "asynq") }
func (l logger) Error(args ...any) { l.log.Error(fmt.Sprint(args...), "part", "asynq") }
func (l logger) Fatal(args ...any) { l.log.Error(fmt.Sprint(args...), "part", "asynq") }
