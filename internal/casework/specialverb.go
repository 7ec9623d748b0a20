package casework

import (
	"context"
	"slices"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// StartSpecialInput asks for a special procedure beside the flow.
type StartSpecialInput struct {
	Case      uuid.UUID
	Procedure string
	Reason    string
	Version   int
}

// StartSpecial asks for one of the matter's procedures that start on request (R-SPC-01).
func (s *Service) StartSpecial(ctx context.Context, in StartSpecialInput) (*View, error) {
	return s.onCase(ctx, in.Case, func(c *Change) error {
		if err := c.expect(in.Version); err != nil {
			return err
		}
		if err := c.mayOn("special.request"); err != nil {
			return err
		}
		spec, known := c.matter.Specials[in.Procedure]
		if !known || spec.Start != "on_request" {
			return problem.New(problem.Conflict, "action_not_offered", "本事项没有可申请的特别程序 %s", in.Procedure)
		}
		if err := c.allowedVerb(workflow.CaseStartSpecial); err != nil {
			return err
		}
		c.acting = &acting{action: &workflow.Action{}, fields: map[string]any{"reason": in.Reason}}
		return c.step(workflow.RequestSpecial(in.Procedure))
	})
}

// onSpecial loads the case of a special run and lets f change it.
func (s *Service) onSpecial(ctx context.Context, id uuid.UUID, f func(*Change, *SpecialRun, *kind.SpecialProcedure) error) (*View, error) {
	caseID, err := s.book.caseOf(ctx, "special_run", id)
	if err != nil {
		return nil, err
	}
	return s.onCase(ctx, caseID, func(c *Change) error {
		run := c.special(id)
		return f(c, run, c.matter.Specials[run.Procedure])
	})
}

// DecideSpecial approves or rejects a requested procedure, or a reported result
// that needs consent (report_approval). Whoever asked does not approve.
func (s *Service) DecideSpecial(ctx context.Context, id uuid.UUID, approve bool, reason string) (*View, error) {
	return s.onSpecial(ctx, id, func(c *Change, run *SpecialRun, spec *kind.SpecialProcedure) error {
		if err := c.mayOn("special.approve"); err != nil {
			return err
		}
		if run.RequestedBy == c.actor.Staff || slices.Contains(run.Executors, c.actor.Staff) {
			return problem.Denied("special.approve", "separation", "申请人或执行人不能审批")
		}
		switch {
		case run.Status == specialRequested && approve:
			run.ApprovedBy, run.dirty = c.actor.Staff, true
			c.record("special.approved", map[string]any{"procedure": run.Procedure, "reason": reason})
			return c.runSpecial(run, spec)
		case run.Status == specialRequested:
			run.Status, run.ApprovedBy, run.EndedOn, run.dirty = specialRejected, c.actor.Staff, c.today, true
			c.closeSpecialTask(run, "rejected")
			c.record("special.rejected", map[string]any{"procedure": run.Procedure, "reason": reason})
			return c.step(workflow.SpecialRejected(run.Token))
		case run.Status == specialReported && approve:
			run.ApprovedBy = c.actor.Staff
			return c.concludeSpecial(run)
		case run.Status == specialReported:
			run.Status, run.Result, run.dirty = specialRunning, "", true
			c.specialTask(run, spec.Executors.Role, spec.Title)
			c.record("special.report_returned", map[string]any{"procedure": run.Procedure, "reason": reason})
			return nil
		}
		return problem.New(problem.Conflict, "action_not_offered", "该特别程序没有待审批的事项")
	})
}

// RecordSpecialResult records the report of the executors; clocks run again (R-SPC-05).
func (s *Service) RecordSpecialResult(ctx context.Context, id uuid.UUID, report map[string]any, executors []uuid.UUID) (*View, error) {
	return s.onSpecial(ctx, id, func(c *Change, run *SpecialRun, spec *kind.SpecialProcedure) error {
		if err := c.mayReport(run); err != nil {
			return err
		}
		if err := c.checkReport(run, spec, report, executors); err != nil {
			return err
		}
		if err := c.checkExecutors(spec, executors); err != nil {
			return err
		}
		if err := c.checkEvidence(spec, report); err != nil {
			return err
		}
		result, _ := report["result"].(string)
		run.Result, run.Report, run.Executors, run.dirty = result, report, executors, true
		c.record("special.reported", map[string]any{"procedure": run.Procedure, "result": result, "report": report, "executors": texts(executors)})
		if i := slices.IndexFunc(spec.ReportApproval, func(a kind.ReportApproval) bool { return a.Result == result }); i >= 0 {
			run.Status = specialReported
			c.specialTask(run, spec.ReportApproval[i].Role, "审批结果："+spec.Title)
			return nil
		}
		return c.concludeSpecial(run)
	})
}

func (c *Change) concludeSpecial(run *SpecialRun) error {
	run.dirty = true
	return c.step(workflow.Occur(run.Token, run.Result))
}

// mayReport: executors of the procedure report; a case in their data scope is
// not required, for being sent to inspect it is what brings them there.
func (c *Change) mayReport(run *SpecialRun) error {
	if run.Status != specialRunning {
		return problem.New(problem.Conflict, "special_not_running", "该特别程序不在进行中")
	}
	return c.mayOn("special.report")
}

// checkExecutors: each executor holds the procedure's role and has no tie to a party.
func (c *Change) checkExecutors(spec *kind.SpecialProcedure, executors []uuid.UUID) error {
	if spec.Executors.Role == "" {
		return nil
	}
	able, err := c.unrelated(spec.Executors.Role, "")
	if err != nil {
		return err
	}
	var problems problem.List
	for i, id := range executors {
		if !slices.ContainsFunc(able, func(h holder) bool { return h.Staff == id }) {
			problems.Add(indexed("$.executors", i), "executor_role", "执行人须具有角色 %s，且与当事人没有利害关系", spec.Executors.Role)
		}
	}
	return problem.Invalid(problems)
}

// checkEvidence: every file of a report was uploaded to this case and verified.
func (c *Change) checkEvidence(spec *kind.SpecialProcedure, report map[string]any) error {
	stored, err := c.service.book.files(c.ctx, c.kase.ID)
	if err != nil {
		return err
	}
	var problems problem.List
	for name, field := range spec.ReportForm {
		if field.Type != "files" {
			continue
		}
		list, _ := report[name].([]any)
		for i, entry := range list {
			text, _ := entry.(string)
			if file, known := stored[uuid.FromStringOrNil(text)]; !known || file.Status != FileStored {
				problems.Add(indexed("$.report."+name, i), "unknown_file", "没有上传过这个文件，或尚未上传完成")
			}
		}
	}
	return problem.Invalid(problems)
}

func texts(ids []uuid.UUID) []any {
	list := make([]any, len(ids))
	for i, id := range ids {
		list[i] = id.String()
	}
	return list
}
