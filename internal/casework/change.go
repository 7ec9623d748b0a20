package casework

import (
	"context"
	"fmt"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
	"zhengtong/internal/form"
	"zhengtong/internal/workflow"
)

// Change is everything that one act does to one case: what Commit writes in one
// transaction (invariant I5). Nothing in it renders, uploads or calls out;
// effects are jobs that follow after the commit.
type Change struct {
	*dossier
	fresh     bool   // the case itself is new
	quiet     bool   // only events are added: the version that people act on stays, and so do documents bound to it
	draft     *Draft // that becomes the case
	now       time.Time
	today     deadline.Date
	actor     authz.Principal
	role      string // in which the actor acts
	acting    *acting
	events    []event
	jobs      []Job
	delivered []Delivery
	after     []func() error
	with      func(*db.Batch) // added to the commit: the completion of the job behind it
	service   *Service
	ctx       context.Context
}

// acting is the task and input of the act being done, which effects refer to.
type acting struct {
	task    *Task
	action  *workflow.Action
	fields  form.Data
	opinion string
}

// event is one link to append to the case's chain; it also goes to the outbox.
type event struct {
	kind    string
	payload map[string]any
}

// Job is something to do after the commit; its handler's own transaction sets it done.
type Job struct {
	ID      uuid.UUID
	Type    string
	Key     string // stable key of the effect
	Payload map[string]any
	RunAt   time.Time
}

// Delivery is one 送达 record (R-DOC-06).
type Delivery struct {
	ID         uuid.UUID
	Way        string
	TrackingNo string
	Receiver   string
	IDLast4    string
	At         time.Time
}

// The types of job that cases ask for; workers handle them.
const (
	JobAuto    = "case.auto"       // run an auto node, then report done or failed
	JobLicence = "case.licence"    // issue the licence of a manual action
	JobRender  = "document.render" // render a document record to PDF
	JobArchive = "archive.package" // package an ended case
)

// newChange begins a change of a case as it was read. Nothing in a case happens
// before what has already happened there: where this node's clock is behind that
// of the node which wrote last, the change bears the later instant.
func (s *Service) newChange(ctx context.Context, d *dossier) *Change {
	now := clamp(s.clock.Now())
	if d.kase != nil && now.Before(d.kase.UpdatedAt) {
		now = d.kase.UpdatedAt
	}
	return &Change{
		dossier: d, now: now, today: deadline.DateOf(now, d.live.Location),
		actor: authz.From(ctx), service: s, ctx: ctx,
	}
}

// record appends an event to the case's chain and to the outbox.
func (c *Change) record(kind string, payload map[string]any) {
	c.events = append(c.events, event{kind: kind, payload: payload})
}

// later asks for a job after the commit.
func (c *Change) later(kind, key string, payload map[string]any) {
	c.jobs = append(c.jobs, Job{ID: c.service.newID(c.now), Type: kind, Key: key, Payload: payload, RunAt: c.now})
}

// step moves the case's net by one event and carries out what it asks for.
func (c *Change) step(ev workflow.Event) error {
	next, effects, err := workflow.Step(c.matter.Net, c.kase.State, ev, c.env())
	if err != nil {
		return err
	}
	c.kase.State = next
	for _, effect := range effects {
		if err := c.apply(effect); err != nil {
			return err
		}
	}
	follow := c.after
	c.after = nil
	for _, f := range follow {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

// afterwards runs f once all effects of the present step are applied; f may step again.
func (c *Change) afterwards(f func() error) { c.after = append(c.after, f) }

func (c *Change) env() workflow.Env {
	return guardEnv(c.dossier, c.today)
}

// guardEnv lets the net ask its guards of this case.
func guardEnv(d *dossier, today deadline.Date) workflow.Env {
	procedures := map[string]workflow.Procedure{}
	for name, spec := range d.matter.Specials {
		procedures[name] = workflow.Procedure{MaxTimes: spec.MaxTimes}
	}
	return workflow.Env{Procedures: procedures, Eval: func(g workflow.Guard, v workflow.View) (bool, error) {
		program, known := d.matter.Guards[g]
		if !known {
			return false, fmt.Errorf("casework: no program for the guard %q", g)
		}
		in := d.input(today)
		in.Actions = v.LastActions()
		return program.Bool(in)
	}}
}
