package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"zhengtong/cmd/zhengtong/bench"
	"zhengtong/internal/settings"
)

type benchCommand struct {
	DatabaseURL string        `name:"database-url" env:"ZHENGTONG_TEST_DATABASE_URL" help:"PostgreSQL server, as a role that may create databases and passes row-level security; 'make bench' gives the development server's." placeholder:"URL"`
	JSON        string        `help:"Also write the figures to a file." placeholder:"FILE" type:"path"`
	Only        []string      `help:"Measure only these: start, decide, render, validate, export, search, list, submit, rls, lifecycle, scale." placeholder:"NAME,…"`
	Time        time.Duration `help:"How long each side of a comparison runs, over all rounds." default:"5s"`
	Cases       int           `help:"How many cases the database holds before anything is measured." default:"20000"`
	Tenants     int           `help:"How many provinces, cities and counties the country of scale has; the budget is set for 3200, which takes long to found." default:"137"`
	Matters     int           `help:"How many matters its catalogue has." default:"500"`
	Country     string        `help:"Found the country of scale in this database and keep it. What is there already is not founded again." placeholder:"URL"`
	AsFounded   bool          `help:"Measure the kept country as far as it has been founded."`
	Profile     string        `help:"Write CPU profiles of our side into a directory." placeholder:"DIR" type:"existingdir"`
}

// Run measures; a missed budget is marked in the table and is no error.
func (b benchCommand) Run(ctx context.Context) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	env := bench.Env{DatabaseURL: b.DatabaseURL, Program: program, Password: demoPassword, Serve: serveForBench, Out: os.Stdout, Progress: os.Stderr}
	report, err := bench.Run(ctx, env, bench.Options{Only: b.Only, Time: b.Time, Cases: b.Cases, Profile: b.Profile,
		Tenants: b.Tenants, Matters: b.Matters, Country: b.Country, AsFounded: b.AsFounded})
	if b.JSON == "" || len(report.Rows) == 0 {
		return err
	}
	text, failed := json.MarshalIndent(report, "", "  ")
	if failed == nil {
		failed = os.WriteFile(b.JSON, append(text, '\n'), 0o644)
	}
	return errors.Join(err, failed)
}

// demoPassword is that of all accounts of the demonstration (tenants/demo/accounts.yaml).
const demoPassword = "Zhengtong#2026"

// serveForBench starts the server as `serve --no-workers` does, on real time,
// with the demonstration's tenants and the bench's own pack. Only the limit on
// requests is lifted: the load comes from one address.
func serveForBench(ctx context.Context, c bench.ServerConfig) (*bench.Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := settings.Defaults()
	s.Listen, s.Data, s.DatabaseURL, s.NoWorkers, s.LogLevel = listener.Addr().String(), c.Data, c.DatabaseURL, true, "error"
	s.Limit.RequestsPerMin = 100_000_000
	a, err := openApp(ctx, s)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	err = a.loadDemo(ctx)
	if err == nil {
		err = a.configuration.Bootstrap(ctx, c.Packs...)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("load the tenants: %w", err), listener.Close(), a.close())
	}
	running, end := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- a.serve(running, listener) }()
	stop := func() error { end(); return <-ended }
	return &bench.Server{Origin: a.settings.Origin(), Stop: stop}, nil
}
