package simulation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/casework"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// take does one step. It reports whether the path ends here.
func (r *Runner) take(i int, step Step) (ended bool, err error) {
	place := at("$.script.steps", i)
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

// instant is when a step happens.
func (r *Runner) instant(step Step) (time.Time, error) {
	now := r.desk.Now()
	switch {
	case step.At != "":
		return ParseTime(step.At, r.subject.Live.Location)
	case step.After != "":
		return r.later(now, step.After)
	}
	return now, nil
}

// ParseTime reads RFC 3339 or a civil time.
func ParseTime(text string, loc *time.Location) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, text, loc); err == nil {
			return t, nil
		}
	}
	return time.Time{}, invalid("time", "时间 %q 应写作 2026-03-02 09:00 或 RFC 3339", text)
}

func invalid(code, format string, args ...any) error {
	return problem.New(problem.Validation, code, format, args...)
}

// maxSpan bounds how far one step may lie ahead.
const maxSpan = 10 * 366

// later is an instant a span on: working days keep the time of day.
func (r *Runner) later(from time.Time, span string) (time.Time, error) {
	number := strings.TrimRight(span, "wdh")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n > maxSpan {
		return from, invalid("span", "时间间隔 %q 应写作 2wd（工作日）、3d（日）或 4h（小时）", span)
	}
	switch span[len(number):] {
	case "h":
		return from.Add(time.Duration(n) * time.Hour), nil
	case "d":
		return from.AddDate(0, 0, n), nil
	case "wd":
		loc := r.subject.Live.Location
		day := r.subject.Live.Calendar.AddWorkdays(deadline.DateOf(from, loc), n)
		return day.EndOf(loc, deadline.TimeOfDayAt(from, loc)), nil
	}
	return from, invalid("span", "时间间隔 %q 应写作 2wd（工作日）、3d（日）或 4h（小时）", span)
}

// advance lets time pass: each rung fires at its own instant, as it does in reality.
func (r *Runner) advance(to time.Time) error {
	if to.Before(r.desk.Now()) {
		return invalid("backwards", "时间不能倒退：%s 早于 %s", r.civil(to), r.civil(r.desk.Now()))
	}
	for {
		id, at, ok := r.desk.NextTimer(r.ctx)
		if !ok || at.After(to) {
			break
		}
		if r.fired++; r.fired > maxFired {
			return invalid("endless", "时限不断届满，超过 %d 次", maxFired)
		}
		if at.After(r.desk.Now()) {
			r.desk.Set(at)
		}
		if err := r.desk.Fire(r.as(authz.System()), id, nil); err != nil {
			return err
		}
		if r.told < len(r.desk.Events()) {
			if err := r.moment(-1, authz.System(), "时限", ""); err != nil {
				return err
			}
		}
		if err := r.jobs(Step{}); err != nil {
			return err
		}
	}
	r.desk.Set(to)
	return nil
}

func (r *Runner) civil(t time.Time) string {
	return t.In(r.subject.Live.Location).Format("2006-01-02 15:04")
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
