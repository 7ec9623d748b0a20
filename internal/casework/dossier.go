package casework

import (
	"slices"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/deadline"
	"zhengtong/internal/expr"
)

// row says what a commit must write of a record.
type row struct{ fresh, dirty bool }

// dossier is a case with all its working parts, as loaded for one act. A case
// has a few dozen rows at most, read in one round trip.
type dossier struct {
	kase        *Case
	matter      *configuration.Matter
	live        *configuration.Live
	tasks       []*Task
	materials   []*Material
	corrections []*Correction
	specials    []*SpecialRun
	extensions  []*Extension
	clocks      []*Clock
	timers      []*Timer
	documents   []*Document
	bill        map[string]any // the variable `bill`, where there is one
}

func (d *dossier) task(id uuid.UUID) *Task {
	return find(d.tasks, func(t *Task) bool { return t.ID == id })
}

func (d *dossier) openTask(token string) *Task {
	return find(d.tasks, func(t *Task) bool { return t.Token == token && t.Open() })
}

// lastActor returns who did the last finished task at a node.
func (d *dossier) lastActor(node string) uuid.UUID {
	var actor uuid.UUID
	for _, t := range d.tasks {
		if t.Node == node && t.State == TaskDone && t.Actor != uuid.Nil {
			actor = t.Actor
		}
	}
	return actor
}

// excluded are the staff that separation of duty keeps from a node: whoever
// acted at a node that is paired with it (invariant 8, R-PRC-15).
func (d *dossier) excluded(node string) []uuid.UUID {
	var barred []uuid.UUID
	for _, pair := range d.matter.Net.Constraints().SeparationOfDuty {
		if !slices.Contains(pair, node) {
			continue
		}
		for _, t := range d.tasks {
			if t.Node != node && slices.Contains(pair, t.Node) && t.State == TaskDone && t.Actor != uuid.Nil {
				barred = append(barred, t.Actor)
			}
		}
	}
	return barred
}

func (d *dossier) clock(kind deadline.Kind, owner uuid.UUID) *Clock {
	return find(d.clocks, func(c *Clock) bool {
		return c.Body.Kind == kind && c.Owner == owner && c.Body.StoppedOn.IsZero()
	})
}

func (d *dossier) caseClock(kind deadline.Kind) *Clock { return d.clock(kind, d.kase.ID) }

func (d *dossier) material(ref string) *Material {
	return find(d.materials, func(m *Material) bool { return m.Ref == ref })
}

// liveCorrection is the one issued and unanswered correction, or nil (invariant 6).
func (d *dossier) liveCorrection() *Correction {
	return find(d.corrections, func(c *Correction) bool { return c.Status == correctionIssued })
}

func (d *dossier) special(id uuid.UUID) *SpecialRun {
	return find(d.specials, func(s *SpecialRun) bool { return s.ID == id })
}

func (d *dossier) openSpecial(token string) *SpecialRun {
	return find(d.specials, func(s *SpecialRun) bool { return s.Token == token && s.open() })
}

// document returns the record that unlocks an action now: unvoided, unused, of
// this version of the case and of this civil date (invariant I7).
func (d *dossier) document(task uuid.UUID, action string, today deadline.Date) *Document {
	return find(d.documents, func(r *Document) bool {
		return r.TaskID == task && r.Action == action && r.VoidedAt.IsZero() && r.UsedAt.IsZero() &&
			r.CaseVersion == d.kase.Version && r.CivilDate == today
	})
}

// object describes the case to authz. All tasks count, closed ones too, as they
// do in lists (authz.Visibility.SQL): whoever had a hand in a case may look it up later.
func (d *dossier) object() authz.Object {
	return d.objectWith(func(*Task) bool { return true })
}

func (d *dossier) objectWith(counts func(*Task) bool) authz.Object {
	o := authz.Object{
		Kind: "case", Tenant: d.kase.Tenant, Owner: d.kase.ApplicantID, Department: d.kase.Department,
		Parties: d.parties(), Confidential: d.matter.Spec.Confidentiality != nil,
	}
	for _, t := range d.tasks {
		if counts(t) {
			o.Tasks = append(o.Tasks, t.facts())
		}
	}
	return o
}

// taskObject describes a task of the case to authz, for an action that needs a permission.
func (d *dossier) taskObject(t *Task, permission string) authz.Object {
	o := d.object()
	facts := t.facts()
	o.Task, o.Permission = &facts, permission
	o.Excluded = d.excluded(t.Node)
	return o
}

func (d *dossier) parties() []string {
	parties := []string{d.kase.ApplicantID.String()}
	if d.kase.Applicant.USCC != "" {
		parties = append(parties, d.kase.Applicant.USCC)
	}
	if d.kase.AgentID != uuid.Nil {
		parties = append(parties, d.kase.AgentID.String())
	}
	return parties
}

func (t Task) facts() authz.TaskFacts {
	return authz.TaskFacts{ID: t.ID, State: t.State, Assignee: t.Assignee, Department: t.Department, Role: t.Role}
}

// input is what expressions see of the case (docs/kinds.md).
func (d *dossier) input(today deadline.Date) expr.Input {
	vars := map[string]any{"form": d.kase.Form, "facts": d.kase.Facts, "case": d.caseFields(), "applicant": d.kase.Applicant.fields(), "today": today}
	if d.bill != nil {
		vars["bill"] = d.bill
	}
	return expr.Input{Calendar: d.live.Calendar, Actions: d.kase.State.Last, Vars: vars}
}

func (d *dossier) caseFields() map[string]any {
	k := d.kase
	fields := map[string]any{
		"no": k.No, "channel": k.Channel, "status": string(k.Status), "deemed": k.Deemed,
		"corrections": int64(len(d.corrections)), "submitted_on": k.ReceivedOn,
	}
	put := func(name, value string) {
		if value != "" {
			fields[name] = value
		}
	}
	put("outcome", k.Outcome)
	put("delivery", k.Delivery)
	if !k.AcceptedOn.IsZero() {
		fields["accepted_on"] = k.AcceptedOn
	}
	if !k.DecidedOn.IsZero() {
		fields["decided_on"] = k.DecidedOn
	}
	return fields
}

func (a Applicant) fields() map[string]any {
	fields := map[string]any{"type": a.Type, "name": a.Name, "level": a.Level, "is_agent": a.IsAgent}
	if a.USCC != "" {
		fields["uscc"] = a.USCC
	}
	if a.IDType != "" {
		fields["id_type"] = a.IDType
	}
	return fields
}

func (s SpecialRun) open() bool {
	return s.Status == specialRequested || s.Status == specialRunning || s.Status == specialReported
}

func find[T any](all []*T, match func(*T) bool) *T {
	for _, one := range all {
		if match(one) {
			return one
		}
	}
	return nil
}

func clamp(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
