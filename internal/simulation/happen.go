package simulation

import (
	"context"
	"slices"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/casework"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// happen is an event of a step.
func (r *Runner) happen(view *casework.View, step Step) (authz.Principal, error) {
	switch step.Event {
	case "resubmit":
		return r.resubmit(view, step)
	case "report":
		return r.report(view, step)
	case "request_special", "approve_special", "reject_special":
		return r.special(view, step)
	case "request_extension", "approve_extension", "reject_extension":
		return r.extension(view, step)
	case "withdraw", "void", "lapse", "delete":
		return r.end(step)
	}
	if task := outsideTask(view, step); task != nil {
		return authz.System(), r.desk.ReportAuto(r.as(authz.System()), r.kase, task.Token, step.Event == "done", nil, nil)
	}
	if task := waitingOutside(view, step); task != nil {
		return authz.System(), r.occur(task, step.Event)
	}
	actor, err := r.by(step, byApplicant)
	if err != nil {
		return actor, err
	}
	_, err = r.desk.RecordEvent(r.as(actor), casework.RecordEventInput{Case: r.kase, Event: step.Event, Fields: step.Fields})
	return actor, err
}

// outsideTask is the open job that reports done or failed.
func outsideTask(view *casework.View, step Step) *casework.Task {
	if step.Event != "done" && step.Event != "failed" {
		return nil
	}
	return openOf(view, step.Node, workflow.Auto)
}

func waitingOutside(view *casework.View, step Step) *casework.Task {
	return openOf(view, step.Node, workflow.Payment, workflow.Subcase, workflow.External)
}

func openOf(view *casework.View, node string, types ...workflow.NodeType) *casework.Task {
	for _, t := range view.Tasks() {
		if t.Open() && (node == "" || t.Node == node) && slices.Contains(types, workflow.NodeType(t.NodeType)) {
			return t
		}
	}
	return nil
}

// occurrer is a desk that lets a node whose service is not there yet report its event.
type occurrer interface {
	Occur(ctx context.Context, token, event string) error
}

func (r *Runner) occur(task *casework.Task, event string) error {
	desk, ok := r.desk.(occurrer)
	if !ok {
		return problem.New(problem.Conflict, "not_servable", "环节 %s 的服务尚未启用", task.Node)
	}
	return desk.Occur(r.as(authz.System()), task.Token, event)
}

func (r *Runner) resubmit(view *casework.View, step Step) (authz.Principal, error) {
	applicant := r.cast.applicant
	ctx := r.as(applicant)
	refs := step.Materials
	if len(refs) == 0 {
		for _, n := range view.Corrections() {
			if n.Status == "issued" {
				for _, item := range n.Items {
					refs = append(refs, item.Material)
				}
			}
		}
	}
	var given []casework.MaterialInput
	for _, ref := range refs {
		given = append(given, casework.MaterialInput{Ref: ref, Files: []uuid.UUID{r.desk.Upload(ctx, r.kase, ref)}})
	}
	_, err := r.desk.Resubmit(ctx, casework.ResubmitInput{Case: r.kase, Form: step.Form, Materials: given})
	return applicant, err
}

// report records the result of a running special procedure, with as many executors
// as it needs; file fields that the step leaves out are filled.
func (r *Runner) report(view *casework.View, step Step) (authz.Principal, error) {
	run := runningSpecial(view, step.Procedure, "running")
	if run == nil {
		return authz.Principal{}, problem.New(problem.Conflict, "special_not_running", "没有进行中的特别程序")
	}
	spec := view.Matter().Specials[run.Procedure]
	otherwise := spec.Executors.Role
	if otherwise == "" {
		otherwise = byExternal
	}
	actor, err := r.by(step, otherwise)
	if err != nil {
		return actor, err
	}
	persons := step.Persons
	if persons == 0 {
		persons = max(1, spec.Executors.MinimumPersons)
	}
	executors := r.executors(actor, spec.Executors.Role, persons)
	_, err = r.desk.RecordSpecialResult(r.as(actor), run.ID, r.reportFields(r.as(actor), spec.ReportForm, step.Fields), executors)
	return actor, err
}

// executors are the actor and colleagues who hold the role too.
func (r *Runner) executors(actor authz.Principal, role string, n int) []uuid.UUID {
	if role == "" {
		ids := make([]uuid.UUID, n)
		for i := range ids {
			ids[i] = uuid.Must(uuid.NewV4())
		}
		return ids
	}
	ids := []uuid.UUID{actor.Staff}
	for _, p := range r.cast.holding(role, "") {
		if len(ids) < n && !slices.Contains(ids, p.Staff) {
			ids = append(ids, p.Staff)
		}
	}
	return ids
}

func runningSpecial(view *casework.View, procedure string, status ...string) *casework.SpecialRun {
	for _, run := range view.Specials() {
		if slices.Contains(status, run.Status) && (procedure == "" || run.Procedure == procedure) {
			return run
		}
	}
	return nil
}

func (r *Runner) special(view *casework.View, step Step) (authz.Principal, error) {
	if step.Event == "request_special" {
		actor, err := r.by(step, "")
		if err != nil {
			return actor, err
		}
		_, err = r.desk.StartSpecial(r.as(actor), casework.StartSpecialInput{Case: r.kase, Procedure: step.Procedure, Reason: step.Reason})
		return actor, err
	}
	run := runningSpecial(view, step.Procedure, "requested", "reported")
	if run == nil {
		return authz.Principal{}, problem.New(problem.Conflict, "action_not_offered", "没有待审批的特别程序")
	}
	role := view.Matter().Specials[run.Procedure].ApproverRole
	for _, a := range view.Matter().Specials[run.Procedure].ReportApproval {
		if run.Status == "reported" && a.Result == run.Result {
			role = a.Role
		}
	}
	actor, err := r.by(step, role)
	if err != nil {
		return actor, err
	}
	_, err = r.desk.DecideSpecial(r.as(actor), run.ID, step.Event == "approve_special", step.Reason)
	return actor, err
}

func (r *Runner) extension(view *casework.View, step Step) (authz.Principal, error) {
	if step.Event == "request_extension" {
		actor, err := r.by(step, "")
		if err != nil {
			return actor, err
		}
		_, err = r.desk.RequestExtension(r.as(actor), casework.ExtensionInput{Case: r.kase, Clock: deadline.Kind(step.Clock), N: step.N, Reason: step.Reason})
		return actor, err
	}
	role := ""
	if rule := view.Matter().Spec.Extension; rule != nil {
		role = rule.ApproverRole
	}
	actor, err := r.by(step, role)
	if err != nil {
		return actor, err
	}
	for _, e := range view.Extensions() {
		if e.Status == "requested" {
			_, err := r.desk.DecideExtension(r.as(actor), e.ID, step.Event == "approve_extension", step.Reason)
			return actor, err
		}
	}
	return actor, problem.New(problem.Conflict, "action_not_offered", "没有待审批的延期")
}

func (r *Runner) end(step Step) (authz.Principal, error) {
	actor, err := r.by(step, byApplicant)
	if err != nil {
		return actor, err
	}
	in, ctx := casework.VerbInput{Case: r.kase, Reason: step.Reason}, r.as(actor)
	switch step.Event {
	case "withdraw":
		_, err = r.desk.Withdraw(ctx, in)
	case "void":
		_, err = r.desk.Void(ctx, in)
	case "lapse":
		_, err = r.desk.Lapse(ctx, in)
	default:
		cause, _ := step.Fields["cause"].(string)
		_, err = r.desk.Delete(ctx, in, workflow.DeleteCause(cause))
	}
	return actor, err
}
