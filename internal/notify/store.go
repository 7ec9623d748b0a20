package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// store holds every query of the package.
type store struct{ db *db.DB }

const columns = "id, account_id, channel, template, event, case_tenant, case_id, title, body, status, attempts, reason, created_at, sent_at, read_at"

// announce writes messages, each in its own tenant, with the jobs that send
// them, and runs with in the tenant of ctx: one transaction. A message that is
// there already stays as it is, and no second job is made for it.
func (s store) announce(ctx, realm context.Context, messages []outgoing, with func(*db.Batch)) error {
	return s.db.InTx(ctx, func(tx context.Context) error {
		scope, _ := tenancy.From(realm)
		for _, m := range messages {
			there := tx
			if m.home != tenancy.Acting(tx) {
				there = tenancy.With(tx, scope)
			}
			if err := s.add(there, m); err != nil {
				return err
			}
		}
		return s.settle(tx, with)
	})
}

func (s store) add(ctx context.Context, m outgoing) error {
	tenant := tenancy.Acting(ctx)
	n, err := s.db.Exec(ctx, "INSERT INTO message (tenant_id, "+columns+") VALUES ("+db.Placeholders(1, 16)+") ON CONFLICT (tenant_id, id, created_at) DO NOTHING",
		tenant, m.ID, m.Account, m.Channel, m.Template, m.Event, m.CaseTenant, null(m.Case), m.Title, m.Body, m.Status, m.Attempts, m.Reason, m.CreatedAt,
		instant(m.SentAt), instant(m.ReadAt))
	if err != nil || n == 0 || m.Status != StatusPending {
		return err
	}
	payload, err := json.Marshal(map[string]string{"message": m.ID.String()})
	if err != nil {
		return err
	}
	now := m.runAt
	_, err = s.db.Exec(ctx, `INSERT INTO job (tenant_id, id, type, key, payload, run_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		tenant, db.NewID(now), JobSend, JobSend+"/"+m.ID.String(), string(payload), now, m.CreatedAt)
	return err
}

func null(id uuid.UUID) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: id != uuid.Nil} }

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// consent returns the channels beyond the inbox that an account of the acting
// tenant has opted in to: {"notifications": ["email", …]} of its profile.
func (s store) consent(ctx context.Context, account uuid.UUID) ([]string, error) {
	var text string
	err := s.db.QueryRow(ctx, "SELECT profile FROM account WHERE tenant_id = $1 AND id = $2", tenancy.Acting(ctx), account).Scan(&text)
	if errors.Is(err, db.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var profile struct {
		Notifications []string `json:"notifications"`
	}
	if err := json.Unmarshal([]byte(text), &profile); err != nil {
		return nil, fmt.Errorf("profile of account %s: %w", account, err)
	}
	return profile.Notifications, nil
}

// accounts returns the accounts of staff of the acting tenant.
func (s store) accounts(ctx context.Context, staff []uuid.UUID) ([]uuid.UUID, error) {
	args := []any{tenancy.Acting(ctx)}
	for _, id := range staff {
		args = append(args, id)
	}
	var found []uuid.UUID
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var id uuid.UUID
		err := scan(&id)
		found = append(found, id)
		return err
	}, "SELECT account_id FROM staff WHERE tenant_id = $1 AND status = 'active' AND id IN ("+db.Placeholders(2, len(staff))+") ORDER BY account_id", args...)
	return found, err
}

// holders returns the accounts of active staff of the acting tenant who hold one of the roles.
func (s store) holders(ctx context.Context, roles []string) ([]uuid.UUID, error) {
	if len(roles) == 0 {
		return nil, nil
	}
	args := []any{tenancy.Acting(ctx)}
	for _, role := range roles {
		args = append(args, role)
	}
	var found []uuid.UUID
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var id uuid.UUID
		err := scan(&id)
		found = append(found, id)
		return err
	}, `SELECT DISTINCT s.account_id FROM staff s JOIN role_binding b ON b.tenant_id = s.tenant_id AND b.staff_id = s.id
		WHERE s.tenant_id = $1 AND s.status = 'active' AND b.role IN (`+db.Placeholders(2, len(roles))+") ORDER BY s.account_id", args...)
	return found, err
}

func (s store) message(ctx context.Context, id uuid.UUID) (*Message, error) {
	found, err := s.list(ctx, "id = $2", id)
	if err == nil && len(found) == 0 {
		return nil, problem.Missing()
	}
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// inbox reads one message more than the page holds.
func (s store) inbox(ctx context.Context, account uuid.UUID, p Page) ([]*Message, error) {
	const order = " ORDER BY created_at DESC, id DESC LIMIT "
	if p.AfterID == uuid.Nil {
		return s.list(ctx, "account_id = $2 AND channel = 'inbox'"+order+"$3", account, p.First+1)
	}
	return s.list(ctx, "account_id = $2 AND channel = 'inbox' AND (created_at, id) < ($3, $4)"+order+"$5", account, p.AfterAt, p.AfterID, p.First+1)
}

// list reads messages of the acting tenant; the parameters of the condition start at $2.
func (s store) list(ctx context.Context, condition string, args ...any) ([]*Message, error) {
	var found []*Message
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		m := &Message{}
		var of uuid.NullUUID
		var sent, read *time.Time
		if err := scan(&m.ID, &m.Account, &m.Channel, &m.Template, &m.Event, &m.CaseTenant, &of, &m.Title, &m.Body, &m.Status, &m.Attempts, &m.Reason,
			&m.CreatedAt, &sent, &read); err != nil {
			return err
		}
		m.Case = of.UUID
		if sent != nil {
			m.SentAt = *sent
		}
		if read != nil {
			m.ReadAt = *read
		}
		found = append(found, m)
		return nil
	}, "SELECT "+columns+" FROM message WHERE tenant_id = $1 AND "+condition, append([]any{tenancy.Acting(ctx)}, args...)...)
	return found, err
}

func (s store) read(ctx context.Context, id, account uuid.UUID, at time.Time) error {
	_, err := s.db.Exec(ctx, "UPDATE message SET status = 'read', read_at = $4 WHERE tenant_id = $1 AND id = $2 AND account_id = $3 AND read_at IS NULL",
		tenancy.Acting(ctx), id, account, at)
	return err
}

// outcome notes an attempt at sending.
func (s store) outcome(ctx context.Context, m *Message, status, reason string, at time.Time, with func(*db.Batch)) error {
	b := s.db.NewBatch()
	var sent *time.Time
	if status == StatusSent {
		sent = &at
	}
	attempts := m.Attempts + 1
	if status == StatusSkipped {
		attempts = m.Attempts
	}
	b.Exec("UPDATE message SET status = $3, attempts = $4, reason = $5, sent_at = $6 WHERE tenant_id = $1 AND id = $2 AND status = 'pending'",
		tenancy.Acting(ctx), m.ID, status, attempts, reason, sent)
	if with != nil {
		with(b)
	}
	return s.db.Run(ctx, b)
}

// settle runs with alone.
func (s store) settle(ctx context.Context, with func(*db.Batch)) error {
	b := s.db.NewBatch()
	with(b)
	return s.db.Run(ctx, b)
}
