package queue_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"zhengtong/internal/problem"
	"zhengtong/internal/queue"
	"zhengtong/internal/testkit"
)

const patience = 10 * time.Second

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type outcome struct {
	task queue.Task
	err  error
}

// rig is a running server whose ended tasks arrive on `done`.
type rig struct {
	client *queue.Client
	server *queue.Server
	done   chan outcome
}

func start(t *testing.T, url string, handlers map[string]queue.Handler) *rig {
	t.Helper()
	client, err := queue.Connect(url, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{client: client, done: make(chan outcome, 1000)}
	r.server, err = queue.NewServer(client, queue.ServerConfig{
		Handlers: handlers, Parallel: 4, Drain: patience, Log: slog.New(slog.DiscardHandler),
		Observe: func(_ context.Context, task queue.Task, _ time.Duration, err error) { r.done <- outcome{task, err} },
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.server.Stop()
		client.Close()
	})
	return r
}

func (r *rig) next(t *testing.T) outcome {
	t.Helper()
	return receive(t, r.done)
}

func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case got := <-from:
		return got
	case <-time.After(patience):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

func task(kind string) queue.Task {
	return queue.Task{Tenant: "431321", Type: kind, JobID: uuid.Must(uuid.NewV7()), Attempt: 1}
}

// The same contract holds on miniredis and on Redis (docs/architecture.md).
func TestContract(t *testing.T) {
	for name, address := range map[string]func(*testing.T) string{
		"embedded": func(t *testing.T) string {
			server, err := queue.StartEmbedded()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(server.Stop)
			return server.URL()
		},
		"redis": func(t *testing.T) string { return testkit.Redis(t).URL },
	} {
		t.Run(name, func(t *testing.T) {
			t.Run("tasks", func(t *testing.T) { tasks(t, address(t)) })
			t.Run("failures", func(t *testing.T) { failures(t, address(t)) })
			t.Run("forged tasks", func(t *testing.T) { forged(t, address(t)) })
			t.Run("wiped", func(t *testing.T) { wiped(t, address(t)) })
			t.Run("stop waits", func(t *testing.T) { stopWaits(t, address(t)) })
			t.Run("bus", func(t *testing.T) { bus(t, address(t)) })
		})
	}
}

func tasks(t *testing.T, url string) {
	var mu sync.Mutex
	seen := map[string]int{}
	r := start(t, url, map[string]queue.Handler{"count": func(_ context.Context, task queue.Task) error {
		mu.Lock()
		defer mu.Unlock()
		seen[task.ID()]++
		return nil
	}})
	const many = 100
	for range many {
		one := task("count")
		for range 2 { // an attempt enqueued twice is worked once, or twice when the first has ended already
			if err := r.client.Enqueue(t.Context(), one); err != nil {
				t.Fatal(err)
			}
		}
	}
	distinct := map[string]bool{}
	for len(distinct) < many {
		got := r.next(t)
		if got.err != nil || got.task.Tenant != "431321" || got.task.Type != "count" || got.task.Attempt != 1 {
			t.Fatalf("%+v", got)
		}
		distinct[got.task.ID()] = true
	}
	if err := r.client.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

// asynq neither retries nor keeps: the job row decides (docs/architecture.md, Jobs).
func failures(t *testing.T, url string) {
	broken := errors.New("the printer is away")
	r := start(t, url, map[string]queue.Handler{
		"fail":  func(_ context.Context, task queue.Task) error { return broken },
		"panic": func(context.Context, queue.Task) error { panic("nil template") },
	})
	failing := task("fail")
	for attempt := 1; attempt <= 3; attempt++ {
		failing.Attempt = attempt
		if err := r.client.Enqueue(t.Context(), failing); err != nil {
			t.Fatal(err)
		}
		if got := r.next(t); !errors.Is(got.err, broken) || got.task.Attempt != attempt {
			t.Errorf("attempt %d: %+v", attempt, got)
		}
	}
	for kind, text := range map[string]string{"panic": "nil template", "unknown": queue.ErrNoHandler.Error()} {
		if err := r.client.Enqueue(t.Context(), task(kind)); err != nil {
			t.Fatal(err)
		}
		if got := r.next(t); got.err == nil || !strings.Contains(got.err.Error(), text) {
			t.Errorf("%s: %v", kind, got.err)
		}
	}
	r.server.Stop()
	if left := keys(t, url, ":t:"); len(left) > 0 {
		t.Errorf("Redis still holds tasks: %v", left)
	}
	if err := r.client.Enqueue(t.Context(), task("later")); err != nil {
		t.Fatal(err)
	}
	if n, err := r.client.Depth(t.Context()); err != nil || n != 1 {
		t.Errorf("depth %d, %v", n, err)
	}
}

func direct(t *testing.T, url string) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	t.Cleanup(func() { client.Close() })
	return client
}

func keys(t *testing.T, url, part string) []string {
	t.Helper()
	all, err := direct(t, url).Keys(context.Background(), "*").Result()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(key string) bool { return !strings.Contains(key, part) })
}

// I3: what does not name its tenant, or was not put there by us, reaches no handler.
func forged(t *testing.T, url string) {
	r := start(t, url, map[string]queue.Handler{"count": func(context.Context, queue.Task) error { return nil }})
	raw := asynq.NewClientFromRedisClient(direct(t, url))
	id := uuid.Must(uuid.NewV7()).String()
	for name, payload := range map[string]string{
		id + ":1": `{"tenant":"","job":"` + id + `","attempt":1}`, id + ":2": `{"tenant":"431321","job":"` + id + `","attempt":1}`,
		id + ":3": `not JSON`, "free": `{"tenant":"431321","job":"` + id + `","attempt":1}`,
	} {
		if _, err := raw.Enqueue(asynq.NewTask("count", []byte(payload)), asynq.TaskID(name)); err != nil {
			t.Fatal(err)
		}
	}
	good := task("count")
	if err := r.client.Enqueue(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	if got := r.next(t); got.task != good {
		t.Errorf("a forged task reached the handler: %+v", got)
	}
	for _, bad := range []queue.Task{{}, {Tenant: "a b", Type: "count", JobID: good.JobID, Attempt: 1}, {Tenant: "431321", Type: "count", JobID: good.JobID}} {
		if err := r.client.Enqueue(t.Context(), bad); err == nil {
			t.Errorf("%+v was enqueued", bad)
		}
	}
}

// I1: after Redis is wiped in the middle, new attempts go through, also those with ids it knew before.
func wiped(t *testing.T, url string) {
	r := start(t, url, map[string]queue.Handler{"count": func(context.Context, queue.Task) error { return nil }})
	one := task("count")
	for range 3 {
		if err := r.client.Enqueue(t.Context(), one); err != nil {
			t.Fatal(err)
		}
		if got := r.next(t); got.task != one {
			t.Fatalf("%+v", got)
		}
		if err := direct(t, url).FlushAll(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := r.client.Depth(t.Context()); err != nil || n != 0 {
		t.Errorf("depth %d, %v", n, err)
	}
}

func stopWaits(t *testing.T, url string) {
	running, finish := make(chan struct{}), make(chan struct{})
	r := start(t, url, map[string]queue.Handler{"slow": func(context.Context, queue.Task) error {
		close(running)
		<-finish
		return nil
	}})
	if err := r.client.Enqueue(t.Context(), task("slow")); err != nil {
		t.Fatal(err)
	}
	receive(t, running)
	stopped := make(chan struct{})
	go func() {
		r.server.Stop()
		close(stopped)
	}()
	select {
	case <-stopped:
		t.Error("stopped under a running task")
	case <-time.After(50 * time.Millisecond):
	}
	close(finish)
	receive(t, stopped)
	if got := r.next(t); got.err != nil {
		t.Error(got.err)
	}
}

func bus(t *testing.T, url string) {
	client, err := queue.Connect(url, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	b := queue.NewBus(client)
	defer b.Close()
	ctx := t.Context()
	ours, theirs := queue.Topic{Tenant: "431321", Name: "inbox:1"}, queue.Topic{Tenant: "431322", Name: "inbox:1"}
	subscribe := func(topic queue.Topic) *queue.Subscription {
		s, err := b.Subscribe(ctx, topic)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first, second, other := subscribe(ours), subscribe(ours), subscribe(theirs)
	publish := func(topic queue.Topic, payload string) {
		if err := b.Publish(ctx, topic, payload); err != nil {
			t.Fatal(err)
		}
	}
	publish(ours, "ours")
	publish(theirs, "theirs")
	for s, want := range map[*queue.Subscription]queue.Message{first: {Topic: ours, Payload: "ours"}, second: {Topic: ours, Payload: "ours"}, other: {Topic: theirs, Payload: "theirs"}} {
		if got := receive(t, s.C); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	first.Close()
	first.Close()
	if _, open := <-first.C; open {
		t.Error("a closed subscription is still open")
	}
	for range 100 { // more than the inbox holds
		publish(ours, "again")
	}
	publish(ours, "last")
	missed := false
	for got := receive(t, second.C); got.Payload != "last"; got = receive(t, second.C) {
		missed = missed || got.Missed
	}
	if !missed {
		t.Error("a slow reader must learn that it missed messages")
	}
	for _, bad := range []queue.Topic{{Tenant: "", Name: "x"}, {Tenant: "a:b", Name: "x"}, {Tenant: "*", Name: "x"}, {Tenant: "431321", Name: "*"}} {
		if _, err := b.Subscribe(ctx, bad); err == nil {
			t.Errorf("%+v: subscribed", bad)
		}
		if err := b.Publish(ctx, bad, ""); err == nil {
			t.Errorf("%+v: published", bad)
		}
	}
}

// I8: while Redis is away every call says so, soon; when it is back, tasks and messages flow and readers know what they missed.
func TestRedisAwayAndBack(t *testing.T) {
	server := testkit.Redis(t)
	r := start(t, server.URL, map[string]queue.Handler{"count": func(context.Context, queue.Task) error { return nil }})
	b := queue.NewBus(r.client)
	t.Cleanup(func() { b.Close() })
	topic := queue.Topic{Tenant: queue.System, Name: "configuration.head"}
	reader, err := b.Subscribe(t.Context(), topic)
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	one := task("count")
	for what, err := range map[string]error{"enqueue": r.client.Enqueue(t.Context(), one), "publish": b.Publish(t.Context(), topic, "1")} {
		var known *problem.Error
		if !errors.As(err, &known) || known.Code != problem.Unavailable || known.Reason != "queue" || !known.Retryable {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := r.client.Ping(t.Context()); err == nil || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("ping: %v", err)
	}
	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := receive(t, reader.C); !got.Missed {
		t.Errorf("got %+v", got)
	}
	if err := r.client.Enqueue(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	if got := r.next(t); got.task != one {
		t.Errorf("got %+v", got)
	}
}

func TestConnectHidesThePassword(t *testing.T) {
	for _, bad := range []string{"http://:hunter2@redis", "redis://:hunter2@redis:6379/x", "::hunter2"} {
		if _, err := queue.Connect(bad, time.Second); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%v", err)
		}
	}
}
