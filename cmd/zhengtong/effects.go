package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"zhengtong/internal/archive"
	"zhengtong/internal/audit"
	"zhengtong/internal/document"
	"zhengtong/internal/document/font"
	"zhengtong/internal/exchange"
	"zhengtong/internal/licence"
	"zhengtong/internal/matter"
	"zhengtong/internal/notify"
	"zhengtong/workers"
)

// effects are the services whose work follows commits, with those that read what they made.
type effects struct {
	audit     *audit.Service
	matters   *matter.Service
	documents *document.Service
	licences  *licence.Service
	messages  *notify.Service
	archive   *archive.Service
	exchange  *exchange.Service
}

func (a *app) buildEffects(context.Context) error {
	fonts, err := font.New() // the embedded ones only: every node draws the same bytes
	if err != nil {
		return err
	}
	origin, wake := a.settings.Origin(), a.bell.Ring
	e := &a.effects
	if e.audit, err = audit.New(a.db, a.clock); err != nil {
		return err
	}
	e.matters, err = matter.New(matter.Config{DB: a.db, Configuration: a.configuration, Authz: a.authz, Now: a.clock.Now, Fonts: fonts, Tree: a.tree, Gate: a.gate,
		Themes: a.identity.Themes})
	if err != nil {
		return err
	}
	e.documents, err = document.New(document.Config{DB: a.db, Tree: a.tree, Clock: a.clock, Configuration: a.configuration, Objects: a.objects,
		Fonts: fonts, VerifyBase: origin, Logger: a.log})
	if err != nil {
		return err
	}
	e.licences, err = licence.New(licence.Config{DB: a.db, Tree: a.tree, Clock: a.clock, Cases: a.casework, Configuration: a.configuration,
		Objects: a.objects, Keys: a.keys, Fonts: fonts, Audit: e.audit, VerifyBase: origin, Wake: wake, Logger: a.log})
	if err != nil {
		return err
	}
	mailer, err := a.mailer()
	if err != nil {
		return err
	}
	e.messages, err = notify.New(notify.Config{DB: a.db, Tree: a.tree, Clock: a.clock, Configuration: a.configuration,
		Source: notify.FromCases(a.casework, a.db), Accounts: a.identity, Mailer: mailer, Bus: a.bus, Wake: wake, Logger: a.log})
	if err != nil {
		return err
	}
	temporary := filepath.Join(a.settings.Data, "tmp")
	if err := os.MkdirAll(temporary, 0o700); err != nil {
		return fmt.Errorf("temporary directory: %w", err)
	}
	e.archive, err = archive.New(archive.Config{DB: a.db, Clock: a.clock, Cases: a.casework, Licences: e.licences, Objects: a.objects,
		TempDir: temporary, Logger: a.log})
	if err != nil {
		return err
	}
	e.exchange, err = exchange.New(exchange.Config{DB: a.db, Tree: a.tree, Clock: a.clock, Configuration: a.configuration, Audit: e.audit})
	return err
}

// mailer sends mail when a mail server is named; otherwise mail is skipped and recorded so.
func (a *app) mailer() (notify.Mailer, error) {
	if a.settings.SMTP.URL == "" {
		return nil, nil
	}
	return notify.NewSMTP(a.settings.SMTP.URL, a.settings.SMTP.From)
}

func (a *app) buildWorkers(context.Context) error {
	services := workers.Services{Cases: a.casework, Configuration: a.configuration, Documents: a.effects.documents, Licences: a.effects.licences, Messages: a.effects.messages,
		Archive: a.effects.archive, Exchange: a.effects.exchange}
	handlers, err := services.Handlers()
	if err != nil {
		return err
	}
	a.workers, err = workers.New(workers.Config{DB: a.db, Tree: a.tree, Clock: a.clock, Queue: a.queue, Bus: a.bus, Bell: a.bell,
		Handlers: handlers, Routes: services.Routes(), Metrics: a.metrics, Log: a.log, Parallel: a.settings.Limit.WorkerTasks,
		Drain: a.settings.Limit.DrainTime, Alone: a.settings.EmbeddedQueue()})
	if err != nil {
		return err
	}
	a.metrics.OutboxLag(func() float64 {
		lag, err := a.workers.Lag(context.Background())
		if err != nil {
			return -1
		}
		return lag.Seconds()
	})
	return nil
}
