package graph

import (
	"context"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/authz"
	"zhengtong/internal/notify"
	"zhengtong/internal/problem"
)

// Inbox shows the viewer's own messages (notify.Service).
type Inbox interface {
	Inbox(ctx context.Context, p notify.Page) ([]*notify.Message, bool, error)
	Message(ctx context.Context, id uuid.UUID) (*notify.Message, error)
}

func messageModel(home string, m *notify.Message) *model.Message {
	out := &model.Message{ID: relay.Of(relay.Message, home, m.ID), Event: m.Event, Title: m.Title, Body: m.Body, SentAt: m.CreatedAt}
	if !m.SentAt.IsZero() {
		out.SentAt = m.SentAt
	}
	if m.Case != uuid.Nil {
		id := relay.Of(relay.Case, m.CaseTenant, m.Case)
		out.Case = &id
	}
	return out
}

func (r *Resolver) messages(ctx context.Context, page relay.Page) (*model.MessageConnection, error) {
	p := notify.Page{First: page.First}
	if page.After != nil {
		at, err := time.Parse(time.RFC3339Nano, page.After[0])
		if err != nil {
			return nil, problem.New(problem.BadRequest, "bad_cursor", "游标无效，或属于另一个列表")
		}
		p.AfterAt, p.AfterID = at, uuid.FromStringOrNil(page.After[1])
	}
	rows, more, err := r.Inbox.Inbox(ctx, p)
	if err != nil {
		return nil, err
	}
	home := authz.From(ctx).Home
	list, info := edges(page, rows, more, func(m *notify.Message) []string { return []string{instant(m.CreatedAt), m.ID.String()} },
		func(cursor string, m *notify.Message) *model.MessageEdge {
			return &model.MessageEdge{Cursor: cursor, Node: messageModel(home, m)}
		})
	return &model.MessageConnection{Edges: list, PageInfo: info}, nil
}
