package casework

import (
	"context"
	"strings"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/audit/canonical"
	"zhengtong/internal/code"
	"zhengtong/internal/configuration"
	"zhengtong/internal/document/render"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// numberParts is a document number around its sequence, so that the sequence
// can be taken inside the database, last and without gaps (R-DOC-07).
type numberParts struct {
	before string
	width  int
	after  string
}

// IssueInput asks for the document that unlocks an action.
type IssueInput struct {
	Task   uuid.UUID
	Action string
	Fields map[string]any
}

// IssueDocument makes the document record of an action: series number, template
// digest and values, bound to (task, action, case version, civil date). Until it
// exists the action stays locked (invariant I7, R-REC-06). An earlier record for
// the same action is voided and stays in the register. The PDF follows as a job.
// It returns the case with the new record.
func (s *Service) IssueDocument(ctx context.Context, in IssueInput) (*View, *Document, error) {
	var issued *Document
	view, err := s.onTask(ctx, in.Task, func(c *Change, task *Task) error {
		action, err := c.offered(task, in.Action)
		if err != nil {
			return err
		}
		if action.Document == "" {
			return problem.New(problem.Conflict, "no_document", "“%s”不需要文书", action.Title)
		}
		if err := c.mayAct("document.issue", task, action); err != nil {
			return err
		}
		c.acting = &acting{task: task, action: action, fields: in.Fields}
		if err := c.checkInputs(task, action, false); err != nil {
			return err
		}
		issued, err = c.issue(action.Document, task.ID, action.ID)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return view, find(view.documents, func(d *Document) bool { return d.ID == issued.ID }), nil
}

// issue adds a document record by alias, voiding an unused earlier one of the same action.
func (c *Change) issue(alias string, task uuid.UUID, action string) (*Document, error) {
	template, known := c.matter.Documents[alias]
	if !known {
		return nil, problem.New(problem.Conflict, "document_unknown", "事项没有文书 %s", alias)
	}
	for _, old := range c.documents {
		if task != uuid.Nil && old.TaskID == task && old.Action == action && old.VoidedAt.IsZero() && old.UsedAt.IsZero() {
			old.VoidedAt, old.VoidedReason, old.dirty = c.now, "另行出具", true
		}
	}
	return c.addDocument(alias, template, task, action, nil)
}

// voidUnused voids what was drawn up for a task that ended another way, once the
// act's own document has been marked used: none stands for an act that was not
// taken (invariant 7). The numbers stay in the register (invariant 13).
func (c *Change) voidUnused(task *Task) {
	c.afterwards(func() error {
		for _, d := range c.documents {
			if d.TaskID == task.ID && d.VoidedAt.IsZero() && d.UsedAt.IsZero() {
				d.VoidedAt, d.VoidedReason, d.dirty = c.now, "未使用", true
			}
		}
		return nil
	})
}

func (c *Change) addDocument(alias string, t *configuration.Document, task uuid.UUID, action string, extra map[string]any) (*Document, error) {
	values, err := c.documentValues(t, extra)
	if err != nil {
		return nil, err
	}
	text, err := canonical.Marshal(values)
	if err != nil {
		return nil, err
	}
	digest, err := render.ContentDigest(t.Digest, values)
	if err != nil {
		return nil, err
	}
	d := &Document{
		row: row{fresh: true}, ID: c.service.newID(c.now), CaseID: c.kase.ID, TaskID: task, Action: action, Alias: alias, Template: t.Name,
		TemplateDigest: t.Digest, Class: t.Spec.Class, Title: t.Spec.Title, Values: string(text), ContentDigest: digest, Seal: t.Seal,
		CivilDate: c.today, IssuedAt: c.now, IssuedBy: c.actor.Actor(),
	}
	if t.Number != nil {
		if d.number, d.Series, err = c.numberOf(t); err != nil {
			return nil, err
		}
	}
	c.documents = append(c.documents, d)
	c.later(JobRender, "document/"+d.ID.String(), map[string]any{"document": d.ID.String()})
	c.record("document.issued", map[string]any{"document": d.ID.String(), "alias": alias, "title": d.Title, "content_digest": digest, "action": action})
	return d, nil
}

// numberOf gives the number around its sequence. The series counts per template
// and year in the tenant.
func (c *Change) numberOf(t *configuration.Document) (numberParts, string, error) {
	before, after, width, err := t.Number.Affixes(c.numberValues(c.matter.Binding.DepartmentShort, 0))
	return numberParts{before: before, width: width, after: after}, "document/" + t.Series + "/" + c.today.String()[:4], err
}

func (c *Change) numberValues(department string, seq int64) code.Values {
	return code.Values{
		Date: c.now.In(c.live.Location), Division: c.live.Tenant.DivisionCode, Department: department,
		Organisation: c.matter.Binding.USCC, Seq: seq,
	}
}

// issueByEngine issues what the net asks for, unless the action's own record
// already unlocked it: the receipt on every submit, notices of engine acts.
func (c *Change) issueByEngine(e workflow.Effect) error {
	if c.acting != nil && c.acting.action.Document == e.Document {
		if d := c.document(c.acting.task.ID, c.acting.action.ID, c.today); d != nil {
			d.UsedAt, d.dirty = c.now, true
			return nil
		}
	}
	if _, known := c.matter.Documents[e.Document]; !known {
		return nil // a matter without this alias issues none; V-25 and V-26 say which are needed
	}
	_, err := c.issue(e.Document, uuid.Nil, "")
	return err
}

// issueNotice issues a notice by template name, for an act of the engine.
func (c *Change) issueNotice(template string, special map[string]any) error {
	t, known := c.matter.Documents[template]
	if !known {
		return nil
	}
	_, err := c.addDocument("special", t, uuid.Nil, "", map[string]any{"special": special})
	return err
}

func aliasRoot(path string) string {
	root, _, _ := strings.Cut(path, ".")
	return root
}
