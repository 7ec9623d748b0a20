package graph

import (
	"context"
	"slices"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/authz"
	"zhengtong/internal/casework"
	"zhengtong/internal/notify"
	"zhengtong/internal/problem"
	"zhengtong/internal/queue"
)

// Bus tells that something is worth another look (queue.Bus); what is true is read from the database.
type Bus interface {
	Subscribe(ctx context.Context, topic queue.Topic) (*queue.Subscription, error)
}

// glance is how often a stream looks without having been told: a message on the
// bus may be lost, an event may not.
const glance = 15 * time.Second

// watch calls look once for each message of a topic, and now and then without
// one, until the stream ends or look fails; then it closes out.
func watch[T any](ctx context.Context, bus Bus, topic queue.Topic, out chan<- T, look func(context.Context) ([]T, error)) error {
	told, err := bus.Subscribe(ctx, topic)
	if err != nil {
		return err
	}
	go func() {
		defer close(out)
		defer told.Close()
		tick := time.NewTicker(glance)
		defer tick.Stop()
		for {
			news, err := look(ctx)
			if err != nil {
				return
			}
			for _, one := range news {
				select {
				case out <- one:
				case <-ctx.Done():
					return
				}
			}
			select {
			case _, open := <-told.C:
				if !open {
					return
				}
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	return nil
}

// watchCase streams the events of a case from now on. Whether the viewer may see
// the case is asked anew before each event.
func (r *Resolver) watchCase(ctx context.Context, id relay.ID) (<-chan *model.CaseEvent, error) {
	ctx, key, err := r.target(ctx, id, relay.Case)
	if err != nil {
		return nil, err
	}
	v, err := r.Casework.View(ctx, key)
	if err != nil {
		return nil, err
	}
	seen := v.Case().EventSeq
	out := make(chan *model.CaseEvent, 1)
	return out, watch(ctx, r.Bus, queue.Topic{Tenant: id.Tenant, Name: "case:" + key.String()}, out, func(ctx context.Context) ([]*model.CaseEvent, error) {
		events, err := r.Casework.Timeline(ctx, v, seen, relay.MaxFirst)
		if err != nil || len(events) == 0 {
			return nil, err
		}
		seen = events[len(events)-1].Seq
		if v, err = r.Casework.View(ctx, key); err != nil {
			return nil, err
		}
		return eventModels(ctx, v, events)
	})
}

func eventModels(ctx context.Context, v *casework.View, events []*casework.Event) ([]*model.CaseEvent, error) {
	out := make([]*model.CaseEvent, len(events))
	for i, e := range events {
		var err error
		if out[i], err = eventModel(ctx, v, e); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// watchInbox streams the viewer's messages from now on.
func (r *Resolver) watchInbox(ctx context.Context) (<-chan *model.Message, error) {
	p := authz.From(ctx)
	if p.Account == uuid.Nil {
		return nil, problem.New(problem.Unauthenticated, "", "请先登录")
	}
	page := notify.Page{First: relay.DefaultFirst}
	known, _, err := r.Inbox.Inbox(ctx, page)
	if err != nil {
		return nil, err
	}
	out := make(chan *model.Message, 1)
	return out, watch(ctx, r.Bus, notify.Topic(p.Home, p.Account), out, func(ctx context.Context) ([]*model.Message, error) {
		now, _, err := r.Inbox.Inbox(ctx, page)
		if err != nil {
			return nil, err
		}
		var news []*model.Message
		for _, m := range slices.Backward(now) { // newest first
			if !slices.ContainsFunc(known, func(k *notify.Message) bool { return k.ID == m.ID }) {
				news = append(news, messageModel(p.Home, m))
			}
		}
		known = now
		return news, nil
	})
}
