package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"time"

	"zhengtong/internal/blob"
	"zhengtong/internal/settings"
	"zhengtong/internal/telemetry"
)

type serveCommand struct {
	settings.Settings
}

// Run serves until it is told to stop, then drains and ends cleanly.
func (s serveCommand) Run(ctx context.Context) error {
	if problems := s.Validate(); problems.HasErrors() {
		return fmt.Errorf("settings:\n%s", problems)
	}
	if err := s.demoOnEmpty(); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return err
	}
	s.Listen = listener.Addr().String()
	a, err := openApp(ctx, s.Settings)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	load := a.loadBase
	if s.Demo {
		load = a.loadDemo
	}
	if err := load(ctx); err != nil {
		return errors.Join(err, listener.Close(), a.close())
	}
	return a.serve(ctx, listener)
}

// demoOnEmpty refuses to load a demonstration over something else.
func (s serveCommand) demoOnEmpty() error {
	if !s.Demo || !s.EmbeddedDatabase() {
		return nil
	}
	entries, err := os.ReadDir(s.Data)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := os.Stat(s.DatabaseFile()); err != nil {
		return fmt.Errorf("--demo: %s is not empty and holds no demonstration", s.Data)
	}
	return nil
}

// serve answers requests until ctx ends; then it stops taking new ones, lets
// running ones and running jobs end within the drain time, and closes.
func (a *app) serve(ctx context.Context, listener net.Listener) error {
	handler, err := a.handler()
	if err != nil {
		return errors.Join(err, listener.Close(), a.close())
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) }}
	if err := a.start(ctx); err != nil {
		return errors.Join(err, listener.Close(), a.close())
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	a.log.Info("serving", "origin", a.settings.Origin(), "demo", a.settings.Demo)
	if a.settings.Demo {
		a.greet(os.Stdout)
	}
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = nil
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.settings.Limit.DrainTime)
	defer cancel()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, server.Shutdown(drain), a.close())
}

// handler is everything that is served on the one address.
func (a *app) handler() (http.Handler, error) {
	front, err := a.front()
	if err != nil {
		return nil, err
	}
	api, err := a.api(front)
	if err != nil {
		return nil, err
	}
	pages, err := newWeb()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	for _, path := range []string{"/graphql", "/graphql/stream", "/schema.graphql"} {
		mux.Handle(path, api)
	}
	mux.Handle("GET "+guidesPath, front.gate.Open(&guides{matters: a.effects.matters, tree: a.tree, refuse: front.refusals.Refuse}))
	mux.Handle("GET "+papersPath, front.gate.Open(&papers{matters: a.effects.matters, link: a.configuration.AssetURL, tree: a.tree, refuse: front.refusals.Refuse}))
	mux.Handle("/healthz", a.health.Live())
	mux.Handle("/readyz", a.health.Ready())
	mux.Handle("/metrics", a.metrics.Handler())
	mux.Handle(blob.ProxyPath, a.objects.Proxy(a.settings.Limit.Upload))
	if a.virtual != nil && (a.settings.ClockControl || a.settings.Demo) {
		mux.Handle("/debug/clock", &clockControl{virtual: a.virtual, advance: a.advance})
	}
	mux.Handle("/", pages)
	return telemetry.WithRequest(mux), nil
}
