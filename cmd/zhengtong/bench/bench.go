// Package bench measures a build of zhengtong against named references, in one
// run on one machine: absolute figures of a laptop say little, ratios say a lot
// (docs/architecture.md). Each benchmark says what it measures and against what; sides
// run in turn, A B B A …, and medians are shown.
//
// The server measured is the real one, in this process, on a database of its own
// that is dropped at the end; requests go over HTTP on loopback. Its background
// workers are off, so that a figure is the cost of the request and not of the
// files that are rendered and sent later.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"zhengtong/schema/kind"
)

// Env is what the program gives to its benchmark.
type Env struct {
	// DatabaseURL names a PostgreSQL server on which databases may be created, as a
	// role that passes row-level security (its superuser in development).
	DatabaseURL string
	// Program is the path of this binary, run as a child to measure its start.
	Program string
	// Serve starts the real server; it has the demonstration's tenants and accounts when it returns.
	Serve func(ctx context.Context, c ServerConfig) (*Server, error)
	// Password is that of the demonstration's accounts.
	Password string
	// Out receives the table, Progress what is going on.
	Out, Progress io.Writer
}

// ServerConfig says which server to start.
type ServerConfig struct {
	DatabaseURL string
	Data        string      // directory for objects and keys
	Packs       []kind.File // published by the system on top of the demonstration's
}

// Server is a running server.
type Server struct {
	Origin string
	Stop   func() error
}

// Options say what to measure and how long.
type Options struct {
	Only    []string      // names of benchmarks; all when empty
	Time    time.Duration // that each side of a comparison runs, over all rounds
	Cases   int           // in the database before anything is measured
	Tenants int           // of the country that scale founds
	Matters int           // of its catalogue
	Country string        // URL of a database in which the country is founded and kept; "" = a temporary one
	// AsFounded measures a kept country as far as it has been founded.
	AsFounded bool
	Profile   string // directory for CPU profiles of our side; none when empty
}

// maxTime keeps the measuring below seven minutes; what is filled in before comes on top.
const maxTime = 15 * time.Second

// benchmark is one entry of the list below.
type benchmark struct {
	name  string
	world bool // needs the server
	run   func(ctx context.Context, b *bench) ([]Row, error)
}

// benchmarks in the order they run: what needs a quiet machine first.
var benchmarks = []benchmark{
	{"start", false, measureStart},
	{"decide", false, measureDecide},
	{"render", false, measureRender},
	{"validate", false, measureValidate},
	{"export", false, measureExport},
	{"list", true, measureList},
	{"submit", true, measureSubmit},
	{"rls", true, measureSecurity},
	{"lifecycle", true, measureLifecycle},
	{"search", true, measureSearch},
	{"scale", false, measureScale},
}

// bench is one run.
type bench struct {
	Env
	Options
	world *world
}

// Run measures and prints; a missed budget is marked, not an error. The error says what could not be run.
func Run(ctx context.Context, e Env, o Options) (Report, error) {
	if err := o.check(); err != nil {
		return Report{}, err
	}
	b := &bench{Env: e, Options: o}
	report := newReport()
	var errs []error
	for _, m := range benchmarks {
		if len(o.Only) > 0 && !slices.Contains(o.Only, m.name) {
			continue
		}
		rows, err := b.measure(ctx, m)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", m.name, err))
		}
		report.Rows = append(report.Rows, rows...)
	}
	if b.world != nil {
		errs = append(errs, b.world.close(ctx))
	}
	report.Seconds = int(time.Since(report.At).Seconds())
	return report, errors.Join(errors.Join(errs...), report.print(e.Out))
}

func (b *bench) measure(ctx context.Context, m benchmark) ([]Row, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if m.world && b.world == nil {
		b.say("preparing a database with %d cases", b.Cases)
		w, err := openWorld(ctx, b.Env, b.Cases)
		if err != nil {
			return nil, err
		}
		b.world = w
	}
	b.say("measuring %s", m.name)
	return m.run(ctx, b)
}

func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(b.Progress, "bench: "+format+"\n", args...)
}

func (o Options) check() error {
	if o.Time <= 0 || o.Time > maxTime {
		return fmt.Errorf("--time must be more than 0 and at most %s", maxTime)
	}
	if o.Cases < pageSize {
		return fmt.Errorf("--cases must be at least %d", pageSize)
	}
	var names []string
	for _, m := range benchmarks {
		names = append(names, m.name)
	}
	for _, name := range o.Only {
		if !slices.Contains(names, name) {
			return fmt.Errorf("no benchmark is called %q; there are %s", name, strings.Join(names, ", "))
		}
	}
	return nil
}
