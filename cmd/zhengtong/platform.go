package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"zhengtong/internal/blob"
	"zhengtong/internal/clock"
	"zhengtong/internal/crypt"
	"zhengtong/internal/db"
	"zhengtong/internal/queue"
	"zhengtong/internal/settings"
	"zhengtong/internal/telemetry"
)

// platform is what a process stands on: database, queue, objects, keys and time,
// each embedded or a real server, as the settings say.
type platform struct {
	settings settings.Settings
	log      *slog.Logger
	metrics  *telemetry.Metrics
	health   *telemetry.Health
	db       *db.DB
	clock    clock.Clock
	virtual  *clock.Virtual // nil on real time
	keys     *crypt.Keys
	objects  *blob.Store
	queue    *queue.Client
	bus      *queue.Bus
	closers  []func() error
}

// taskTime bounds one background task; a job's lease is longer.
const taskTime = 25 * time.Second

// openPlatform opens everything or nothing.
func openPlatform(ctx context.Context, s settings.Settings) (*platform, error) {
	p := &platform{settings: s, log: telemetry.NewLogger(os.Stderr, s.LogLevel), metrics: telemetry.NewMetrics(), health: telemetry.NewHealth()}
	queue.LogTo(p.log)
	for _, open := range []func(context.Context) error{p.openData, p.openDatabase, p.openClock, p.openObjects, p.openQueue} {
		if err := open(ctx); err != nil {
			return nil, errors.Join(err, p.close())
		}
	}
	return p, nil
}

// close ends what was opened, last first.
func (p *platform) close() error {
	var errs []error
	for i := len(p.closers) - 1; i >= 0; i-- {
		errs = append(errs, p.closers[i]())
	}
	p.closers = nil
	return errors.Join(errs...)
}

func (p *platform) onClose(f func() error) { p.closers = append(p.closers, f) }

func (p *platform) openData(context.Context) error {
	if err := os.MkdirAll(p.settings.Data, 0o700); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	master, err := crypt.OpenMaster(p.settings.KeyFile())
	if err != nil {
		return err
	}
	p.keys, err = crypt.NewKeys(p.settings.Keys.Suite, master)
	return err
}

func (p *platform) openDatabase(ctx context.Context) error {
	config := db.Config{URL: p.settings.DatabaseURL, OwnerURL: p.settings.DatabaseOwnerURL, MaxConns: int32(p.settings.Limit.DatabaseConns), Logger: p.log}
	if p.settings.EmbeddedDatabase() {
		config = db.Config{Dir: filepath.Dir(p.settings.DatabaseFile()), Logger: p.log}
	}
	var err error
	if p.db, err = db.Open(ctx, config); err != nil {
		return err
	}
	p.onClose(p.db.Close)
	p.health.Register("database", p.db.Health)
	p.metrics.Pool("app", p.db.SQL())
	return p.db.Migrate(ctx)
}

// openClock takes the virtual clock of a database that was created for one, and
// refuses to mix: a database on virtual time is no production database.
func (p *platform) openClock(ctx context.Context) error {
	store := p.db.VirtualClock()
	at, virtual, err := store.Load(ctx)
	if err != nil {
		return fmt.Errorf("virtual clock: %w", err)
	}
	switch {
	case !virtual && !p.settings.Virtual():
		p.clock = clock.System{}
		return nil
	case virtual && !p.settings.Virtual():
		return fmt.Errorf("this database runs on a virtual clock (now %s): start with --demo or --clock-start, or take another database", at.Format(time.RFC3339))
	}
	start := p.settings.ClockStart
	if start.IsZero() {
		start = demoStart
	}
	if p.virtual, err = clock.OpenVirtual(ctx, store, start); err != nil {
		return err
	}
	p.clock = p.virtual
	return nil
}

// demoStart is when the demonstration begins: a Monday morning after the Spring Festival of 2026.
var demoStart = time.Date(2026, 3, 2, 9, 0, 0, 0, time.FixedZone("Asia/Shanghai", 8*60*60))

func (p *platform) openObjects(ctx context.Context) error {
	config := blob.Config{Endpoint: p.settings.S3.Endpoint, Region: p.settings.S3.Region, AccessKey: p.settings.S3.AccessKey,
		SecretKey: p.settings.S3.SecretKey, Bucket: p.settings.S3.Bucket, ArchiveBucket: p.settings.S3.ArchiveBucket}
	if p.settings.EmbeddedObjects() {
		embedded, err := blob.StartEmbedded(ctx, p.settings.ObjectDir())
		if err != nil {
			return err
		}
		p.onClose(embedded.Stop)
		config = embedded.Config()
	}
	config.PublicBase = p.settings.Origin()
	var err error
	if p.objects, err = blob.New(config); err != nil {
		return err
	}
	p.health.Register("objects", p.objects.Ping)
	return p.objects.Prepare(ctx)
}

func (p *platform) openQueue(context.Context) error {
	address := p.settings.RedisURL
	if p.settings.EmbeddedQueue() {
		embedded, err := queue.StartEmbedded()
		if err != nil {
			return err
		}
		p.onClose(func() error { embedded.Stop(); return nil })
		address = embedded.URL()
	}
	var err error
	if p.queue, err = queue.Connect(address, taskTime); err != nil {
		return err
	}
	p.onClose(p.queue.Close)
	p.health.Register("queue", p.queue.Ping)
	p.bus = queue.NewBus(p.queue)
	p.onClose(p.bus.Close)
	return nil
}

// prepareMigration opens the database alone, which migrates it.
func (p *platform) prepareMigration(ctx context.Context) error {
	p.log, p.metrics, p.health = telemetry.NewLogger(os.Stderr, p.settings.LogLevel), telemetry.NewMetrics(), telemetry.NewHealth()
	return p.openDatabase(ctx)
}
