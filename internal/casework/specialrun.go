package casework

import (
	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// The states of a special procedure (SM-08). Reported waits for the approval
// that its definition asks for a result (report_approval).
const (
	specialRequested = "requested"
	specialRunning   = "running"
	specialReported  = "reported"
	specialCompleted = "completed"
	specialOverrun   = "overrun"
	specialRejected  = "rejected"
	specialCancelled = "cancelled"
)

// openSpecialRun records the request; a procedure that needs no approval runs at once.
func (c *Change) openSpecialRun(e workflow.Effect) error {
	spec := c.matter.Specials[e.Procedure]
	run := &SpecialRun{
		row: row{fresh: true}, ID: c.service.newID(c.now), CaseID: c.kase.ID, Token: e.Token, Procedure: e.Procedure,
		Type: spec.ProcedureType, Status: specialRequested, Reason: c.input("reason"), RequestedBy: c.actor.Staff, CreatedAt: c.now, Version: 1,
	}
	if spec.Start == "automatic" {
		run.RequestedBy = uuid.Nil
	}
	c.specials = append(c.specials, run)
	c.record("special.requested", map[string]any{"procedure": run.Procedure, "type": run.Type, "reason": run.Reason})
	if spec.Approval == "none" {
		c.afterwards(func() error { return c.runSpecial(run, spec) })
		return nil
	}
	c.specialTask(run, spec.ApproverRole, "审批特别程序："+spec.Title)
	return nil
}

// specialTask puts the procedure on somebody's to-do list: its executors', or
// its approver's. The list is also what lets an inspector see the case at all.
func (c *Change) specialTask(run *SpecialRun, role, title string) {
	if role == "" {
		return // carried out by an external body
	}
	c.closeSpecialTask(run, "")
	c.tasks = append(c.tasks, &Task{
		row: row{fresh: true}, ID: c.service.newID(c.now), CaseID: c.kase.ID, Token: run.Token, Node: run.Procedure, NodeType: string(workflow.Special),
		Visit: 1, Title: title, State: TaskOffered, Department: c.kase.Department, Role: role, MinimumPersons: 1, DueOn: run.ExpectedOn,
		OpenedAt: c.now, Version: 1,
	})
	c.record("task.assigned", map[string]any{"node": run.Procedure, "title": title, "department": c.kase.Department, "role": role,
		"assignee": "", "due_on": run.ExpectedOn.String()})
}

func (c *Change) closeSpecialTask(run *SpecialRun, action string) {
	if task := c.openTask(run.Token); task != nil {
		task.State, task.ClosedAt, task.Action, task.Actor, task.dirty = TaskDone, c.now, action, c.actor.Staff, true
	}
}

// runSpecial starts the procedure: its own clock up to its maximum, its effect
// on the two legal clocks, and the written notice to the applicant of the time
// needed (行政许可法 art. 45, R-SPC-03).
func (c *Change) runSpecial(run *SpecialRun, spec *kind.SpecialProcedure) error {
	run.Status, run.StartedOn, run.dirty = specialRunning, c.today, true
	if spec.Min != nil {
		run.EarliestOn = c.specialWindow(run, spec).Earliest
	}
	clock, err := c.startSpecialClock(run, spec)
	if err != nil {
		return err
	}
	run.ExpectedOn = clock.DueOn
	c.specialTask(run, spec.Executors.Role, spec.Title)
	promised, statutory := spec.ClockEffect.Promised == "suspend", spec.ClockEffect.Statutory == "suspend"
	if err := c.suspendAll(promised, statutory, spec.Title, spec.LegalBasis, run.ID.String()); err != nil {
		return err
	}
	if err := c.issueNotice(spec.NotifyApplicant, specialValues(run, spec)); err != nil {
		return err
	}
	c.record("special.started", map[string]any{"procedure": run.Procedure, "title": spec.Title, "expected_on": run.ExpectedOn.String(),
		"promised": spec.ClockEffect.Promised, "statutory": spec.ClockEffect.Statutory})
	return c.step(workflow.SpecialStarted(run.Token, promised || statutory))
}

// startSpecialClock starts the clock up to the maximum, whose end does not roll off a day off.
func (c *Change) startSpecialClock(run *SpecialRun, spec *kind.SpecialProcedure) (*Clock, error) {
	body, err := deadline.StartAt(deadline.Special, specialParty(spec), limitOf(spec.Max), c.now, c.live.Location, c.live.Calendar)
	if err != nil {
		return nil, err
	}
	body.NoRoll = true
	return c.addClock(body, run.ID), nil
}

// specialWindow bounds the day of the result and of the end of the suspension (T-15).
func (c *Change) specialWindow(run *SpecialRun, spec *kind.SpecialProcedure) deadline.Window {
	minimum := deadline.Limit{}
	if spec.Min != nil {
		minimum = limitOf(*spec.Min)
	}
	return deadline.SpecialWindow(run.StartedOn, minimum, limitOf(spec.Max), c.live.Calendar)
}

func specialParty(spec *kind.SpecialProcedure) deadline.Party {
	if spec.Executors.External != "" {
		return deadline.Third
	}
	return deadline.Agency
}

// closeSpecialRun ends the suspension with the result, or at the maximum when
// no result came (T-15).
func (c *Change) closeSpecialRun(e workflow.Effect) error {
	run := c.openSpecial(e.Token)
	if run == nil {
		return nil
	}
	run.EndedOn, run.dirty = c.today, true
	c.closeSpecialTask(run, e.Event)
	if err := c.resumeAll(run.ID.String(), c.specialWindow(run, c.matter.Specials[run.Procedure]).ResumeOn(c.today)); err != nil {
		return err
	}
	if e.Event == "overrun" {
		run.Status = specialOverrun
		c.record("special.overrun", map[string]any{"procedure": run.Procedure})
		return c.expireOwned(run.ID)
	}
	run.Status, run.Result = specialCompleted, e.Event
	c.record("special.completed", map[string]any{"procedure": run.Procedure, "result": e.Event})
	return c.meetOwned(run.ID)
}

func (c *Change) cancelSpecialRun(e workflow.Effect) error {
	run := c.openSpecial(e.Token)
	if run == nil {
		return nil
	}
	run.Status, run.EndedOn, run.dirty = specialCancelled, c.today, true
	c.closeSpecialTask(run, "cancelled")
	if err := c.resumeAll(run.ID.String(), c.today); err != nil {
		return err
	}
	return c.cancelOwned(run.ID)
}

// checkReport holds a report to the procedure's own form and to the number of
// executors (行政许可法 art. 34, R-SPC-07); a result before the minimum is refused (R-SPC-12).
func (c *Change) checkReport(run *SpecialRun, spec *kind.SpecialProcedure, report map[string]any, executors []uuid.UUID) error {
	if run.Status != specialRunning {
		return problem.New(problem.Conflict, "special_not_running", "该特别程序不在进行中")
	}
	if !run.EarliestOn.IsZero() && c.today.Before(run.EarliestOn) {
		return problem.New(problem.Conflict, "special_before_minimum", "未满最短期限，%s 之前不能登记结果", run.EarliestOn)
	}
	problems := checkFields("$.report", spec.ReportForm, report)
	need := max(1, spec.Executors.MinimumPersons)
	if len(distinct(executors)) < need {
		problems.Add("$.executors", "minimum_persons", "须由 %d 名以上人员执行（行政许可法第三十四条），现有 %d 名", need, len(distinct(executors)))
	}
	return problem.Invalid(problems)
}

func specialValues(run *SpecialRun, spec *kind.SpecialProcedure) map[string]any {
	return map[string]any{"type": spec.Title, "legal_basis": spec.LegalBasis, "expected_days": limitOf(spec.Max).String()}
}

func distinct(ids []uuid.UUID) map[uuid.UUID]bool {
	set := map[uuid.UUID]bool{}
	for _, id := range ids {
		set[id] = true
	}
	return set
}
