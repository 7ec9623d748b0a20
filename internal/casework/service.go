// Package casework carries a case (办件) through its life: submission, receipt,
// correction, acceptance, review, special procedures, decision, delivery. Each
// verb loads the case, moves its workflow net by one event, turns what the net
// asks for into tasks, clocks, documents and jobs, and hands the whole to
// Commit, the one place that changes a case (invariant I5).
//
// A verb refuses with NotFound for a case that the caller may not see, with
// Forbidden for one that permission, separation or recusal keeps from acting,
// with Conflict for a stale version, an action not offered or one locked until
// its document exists, and with Validation for input that breaks a rule.
package casework

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/audit/chain"
	"zhengtong/internal/authz"
	"zhengtong/internal/blob"
	"zhengtong/internal/clock"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/form"
	"zhengtong/internal/workflow"
)

// Configuration is what casework reads of the tenants' declarations.
type Configuration interface {
	// Current returns the published matter of the acting tenant; NotFound when it takes no applications.
	Current(ctx context.Context, name string) (*configuration.Matter, error)
	// Pinned returns a matter as it was when a case was pinned to it.
	Pinned(ctx context.Context, name string, pins configuration.Pins) (*configuration.Matter, error)
	// Shown returns the version of a matter in force, and whether it takes applications now.
	Shown(ctx context.Context, name string) (*configuration.Matter, bool, error)
	// RunningVersions lists the versions of a matter under which cases are open, with that in force.
	RunningVersions(ctx context.Context, matter string) ([]configuration.Running, error)
	// Live returns what is read as it now stands.
	Live(ctx context.Context) (*configuration.Live, error)
}

// Config names what the service needs.
type Config struct {
	DB            *db.DB
	Clock         clock.Clock
	Configuration Configuration
	Authz         *authz.Authorizer
	Objects       *blob.Store
	Logger        *slog.Logger
	Wake          func()          // called after a commit, so that jobs need not wait for a poll; optional
	Algorithm     chain.Algorithm // of the event chain; SHA256 when empty
}

// Service changes and reads cases. It is safe for concurrent use.
type Service struct {
	store         *store
	book          book // the store, or the memory of a sandbox
	clock         clock.Clock
	configuration Configuration
	authz         *authz.Authorizer
	objects       *blob.Store
	log           *slog.Logger
	wake          func()
	algorithm     chain.Algorithm
	numbers       numbers
	effects       map[workflow.EffectKind]func(*Change, workflow.Effect) error
	serves        func(*workflow.Net) error // refuses a flow that needs a service which is not there
}

// New checks that nothing is missing.
func New(c Config) (*Service, error) {
	missing := map[string]bool{"DB": c.DB == nil, "Clock": c.Clock == nil, "Configuration": c.Configuration == nil, "Authz": c.Authz == nil,
		"Objects": c.Objects == nil}
	var errs []error
	for name, absent := range missing {
		if absent {
			errs = append(errs, fmt.Errorf("casework: %s is missing", name))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Wake == nil {
		c.Wake = func() {}
	}
	if c.Algorithm == "" {
		c.Algorithm = chain.SHA256
	}
	store, err := newStore(c.DB)
	if err != nil {
		return nil, fmt.Errorf("casework: %w", err)
	}
	return &Service{store: store, book: store, clock: c.Clock, configuration: c.Configuration, authz: c.Authz, objects: c.Objects, log: c.Logger,
		wake: c.Wake, algorithm: c.Algorithm, numbers: numbers{blocks: map[string]*block{}}, effects: effectTable(), serves: servable}, nil
}

func (s *Service) newID(at time.Time) uuid.UUID { return db.NewID(at) }

// open loads a case for reading or acting, with the configuration it is pinned to.
func (s *Service) open(ctx context.Context, id uuid.UUID) (*dossier, error) {
	d, err := s.book.load(ctx, id)
	if err != nil {
		return nil, err
	}
	if d.matter, err = s.configuration.Pinned(ctx, d.kase.MatterName, d.kase.Pins); err != nil {
		return nil, err
	}
	if d.live, err = s.configuration.Live(ctx); err != nil {
		return nil, err
	}
	if d.kase.Form, err = d.matter.Form.Decode([]byte(d.kase.formText)); err != nil {
		return nil, fmt.Errorf("casework: form of %s: %w", d.kase.No, err)
	}
	if d.kase.Facts, err = form.DecodeAs(d.matter.Facts, []byte(d.kase.factsText)); err != nil {
		return nil, fmt.Errorf("casework: facts of %s: %w", d.kase.No, err)
	}
	return d, nil
}

// numbers hands out case and licence numbers from reserved blocks, which may leave gaps.
type numbers struct {
	mu     sync.Mutex
	blocks map[string]*block
}

// block is a stretch of numbers in hand. Where the last one did not last a
// moment the next is twice as long: a busy tenant does not wait for the series at
// every few cases, a quiet one leaves small gaps.
type block struct {
	first, size, next int64
	taken             time.Time
}

const (
	smallestBlock = 20
	largestBlock  = 640
	moment        = 5 * time.Second
)

func (b *block) follow(now time.Time) int64 {
	if b == nil {
		return smallestBlock
	}
	size := b.size
	if now.Sub(b.taken) < moment {
		return min(2*size, largestBlock)
	}
	return max(size/2, smallestBlock)
}

func (s *Service) number(ctx context.Context, tenant, key string) (int64, error) {
	s.numbers.mu.Lock()
	defer s.numbers.mu.Unlock()
	b := s.numbers.blocks[tenant+"/"+key]
	if b == nil || b.next >= b.first+b.size {
		now := s.clock.Now()
		size := b.follow(now)
		first, err := s.book.reserve(ctx, key, size)
		if err != nil {
			return 0, err
		}
		b = &block{first: first, size: size, next: first, taken: now}
		s.numbers.blocks[tenant+"/"+key] = b
	}
	b.next++
	return b.next - 1, nil
}
