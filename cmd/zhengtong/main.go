// Command zhengtong is the one binary: server, workers, checks and the
// demonstration. Run `zhengtong --help` for its commands.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"zhengtong/internal/settings"
)

// The exit codes of checks (the API contract): clean, errors found, could not run.
const (
	exitClean    = 0
	exitErrors   = 1
	exitCouldNot = 2
)

// errFound ends a check that ran and found errors; they have been printed.
var errFound = errors.New("errors were found")

type commands struct {
	Serve    serveCommand    `cmd:"" help:"Serve the API, the web and, unless --no-workers, the background work."`
	Worker   workerCommand   `cmd:"" help:"Do background work only; several may run."`
	Migrate  migrateCommand  `cmd:"" help:"Bring the database to this version's schema."`
	Validate validateCommand `cmd:"" help:"Check packs offline, on the national base; several paths are one change."`
	Plan     planCommand     `cmd:"" help:"Show what a change would do on a running server."`
	Apply    applyCommand    `cmd:"" help:"Submit a change to a running server; a second person's token approves and publishes it."`
	Simulate simulateCommand `cmd:"" help:"Carry an application through a draft on a virtual clock, offline or over what a server has published, or hold sample cases to their want files."`
	Replay   replayCommand   `cmd:"" help:"Show what past cases on a running server would have come to under a draft of limits, fees or supervision rules."`
	Export   exportCommands  `cmd:"" help:"Write lists and drawings for other programs."`
	Import   importCommands  `cmd:"" help:"Read lists and drawings of other programs, with a report; nothing is half imported."`
	Demo     demoCommand     `cmd:"" help:"Drive a whole application on a running server's virtual clock, telling each step."`
	Tenant   tenantCommands  `cmd:"" help:"Found tenants, put them in service, carry their configuration out."`
	Account  accountCommands `cmd:"" help:"Make applicants' accounts; change a password."`
	Matter   matterCommands  `cmd:"" help:"Suspend, resume, cancel, merge or delegate a matter on a running server, or move its running cases."`
	Audit    auditCommands   `cmd:"" help:"Check evidence."`
	Doctor   doctorCommand   `cmd:"" help:"Check settings and dependencies."`
	Bench    benchCommand    `cmd:"" help:"Measure this build against named references."`
}

func main() {
	if os.Getenv("GOGC") == "" {
		tuneCollector(0)
	}
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	source, err := settings.NewSource(settings.ConfigFile(args, os.Environ()), os.Environ())
	if err != nil {
		fmt.Fprintln(os.Stderr, "zhengtong:", err)
		return exitCouldNot
	}
	var cli commands
	parser, err := kong.New(&cli, kong.Name("zhengtong"), kong.Description("政通: one engine for government services."), kong.Resolvers(source),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(source), kong.UsageOnError())
	if err != nil {
		fmt.Fprintln(os.Stderr, "zhengtong:", err)
		return exitCouldNot
	}
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "zhengtong:", err)
		return exitCouldNot
	}
	err = command.Run()
	switch {
	case err == nil:
		return exitClean
	case errors.Is(err, errFound):
		return exitErrors
	}
	fmt.Fprintln(os.Stderr, "zhengtong:", err)
	return exitCouldNot
}
