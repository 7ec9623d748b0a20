package casework

import (
	"context"
	"slices"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// ActInput does an action on a task. Version is that of the case as read.
type ActInput struct {
	Task    uuid.UUID
	Action  string
	Fields  map[string]any
	Opinion string
	Version int
}

// Act does what configuration, state and policy offer on a task. An offered
// task is claimed by acting on it.
func (s *Service) Act(ctx context.Context, in ActInput) (*View, error) {
	return s.onTask(ctx, in.Task, func(c *Change, task *Task) error {
		if err := c.expect(in.Version); err != nil {
			return err
		}
		action, err := c.offered(task, in.Action)
		if err != nil {
			return err
		}
		if err := c.mayAct("task.act", task, action); err != nil {
			return err
		}
		c.acting = &acting{task: task, action: action, fields: withOpinion(in.Fields, in.Opinion), opinion: in.Opinion}
		if err := c.checkInputs(task, action, true); err != nil {
			return err
		}
		if err := c.unlock(task, action); err != nil {
			return err
		}
		if err := c.outstanding(action); err != nil {
			return err
		}
		c.record("task.acted", map[string]any{"node": task.Node, "title": task.Title, "action": action.ID, "action_title": action.Title,
			"opinion": in.Opinion})
		procedure, _ := in.Fields["procedure"].(string)
		return c.step(workflow.ActWith(task.Token, action.ID, procedure))
	})
}

func withOpinion(fields map[string]any, opinion string) map[string]any {
	all := map[string]any{}
	for name, value := range fields {
		all[name] = value
	}
	if opinion != "" {
		all["opinion"] = opinion
	}
	return all
}

// onTask loads the case of a task that the caller may see, lets f change it, and commits.
func (s *Service) onTask(ctx context.Context, id uuid.UUID, f func(*Change, *Task) error) (*View, error) {
	caseID, err := s.book.caseOf(ctx, "task", id)
	if err != nil {
		return nil, err
	}
	return s.onCase(ctx, caseID, func(c *Change) error {
		task := c.task(id)
		if task == nil {
			return problem.Missing()
		}
		if !task.Open() {
			return problem.New(problem.Conflict, "task_closed", "任务“%s”已经办结", task.Title)
		}
		return f(c, task)
	})
}

// onCase loads a case that the caller may see, lets f change it, and commits. A
// change that lost against another is made again on the newer state: f refuses
// it there when the caller's version has passed, and a mere warning in between
// costs nobody an act.
func (s *Service) onCase(ctx context.Context, id uuid.UUID, f func(*Change) error) (*View, error) {
	for attempt := 1; ; attempt++ {
		c, err := s.draw(ctx, id, f)
		if err != nil {
			return nil, err
		}
		if err = s.Commit(ctx, c); err == nil {
			return s.View(ctx, id)
		}
		if problem.ReasonOf(err) != "stale_version" || attempt == maxAttempts {
			return nil, err
		}
	}
}

// maxAttempts bounds how often a change is made again after losing.
const maxAttempts = 3

// draw makes a change of a case that the caller may see, without committing it.
func (s *Service) draw(ctx context.Context, id uuid.UUID, f func(*Change) error) (*Change, error) {
	d, err := s.open(ctx, id)
	if err != nil {
		return nil, err
	}
	if _, err := s.authz.Require(ctx, "case.view", d.object()); err != nil {
		return nil, err
	}
	c := s.newChange(ctx, d)
	return c, f(c)
}

// expect refuses a caller who read an older version; the newer state is readable.
func (c *Change) expect(version int) error {
	if version != 0 && version != c.kase.Version {
		return problem.New(problem.Conflict, "stale_version", "办件已被他人更新，请刷新后重试（您看到第 %d 版，现为第 %d 版）", version, c.kase.Version)
	}
	return nil
}

// offered finds an action among those the net offers on the task now.
func (c *Change) offered(task *Task, id string) (*workflow.Action, error) {
	offers, err := workflow.Offered(c.matter.Net, c.kase.State, task.Token, c.env())
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(offers, func(o workflow.Offer) bool { return o.ID == id })
	if i < 0 {
		return nil, problem.New(problem.Conflict, "action_not_offered", "“%s”环节现在不能做 %s", task.Title, id)
	}
	return &offers[i].Action, nil
}

// mayAct asks the door for a task's action and remembers the role acted in.
func (c *Change) mayAct(what string, task *Task, action *workflow.Action) error {
	_, err := c.service.authz.Require(c.ctx, what, c.taskObject(task, c.permission(task, action)))
	c.role = task.Role
	return err
}

func (c *Change) permission(task *Task, action *workflow.Action) string {
	return permissionOf(c.dossier, task, action.ID)
}

func permissionOf(d *dossier, task *Task, action string) string {
	return d.matter.Net.Permission(task.Node, action, func(alias string) string {
		if document, ok := d.matter.Documents[alias]; ok {
			return document.Spec.Class
		}
		return ""
	})
}

// locks reports whether an action waits for its document record (V-30, invariant I7).
func locks(d *dossier, action *workflow.Action) bool {
	return action.Document != "" && slices.Contains(d.matter.Net.Constraints().DocumentBeforeAction, action.Effect)
}

// unlock demands the action's document and marks it used.
func (c *Change) unlock(task *Task, action *workflow.Action) error {
	if !locks(c.dossier, action) {
		return nil
	}
	if c.document(task.ID, action.ID, c.today) == nil {
		return problem.New(problem.Conflict, "document_required", "先出具“%s”，才能%s", c.matter.Documents[action.Document].Spec.Title, action.Title)
	}
	return nil
}

// outstanding refuses a decision while a tolerated material that blocks it has
// not followed (容缺, R-APP-20).
func (c *Change) outstanding(action *workflow.Action) error {
	if action.Effect != workflow.VerbGrant {
		return nil
	}
	for _, m := range c.materials {
		term := c.term(m.Ref)
		if m.Status == MaterialTolerated && term != nil && term.Spec.Tolerance.Blocks == "decision" {
			return problem.New(problem.Conflict, "material_outstanding", "容缺材料“%s”尚未补交，不能作出决定", m.Title)
		}
	}
	return nil
}

// Claim takes an offered task; the first of several candidates wins.
func (s *Service) Claim(ctx context.Context, task uuid.UUID) (*View, error) {
	return s.onTask(ctx, task, func(c *Change, t *Task) error {
		if err := c.mayHandle("task.claim", t); err != nil {
			return err
		}
		if t.State == TaskInProgress && t.Assignee == c.actor.Staff {
			return nil
		}
		if t.State != TaskOffered {
			return problem.New(problem.Conflict, "lost_claim", "任务已由他人领取")
		}
		t.State, t.Assignee, t.dirty = TaskInProgress, c.actor.Staff, true
		c.record("task.claimed", map[string]any{"node": t.Node, "staff": t.Assignee.String()})
		return nil
	})
}

// Release gives a claimed task back to its candidates.
func (s *Service) Release(ctx context.Context, task uuid.UUID) (*View, error) {
	return s.onTask(ctx, task, func(c *Change, t *Task) error {
		if err := c.mayHandle("task.release", t); err != nil {
			return err
		}
		if t.Assignee != c.actor.Staff {
			return problem.New(problem.Conflict, "not_assignee", "任务不在您名下")
		}
		t.State, t.Assignee, t.dirty = TaskOffered, uuid.Nil, true
		c.record("task.released", map[string]any{"node": t.Node})
		return nil
	})
}

func (c *Change) mayHandle(what string, t *Task) error {
	_, err := c.service.authz.Require(c.ctx, what, c.taskObject(t, ""))
	return err
}

// ReassignInput gives a task to another candidate.
type ReassignInput struct {
	Task   uuid.UUID
	To     uuid.UUID // staff
	Reason string
}

// Reassign gives a task to another holder of its role, who must be free of
// separation and recusal (SM-06).
func (s *Service) Reassign(ctx context.Context, in ReassignInput) (*View, error) {
	return s.onTask(ctx, in.Task, func(c *Change, t *Task) error {
		if _, err := s.authz.Require(ctx, "task.reassign", c.object()); err != nil {
			return err
		}
		if in.Reason == "" {
			return noReason()
		}
		fit, err := c.fitFor(t)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(fit, func(h holder) bool { return h.Staff == in.To }) {
			return problem.New(problem.Conflict, "not_candidate", "该人员不能办理这一任务")
		}
		t.State, t.Assignee, t.dirty = TaskInProgress, in.To, true
		c.record("task.assigned", map[string]any{"node": t.Node, "title": t.Title, "assignee": in.To.String(), "reason": in.Reason,
			"department": t.Department, "role": t.Role, "due_on": t.DueOn.String()})
		return nil
	})
}

// mayOn asks the door about a verb on the case as a whole.
func (c *Change) mayOn(action string) error {
	_, err := c.service.authz.Require(c.ctx, action, c.object())
	return err
}

// allowedVerb refuses a case verb that SM-05 does not allow in the present state.
func (c *Change) allowedVerb(v workflow.CaseVerb) error {
	if !slices.Contains(workflow.CaseVerbs(c.kase.State), v) {
		return problem.New(problem.Conflict, "action_not_offered", "办件现为“%s”，不能%s", StatusText(c.kase.Status), verbText[v])
	}
	return nil
}

var verbText = map[workflow.CaseVerb]string{
	workflow.CaseWithdraw: "撤回", workflow.CaseVoid: "作废", workflow.CaseDelete: "删除", workflow.CaseLapse: "按补正不来办结",
	workflow.CaseRequestExtension: "申请延期", workflow.CaseDecideExtension: "审批延期", workflow.CaseStartSpecial: "启动特别程序",
	workflow.CaseRecordEvent: "登记事件", workflow.CaseRecordFact: "登记事实", workflow.CaseUrge: "催办", workflow.CaseReopen: "恢复办理",
	workflow.CaseTransferOut: "移送", workflow.CaseForwardUpward: "转报",
}

// asSystem is the engine acting on a case: deemed events are written by the
// system actor (invariant 24).
func asSystem(ctx context.Context) context.Context { return authz.With(ctx, authz.System()) }
