package configuration

import (
	"context"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
)

// CalendarJob is the payload of JobCalendar: which publication it follows, from which
// case on, and whether the tenants below are still to be asked.
type CalendarJob struct {
	Key   string    `json:"key"`
	After uuid.UUID `json:"after"`
	Below bool      `json:"below"`
}

// AskForRecompute writes a JobCalendar of a tenant, once for each key and page.
func AskForRecompute(b *db.Batch, tenant string, in CalendarJob, at time.Time) {
	booking{tenant, JobCalendar, "calendar/" + in.Key + "/" + in.After.String(), in, at}.once(b, at)
}

// SpreadCalendar brings this node's snapshots up to the publication of a calendar and,
// for a job that says so, asks every tenant below for the same: those that inherit the
// calendar have a new one too. A tenant with a patch of its own has one when its patch
// is resolved again, and asks then.
func (s *Service) SpreadCalendar(ctx context.Context, tenant string, in CalendarJob) error {
	if err := s.Refresh(ctx); err != nil {
		return err
	}
	if !in.Below {
		return nil
	}
	ctx = authz.With(ctx, authz.System())
	after := tenant
	for {
		page := s.tree.Subtree(tenant, after, pageBelow)
		if len(page) == 0 {
			return nil
		}
		for _, below := range page {
			there, err := s.tree.ActAs(ctx, below.Code, "a calendar of "+tenant)
			if err != nil {
				return err
			}
			b := s.store.db.NewBatch()
			AskForRecompute(b, below.Code, CalendarJob{Key: in.Key}, s.clock.Now())
			if err := s.store.db.Run(there, b); err != nil {
				return wrap("ask for recomputed clocks", err)
			}
		}
		after = page[len(page)-1].Code
	}
}
