// Package notify tells people what happens to their cases: messages by the
// tenant's NotificationTemplates to the inbox, by mail and by text message, and
// work notices to staff. Every message is a row with its attempts and outcome
// (R-NTF-09); nothing is sent inside a commit, and what goes outside is sent at
// least once under a stable message id.
package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/clock"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/queue"
	"zhengtong/internal/tenancy"
)

// The channels of a message.
const (
	Inbox = "inbox"
	Email = "email"
	SMS   = "sms"
	App   = "app"
)

// The states of a message.
const (
	StatusPending = "pending" // waits to be sent outside
	StatusSent    = "sent"
	StatusFailed  = "failed"
	StatusSkipped = "skipped" // the channel is not set up here, or the account has no address
	StatusRead    = "read"
)

// Configuration gives the notification templates in force, and who reviews changes.
type Configuration interface {
	Live(ctx context.Context) (*configuration.Live, error)
	RoleSet(ctx context.Context, tenant string) (authz.RoleSet, error)
}

// Source tells what a message may say of a case and whom it concerns; FromCases makes one.
type Source interface {
	Facts(ctx context.Context, event Event) (Facts, error)
}

// Accounts knows where people want mail; identity.Service does. The context acts as the account's tenant.
type Accounts interface {
	Email(ctx context.Context, account uuid.UUID) (string, error)
}

// Mailer sends one mail; SMTP is one.
type Mailer interface {
	Send(ctx context.Context, m Mail) error
}

// Config names what the service needs. Without a Mailer mail is skipped; Bus may be nil.
type Config struct {
	DB            *db.DB
	Tree          *tenancy.Tree
	Clock         clock.Clock
	Configuration Configuration
	Source        Source
	Accounts      Accounts
	Mailer        Mailer
	Bus           *queue.Bus
	Wake          func() // after a commit that asks for jobs; optional
	Logger        *slog.Logger
}

// Service makes, sends and shows messages. It is safe for concurrent use.
type Service struct {
	store         store
	tree          *tenancy.Tree
	clock         clock.Clock
	configuration Configuration
	source        Source
	accounts      Accounts
	mailer        Mailer
	bus           *queue.Bus
	wake          func()
	log           *slog.Logger
}

// New checks that nothing is missing.
func New(c Config) (*Service, error) {
	var errs []error
	for name, absent := range map[string]bool{"DB": c.DB == nil, "Tree": c.Tree == nil, "Clock": c.Clock == nil, "Configuration": c.Configuration == nil,
		"Source": c.Source == nil, "Accounts": c.Accounts == nil} {
		if absent {
			errs = append(errs, fmt.Errorf("notify: %s is missing", name))
		}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Wake == nil {
		c.Wake = func() {}
	}
	return &Service{store: store{c.DB}, tree: c.Tree, clock: c.Clock, configuration: c.Configuration, source: c.Source, accounts: c.Accounts,
		mailer: c.Mailer, bus: c.Bus, wake: c.Wake, log: c.Logger}, errors.Join(errs...)
}

// Message is one message to one person over one channel. It belongs to the
// tenant of its account: the realm for applicants.
type Message struct {
	ID         uuid.UUID
	Account    uuid.UUID
	Channel    string
	Template   string
	Event      string
	CaseTenant string
	Case       uuid.UUID
	Title      string
	Body       string
	Status     string
	Attempts   int
	Reason     string
	CreatedAt  time.Time
	SentAt     time.Time
	ReadAt     time.Time
}

// Page is a part of a list: the First messages older than After.
type Page struct {
	First   int // 1 to 100
	AfterAt time.Time
	AfterID uuid.UUID
}

// Inbox lists the caller's own messages, newest first, and whether more follow.
func (s *Service) Inbox(ctx context.Context, p Page) ([]*Message, bool, error) {
	ctx, account, err := s.home(ctx)
	if err != nil {
		return nil, false, err
	}
	p.First = min(max(p.First, 1), 100)
	found, err := s.store.inbox(ctx, account, p)
	if err != nil || len(found) <= p.First {
		return found, false, err
	}
	return found[:p.First], true, nil
}

// Message returns one of the caller's own messages; NotFound for anybody else's.
func (s *Service) Message(ctx context.Context, id uuid.UUID) (*Message, error) {
	ctx, account, err := s.home(ctx)
	if err != nil {
		return nil, err
	}
	m, err := s.store.message(ctx, id)
	if err == nil && (m.Account != account || m.Channel != Inbox) {
		return nil, problem.Missing()
	}
	return m, err
}

// Read marks one of the caller's own messages as read; reading twice does nothing more.
func (s *Service) Read(ctx context.Context, id uuid.UUID) error {
	if _, err := s.Message(ctx, id); err != nil {
		return err
	}
	ctx, account, err := s.home(ctx)
	if err != nil {
		return err
	}
	return s.store.read(ctx, id, account, s.clock.Now())
}

// home acts where the caller's messages are kept.
func (s *Service) home(ctx context.Context) (context.Context, uuid.UUID, error) {
	p := authz.From(ctx)
	if p.Account == uuid.Nil || p.Home == "" {
		return nil, uuid.Nil, problem.New(problem.Unauthenticated, "", "请先登录")
	}
	there, err := s.tree.ActAs(ctx, p.Home, "own inbox")
	return there, p.Account, err
}

// Topic is where new messages of an account are told (GraphQL inbox); the payload is the message's id.
func Topic(home string, account uuid.UUID) queue.Topic {
	return queue.Topic{Tenant: home, Name: "inbox:" + account.String()}
}
