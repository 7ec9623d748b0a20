package workers_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"zhengtong/internal/clock"
	"zhengtong/internal/db"
	"zhengtong/workers"
)

func TestJobsHaveTheirEffectOnce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		r := newRig(t, d, nil)
		for n := range 40 {
			r.job(shuang, "test.count", key(n), noon)
		}
		r.job(xinhua, "test.count", key(0), noon)
		r.quiesce()
		if jobs, effects := r.effects(shuang); jobs != 40 || effects != 40 {
			t.Errorf("%d jobs had %d effects", jobs, effects)
		}
		if jobs, effects := r.effects(xinhua); jobs != 1 || effects != 1 {
			t.Errorf("neighbour: %d jobs had %d effects", jobs, effects)
		}
	})
}

// A handler that fails, or a process that dies, before its transaction commits
// has had no effect; the next attempt has it.
func TestFailedAttemptsAreRepeated(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var calls counter
		r := newRig(t, d, func(r *rig, c *workers.Config) {
			c.Handlers["test.flaky"] = func(ctx context.Context, job workers.Job) error {
				switch calls.next() {
				case 1:
					return errors.New("the object store is away")
				case 2:
					return &workers.NotYet{Reason: "documents"}
				case 3:
					panic("a mistake")
				}
				return r.count(ctx, job)
			}
		})
		id := r.job(shuang, "test.flaky", "k", noon)
		r.quiesce()
		if jobs, effects := r.effects(shuang); jobs != 1 || effects != 1 {
			t.Errorf("%d jobs had %d effects", jobs, effects)
		}
		if state, reason, attempt := r.state(shuang, id); state != "done" || reason != "" || attempt != 4 {
			t.Errorf("%s %q after %d attempts", state, reason, attempt)
		}
	})
}

func TestJobThatAlwaysFailsIsGivenUp(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var last counter
		r := newRig(t, d, func(_ *rig, c *workers.Config) {
			c.Attempts = 3
			c.Handlers["test.broken"] = func(_ context.Context, job workers.Job) error {
				if job.Last {
					last.next()
				}
				return errors.New("no such template")
			}
		})
		id := r.job(shuang, "test.broken", "k", noon)
		r.quiesce()
		if state, reason, attempt := r.state(shuang, id); state != "dead" || reason != "no such template" || attempt != 3 || last.n.Load() != 1 {
			t.Errorf("%s %q after %d attempts, told of the last %d times", state, reason, attempt, last.n.Load())
		}
	})
}

// An attempt that outlives its lease loses against the next one: its whole transaction is undone.
func TestOvertakenAttemptHasNoEffect(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var calls counter
		overtaken := make(chan error, 1)
		release := make(chan struct{})
		r := newRig(t, d, func(r *rig, c *workers.Config) {
			c.Lease = 200 * time.Millisecond
			c.Handlers["test.slow"] = func(ctx context.Context, job workers.Job) error {
				if calls.next() == 1 {
					<-release
					err := r.count(ctx, job)
					overtaken <- err
					return err
				}
				defer close(release)
				return r.count(ctx, job)
			}
		})
		id := r.job(shuang, "test.slow", "k", noon)
		r.quiesce()
		if err := <-overtaken; err == nil {
			t.Error("the overtaken attempt was let through")
		}
		r.quiesce()
		if jobs, effects := r.effects(shuang); jobs != 1 || effects != 1 {
			t.Errorf("%d jobs had %d effects", jobs, effects)
		}
		if state, _, attempt := r.state(shuang, id); state != "done" || attempt != 2 {
			t.Errorf("%s after %d attempts", state, attempt)
		}
	})
}

// I1: Redis may be wiped at any moment and nothing is lost or doubled.
func TestRedisFlushedInTheMiddle(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var calls counter
		const all = 60
		flushed := make(chan struct{})
		r := newRig(t, d, func(r *rig, c *workers.Config) {
			c.Lease, c.Parallel = 300*time.Millisecond, 2
			c.Handlers["test.count"] = func(ctx context.Context, job workers.Job) error {
				if calls.next() == 5 {
					r.flush()
					close(flushed)
				}
				return r.count(ctx, job)
			}
		})
		for n := range all {
			r.job(shuang, "test.count", key(n), noon)
		}
		<-flushed
		r.quiesce()
		if jobs, effects := r.effects(shuang); jobs != all || effects != all {
			t.Errorf("%d jobs had %d effects", jobs, effects)
		}
	})
}

// While Redis is away no attempt is used up; work goes on when it is back.
func TestRedisAway(t *testing.T) {
	r := newRig(t, openSQLite(t), nil)
	if err := r.redis.Kill(); err != nil {
		t.Fatal(err)
	}
	id := r.job(shuang, "test.count", "k", noon)
	if _, err := r.workers.Pass(t.Context()); err == nil {
		t.Error("a pass without Redis went well")
	}
	if state, _, attempt := r.state(shuang, id); state != "pending" || attempt != 0 {
		t.Errorf("%s after %d attempts", state, attempt)
	}
	if err := r.redis.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.quiesce()
	if state, _, _ := r.state(shuang, id); state != "done" {
		t.Error(state)
	}
}

// Events become one job for each consumer that wants them, those of a case
// joined where the consumer looks at the present state; subscribers are told.
func TestEventsReachTheirConsumers(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		first, second := db.NewID(noon), db.NewID(noon)
		r := newRig(t, d, func(r *rig, c *workers.Config) {
			c.Handlers["test.project"], c.Handlers["test.notify"] = r.counted("project"), r.counted("notify")
			c.Routes = []workers.Route{
				{Job: "test.project", PerCase: true},
				{Job: "test.notify", Wants: func(_ context.Context, topic string) bool { return topic == "case.accepted" }},
			}
		})
		told, err := r.bus.Subscribe(t.Context(), workers.CaseTopic("431321", first.String()))
		if err != nil {
			t.Fatal(err)
		}
		defer told.Close()
		r.workers.Hold(func() {
			r.event(shuang, "case.submitted", first, 1)
			r.event(shuang, "case.accepted", first, 2)
			r.event(shuang, "case.accepted", second, 1)
			r.event(xinhua, "case.submitted", db.NewID(noon), 1)
		})
		r.quiesce()
		want := map[string]int{"project " + first.String() + " 2": 1, "project " + second.String() + " 1": 1,
			"notify " + first.String() + " 2": 1, "notify " + second.String() + " 1": 1}
		if got := r.series(shuang); !maps.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
		if got := r.series(xinhua); len(got) != 1 {
			t.Errorf("neighbour: %v", got)
		}
		for _, event := range []string{"case.submitted", "case.accepted"} {
			if news := <-told.C; news.Missed || !strings.Contains(news.Payload, event) {
				t.Errorf("told %+v, want %s", news, event)
			}
		}
	})
}

// Business time and machine time are apart: what is due follows the virtual
// clock, by way of every instant at which something is due.
func TestVirtualTimePassesThroughEveryDueInstant(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		store := d.VirtualClock()
		var virtual *clock.Virtual
		seen := make(chan time.Time, 10)
		r := newRig(t, d, func(_ *rig, c *workers.Config) {
			virtual = openVirtual(t, store)
			c.Clock = virtual
			c.Handlers["test.when"] = func(ctx context.Context, job workers.Job) error {
				seen <- virtual.Now()
				b := d.NewBatch()
				job.Done(b)
				return d.Run(ctx, b)
			}
		})
		for _, days := range []int{5, 1, 3} {
			r.job(shuang, "test.when", key(days), noon.AddDate(0, 0, days))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		if err := r.workers.Advance(ctx, virtual, noon.AddDate(0, 0, 4)); err != nil {
			t.Fatal(err)
		}
		close(seen)
		var days []int
		for at := range seen {
			days = append(days, int(at.Sub(noon).Hours()/24))
		}
		if len(days) != 2 || days[0] != 1 || days[1] != 3 || !virtual.Now().Equal(noon.AddDate(0, 0, 4)) {
			t.Errorf("handled on days %v, it is %s", days, virtual.Now())
		}
	})
}

func TestNewSaysWhatIsMissing(t *testing.T) {
	if _, err := workers.New(workers.Config{Routes: []workers.Route{{Job: "x"}}}); err == nil {
		t.Error("nothing is missing")
	}
	if got := []time.Duration{workers.Backoff(0), workers.Backoff(1), workers.Backoff(4), workers.Backoff(99)}; got[0] != got[1] ||
		got[2] != 800*time.Millisecond || got[3] != 10*time.Minute {
		t.Errorf("%v", got)
	}
}
