package workers

import (
	"context"
	"errors"
	"fmt"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/archive"
	"zhengtong/internal/casework"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/document"
	"zhengtong/internal/exchange"
	"zhengtong/internal/licence"
	"zhengtong/internal/notify"
)

// The types of job that the relay itself writes. The others are named by the
// services that ask for them: casework.JobAuto and its kin, licence.JobRender,
// licence.JobRegister, notify.JobSend, configuration.JobRepublish.
const (
	JobTimer   = "case.timer"       // fire a rung of a clock
	JobProject = "exchange.project" // show the case to its overseers and its applicant
	JobNotify  = "notify.event"     // make the messages of an event
)

// Services are what the handlers call.
type Services struct {
	Cases         *casework.Service
	Configuration *configuration.Service
	Documents     *document.Service
	Licences      *licence.Service
	Messages      *notify.Service
	Archive       *archive.Service
	Exchange      *exchange.Service
}

func (s Services) validate() error {
	var errs []error
	for name, absent := range map[string]bool{"Cases": s.Cases == nil, "Configuration": s.Configuration == nil,
		"Documents": s.Documents == nil, "Licences": s.Licences == nil, "Messages": s.Messages == nil, "Archive": s.Archive == nil, "Exchange": s.Exchange == nil} {
		if absent {
			errs = append(errs, fmt.Errorf("workers: service %s is missing", name))
		}
	}
	return errors.Join(errs...)
}

// Routes is the table of who consumes events. What is told to subscribers needs no row here.
func (s Services) Routes() []Route {
	return []Route{
		{Job: JobProject, PerCase: true, Wants: ofCases},
		{Job: JobNotify, Wants: s.Messages.Wants},
	}
}

// ofCases tells events of cases from those of a tenant's configuration.
func ofCases(_ context.Context, topic string) bool { return !configuration.IsEvent(topic) }

// Handlers is the table of job types.
func (s Services) Handlers() (map[string]Handler, error) {
	if err := s.validate(); err != nil {
		return nil, err
	}
	return map[string]Handler{
		JobTimer:            s.timer,
		JobProject:          s.project,
		JobNotify:           s.notify,
		notify.JobSend:      s.send,
		casework.JobAuto:    s.auto,
		casework.JobLicence: s.issue,
		casework.JobRender:  s.render,
		casework.JobArchive: s.archive,
		licence.JobRender:   s.renderLicence,
		licence.JobRegister: s.registerLicence,

		configuration.JobRepublish: s.republish,
		configuration.JobPublish:   s.publish,
		configuration.JobOverdue:   s.overdue,
		configuration.JobExpire:    s.expire,
		configuration.JobCalendar:  s.calendar,
		configuration.JobMigrate:   s.migrate,

		configuration.JobGuideReview: s.guideReview,
	}, nil
}

type timerPayload struct {
	Timer uuid.UUID `json:"timer"`
}

func (s Services) timer(ctx context.Context, job Job) error {
	var in timerPayload
	if err := job.Decode(&in); err != nil {
		return err
	}
	return s.Cases.Fire(ctx, in.Timer, job.Done)
}

func (s Services) project(ctx context.Context, job Job) error {
	var e Event
	if err := job.Decode(&e); err != nil {
		return err
	}
	return s.Exchange.Project(ctx, e.Case, job.Done)
}

func (s Services) notify(ctx context.Context, job Job) error {
	var e notify.Event
	if err := job.Decode(&e); err != nil {
		return err
	}
	return s.Messages.Announce(ctx, e, job.Done)
}

func (s Services) send(ctx context.Context, job Job) error {
	var in struct{ Message uuid.UUID }
	if err := job.Decode(&in); err != nil {
		return err
	}
	return s.Messages.Send(ctx, in.Message, job.Last, job.Done)
}

// auto runs the effect of an auto node. Only issuing a licence takes work of its
// own; every other effect is done by the flow itself when the node is reported done.
func (s Services) auto(ctx context.Context, job Job) error {
	var in struct{ Token, Licence string }
	if err := job.Decode(&in); err != nil {
		return err
	}
	if in.Licence == "" {
		return s.Cases.ReportAuto(ctx, job.Case, in.Token, true, nil, job.Done)
	}
	return s.Licences.Issue(ctx, licence.Order{Case: job.Case, Type: in.Licence, Token: in.Token, Last: job.Last}, job.Done)
}

func (s Services) issue(ctx context.Context, job Job) error {
	var in struct{ Licence string }
	if err := job.Decode(&in); err != nil {
		return err
	}
	return s.Licences.Issue(ctx, licence.Order{Case: job.Case, Type: in.Licence, Last: job.Last}, job.Done)
}

func (s Services) render(ctx context.Context, job Job) error {
	var in struct{ Document uuid.UUID }
	if err := job.Decode(&in); err != nil {
		return err
	}
	return s.Documents.Render(ctx, in.Document, job.Done)
}

func (s Services) renderLicence(ctx context.Context, job Job) error {
	return onLicence(ctx, job, s.Licences.Render)
}

func (s Services) registerLicence(ctx context.Context, job Job) error {
	return onLicence(ctx, job, s.Licences.Register)
}

func onLicence(ctx context.Context, job Job, do func(context.Context, uuid.UUID, func(*db.Batch)) error) error {
	var in struct{ Licence uuid.UUID }
	if err := job.Decode(&in); err != nil {
		return err
	}
	return do(ctx, in.Licence, job.Done)
}

// republish brings the tenants below up to date after a publication.
func (s Services) republish(ctx context.Context, job Job) error {
	var in struct {
		Revision int
		After    string
	}
	if err := job.Decode(&in); err != nil {
		return err
	}
	return s.Configuration.RepublishAfter(ctx, in.Revision, in.After, job.Done)
}

// overdue ends a review request whose deadline has passed.
func (s Services) overdue(ctx context.Context, job Job) error {
	var in struct{ Review uuid.UUID }
	if err := job.Decode(&in); err != nil {
		return err
	}
	return s.Configuration.ReviewOverdue(ctx, in.Review, job.Done)
}

// publish makes an approved change live at its effective instant.
func (s Services) publish(ctx context.Context, job Job) error {
	var in struct{ Change uuid.UUID }
	if err := job.Decode(&in); err != nil {
		return err
	}
	return s.Configuration.PublishScheduled(ctx, in.Change, job.Done)
}

// guideReview reminds of a guide that is past its review date.
func (s Services) guideReview(ctx context.Context, job Job) error {
	var in configuration.GuideReview
	if err := job.Decode(&in); err != nil {
		return err
	}
	return s.Configuration.RemindOfGuide(ctx, in, job.Done)
}

// expire ends what is no longer in force in a tenant.
func (s Services) expire(ctx context.Context, job Job) error {
	return s.Configuration.Expire(ctx, job.Done)
}

// calendar carries a page of open clocks over to the calendar that was published.
func (s Services) calendar(ctx context.Context, job Job) error {
	var in configuration.CalendarJob
	if err := job.Decode(&in); err != nil {
		return err
	}
	if err := s.Configuration.SpreadCalendar(ctx, job.Tenant, in); err != nil {
		return err
	}
	return s.Cases.RecomputeClocks(ctx, in.After, job.Done)
}

// migrate moves a page of running cases to another version of their matter.
func (s Services) migrate(ctx context.Context, job Job) error {
	var in configuration.MigrationJob
	if err := job.Decode(&in); err != nil {
		return err
	}
	return s.Cases.Migrate(ctx, in, job.Last, job.Done)
}

func (s Services) archive(ctx context.Context, job Job) error {
	return s.Archive.File(ctx, job.Case, job.Done)
}
