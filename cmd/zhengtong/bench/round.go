package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"sync"
	"time"
)

// operation does one unit of work; worker tells concurrent callers apart.
type operation func(ctx context.Context, worker int) error

// errExhausted ends a round early: what was prepared for it is used up.
var errExhausted = errors.New("nothing left to work on")

const (
	concurrency = 8  // clients at once, on both sides
	rounds      = 15 // of each side; an odd number
	warmUp      = 500 * time.Millisecond
)

// comparison holds medians over rounds.
type comparison struct {
	Ours, Reference float64 // operations a second
	Ratio           float64 // median of the ratios of neighbouring rounds
	P95             time.Duration
	CPU             [2]float64 // milliseconds of this process an operation, ours and the reference's
}

// note tells what the figures alone do not: latency, and processor time, which a busy machine distorts less.
func (c comparison) note() string {
	return fmt.Sprintf("%d clients on either side; ours p95 %s; processor time of this process, clients included: %s ms each, reference %s ms",
		concurrency, milliseconds(c.P95), number(c.CPU[0]), number(c.CPU[1]))
}

// compare runs two sides in turn, A B B A A B …, so that a slow drift of the
// machine falls on both alike. Each side runs for total over all rounds.
func compare(ctx context.Context, ours, reference operation, total time.Duration) (comparison, error) {
	for _, side := range []operation{ours, reference} {
		if _, err := load(ctx, side, warmUp); err != nil {
			return comparison{}, err
		}
	}
	var a, b, ratios, cpuOfA, cpuOfB []float64
	var latencies []time.Duration
	for i := range rounds {
		first, second := ours, reference
		if i%2 == 1 {
			first, second = reference, ours
		}
		x, err := load(ctx, first, total/rounds)
		if err != nil {
			return comparison{}, err
		}
		y, err := load(ctx, second, total/rounds)
		if err != nil {
			return comparison{}, err
		}
		if i%2 == 1 {
			x, y = y, x
		}
		a, b, ratios = append(a, x.rate()), append(b, y.rate()), append(ratios, x.rate()/y.rate())
		cpuOfA, cpuOfB = append(cpuOfA, x.cpu()), append(cpuOfB, y.cpu())
		latencies = append(latencies, x.latencies...)
	}
	return comparison{Ours: median(a), Reference: median(b), Ratio: median(ratios), P95: percentile(latencies, 95),
		CPU: [2]float64{median(cpuOfA), median(cpuOfB)}}, nil
}

// result is one round of one side.
type result struct {
	elapsed   time.Duration
	processor time.Duration // that this process used meanwhile
	latencies []time.Duration
}

// rate is operations a second.
func (r result) rate() float64 { return float64(len(r.latencies)) / r.elapsed.Seconds() }

// cpu is milliseconds of processor time an operation.
func (r result) cpu() float64 { return r.processor.Seconds() * 1e3 / float64(len(r.latencies)) }

// load repeats an operation with concurrent workers for a time. The first failure ends it.
func load(ctx context.Context, do operation, d time.Duration) (result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	perWorker := make([][]time.Duration, concurrency)
	used, err := processorTime()
	if err != nil {
		return result{}, err
	}
	started := time.Now()
	var group sync.WaitGroup
	for worker := range concurrency {
		group.Go(func() {
			for began := time.Now(); began.Sub(started) < d && ctx.Err() == nil; {
				switch err := do(ctx, worker); {
				case errors.Is(err, errExhausted):
					return
				case err != nil:
					cancel(err)
					return
				}
				now := time.Now()
				perWorker[worker] = append(perWorker[worker], now.Sub(began))
				began = now
			}
		})
	}
	group.Wait()
	r := result{elapsed: time.Since(started), latencies: slices.Concat(perWorker...)}
	if err := context.Cause(ctx); err != nil {
		return result{}, err
	}
	after, err := processorTime()
	if err != nil {
		return result{}, err
	}
	r.processor = after - used
	if len(r.latencies) == 0 {
		return result{}, errors.New("not one operation ended in time")
	}
	return r, nil
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// percentile is the nearest-rank percentile.
func percentile(values []time.Duration, p int) time.Duration {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[max(0, (len(sorted)*p+99)/100-1)]
}

// profile runs our side once more, alone, under the CPU profiler.
func (b *bench) profile(ctx context.Context, name string, do operation) error {
	if b.Profile == "" {
		return nil
	}
	return b.profiled(name, func() error {
		_, err := load(ctx, do, b.Time)
		return err
	})
}

// profiled does something once and writes its CPU profile, when profiles are wanted.
func (b *bench) profiled(name string, do func() error) error {
	if b.Profile == "" {
		return do()
	}
	file, err := os.Create(filepath.Join(b.Profile, name+".pprof"))
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return errors.Join(err, file.Close())
	}
	err = do()
	pprof.StopCPUProfile()
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	b.say("profile of %s in %s", name, file.Name())
	return nil
}

// profileHeap writes what the heap holds, when profiles are wanted.
func (b *bench) profileHeap(name string) error {
	if b.Profile == "" {
		return nil
	}
	file, err := os.Create(filepath.Join(b.Profile, name+".pprof"))
	if err != nil {
		return err
	}
	return errors.Join(pprof.WriteHeapProfile(file), file.Close())
}
