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

// heads remembers the heads that moved last, as far as each look reaches back.
type heads struct {
	turn sync.Mutex // one brings snapshots up to date at a time: a slower one would put older snapshots over newer
	mu   sync.Mutex
	near map[string]int // revisions by tenant; replaced, never changed
	done map[string]int // near, when every snapshot there was had been brought up to it
	last int64
}

func (h *heads) recent() map[string]int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.near
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
	s.heads.turn.Lock()
	defer s.heads.turn.Unlock()
	s.heads.mu.Lock()
	from := max(0, s.heads.last-sequenceOverlap)
	s.heads.mu.Unlock()
	changed, last, err := s.store.changedHeads(ctx, from)
	if err != nil {
		return err
	}
	s.heads.mu.Lock()
	done := s.heads.done != nil && maps.Equal(s.heads.done, changed)
	s.heads.last, s.heads.near = max(s.heads.last, last), changed
	s.heads.mu.Unlock()
	if done {
		return nil // whoever has built a snapshot since has looked at near
	}
	if err := s.tree.Follow(ctx, sortedKeys(changed)); err != nil {
		return err
	}
	if err := s.catchUp(ctx, changed); err != nil {
		return err
	}
	s.heads.mu.Lock()
	s.heads.done = changed
	s.heads.mu.Unlock()
	return nil
}

// catchUp brings the snapshots up to date whose lineage has a head that moved. Each new shelf is read once, whoever
// stands on it.
func (s *Service) catchUp(ctx context.Context, changed map[string]int) error {
	type step struct {
		tenant   string
		from, to int
	}
	type move struct {
		shelf *tenantShelf
		kinds map[string]bool
	}
	moves := map[step]move{}
	shelf := func(before *tenantShelf, from, to int, above []*tenantShelf) (*tenantShelf, map[string]bool, error) {
		at := step{before.tenant, from, to}
		if done, ok := moves[at]; ok {
			return done.shelf, done.kinds, nil
		}
		after, err := s.shelfOf(ctx, before.tenant, to, above, before)
		if err != nil {
			return nil, nil, err
		}
		moves[at] = move{after, before.differs(after)}
		return after, moves[at].kinds, nil
	}
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
		next, err := s.moved(there, old, changed, shelf)
		if err != nil {
			return err
		}
		s.snapshots.Add(tenant, next)
	}
	return nil
}

// behind reports a snapshot that was built on older revisions than these.
func (s *snapshot) behind(changed map[string]int) bool {
	for _, tenant := range s.view.lineage {
		if revision, ok := changed[tenant]; ok && s.revisions[tenant] < revision {
			return true
		}
	}
	return false
}
