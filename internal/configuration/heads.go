package configuration

import (
	"context"
	"maps"
	"sync"
	"time"

	"zhengtong/internal/queue"
)

// pollInterval is how often a node looks at the head sequence (docs/architecture.md, snapshot).
const pollInterval = time.Second

// sequenceOverlap is how far back each look reaches: publications that ran side
// by side may become visible out of the order of their numbers.
const sequenceOverlap = 64

// heads remembers the revisions this node has seen.
type heads struct {
	mu        sync.Mutex
	revisions map[string]int
	last      int64
}

func (h *heads) note(revisions map[string]int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	maps.Copy(h.revisions, revisions)
}

// topic tells the nodes of an installation that some head has moved.
func topic() queue.Topic { return queue.Topic{Tenant: queue.System, Name: "configuration.head"} }

// Run keeps this node's snapshots in step with what is published anywhere, until
// ctx ends. A lost database or bus is logged and tried again.
func (s *Service) Run(ctx context.Context) error {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	var news <-chan queue.Message
	if s.bus != nil {
		if subscription, err := s.bus.Subscribe(ctx, topic()); err == nil {
			defer subscription.Close()
			news = subscription.C
		} else {
			s.log.WarnContext(ctx, "configuration: no bus, polling only", "error", err)
		}
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case _, open := <-news:
			if !open {
				news = nil
			}
		case <-ticker.C:
		}
		if err := s.Refresh(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "configuration: heads not read", "error", err)
		}
	}
}

// Refresh looks at the head sequence and builds anew the snapshots that are
// behind. Readers keep the old one until the new one stands.
func (s *Service) Refresh(ctx context.Context) error {
	s.heads.mu.Lock()
	from := max(0, s.heads.last-sequenceOverlap)
	s.heads.mu.Unlock()
	changed, last, err := s.store.changedHeads(ctx, from)
	if err != nil {
		return err
	}
	s.heads.mu.Lock()
	s.heads.last = max(s.heads.last, last)
	maps.Copy(s.heads.revisions, changed)
	s.heads.mu.Unlock()
	for tenant := range changed {
		if _, known := s.tree.Get(tenant); !known {
			if err := s.tree.Refresh(ctx); err != nil {
				return err
			}
			break
		}
	}
	return s.catchUp(ctx, changed)
}

// catchUp rebuilds the snapshots whose lineage has a head that moved.
func (s *Service) catchUp(ctx context.Context, changed map[string]int) error {
	for _, tenant := range s.snapshots.Keys() {
		old, ok := s.snapshots.Peek(tenant)
		if !ok || !old.behind(changed) {
			continue
		}
		there, err := s.tree.ActAs(ctx, tenant, "configuration snapshot")
		if err != nil {
			s.snapshots.Remove(tenant)
			continue
		}
		if _, err := s.rebuild(there); err != nil {
			return err
		}
	}
	return nil
}

// behind reports a snapshot that was built on older revisions than these.
func (s *snapshot) behind(changed map[string]int) bool {
	for _, tenant := range s.view.lineage {
		if revision, ok := changed[tenant]; ok && s.revisions[tenant] != revision {
			return true
		}
	}
	return false
}
