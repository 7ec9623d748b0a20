package casework

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// openHumanTask offers a task to the role in its department, or assigns it by
// the node's strategy, and starts the stage's planning clock (T-22).
func (c *Change) openHumanTask(e workflow.Effect) error {
	node, _ := c.matter.Net.Node(e.Node)
	task := c.newTask(e, node)
	department, err := c.resolveDepartment(node.Assign.Department)
	if err != nil {
		return err
	}
	task.Department, task.Role = department, node.Assign.Role
	task.MinimumPersons = max(1, node.Assign.MinimumPersons)
	if err := c.assign(task, node.Assign.Strategy); err != nil {
		return err
	}
	if err := c.startStage(task, node); err != nil {
		return err
	}
	c.record("task.assigned", map[string]any{"node": node.ID, "title": node.Title, "department": department, "role": task.Role,
		"assignee": idText(task.Assignee), "due_on": task.DueOn.String()})
	return nil
}

func (c *Change) newTask(e workflow.Effect, node *workflow.Node) *Task {
	task := &Task{
		row: row{fresh: true}, ID: c.service.newID(c.now), CaseID: c.kase.ID, Token: e.Token, Node: node.ID, NodeType: string(node.Type),
		Visit: e.Visit, Title: node.Title, State: TaskOffered, MinimumPersons: 1, OpenedAt: c.now, Version: 1,
	}
	c.tasks = append(c.tasks, task)
	return task
}

func (c *Change) resolveDepartment(name string) (string, error) {
	switch {
	case name == "$matter.implementing_department":
		return c.matter.Binding.Department, nil
	case name == "$matter.entrusted_department":
		return c.matter.Spec.EntrustedDepartment, nil
	case strings.HasPrefix(name, "$facts."):
		fact, _ := c.kase.Facts[strings.TrimPrefix(name, "$facts.")].(string)
		if fact == "" {
			return "", problem.New(problem.Conflict, "fact_missing", "尚未登记 %s，不能确定办理部门", name)
		}
		return fact, nil
	}
	return name, nil
}

// assign picks the assignee by the strategy among those who may act: holders of
// the role in the department, less those barred by separation of duty or party
// to the case. Nobody fit, or claim and queue, leaves the task offered.
func (c *Change) assign(task *Task, strategy string) error {
	if strategy == "claim" || strategy == "queue" || strategy == "" {
		return nil
	}
	holders, err := c.fitFor(task)
	if err != nil {
		return err
	}
	if err := c.service.book.weigh(c.ctx, holders, strategy); err != nil {
		return err
	}
	task.Assignee = choose(holders, strategy, c.sameAs(strategy))
	if task.Assignee != uuid.Nil {
		task.State = TaskInProgress
	}
	return nil
}

// fitFor lists who may act on a task: who holds its role in its department today,
// without those barred by separation of duty or by a tie to a party (invariant 8).
func (c *Change) fitFor(task *Task) ([]holder, error) {
	holders, err := c.unrelated(task.Role, task.Department)
	barred := c.excluded(task.Node)
	return slices.DeleteFunc(holders, func(h holder) bool { return slices.Contains(barred, h.Staff) }), err
}

// unrelated lists the holders of a role today who neither are a party to the
// case nor declared a tie to one (R-PRC-15).
func (c *Change) unrelated(role, department string) ([]holder, error) {
	holders, err := c.service.book.holders(c.ctx, role, department, c.today)
	parties := c.parties()
	return slices.DeleteFunc(holders, func(h holder) bool {
		return slices.ContainsFunc(append(h.Relatives, h.Account.String()), func(tie string) bool { return slices.Contains(parties, tie) })
	}), err
}

func (c *Change) sameAs(strategy string) uuid.UUID {
	node, ok := strings.CutPrefix(strategy, "same_as(")
	if !ok {
		return uuid.Nil
	}
	return c.lastActor(strings.TrimSuffix(node, ")"))
}

// choose applies a strategy to the holders fit to act.
func choose(holders []holder, strategy string, same uuid.UUID) uuid.UUID {
	if len(holders) == 0 {
		return uuid.Nil
	}
	byNumber := func(a, b holder) int { return cmp.Compare(a.StaffNo, b.StaffNo) }
	switch {
	case strategy == "least_loaded":
		return slices.MinFunc(holders, func(a, b holder) int { return cmp.Or(cmp.Compare(a.Load, b.Load), byNumber(a, b)) }).Staff
	case strategy == "round_robin":
		return slices.MinFunc(holders, func(a, b holder) int { return cmp.Or(a.LastAssigned.Compare(b.LastAssigned), byNumber(a, b)) }).Staff
	case strategy == "fixed":
		return slices.MinFunc(holders, byNumber).Staff
	case slices.ContainsFunc(holders, func(h holder) bool { return h.Staff == same }):
		return same
	}
	return uuid.Nil
}

// startStage starts the node's own limit. By default a human node's limit goes
// on counting at a second visit: what earlier visits used is taken off (`per: case`).
func (c *Change) startStage(task *Task, node *workflow.Node) error {
	if node.Limit == nil {
		return nil
	}
	limit := deadline.Limit{N: node.Limit.N, Unit: deadline.Unit(node.Limit.Unit)}
	if node.Type == workflow.Human && node.Limit.Per != "visit" {
		limit.N = max(0, limit.N-c.usedBefore(task))
	}
	clock, err := c.startClock(stageKind(c, node), partyOf(node.Limit.Holder), limit, task.ID)
	if err != nil {
		return err
	}
	task.DueOn = clock.DueOn
	return nil
}

func (c *Change) usedBefore(task *Task) int {
	used := 0
	for _, earlier := range c.tasks {
		if earlier.Node != task.Node || earlier == task {
			continue
		}
		for _, clock := range c.clocks {
			if clock.Owner == earlier.ID {
				used += clock.Body.Elapsed(c.today, c.live.Calendar)
			}
		}
	}
	return used
}

func stageKind(c *Change, node *workflow.Node) deadline.Kind {
	if node.Type == workflow.Wait && c.kase.State.Status == workflow.StatusAwaitingCorrection {
		return deadline.Correction
	}
	return deadline.Stage
}

func partyOf(holder string) deadline.Party {
	if holder == "" {
		return deadline.Agency
	}
	return deadline.Party(holder)
}

// closeTask records who did the task, how, and with what opinion.
func (c *Change) closeTask(e workflow.Effect) error {
	task := c.openTask(e.Token)
	if task == nil {
		return nil
	}
	task.State, task.ClosedAt, task.dirty = TaskDone, c.now, true
	if c.acting != nil && c.acting.task == task {
		task.Action, task.Opinion, task.Fields = c.acting.action.ID, c.acting.opinion, c.acting.fields
		task.Actor, task.Assignee = c.actor.Staff, c.actor.Staff
	}
	c.voidUnused(task)
	return c.meetOwned(task.ID)
}

func (c *Change) cancelTask(e workflow.Effect) error {
	task := c.openTask(e.Token)
	if task == nil {
		return nil
	}
	task.State, task.ClosedAt, task.dirty = TaskCancelled, c.now, true
	c.voidUnused(task)
	if err := c.resumeAll(task.ID.String(), c.lastDay(task)); err != nil {
		return err
	}
	return c.cancelOwned(task.ID)
}

// openWait opens a wait for the applicant or a third party, with its limit and
// what it does to the case's clocks (T-12).
func (c *Change) openWait(e workflow.Effect) error {
	node, _ := c.matter.Net.Node(e.Node)
	task := c.newTask(e, node)
	task.State = TaskInProgress
	if node.RecordBy != "" {
		task.Role, task.Department, task.State = node.RecordBy, c.kase.Department, TaskOffered
	}
	if err := c.startStage(task, node); err != nil {
		return err
	}
	if live := c.liveCorrection(); live != nil && c.kase.State.Status == workflow.StatusAwaitingCorrection {
		live.DueOn, live.dirty = task.DueOn, true
	}
	basis := ""
	if node.Limit != nil {
		basis = node.Limit.Basis
	}
	return c.suspendAll(node.Clock.PromisedSuspended, node.Clock.StatutorySuspended, node.Title, basis, task.ID.String())
}

// lastDay is the day on which what a task suspended runs again: today, but never
// after the time that the task was given (T-15).
func (c *Change) lastDay(task *Task) deadline.Date {
	if !task.DueOn.IsZero() && c.today.After(task.DueOn) {
		return task.DueOn
	}
	return c.today
}

func (c *Change) closeWait(e workflow.Effect) error {
	task := c.openTask(e.Token)
	if task == nil {
		return nil
	}
	task.State, task.ClosedAt, task.Action, task.dirty = TaskDone, c.now, e.Event, true
	if err := c.resumeAll(task.ID.String(), c.lastDay(task)); err != nil {
		return err
	}
	if e.Event == "expired" {
		return c.expireOwned(task.ID)
	}
	return c.meetOwned(task.ID)
}

// runAuto opens a task that a job will do and report on.
func (c *Change) runAuto(e workflow.Effect) error {
	node, _ := c.matter.Net.Node(e.Node)
	task := c.newTask(e, node)
	task.State = TaskInProgress
	c.later(JobAuto, "auto/"+task.ID.String(), map[string]any{"task": task.ID.String(), "token": e.Token, "verb": string(e.Verb),
		"licence": e.Licence, "document": e.Document})
	return nil
}

func idText(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}
