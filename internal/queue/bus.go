package queue

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/redis/go-redis/v9"
)

// Topic is what messages are about. Its Redis channel starts with the tenant
// (I3), so that no name can lead to another tenant's messages.
type Topic struct {
	Tenant string // a tenant's code, or System
	Name   string // `configuration.head`, `case:<id>`, …
}

// System stands in for a tenant on topics between the nodes of an installation; no tenant has this code.
const System = "_system"

func (t Topic) channel() (string, error) {
	if (t.Tenant != System && !tenantPattern.MatchString(t.Tenant)) || !namePattern.MatchString(t.Name) {
		return "", fmt.Errorf("topic %q of tenant %q", t.Name, t.Tenant)
	}
	return "zt:" + t.Tenant + ":" + t.Name, nil
}

// Message is one message, or the news that some were missed.
type Message struct {
	Topic   Topic
	Payload string
	// Missed says that messages may have been lost: Redis was away, or the
	// reader too slow. Whoever reads must look at the present state again.
	Missed bool
}

// Bus carries messages between the nodes of an installation. Delivery is at
// most once: a message tells that something is worth looking at, never what
// is true. All subscriptions of a process share one connection.
type Bus struct {
	redis  redis.UniversalClient
	pubsub *redis.PubSub
	ended  chan struct{}

	mu     sync.Mutex
	topics map[string]*room
	closed bool
}

type room struct {
	topic   Topic
	joined  chan struct{} // closed when Redis has confirmed
	readers map[*Subscription]struct{}
}

// Subscription receives the messages of one topic until Close.
type Subscription struct {
	C     <-chan Message // closed by Close, or with the bus
	inbox chan Message
	bus   *Bus
	name  string
}

// inboxSize is how many messages a slow reader may be behind before it is told that it missed some.
const inboxSize = 32

// NewBus returns a bus over the Redis of client; Close it before the client.
func NewBus(client *Client) *Bus {
	b := &Bus{redis: client.redis, pubsub: client.redis.Subscribe(context.Background()), ended: make(chan struct{}), topics: map[string]*room{}}
	go b.deliver()
	return b
}

// Publish sends payload to everyone who reads topic now.
func (b *Bus) Publish(ctx context.Context, topic Topic, payload string) error {
	channel, err := topic.channel()
	if err != nil {
		return err
	}
	return away("publish", b.redis.Publish(ctx, channel, payload).Err())
}

// Subscribe returns once Redis will deliver every later message of topic.
// The caller has decided already that the reader may see the topic.
func (b *Bus) Subscribe(ctx context.Context, topic Topic) (*Subscription, error) {
	channel, err := topic.channel()
	if err != nil {
		return nil, err
	}
	s, joined, err := b.join(ctx, channel, topic)
	if err != nil {
		return nil, err
	}
	select {
	case <-joined:
		return s, nil
	case <-b.ended:
		return nil, away("subscribe", errors.New("the bus is closed"))
	case <-ctx.Done():
		s.Close()
		return nil, away("subscribe", ctx.Err())
	}
}

func (b *Bus) join(ctx context.Context, channel string, topic Topic) (*Subscription, <-chan struct{}, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, nil, away("subscribe", errors.New("the bus is closed"))
	}
	r, known := b.topics[channel]
	if !known {
		if err := b.pubsub.Subscribe(ctx, channel); err != nil {
			// go-redis remembers the channel even so; without this it would join it on its own later.
			_ = b.pubsub.Unsubscribe(context.WithoutCancel(ctx), channel)
			return nil, nil, away("subscribe", err)
		}
		r = &room{topic: topic, joined: make(chan struct{}), readers: map[*Subscription]struct{}{}}
		b.topics[channel] = r
	}
	inbox := make(chan Message, inboxSize)
	s := &Subscription{C: inbox, inbox: inbox, bus: b, name: channel}
	r.readers[s] = struct{}{}
	return s, r.joined, nil
}

// Close ends the subscription; C is closed. Closing twice is fine.
func (s *Subscription) Close() {
	s.bus.mu.Lock()
	defer s.bus.mu.Unlock()
	r := s.bus.topics[s.name]
	if r == nil {
		return
	}
	if _, present := r.readers[s]; !present {
		return
	}
	delete(r.readers, s)
	close(s.inbox)
	if len(r.readers) == 0 {
		delete(s.bus.topics, s.name)
		// When this fails Redis is away, and the channel is not joined again on return.
		_ = s.bus.pubsub.Unsubscribe(context.Background(), s.name)
	}
}

// Close ends all subscriptions and waits for the bus's goroutine.
func (b *Bus) Close() error {
	err := b.pubsub.Close()
	<-b.ended
	return err
}

func (b *Bus) deliver() {
	defer close(b.ended)
	for event := range b.pubsub.ChannelWithSubscriptions() {
		switch event := event.(type) {
		case *redis.Message:
			b.pass(event.Channel, event.Payload)
		case *redis.Subscription:
			if event.Kind == "subscribe" {
				b.confirm(event.Channel)
			}
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for _, r := range b.topics {
		for s := range r.readers {
			close(s.inbox)
		}
	}
	b.topics = map[string]*room{}
}

func (b *Bus) pass(channel, payload string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if r := b.topics[channel]; r != nil {
		r.tell(Message{Topic: r.topic, Payload: payload})
	}
}

// confirm notes that Redis has joined the channel. The second time, the connection was lost in between.
func (b *Bus) confirm(channel string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.topics[channel]
	if r == nil {
		return
	}
	select {
	case <-r.joined:
		r.tell(Message{Topic: r.topic, Missed: true})
	default:
		close(r.joined)
	}
}

// tell never waits: a reader that is too far behind loses what it has not read and learns that it did.
func (r *room) tell(message Message) {
	for s := range r.readers {
		select {
		case s.inbox <- message:
			continue
		default:
		}
		for range cap(s.inbox) {
			select {
			case <-s.inbox:
			default:
			}
		}
		s.inbox <- Message{Topic: r.topic, Missed: true}
		s.inbox <- message
	}
}
