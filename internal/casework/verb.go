package casework

import (
	"context"
	"encoding/json"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/form"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// VerbInput is a verb on the case as a whole, with its reason.
type VerbInput struct {
	Case    uuid.UUID
	Reason  string
	Version int
}

// Withdraw ends the case at the applicant's wish, before the decision (R-APP-12).
// Staff do it on the applicant's behalf with their own permission.
func (s *Service) Withdraw(ctx context.Context, in VerbInput) (*View, error) {
	action := "case.withdraw"
	if authz.From(ctx).Type == authz.TypeStaff {
		action = "case.withdraw_on_behalf"
	}
	return s.endBy(ctx, in, action, workflow.CaseWithdraw, workflow.Withdraw(), "case.withdrawn")
}

// Void ends the case as invalid in substance (作废, R-FIN-02).
func (s *Service) Void(ctx context.Context, in VerbInput) (*View, error) {
	return s.endBy(ctx, in, "case.void", workflow.CaseVoid, workflow.Void(), "case.voided")
}

// Delete ends a case entered by mistake (删除, R-FIN-03); the record stays.
func (s *Service) Delete(ctx context.Context, in VerbInput, cause workflow.DeleteCause) (*View, error) {
	return s.endBy(ctx, in, "case.delete", workflow.CaseDelete, workflow.Delete(cause), "case.deleted")
}

// Lapse ends a case whose correction did not come in time (补正不来, R-REC-07);
// a person does it, never the clock.
func (s *Service) Lapse(ctx context.Context, in VerbInput) (*View, error) {
	return s.endBy(ctx, in, "case.void", workflow.CaseLapse, workflow.Lapse(), "case.lapsed")
}

func (s *Service) endBy(ctx context.Context, in VerbInput, action string, verb workflow.CaseVerb, ev workflow.Event, event string) (*View, error) {
	return s.onCase(ctx, in.Case, func(c *Change) error {
		if err := c.expect(in.Version); err != nil {
			return err
		}
		if err := c.mayOn(action); err != nil {
			return err
		}
		if in.Reason == "" {
			return noReason()
		}
		if err := c.allowedVerb(verb); err != nil {
			return err
		}
		c.record(event, map[string]any{"reason": in.Reason})
		return c.step(ev)
	})
}

// noReason refuses an act that must say why.
func noReason() error {
	return problem.Invalid(problem.List{{Path: "$.reason", Code: "required", Message: "须填写理由", Severity: problem.SeverityError}})
}

// RecordEventInput records what a wait node waits for.
type RecordEventInput struct {
	Case    uuid.UUID
	Event   string
	Fields  map[string]any
	Version int
}

// RecordEvent reports an event that a wait of the flow names, such as rectified.
func (s *Service) RecordEvent(ctx context.Context, in RecordEventInput) (*View, error) {
	return s.onCase(ctx, in.Case, func(c *Change) error {
		if err := c.expect(in.Version); err != nil {
			return err
		}
		task := find(c.tasks, func(t *Task) bool {
			if !t.Open() || t.NodeType != string(workflow.Wait) {
				return false
			}
			node, _ := c.matter.Net.Node(t.Node)
			_, waits := node.Events[in.Event]
			return waits && in.Event != "expired" && in.Event != "resubmitted"
		})
		if task == nil {
			return problem.New(problem.Conflict, "action_not_offered", "没有环节在等待 %s", in.Event)
		}
		if err := c.mayRecord(task); err != nil {
			return err
		}
		c.record("case.event_recorded", map[string]any{"node": task.Node, "event": in.Event, "fields": in.Fields})
		return c.step(workflow.Occur(task.Token, in.Event))
	})
}

// mayRecord: the applicant reports on a wait of his own, staff by permission.
func (c *Change) mayRecord(task *Task) error {
	node, _ := c.matter.Net.Node(task.Node)
	if c.actor.Type == authz.TypeApplicant && node.Limit != nil && node.Limit.Holder == "applicant" {
		return c.mayOn("case.resubmit")
	}
	return c.mayOn("case.record_event")
}

// ResubmitInput answers a correction notice.
type ResubmitInput struct {
	Case      uuid.UUID
	Form      map[string]any // nil leaves the form as it is
	Materials []MaterialInput
	Version   int
}

// Resubmit hands in what the notice asked for. The case goes back to pre-review
// with the corrected items marked and a fresh acceptance clock (T-06, R-REC-07).
func (s *Service) Resubmit(ctx context.Context, in ResubmitInput) (*View, error) {
	return s.onCase(ctx, in.Case, func(c *Change) error {
		if err := c.expect(in.Version); err != nil {
			return err
		}
		if err := c.mayOn("case.resubmit"); err != nil {
			return err
		}
		notice := c.liveCorrection()
		if notice == nil {
			return problem.New(problem.Conflict, "action_not_offered", "没有待答复的补正通知")
		}
		var problems problem.List
		if in.Form != nil {
			problems = c.replaceForm(in.Form)
		}
		found, err := c.retake(ctx, notice, in.Materials)
		if err != nil {
			return err
		}
		if err := problem.Invalid(append(problems, found...)); err != nil {
			return err
		}
		task := find(c.tasks, func(t *Task) bool {
			return t.Open() && t.NodeType == string(workflow.Wait) && c.waitsFor(t, "resubmitted")
		})
		if task == nil {
			return problem.New(problem.Conflict, "action_not_offered", "流程不在等待补正")
		}
		if err := c.resubmitted(); err != nil {
			return err
		}
		return c.step(workflow.Occur(task.Token, "resubmitted"))
	})
}

func (c *Change) waitsFor(t *Task, event string) bool {
	node, ok := c.matter.Net.Node(t.Node)
	if !ok {
		return false
	}
	_, waits := node.Events[event]
	return waits
}

func (c *Change) replaceForm(data map[string]any) problem.List {
	text, err := json.Marshal(data)
	if err != nil {
		return problem.List{{Path: "$.form", Code: "json", Message: err.Error(), Severity: problem.SeverityError}}
	}
	given, err := c.matter.Form.Decode(text) // numbers exactly as they were written
	if found, ok := asProblems(err); ok {
		return found
	}
	if err != nil {
		return problem.List{{Path: "$.form", Code: "decode", Message: err.Error(), Severity: problem.SeverityError}}
	}
	full := c.matter.Form.ApplyDefaults(given)
	problems := c.matter.Form.Validate(full, c.circumstances())
	if problems.HasErrors() {
		return problems
	}
	c.kase.Form = full
	digest, err := form.Digest(full)
	if err != nil {
		problems.Add("$.form", "canonical", "%v", err)
		return problems
	}
	c.record("case.form_corrected", map[string]any{"from": c.kase.FormDigest, "to": digest})
	c.kase.FormDigest = digest
	return problems
}
