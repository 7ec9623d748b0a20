package casework

import (
	"context"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/internal/workflow"
)

// Summary is a case as lists show it, without its form and ledger.
type Summary struct {
	Tenant       string
	ID           uuid.UUID
	No           string
	Status       workflow.Status
	Outcome      string
	FinishCode   string
	Source       string
	Channel      string
	MatterID     uuid.UUID
	MatterName   string
	MatterTitle  string
	MatterDigest string
	Department   string
	ApplicantID  uuid.UUID
	Applicant    Applicant
	ReceivedAt   time.Time
	AcceptedOn   deadline.Date
	Deemed       bool
	DecidedOn    deadline.Date
	PromisedDue  deadline.Date
	StatutoryDue deadline.Date
	DueOn        deadline.Date
	FinishedAt   time.Time
	EventHash    string
	CreatedAt    time.Time
	Version      int
}

// CaseOrder is an order of case lists.
type CaseOrder string

// The orders of case lists; each has an index behind it.
const (
	ReceivedDesc CaseOrder = "received_desc"
	ReceivedAsc  CaseOrder = "received_asc"
	DueAsc       CaseOrder = "due_asc"
)

// CaseFilter narrows a list of cases; all that is given holds together.
type CaseFilter struct {
	Status       []string
	Matter       uuid.UUID
	Department   string
	Text         string // start of the number or of the applicant's name
	ReceivedFrom deadline.Date
	ReceivedTo   deadline.Date
	Overdue      bool
}

// Page asks for the rows after a cursor: the sort key and the id of the last row seen.
type Page struct {
	First    int
	AfterKey string
	AfterID  uuid.UUID
}

// List returns the cases of the acting tenant that the caller's data scope
// covers, and whether more follow. It never counts.
func (s *Service) List(ctx context.Context, f CaseFilter, order CaseOrder, page Page) ([]*Summary, bool, error) {
	visible, err := s.visible(ctx, "case.list")
	if err != nil {
		return nil, false, err
	}
	return s.store.listCases(ctx, visible, f, order, page, s.today(ctx))
}

// Count counts what List would return in all, up to limit.
func (s *Service) Count(ctx context.Context, f CaseFilter, limit int) (int, error) {
	visible, err := s.visible(ctx, "case.list")
	if err != nil {
		return 0, err
	}
	return s.store.countCases(ctx, visible, f, s.today(ctx), limit)
}

func (s *Service) visible(ctx context.Context, action string) (authz.Visibility, error) {
	if _, err := s.authz.Require(ctx, action, authz.Object{Kind: "case", Tenant: tenancy.Acting(ctx)}); err != nil {
		return authz.Visibility{}, err
	}
	return s.authz.Visible(ctx)
}

func (s *Service) today(ctx context.Context) deadline.Date {
	return deadline.DateOf(s.clock.Now(), tenancy.Location(ctx))
}

// TaskView says whose tasks a list shows.
type TaskView string

// The views of the task list.
const (
	TasksMine      TaskView = "mine"
	TasksClaimable TaskView = "claimable"
	TasksTodo      TaskView = "todo"
	TasksDone      TaskView = "done"
	TasksAll       TaskView = "all"
)

// TaskOrder is an order of task lists.
type TaskOrder string

// The orders of task lists.
const (
	TaskDueAsc     TaskOrder = "due_asc"
	TaskOpenedAsc  TaskOrder = "opened_asc"
	TaskOpenedDesc TaskOrder = "opened_desc"
)

// TaskFilter narrows a list of tasks.
type TaskFilter struct {
	View      TaskView
	Matter    uuid.UUID
	Node      string
	Number    string // start of the case number
	DueBefore deadline.Date
}

// Tasks lists tasks of the acting tenant as the view says, and whether more follow.
func (s *Service) Tasks(ctx context.Context, f TaskFilter, order TaskOrder, page Page) ([]*Task, bool, error) {
	visible, err := s.visible(ctx, "task.list")
	if err != nil {
		return nil, false, err
	}
	return s.store.listTasks(ctx, authz.From(ctx), visible, f, order, page)
}

// OpenTasks returns the open tasks of several cases in one query, for lists.
func (s *Service) OpenTasks(ctx context.Context, cases []uuid.UUID) (map[uuid.UUID][]*Task, error) {
	return s.store.openTasks(ctx, cases)
}

// Summaries returns several cases of the acting tenant that the caller may see, by id.
func (s *Service) Summaries(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*Summary, error) {
	visible, err := s.visible(ctx, "case.list")
	if err != nil {
		return nil, err
	}
	return s.store.summaries(ctx, visible, ids)
}

// MyCase is a row of an applicant's list across tenants.
type MyCase struct {
	Tenant string
	CaseID uuid.UUID
	At     time.Time
}

// MyCases lists an applicant's cases in all tenants, newest first, from the realm.
func (s *Service) MyCases(ctx context.Context, page Page) ([]MyCase, bool, error) {
	p := authz.From(ctx)
	if p.Type != authz.TypeApplicant {
		return nil, false, problem.New(problem.Unauthenticated, "", "请先以申请人身份登录")
	}
	return s.store.myCases(ctx, p.Account, page)
}

// Timeline returns a case's events after a sequence number, in order. The case
// must have been viewed.
func (s *Service) Timeline(ctx context.Context, v *View, after int64, first int) ([]*Event, error) {
	return s.store.events(ctx, v.kase.ID, after, first)
}
