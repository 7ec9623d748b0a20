package casework

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/internal/form"
)

// How records stand in their tables: the columns in the order in which they are
// written and read.

const (
	caseColumns = "id, case_no, query_code, status, outcome, finish_code, source, channel, delivery, matter_id, matter_name, matter_title, " +
		"matter_digest, pins, department, applicant_id, applicant, agent_id, project_name, form, form_digest, facts, state, draft_id, " +
		"received_at, received_on, accepted_on, deemed, decided_on, promised_due, statutory_due, due_on, finished_at, archived_at, " +
		"event_seq, event_hash, created_at, updated_at, row_version"
	taskColumns = "id, case_id, token, node_id, node_type, visit, title, state, department, role, assignee, minimum_persons, due_on, action, " +
		"opinion, fields, actor, opened_at, closed_at, row_version"
	materialColumns   = "id, case_id, ref, title, required, status, files, due_on, fulfilled_by, defect_note, corrected, updated_at"
	correctionColumns = "id, case_id, sequence, items, reason, status, issued_by, issued_at, applicant_due_on, resubmitted_at"
	specialColumns    = "id, case_id, token, procedure, type, status, reason, requested_by, approved_by, started_on, earliest_on, expected_on, " +
		"ended_on, result, report, executors, created_at, row_version"
	extensionColumns = "id, case_id, clock_id, n, unit, reason, status, requested_by, requested_at, decided_by, decided_at"
	clockColumns     = "id, case_id, owner_id, kind, party, state, due_on, provisional, body, created_at"
	timerColumns     = "id, case_id, clock_id, rung, fire_at, state"
	documentColumns  = "id, case_id, task_id, action, alias, template, template_digest, class, title, series, seq, number, field_values, " +
		"content_digest, seal, case_version, civil_date, issued_at, issued_by, used_at, voided_at, voided_reason, file_digest, file_size, rendered_at"
	eventColumns = "seq, type, actor, acting_role, at, payload, root, prev_hash, hash, algorithm"
)

// values collects the arguments of a row; the first failure to encode is kept.
type values struct {
	args []any
	err  error
}

func (v *values) add(args ...any) *values {
	v.args = append(v.args, args...)
	return v
}

func (v *values) json(value any) *values {
	text, err := json.Marshal(value)
	if err != nil && v.err == nil {
		v.err = fmt.Errorf("casework: encode %T: %w", value, err)
	}
	return v.add(string(text))
}

// data stores a form exactly: numbers by their text.
func (v *values) data(d form.Data) *values {
	if d == nil {
		d = form.Data{}
	}
	text, err := form.Canonical(d)
	if err != nil && v.err == nil {
		v.err = fmt.Errorf("casework: encode form: %w", err)
	}
	return v.add(string(text))
}

func (v *values) id(id uuid.UUID) *values {
	if id == uuid.Nil {
		return v.add(nil)
	}
	return v.add(id)
}

func (v *values) time(t time.Time) *values {
	if t.IsZero() {
		return v.add(nil)
	}
	return v.add(t)
}

func (k *Case) values() *values {
	v := &values{}
	v.add(k.ID, k.No, k.QueryCode, k.Status, k.Outcome, k.FinishCode, k.Source, k.Channel, k.Delivery, k.MatterID, k.MatterName, k.MatterTitle,
		k.MatterDigest).json(k.Pins).add(k.Department, k.ApplicantID).json(k.Applicant).id(k.AgentID).add(k.ProjectName).data(k.Form)
	v.add(k.FormDigest).data(k.Facts).json(k.State).id(k.DraftID).add(k.ReceivedAt, k.ReceivedOn.String(), k.AcceptedOn.String(), k.Deemed,
		k.DecidedOn.String(), k.PromisedDue.String(), k.StatutoryDue.String(), k.DueOn.String()).time(k.FinishedAt).time(k.ArchivedAt)
	return v.add(k.EventSeq, k.EventHash, k.CreatedAt, k.UpdatedAt, k.Version)
}

func (t *Task) values() *values {
	v := &values{}
	v.add(t.ID, t.CaseID, t.Token, t.Node, t.NodeType, t.Visit, t.Title, t.State, t.Department, t.Role).id(t.Assignee)
	v.add(t.MinimumPersons, t.DueOn.String(), t.Action, t.Opinion).data(t.Fields).id(t.Actor)
	return v.add(t.OpenedAt).time(t.ClosedAt).add(t.Version)
}

func (m *Material) values() *values {
	v := &values{}
	return v.add(m.ID, m.CaseID, m.Ref, m.Title, m.Required, m.Status).json(m.Files).
		add(m.DueOn.String(), m.FulfilledBy, m.DefectNote, m.Corrected, m.UpdatedAt)
}

func (n *Correction) values() *values {
	v := &values{}
	return v.add(n.ID, n.CaseID, n.Sequence).json(n.Items).add(n.Reason, n.Status).id(n.IssuedBy).
		add(n.IssuedAt, n.DueOn.String()).time(n.Resubmitted)
}

func (s *SpecialRun) values() *values {
	v := &values{}
	v.add(s.ID, s.CaseID, s.Token, s.Procedure, s.Type, s.Status, s.Reason).id(s.RequestedBy).id(s.ApprovedBy)
	v.add(s.StartedOn.String(), s.EarliestOn.String(), s.ExpectedOn.String(), s.EndedOn.String(), s.Result).data(s.Report).json(s.Executors)
	return v.add(s.CreatedAt, s.Version)
}

func (e *Extension) values() *values {
	v := &values{}
	return v.add(e.ID, e.CaseID, e.ClockID, e.N, e.Unit, e.Reason, e.Status, e.RequestedBy, e.RequestedAt).id(e.DecidedBy).time(e.DecidedAt)
}

func (c *Clock) values() *values {
	v := &values{}
	return v.add(c.ID, c.CaseID, c.Owner, c.Body.Kind, c.Body.Party, c.Body.State, c.DueOn.String(), c.Provisional).json(c.Body).add(c.CreatedAt)
}

func (t *Timer) values() *values {
	v := &values{}
	return v.add(t.ID, t.CaseID, t.ClockID, t.Rung, t.FireAt, t.State)
}

// insert builds the statement for a row of a table; $1 is the tenant.
func insert(table, columns string) string {
	n := strings.Count(columns, ",") + 1
	return "INSERT INTO " + table + " (tenant_id, " + columns + ") VALUES ($1, " + db.Placeholders(2, n) + ")"
}

// update builds the statement that writes every column of the row with $1 = tenant and $2 = id.
func update(table, columns string) string {
	names := strings.Split(columns, ", ")
	sets := make([]string, 0, len(names))
	for i, name := range names[1:] {
		sets = append(sets, fmt.Sprintf("%s = $%d", name, i+3))
	}
	return "UPDATE " + table + " SET " + strings.Join(sets, ", ") + " WHERE tenant_id = $1 AND id = $2"
}
