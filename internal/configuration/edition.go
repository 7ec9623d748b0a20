package configuration

import (
	"context"
	"fmt"
	"slices"
	"time"

	"zhengtong/internal/problem"
)

// Displayed is a matter that the acting tenant publishes, with the configuration
// that it was read from: one snapshot, whatever is published meanwhile.
type Displayed struct {
	Matter *Matter
	Source Source
	Live   *Live
	Open   bool // takes applications now

	revisions map[string]int
	lineage   []string // the tenant first
}

// Display returns a matter that the acting tenant publishes; a suspended one too. NotFound otherwise.
func (s *Service) Display(ctx context.Context, name string) (*Displayed, error) {
	snapshot, err := s.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	found, offered := snapshot.view.Offer(name)
	if !offered {
		return nil, problem.Missing()
	}
	m, err := s.matter(snapshot, found)
	if err != nil {
		return nil, err
	}
	return &Displayed{Matter: m, Source: snapshot.view, Live: snapshot.live, Open: snapshot.status[name] == "" && s.receives(ctx) == nil, revisions: snapshot.revisions,
		lineage: snapshot.view.lineage}, nil
}

// Edition is the publication that last touched a set of resources: of whom, its number there, and when.
type Edition struct {
	Tenant   string
	Revision int
	At       time.Time
}

// String names the edition: "431321-3" is the third publication of 431321.
func (e Edition) String() string { return fmt.Sprintf("%s-%d", e.Tenant, e.Revision) }

// Edition finds the last publication, of the tenant or of one above it, that began,
// changed or ended one of the resources ("Kind/name"), as far as the snapshot knows.
// Two at the same instant are one change: the nearer tenant's names it.
func (s *Service) Edition(ctx context.Context, d *Displayed, resources []string) (Edition, error) {
	touched, err := s.store.touched(ctx, d.lineage, d.revisions, resources)
	if err != nil {
		return Edition{}, err
	}
	if len(touched) == 0 {
		return Edition{}, fmt.Errorf("configuration: no publication of %s holds %v", d.lineage[0], resources)
	}
	return slices.MaxFunc(touched, func(a, b Edition) int {
		if order := a.At.Compare(b.At); order != 0 {
			return order
		}
		return slices.Index(d.lineage, b.Tenant) - slices.Index(d.lineage, a.Tenant)
	}), nil
}
