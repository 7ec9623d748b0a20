package casework

import (
	"context"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// The states of an extension (SM-09).
const (
	extensionRequested = "requested"
	extensionEffective = "effective"
	extensionRejected  = "rejected"
	extensionLapsed    = "lapsed"
)

// ExtensionInput asks to extend a clock of the case.
type ExtensionInput struct {
	Case   uuid.UUID
	Clock  deadline.Kind // promised or statutory
	N      int
	Reason string
}

// RequestExtension asks for more time before the clock is due (T-16, 行政许可法
// art. 42, R-SPC-08), at most as often and as long as the matter allows.
func (s *Service) RequestExtension(ctx context.Context, in ExtensionInput) (*View, error) {
	return s.onCase(ctx, in.Case, func(c *Change) error {
		if err := c.mayOn("extension.request"); err != nil {
			return err
		}
		if err := c.allowedVerb(workflow.CaseRequestExtension); err != nil {
			return err
		}
		clock := c.caseClock(in.Clock)
		if clock == nil || !clock.Body.Live() || (clock.Body.State == deadline.Running && c.today.After(clock.DueOn)) {
			return problem.New(problem.Conflict, deadline.ReasonExpired, "%s不在进行中或已届满，不能延期", in.Clock.Title())
		}
		if err := c.checkExtension(in); err != nil {
			return err
		}
		e := &Extension{row: row{fresh: true}, ID: s.newID(c.now), CaseID: c.kase.ID, ClockID: clock.ID, N: in.N, Unit: clock.Body.Limit.Unit,
			Reason: in.Reason, Status: extensionRequested, RequestedBy: c.actor.Staff, RequestedAt: c.now}
		c.extensions = append(c.extensions, e)
		c.record("extension.requested", map[string]any{"clock": string(in.Clock), "n": in.N, "reason": in.Reason})
		return nil
	})
}

func (c *Change) checkExtension(in ExtensionInput) error {
	rule := c.matter.Spec.Extension
	if rule == nil {
		return problem.New(problem.Conflict, "action_not_offered", "本事项不得延期")
	}
	var problems problem.List
	if in.Reason == "" {
		problems.Add("$.reason", "required", "须填写延期理由")
	}
	if in.N < 1 || in.N > rule.N {
		problems.Add("$.n", "range", "延期须为 1 至 %d%s", rule.N, deadline.Unit(rule.Unit).Title())
	}
	if err := problem.Invalid(problems); err != nil {
		return err
	}
	used := 0
	for _, e := range c.extensions {
		clock := find(c.clocks, func(k *Clock) bool { return k.ID == e.ClockID })
		if clock != nil && clock.Body.Kind == in.Clock && (e.Status == extensionRequested || e.Status == extensionEffective) {
			used++
		}
	}
	if used >= rule.MaxTimes {
		return problem.New(problem.Conflict, "extension_used", "本事项只能延期 %d 次", rule.MaxTimes)
	}
	return nil
}

// DecideExtension approves or rejects, as head of the agency; the applicant is
// told the reason by a notice. Approved, it counts from the present due date.
func (s *Service) DecideExtension(ctx context.Context, id uuid.UUID, approve bool, reason string) (*View, error) {
	caseID, err := s.book.caseOf(ctx, "extension", id)
	if err != nil {
		return nil, err
	}
	return s.onCase(ctx, caseID, func(c *Change) error {
		e := find(c.extensions, func(e *Extension) bool { return e.ID == id })
		if err := c.mayOn("extension.approve"); err != nil {
			return err
		}
		if e.RequestedBy == c.actor.Staff {
			return problem.Denied("extension.approve", "separation", "申请延期的人不能审批")
		}
		if e.Status != extensionRequested {
			return problem.New(problem.Conflict, "action_not_offered", "该延期申请已处理")
		}
		e.DecidedBy, e.DecidedAt, e.dirty = c.actor.Staff, c.now, true
		if !approve {
			e.Status = extensionRejected
			c.record("extension.decided", map[string]any{"approved": false, "reason": reason})
			return nil
		}
		e.Status = extensionEffective
		return c.extend(e, reason)
	})
}

func (c *Change) extend(e *Extension, reason string) error {
	clock := find(c.clocks, func(k *Clock) bool { return k.ID == e.ClockID })
	err := c.change(clock, func(b deadline.Clock) (deadline.Clock, error) {
		return b.Extend(e.N, c.today, e.Reason, "行政许可法第四十二条", c.live.Calendar)
	})
	if err != nil {
		return err
	}
	c.record("extension.decided", map[string]any{"approved": true, "reason": reason, "due_on": clock.DueOn.String()})
	c.record("case.extended", map[string]any{"clock": string(clock.Body.Kind), "days": e.N, "due_on": clock.DueOn.String()})
	template, known := c.matter.Documents["extension"]
	if !known {
		return nil
	}
	_, err = c.addDocument("extension", template, uuid.Nil, "", map[string]any{"extension": map[string]any{
		"reason": e.Reason, "days": deadline.Limit{N: e.N, Unit: e.Unit}.String(), "approved_by": c.actor.Name}})
	return err
}
