// Package audit keeps the record of looks and acts that leave no event in a
// case: who looked at what, when, from which tenant (R-OPS-04, R-PRF-10). Rows
// are only ever added. Its folders hold the evidence of cases: canonical (one
// JSON text for equal data) and chain (hash-linked events).
package audit

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/clock"
	"zhengtong/internal/db"
	"zhengtong/internal/tenancy"
)

// Service writes and reads the audit log of the acting tenant.
type Service struct {
	store store
	clock clock.Clock
}

// New returns the service.
func New(database *db.DB, c clock.Clock) (*Service, error) {
	if database == nil || c == nil {
		return nil, errors.New("audit: database and clock are required")
	}
	return &Service{store: store{database}, clock: c}, nil
}

// Entry is one look or act.
type Entry struct {
	ID     uuid.UUID // given by Record
	At     time.Time // given by Record
	Actor  string    // authz.Principal.Actor: "staff:…", "account:…", "public", "system"
	Home   string    // tenant of the actor; the acting tenant when empty
	Action string    // "case.view", "linked.view", "licence.verify"
	Object string    // "case:0190…"
	Detail map[string]string
}

// Record adds an entry to the acting tenant's log, in the transaction of ctx when there is one.
func (s *Service) Record(ctx context.Context, e Entry) error {
	if e.Actor == "" || e.Action == "" || e.Object == "" {
		return errors.New("audit: an entry needs actor, action and object")
	}
	e.At = s.clock.Now()
	e.ID = db.NewID(e.At)
	if e.Home == "" {
		e.Home = tenancy.Acting(ctx)
	}
	if e.Detail == nil {
		e.Detail = map[string]string{}
	}
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return err
	}
	return s.store.insert(ctx, e, string(detail))
}

// Filter narrows a list of entries; empty fields admit all.
type Filter struct {
	Object string
	Action string
	Actor  string
}

// Page is a part of a list: the First entries older than After.
type Page struct {
	First int // 1 to 100
	After uuid.UUID
}

// List returns entries of the acting tenant, newest first, and whether more follow.
// The caller has decided that the reader may see the log (audit.read).
func (s *Service) List(ctx context.Context, f Filter, p Page) ([]Entry, bool, error) {
	p.First = min(max(p.First, 1), 100)
	entries, err := s.store.list(ctx, f, p)
	if err != nil || len(entries) <= p.First {
		return entries, false, err
	}
	return entries[:p.First], true, nil
}
