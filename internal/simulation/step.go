package simulation

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"zhengtong/internal/authz"
	"zhengtong/internal/casework"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// take does one step. It reports whether the path ends here.
func (r *Runner) take(i int, step Step) (ended bool, err error) {
	place := at(ScriptPath+".steps", i)
	to, err := r.instant(step)
	if err == nil {
		err = r.advance(to)
	}
	if err == nil && step.Act == "" && step.Event == "" {
		return false, r.moment(i, authz.System(), "时间推移", "")
	}
	var actor authz.Principal
	if err == nil {
		actor, err = r.do(step)
	}
	if step.Refused != "" {
		return r.mustRefuse(i, step, place, actor, err)
	}
	if err != nil {
		if !r.refusal(err, place) {
			return true, err
		}
		return true, nil
	}
	if err := r.moment(i, actor, r.did(step), ""); err != nil {
		return true, err
	}
	return false, r.jobs(r.next(i))
}

func (r *Runner) next(i int) Step {
	if i+1 < len(r.script.Steps) {
		return r.script.Steps[i+1]
	}
	return Step{}
}

// mustRefuse holds a step to the refusal that the script expects.
func (r *Runner) mustRefuse(i int, step Step, place string, actor authz.Principal, err error) (bool, error) {
	var refused *problem.Error
	if err == nil || !errors.As(err, &refused) {
		r.path.Problems.Add(place, "not_refused", "应被拒绝（%s），却通过了", step.Refused)
		return true, err
	}
	if got := codeOf(refused); got != step.Refused && string(refused.Code) != step.Refused {
		r.path.Problems.Add(place, "refused_otherwise", "应以 %s 拒绝，实为 %s：%s", step.Refused, got, refused.Message)
		return true, nil
	}
	return false, r.moment(i, actor, r.did(step), codeOf(refused)+"："+refused.Message)
}

func (r *Runner) did(step Step) string {
	if action, ok := r.subject.Matter.Net.Action(r.node, step.Act); ok && step.Act != "" {
		return action.Title
	}
	return step.Act + step.Event
}

// do is the act or event of a step.
func (r *Runner) do(step Step) (authz.Principal, error) {
	view, err := r.view()
	if err != nil {
		return authz.Principal{}, err
	}
	if step.Act != "" {
		return r.act(view, step)
	}
	return r.happen(view, step)
}

// act takes an action on the open task that has it, issuing its document first.
func (r *Runner) act(view *casework.View, step Step) (authz.Principal, error) {
	task := taskWith(view, step)
	if task == nil {
		return authz.Principal{}, problem.New(problem.Conflict, "action_not_offered", "没有打开的任务可做 %s；打开的环节：%s", step.Act, strings.Join(openNodes(view), "、"))
	}
	r.node = task.Node
	actor, err := r.actor(view, task, step)
	if err != nil {
		return actor, err
	}
	ctx := r.as(actor)
	action, _ := view.Matter().Net.Action(task.Node, step.Act)
	opinion, _ := step.Fields["opinion"].(string)
	if action.Document != "" && !step.Unissued && slices.Contains(view.Matter().Net.Constraints().DocumentBeforeAction, action.Effect) {
		if _, _, err := r.desk.IssueDocument(ctx, casework.IssueInput{Task: task.ID, Action: step.Act, Fields: step.Fields}); err != nil {
			return actor, err
		}
	}
	fields := step.Fields
	if step.Procedure != "" {
		fields = withField(fields, "procedure", step.Procedure)
	}
	_, err = r.desk.Act(ctx, casework.ActInput{Task: task.ID, Action: step.Act, Fields: fields, Opinion: opinion})
	return actor, err
}

func withField(fields map[string]any, name string, value any) map[string]any {
	out := map[string]any{name: value}
	for k, v := range fields {
		out[k] = v
	}
	return out
}

func taskWith(view *casework.View, step Step) *casework.Task {
	for _, t := range view.Tasks() {
		if !t.Open() || step.Node != "" && t.Node != step.Node {
			continue
		}
		if _, has := view.Matter().Net.Action(t.Node, step.Act); has {
			return t
		}
	}
	return nil
}

func openNodes(view *casework.View) []string {
	var nodes []string
	for _, t := range view.Tasks() {
		if t.Open() {
			nodes = append(nodes, t.Node)
		}
	}
	return nodes
}

// actor is who acts on a task: whom By names; of a role, the assignee or the first whom
// the door lets act. Left empty it is whoever has the task.
func (r *Runner) actor(view *casework.View, task *casework.Task, step Step) (authz.Principal, error) {
	by := step.By
	if by == "" {
		if p, ok := r.cast.byStaff(task.Assignee); ok {
			return p, nil
		}
		by = task.Role
	}
	meant := r.cast.meant(by)
	if len(meant) == 0 {
		return authz.Principal{}, invalid("unknown_person", "没有角色或人员 %q", by)
	}
	for _, p := range meant {
		decision, err := r.door.DecideFor(r.as(p), p, "task.act", view.TaskObject(task, step.Act))
		if err != nil || decision.Allow {
			return p, err
		}
	}
	return meant[0], nil // the door will say why not
}

// by is the first person whom a step means; otherwise is a role for a step that names nobody.
func (r *Runner) by(step Step, otherwise string) (authz.Principal, error) {
	by := step.By
	if by == "" {
		by = otherwise
	}
	meant := r.cast.meant(by)
	if len(meant) == 0 {
		return authz.Principal{}, invalid("unknown_person", "没有角色或人员 %q", by)
	}
	return meant[0], nil
}

// jobs does what auto nodes wait for, unless the next step reports it itself.
func (r *Runner) jobs(next Step) error {
	for range maxMoments {
		view, err := r.view()
		if err != nil {
			return err
		}
		task := openOf(view, "", workflow.Auto)
		if task == nil || (next.Event == "failed" || next.Event == "done") && (next.Node == "" || next.Node == task.Node) {
			return nil
		}
		done, err := r.job(view, task)
		if err != nil {
			return err
		}
		if err := r.desk.ReportAuto(r.as(authz.System()), r.kase, task.Token, done, nil, nil); err != nil {
			return err
		}
		if err := r.moment(-1, authz.System(), task.Title, ""); err != nil {
			return err
		}
	}
	return nil
}

// job makes the licence of an auto node.
func (r *Runner) job(view *casework.View, task *casework.Task) (bool, error) {
	node, _ := view.Matter().Net.Node(task.Node)
	if r.auto && r.choose(task.Node, "done", "failed") == "failed" {
		return false, nil
	}
	if node.LicenceType == "" {
		return true, nil
	}
	draft, err := r.desk.DraftLicence(r.as(authz.System()), r.kase, node.LicenceType)
	if err != nil {
		return false, err
	}
	r.path.Licences = append(r.path.Licences, Licence{Type: draft.Type.Name, Title: draft.Type.Spec.Title, Number: draft.Number,
		ValidFrom: draft.ValidFrom, ValidTo: draft.ValidTo})
	return true, nil
}

// number keeps a whole number as JSON has it.
func number(n int) json.Number { return json.Number(fmt.Sprint(n)) }
