package notify

import (
	"context"
	"fmt"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
)

// JobSend is the job that sends one message outside; its payload is {message: id}.
const JobSend = "notify.send"

// Send sends a message of the acting tenant (the account's), at least once: the
// mail carries the message's id, so that a repeat can be recognised. last says
// that no further attempt follows a failure: the message is then failed for good.
func (s *Service) Send(ctx context.Context, id uuid.UUID, last bool, with func(*db.Batch)) error {
	m, err := s.store.message(ctx, id)
	if err != nil {
		return err
	}
	if m.Status != StatusPending {
		return s.store.settle(ctx, with)
	}
	address, err := s.accounts.Email(ctx, m.Account)
	if err != nil {
		return err
	}
	if s.mailer == nil || address == "" {
		return s.store.outcome(ctx, m, StatusSkipped, "no address", s.clock.Now(), with)
	}
	sendErr := s.mailer.Send(ctx, Mail{ID: m.ID.String(), To: address, Subject: m.Title, Body: m.Body, At: m.CreatedAt})
	if sendErr == nil {
		return s.store.outcome(ctx, m, StatusSent, "", s.clock.Now(), with)
	}
	sendErr = fmt.Errorf("mail %s: %w", m.ID, sendErr)
	if last {
		return s.store.outcome(ctx, m, StatusFailed, "the mail server does not take it", s.clock.Now(), with)
	}
	if err := s.store.outcome(ctx, m, StatusPending, "the mail server does not take it", s.clock.Now(), nil); err != nil {
		return err
	}
	return sendErr
}
