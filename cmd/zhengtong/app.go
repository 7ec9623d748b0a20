package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"zhengtong/internal/authz"
	"zhengtong/internal/casework"
	"zhengtong/internal/configuration"
	"zhengtong/internal/crypt"
	"zhengtong/internal/identity"
	"zhengtong/internal/matter"
	"zhengtong/internal/settings"
	"zhengtong/internal/simulation"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
	"zhengtong/tenants/demo"
	"zhengtong/workers"
)

// app is one process: the platform, the services on it, and the workers.
type app struct {
	*platform
	tree          *tenancy.Tree
	gate          *tenancy.Gate
	configuration *configuration.Service
	authz         *authz.Authorizer
	identity      *identity.Service
	casework      *casework.Service
	simulation    *simulation.Service
	effects       effects
	bell          *workers.Bell
	workers       *workers.Workers
	stop          context.CancelFunc
	running       chan struct{}
}

// openApp opens the platform and builds every service on it.
func openApp(ctx context.Context, s settings.Settings) (*app, error) {
	p, err := openPlatform(ctx, s)
	if err != nil {
		return nil, err
	}
	a := &app{platform: p, bell: workers.NewBell()}
	for _, build := range []func(context.Context) error{a.buildTenancy, a.buildIdentity, a.buildCasework, a.buildEffects, a.buildWorkers} {
		if err := build(ctx); err != nil {
			return nil, errors.Join(err, a.close())
		}
	}
	return a, nil
}

func (a *app) buildTenancy(ctx context.Context) error {
	var err error
	if a.tree, err = tenancy.LoadTree(ctx, a.db); err != nil {
		return err
	}
	if a.gate, err = tenancy.NewGate(a.tree, a.db, a.clock.Now); err != nil {
		return err
	}
	a.configuration, err = configuration.New(configuration.Config{DB: a.db, Clock: a.clock, Tree: a.tree, Bus: a.bus,
		Projection: matter.NewProjection(a.db), Objects: a.objects, Logger: a.log})
	if err != nil {
		return err
	}
	if a.authz, err = authz.New(ctx, a.configuration); err != nil {
		return err
	}
	a.configuration.UseAuthz(a.authz)
	return nil
}

func (a *app) buildIdentity(context.Context) error {
	var err error
	a.identity, err = identity.New(identity.Config{DB: a.db, Clock: a.clock, Tree: a.tree, Keys: a.keys,
		Passwords: crypt.NewPasswords(crypt.DefaultCost, 2), Policies: a.signInPolicy, Authz: a.authz, Offices: a.configuration})
	return err
}

// signInPolicy is what the acting tenant demands of sign-ins (Tenant.policies).
func (a *app) signInPolicy(ctx context.Context) (identity.Policy, error) {
	policy := identity.DefaultPolicy
	live, err := a.configuration.Live(ctx)
	if err != nil || live.Tenant.Policies == nil {
		return policy, err
	}
	if p := live.Tenant.Policies.Password; p != nil && p.LockAfter > 0 {
		policy.LockAfter, policy.LockFor = p.LockAfter, time.Duration(p.LockMinutes)*time.Minute
		policy.MinLength, policy.Classes, policy.History = p.MinLength, p.Classes, p.History
	}
	if n := live.Tenant.Policies.Session; n != nil && n.IdleMinutes > 0 {
		policy.Idle, policy.Absolute = time.Duration(n.IdleMinutes)*time.Minute, time.Duration(n.AbsoluteHours)*time.Hour
	}
	return policy, nil
}

func (a *app) buildCasework(context.Context) error {
	var err error
	a.casework, err = casework.New(casework.Config{DB: a.db, Clock: a.clock, Configuration: a.configuration, Authz: a.authz, Objects: a.objects,
		Logger: a.log, Wake: a.bell.Ring})
	if err != nil {
		return err
	}
	a.simulation, err = simulation.New(simulation.Config{Drafts: a.configuration, Cases: a.casework, Door: a.authz, Clock: a.clock})
	return err
}

// start begins what runs besides requests: the watch on configuration and, unless
// --no-workers, the relay and the workers.
func (a *app) start(ctx context.Context) error {
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	a.stop, a.running = stop, make(chan struct{})
	go func() {
		defer close(a.running)
		if err := a.configuration.Run(running); err != nil && !errors.Is(err, context.Canceled) {
			a.log.Error("configuration watch ended", "error", err)
		}
	}()
	if a.settings.NoWorkers {
		return nil
	}
	return a.workers.Start()
}

// close ends the workers, the watch and the platform, in this order.
func (a *app) close() error {
	if a.stop != nil {
		if !a.settings.NoWorkers {
			a.workers.Stop()
		}
		a.stop()
		<-a.running
	}
	return a.platform.close()
}

// advance moves the virtual clock; everything due on the way is handled at its own
// instant, by this process's workers or by others'.
func (a *app) advance(ctx context.Context, to time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	return a.workers.Advance(ctx, a.virtual, to)
}

// loadBase publishes the national base into an empty installation: without it
// there is no realm for applicants and no calendar to inherit.
func (a *app) loadBase(ctx context.Context) error {
	if _, loaded := a.tree.Get(tenancy.Realm); loaded {
		return nil
	}
	files, err := kind.Files(tenants.FS(), tenants.National)
	if err != nil {
		return err
	}
	if err := a.configuration.Bootstrap(ctx, files...); err != nil {
		return fmt.Errorf("national base: %w", err)
	}
	return nil
}

// loadDemo fills an empty installation with the shipped packs, published by the
// system, and the demonstration's accounts; what is there already is left alone.
func (a *app) loadDemo(ctx context.Context) error {
	files, err := kind.Files(tenants.FS(), ".")
	if err != nil {
		return err
	}
	if _, loaded := a.tree.Get("431321"); !loaded {
		if err := a.configuration.Bootstrap(ctx, files...); err != nil {
			return fmt.Errorf("demonstration packs: %w", err)
		}
	}
	return a.identity.LoadRoster(ctx, demo.Accounts)
}
