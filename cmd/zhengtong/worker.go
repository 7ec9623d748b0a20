package main

import (
	"context"
	"fmt"

	"zhengtong/internal/settings"
)

type workerCommand struct {
	settings.Settings
}

// Run works jobs off until it is told to stop.
func (w workerCommand) Run(ctx context.Context) error {
	if problems := w.Validate(); problems.HasErrors() {
		return fmt.Errorf("settings:\n%s", problems)
	}
	if w.EmbeddedDatabase() || w.EmbeddedQueue() {
		return fmt.Errorf("a separate worker needs --database-url and --redis-url; embedded, `serve` does the work itself")
	}
	w.NoWorkers = false
	a, err := openApp(ctx, w.Settings)
	if err != nil {
		return err
	}
	if err := a.start(ctx); err != nil {
		return err
	}
	<-ctx.Done()
	return a.close()
}

type migrateCommand struct {
	settings.Settings
}

// Run brings the database to this version's schema.
func (m migrateCommand) Run(ctx context.Context) error {
	if problems := m.Validate(); problems.HasErrors() {
		return fmt.Errorf("settings:\n%s", problems)
	}
	p := &platform{settings: m.Settings}
	if err := p.prepareMigration(ctx); err != nil {
		return err
	}
	defer p.close()
	fmt.Println("数据库结构已是最新")
	return nil
}
