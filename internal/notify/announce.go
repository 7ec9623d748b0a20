package notify

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/casework"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// Event is what happened, as the outbox tells it.
type Event struct {
	ID     uuid.UUID       `json:"id"` // of the outbox row: the source of stable message ids
	Topic  string          `json:"topic"`
	Case   uuid.UUID       `json:"case"`
	Fields json.RawMessage `json:"fields"`
	At     time.Time       `json:"at"`
}

// Facts are what a message may say, and whom it concerns.
type Facts struct {
	Applicants []uuid.UUID    // accounts in the realm: the applicant, and the agent who acts for it
	Staff      []uuid.UUID    // accounts of the case's tenant: whose task it is
	Values     map[string]any // roots that placeholders name: case, matter, applicant, department, …
}

// staffNotices are what staff are told without any configuration (R-NTF-07).
var staffNotices = map[string]kind.NotificationTemplate{
	"task.assigned":                    {Title: "新的待办", Body: "您有新的待办“{task.title}”：{matter.title}（办件{case.no}），办理期限{task.due_on}。"},
	"task.due_soon":                    {Title: "待办即将到期", Body: "待办“{task.title}”即将到期：{matter.title}（办件{case.no}），到期日{task.due_on}。"},
	configuration.EventPublished:       {Title: "配置已更新", Body: "本租户的配置已更新到第{config.revision}版：{config.message}。"},
	configuration.EventReviewRequested: {Title: "上级变更与本地配置冲突，请复核", Body: "上级{config.above_title}发布的“{config.message}”与本地的“{config.title}”冲突。{config.terms}"},
	configuration.EventReviewOverdue:   {Title: "复核逾期", Body: "与上级{config.above_title}“{config.message}”冲突的“{config.title}”逾期未复核，{config.outcome_text}。"},
	configuration.EventGuideStale:      {Title: "办事指南待复核", Body: "“{config.title}”的办事指南已到复核日期{config.review_on}，请核对内容后更新复核日期。"},
	configuration.EventOutdated:        {Title: "变更未能按时生效", Body: "变更“{config.message}”未能按时生效：此后发布的配置使它与审核的内容不同，请更新该变更并重新审核。"},
	configuration.EventEndKept:         {Title: "到期的配置仍被引用", Body: "“{config.title}”已到失效日期，但仍被其他配置引用，继续有效，请处理。"},

	"task.overdue": {Title: "待办已超期", Body: "待办“{task.title}”已超期：{matter.title}（办件{case.no}），到期日{task.due_on}。"},
}

// duties are what an applicant is told where no template of the tenant names the event:
// that a running case is moved to a version in which something is worse (R-CFG-04).
var duties = map[string]kind.NotificationTemplate{
	casework.EventMigratedWorse: {Title: "办件改按新的规定办理", Body: "您的“{matter.title}”（办件{case.no}）改按新的规定办理：{case.worse_text}。承诺办结日{case.promised_due_on}。"},
}

// Wants reports whether an event of the acting tenant leads to any message; when in doubt it says yes.
func (s *Service) Wants(ctx context.Context, topic string) bool {
	_, staff := staffNotices[topic]
	if _, duty := duties[topic]; staff || duty {
		return true
	}
	live, err := s.configuration.Live(ctx)
	if err != nil {
		return true
	}
	return slices.ContainsFunc(live.Notices, func(n configuration.Notice) bool { return slices.Contains(n.Spec.Events, topic) })
}

// Announce makes the messages of an event of the acting tenant: rows in the
// recipients' own tenants, and jobs for what is sent outside, in one transaction
// with the completion of the job that asked. Announcing twice makes the same rows.
func (s *Service) Announce(ctx context.Context, e Event, with func(*db.Batch)) error {
	facts, err := s.factsOf(ctx, e)
	if err != nil {
		return err
	}
	live, err := s.configuration.Live(ctx)
	if err != nil {
		return err
	}
	messages, err := s.compose(ctx, e, facts, live)
	if err != nil {
		return err
	}
	realm, err := s.tree.ActAs(ctx, tenancy.Realm, "messages of event "+e.ID.String())
	if err != nil {
		return err
	}
	if err := s.store.announce(ctx, realm, messages, with); err != nil {
		return err
	}
	s.wake()
	s.tell(ctx, messages)
	return nil
}

func (s *Service) factsOf(ctx context.Context, e Event) (Facts, error) {
	if configuration.IsEvent(e.Topic) {
		return s.configurationFacts(ctx, e)
	}
	return s.source.Facts(ctx, e)
}

// outgoing is a message with the tenant that keeps it and when it may go out.
type outgoing struct {
	Message
	home  string
	runAt time.Time
}

func (s *Service) compose(ctx context.Context, e Event, facts Facts, live *configuration.Live) ([]outgoing, error) {
	var messages []outgoing
	for _, notice := range live.Notices {
		if !slices.Contains(notice.Spec.Events, e.Topic) {
			continue
		}
		for _, account := range facts.Applicants {
			made, err := s.toApplicant(ctx, e, facts, notice, account, live)
			if err != nil {
				return nil, err
			}
			messages = append(messages, made...)
		}
	}
	if duty, owed := duties[e.Topic]; owed && len(messages) == 0 {
		for _, account := range facts.Applicants {
			messages = append(messages, s.message(ctx, e, facts, "duty."+e.Topic, &duty, account, Inbox, tenancy.Realm))
		}
	}
	if notice, known := staffNotices[e.Topic]; known {
		for _, account := range facts.Staff {
			messages = append(messages, s.message(ctx, e, facts, "staff."+e.Topic, &notice, account, Inbox, tenancy.Acting(ctx)))
		}
	}
	return messages, nil
}

// toApplicant makes one message a channel. Channels that need consent are left
// out without it, unless the message is mandatory.
func (s *Service) toApplicant(ctx context.Context, e Event, facts Facts, n configuration.Notice, account uuid.UUID, live *configuration.Live) ([]outgoing, error) {
	realm, err := s.tree.ActAs(ctx, tenancy.Realm, "consent of "+account.String())
	if err != nil {
		return nil, err
	}
	consent, err := s.store.consent(realm, account)
	if err != nil {
		return nil, err
	}
	var messages []outgoing
	for _, channel := range n.Spec.Channels {
		if slices.Contains(n.Spec.OptIn, channel) && !n.Spec.Mandatory && !slices.Contains(consent, channel) {
			continue
		}
		m := s.message(ctx, e, facts, n.Name, n.Spec, account, channel, tenancy.Realm)
		if channel != Inbox {
			m.runAt = quietUntil(m.runAt, n.Spec.QuietHours, live.Location)
		}
		messages = append(messages, m)
	}
	return messages, nil
}

func (s *Service) message(ctx context.Context, e Event, facts Facts, template string, n *kind.NotificationTemplate, account uuid.UUID, channel, home string) outgoing {
	m := outgoing{home: home, runAt: s.clock.Now(), Message: Message{ID: stableID(e, template, account, channel), Account: account, Channel: channel,
		Template: template, Event: e.Topic, CaseTenant: tenancy.Acting(ctx), Case: e.Case, Title: n.Title, Body: fill(n.Body, facts.Values), CreatedAt: e.At}}
	switch {
	case channel == Inbox:
		m.Status, m.SentAt = StatusSent, m.runAt
	case channel == Email && s.mailer != nil:
		m.Status = StatusPending
	default:
		m.Status, m.Reason = StatusSkipped, "channel "+channel+" is not set up"
	}
	return m
}

// stableID is the id of a message whenever it is made: the event's time, and a
// digest of what makes it different from the event's other messages.
func stableID(e Event, template string, account uuid.UUID, channel string) uuid.UUID {
	id := e.ID
	sum := sha256.Sum256([]byte(strings.Join([]string{e.ID.String(), template, account.String(), channel}, "\x00")))
	copy(id[6:], sum[:10])
	id.SetVersion(uuid.V7)
	id.SetVariant(uuid.VariantRFC9562)
	return id
}

// tell pushes new inbox messages to whoever is looking; a push that is lost is found by the next look.
func (s *Service) tell(ctx context.Context, messages []outgoing) {
	for _, m := range messages {
		if s.bus == nil || m.Channel != Inbox {
			continue
		}
		if err := s.bus.Publish(ctx, Topic(m.home, m.Account), m.ID.String()); err != nil {
			s.log.DebugContext(ctx, "an inbox was not told", "error", err)
			return
		}
	}
}
