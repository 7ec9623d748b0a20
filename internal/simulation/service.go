package simulation

import (
	"context"
	"errors"
	"time"

	"zhengtong/internal/authz"
	"zhengtong/internal/clock"
	"zhengtong/internal/configuration"
	"zhengtong/schema/kind"
)

// Drafts answers the acting tenant's configuration with files laid over it;
// *configuration.Service does.
type Drafts interface {
	Draft(ctx context.Context, files []kind.File) (configuration.Source, []string, error)
}

// Config names what the service needs.
type Config struct {
	Drafts Drafts
	Cases  Cases
	Door   *authz.Authorizer
	Clock  clock.Clock
}

// Service simulates and replays in the acting tenant. It writes nothing.
type Service struct{ Config }

// New checks that nothing is missing.
func New(c Config) (*Service, error) {
	if c.Drafts == nil || c.Cases == nil || c.Door == nil || c.Clock == nil {
		return nil, errors.New("simulation: Drafts, Cases, Door and Clock are needed")
	}
	return &Service{c}, nil
}

// Input asks how an application for a matter would go.
type Input struct {
	Matter  string
	Files   []kind.File // the draft; what is published when empty
	Script  Script
	StartAt time.Time // now when zero
}

// Simulate carries an application through the draft. NOT_FOUND for a matter that the
// tenant does not have, VALIDATION for a draft or script with errors. Needs config.simulate.
func (s *Service) Simulate(ctx context.Context, in Input) (*Simulation, error) {
	source, lineage, err := s.Drafts.Draft(ctx, in.Files)
	if err != nil {
		return nil, err
	}
	subject, err := NewSubject(source, lineage, in.Matter)
	if err != nil {
		return nil, err
	}
	at := in.StartAt
	if at.IsZero() {
		at = s.Clock.Now()
	}
	return Run(ctx, subject, s.Door, in.Script, at)
}
