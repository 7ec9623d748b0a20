package casework

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
)

// reader scans a row into places that may be null or JSON; decode finishes them.
type reader struct {
	dest   []any
	finish []func() error
}

func (r *reader) plain(dest ...any) *reader {
	r.dest = append(r.dest, dest...)
	return r
}

func (r *reader) id(to *uuid.UUID) *reader {
	var null uuid.NullUUID
	r.dest = append(r.dest, &null)
	r.finish = append(r.finish, func() error { *to = null.UUID; return nil })
	return r
}

func (r *reader) time(to *time.Time) *reader {
	var null *time.Time
	r.dest = append(r.dest, &null)
	r.finish = append(r.finish, func() error {
		if null != nil {
			*to = *null
		}
		return nil
	})
	return r
}

// json reads numbers by their text, for what was read is written back with the record.
func (r *reader) json(to any) *reader {
	var text string
	r.dest = append(r.dest, &text)
	r.finish = append(r.finish, func() error {
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		return decoder.Decode(to)
	})
	return r
}

func (r *reader) scan(scan func(...any) error) error {
	if err := scan(r.dest...); err != nil {
		return err
	}
	for _, f := range r.finish {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

func (k *Case) read(scan func(...any) error) error {
	r := &reader{}
	r.plain(&k.ID, &k.No, &k.QueryCode, &k.Status, &k.Outcome, &k.FinishCode, &k.Source, &k.Channel, &k.Delivery, &k.MatterID, &k.MatterName,
		&k.MatterTitle, &k.MatterDigest).json(&k.Pins).plain(&k.Department, &k.ApplicantID).json(&k.Applicant).id(&k.AgentID).plain(&k.ProjectName)
	r.plain(&k.formText, &k.FormDigest, &k.factsText).json(&k.State).id(&k.DraftID).plain(&k.ReceivedAt, &k.ReceivedOn, &k.AcceptedOn, &k.Deemed,
		&k.DecidedOn, &k.PromisedDue, &k.StatutoryDue, &k.DueOn).time(&k.FinishedAt).time(&k.ArchivedAt)
	return r.plain(&k.EventSeq, &k.EventHash, &k.CreatedAt, &k.UpdatedAt, &k.Version).scan(scan)
}

func (t *Task) read(scan func(...any) error) error {
	r := &reader{}
	r.plain(&t.ID, &t.CaseID, &t.Token, &t.Node, &t.NodeType, &t.Visit, &t.Title, &t.State, &t.Department, &t.Role).id(&t.Assignee)
	r.plain(&t.MinimumPersons, &t.DueOn, &t.Action, &t.Opinion).json(&t.Fields).id(&t.Actor)
	return r.plain(&t.OpenedAt).time(&t.ClosedAt).plain(&t.Version).scan(scan)
}

func (m *Material) read(scan func(...any) error) error {
	r := &reader{}
	return r.plain(&m.ID, &m.CaseID, &m.Ref, &m.Title, &m.Required, &m.Status).json(&m.Files).
		plain(&m.DueOn, &m.FulfilledBy, &m.DefectNote, &m.Corrected, &m.UpdatedAt).scan(scan)
}

func (n *Correction) read(scan func(...any) error) error {
	r := &reader{}
	return r.plain(&n.ID, &n.CaseID, &n.Sequence).json(&n.Items).plain(&n.Reason, &n.Status).id(&n.IssuedBy).
		plain(&n.IssuedAt, &n.DueOn).time(&n.Resubmitted).scan(scan)
}

func (s *SpecialRun) read(scan func(...any) error) error {
	r := &reader{}
	r.plain(&s.ID, &s.CaseID, &s.Token, &s.Procedure, &s.Type, &s.Status, &s.Reason).id(&s.RequestedBy).id(&s.ApprovedBy)
	r.plain(&s.StartedOn, &s.EarliestOn, &s.ExpectedOn, &s.EndedOn, &s.Result).json(&s.Report).json(&s.Executors)
	return r.plain(&s.CreatedAt, &s.Version).scan(scan)
}

func (e *Extension) read(scan func(...any) error) error {
	r := &reader{}
	return r.plain(&e.ID, &e.CaseID, &e.ClockID, &e.N, &e.Unit, &e.Reason, &e.Status, &e.RequestedBy, &e.RequestedAt).
		id(&e.DecidedBy).time(&e.DecidedAt).scan(scan)
}

func (c *Clock) read(scan func(...any) error) error {
	var kind, party, state string // indexed copies of what the body says
	r := &reader{}
	return r.plain(&c.ID, &c.CaseID, &c.Owner, &kind, &party, &state, &c.DueOn, &c.Provisional).json(&c.Body).plain(&c.CreatedAt).scan(scan)
}

func (t *Timer) read(scan func(...any) error) error {
	r := &reader{}
	return r.plain(&t.ID, &t.CaseID, &t.ClockID, &t.Rung, &t.FireAt, &t.State).scan(scan)
}

func (d *Document) read(scan func(...any) error) error {
	r := &reader{}
	r.plain(&d.ID, &d.CaseID).id(&d.TaskID).plain(&d.Action, &d.Alias, &d.Template, &d.TemplateDigest, &d.Class, &d.Title, &d.Series, &d.Seq,
		&d.Number, &d.Values, &d.ContentDigest, &d.Seal, &d.CaseVersion, &d.CivilDate, &d.IssuedAt, &d.IssuedBy)
	return r.time(&d.UsedAt).time(&d.VoidedAt).plain(&d.VoidedReason, &d.FileDigest, &d.FileSize).time(&d.RenderedAt).scan(scan)
}

func (e *Event) read(scan func(...any) error) error {
	r := &reader{}
	return r.plain(&e.Seq, &e.Type, &e.Actor, &e.ActingRole, &e.At, &e.Payload, &e.Root, &e.PrevHash, &e.Hash, &e.Algorithm).scan(scan)
}

// record is a row type that can read itself.
type record[T any] interface {
	*T
	read(scan func(...any) error) error
}

// collect reads every row of a result.
func collect[T any, P record[T]](into *[]*T) func(*db.Rows) error {
	return func(rows *db.Rows) error {
		*into = nil // the batch may be run again
		for rows.Next() {
			one := new(T)
			if err := P(one).read(rows.Scan); err != nil {
				return err
			}
			*into = append(*into, one)
		}
		return rows.Err()
	}
}
