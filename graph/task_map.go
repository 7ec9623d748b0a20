package graph

import (
	"context"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/casework"
	"zhengtong/internal/deadline"
	"zhengtong/internal/identity"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/internal/workflow"
)

// Tasks lists and does the work of people (casework.Service).
type Tasks interface {
	Tasks(ctx context.Context, f casework.TaskFilter, order casework.TaskOrder, page casework.Page) ([]*casework.Task, bool, error)
	Claim(ctx context.Context, task uuid.UUID) (*casework.View, error)
	Release(ctx context.Context, task uuid.UUID) (*casework.View, error)
	Reassign(ctx context.Context, in casework.ReassignInput) (*casework.View, error)
	Act(ctx context.Context, in casework.ActInput) (*casework.View, error)
	IssueDocument(ctx context.Context, in casework.IssueInput) (*casework.View, *casework.Document, error)
}

// human reports whether a task is work for a person: waits and engine steps are
// tokens of the flow that nobody is asked to do.
func human(t *casework.Task) bool {
	return t.Role != "" && t.State != casework.TaskSkipped
}

// taskModel shows a task; v is nil in lists.
func taskModel(ctx context.Context, tenant string, v *casework.View, t *casework.Task) *model.Task {
	out := &model.Task{
		ID: relay.Of(relay.Task, tenant, t.ID), View: v, Row: t, Node: t.Node, Title: t.Title, State: model.TaskState(t.State), OpenedAt: t.OpenedAt,
		DueOn: optDate(t.DueOn), ClosedAt: optTime(t.ClosedAt), Action: opt(t.Action),
	}
	if isStaff(ctx) { // what officials write to each other before the decision stays with them
		out.Opinion = opt(t.Opinion)
	}
	return out
}

func taskModels(ctx context.Context, tenant string, v *casework.View, tasks []*casework.Task, closed bool) []*model.Task {
	out := []*model.Task{}
	for _, t := range tasks {
		if human(t) && (closed || t.Open()) {
			out = append(out, taskModel(ctx, tenant, v, t))
		}
	}
	return out
}

func taskIn(v *casework.View, id uuid.UUID) *casework.Task {
	for _, t := range v.Tasks() {
		if t.ID == id {
			return t
		}
	}
	return nil
}

// taskView returns the case behind a task node and the task in it.
func (r *Resolver) taskView(ctx context.Context, t *model.Task) (context.Context, *casework.View, *casework.Task, error) {
	ctx, err := r.within(ctx, t.ID.Tenant)
	if err != nil || t.View != nil {
		return ctx, t.View, t.Row, err
	}
	v, err := r.view(ctx, t.ID.Tenant, t.Row.CaseID)
	if err != nil {
		return ctx, nil, nil, err
	}
	row := taskIn(v, t.Row.ID)
	if row == nil {
		return ctx, nil, nil, problem.Missing()
	}
	return ctx, v, row, nil
}

// taskCase is the case of a task: whole when it is there, else as lists read it.
func (r *Resolver) taskCase(ctx context.Context, t *model.Task) (*model.Case, error) {
	if t.View != nil {
		return caseModel(t.View), nil
	}
	s, err := load(ctx, r.loadersOf(ctx).cases, key{t.ID.Tenant, t.Row.CaseID})
	if err != nil {
		return nil, err
	}
	return caseInList(s), nil
}

// candidateLimit bounds how many candidates a task shows.
const candidateLimit = 50

func (r *Resolver) candidates(ctx context.Context, t *model.Task) ([]*model.Account, error) {
	if t.Row.State != casework.TaskOffered || !isStaff(ctx) {
		return []*model.Account{}, nil
	}
	ctx, err := r.within(ctx, t.ID.Tenant)
	if err != nil {
		return nil, err
	}
	people, err := r.Identity.Holders(ctx, t.Row.Role, t.Row.Department, candidateLimit)
	if err != nil {
		return nil, err
	}
	return each(people, func(p identity.Person) *model.Account { return accountModel(t.ID.Tenant, p, false) }), nil
}

// remaining is how many working days an open task has left; in lists it is
// counted from the due date, without the case.
func (r *Resolver) remaining(ctx context.Context, t *model.Task) (*int, error) {
	if t.Row.DueOn.IsZero() {
		return nil, nil
	}
	if t.View != nil {
		if days, ok := t.View.DaysLeft(t.Row); ok {
			return &days, nil
		}
	}
	ctx, err := r.within(ctx, t.ID.Tenant)
	if err != nil {
		return nil, err
	}
	live, err := r.Declared.Live(ctx)
	if err != nil {
		return nil, err
	}
	today := deadline.DateOf(r.Clock.Now(), tenancy.Location(ctx))
	days := live.Calendar.WorkdaysBetween(today, t.Row.DueOn)
	if today.After(t.Row.DueOn) {
		days = -live.Calendar.WorkdaysBetween(t.Row.DueOn, today)
	}
	return &days, nil
}

// actions lists what the viewer may do on a task, and why not yet.
func (r *Resolver) actions(ctx context.Context, t *model.Task) ([]*model.TaskAction, error) {
	if !t.Row.Open() || t.Row.NodeType != string(workflow.Human) || !isStaff(ctx) {
		return []*model.TaskAction{}, nil
	}
	ctx, v, row, err := r.taskView(ctx, t)
	if err != nil {
		return nil, err
	}
	list, err := v.Actions(ctx, row)
	if err != nil {
		return nil, err
	}
	return each(list, func(a casework.TaskAction) *model.TaskAction { return actionModel(v, a) }), nil
}

func actionModel(v *casework.View, a casework.TaskAction) *model.TaskAction {
	out := &model.TaskAction{
		ID: a.ID, Title: a.Title, Effect: opt(string(a.Effect)), Requires: listed(a.Requires), Document: opt(a.Document), DocumentTitle: opt(a.DocumentTitle),
		Issued: documentModel(v, a.Issued), Unlocked: a.Unlocked, LockedReason: opt(a.LockedReason), LockedMessage: opt(a.LockedMessage),
		Inputs: inputFields(a.Inputs),
	}
	if len(a.Procedures) > 0 {
		out.Inputs = append(out.Inputs, procedureField(v, a.Procedures))
	}
	return out
}

// procedureField asks which special procedure an action that starts `$requested` means.
func procedureField(v *casework.View, procedures []string) *model.InputField {
	return &model.InputField{Name: "procedure", Title: "特别程序", Type: "enum", Required: true, Options: each(procedures, func(name string) *model.InputOption {
		title := name
		if spec := v.Matter().Specials[name]; spec != nil {
			title = spec.Title
		}
		return &model.InputOption{Value: name, Title: title}
	})}
}

func inputFields(fields []casework.InputField) []*model.InputField {
	return each(fields, func(f casework.InputField) *model.InputField {
		out := &model.InputField{Name: f.Name, Title: f.Title, Type: f.Type, Required: f.Required, Options: each(f.Options, optionModel)}
		if f.Type == "string" || f.Type == "text" {
			out.MaxLength = opt(f.Max)
		} else {
			out.Min, out.Max = opt(f.Min), opt(f.Max)
		}
		return out
	})
}

// optionTitles are the values that workflows and reports commonly declare, in words.
var optionTitles = map[string]string{"grant": "准予", "refuse": "不予", "passed": "通过", "failed": "不通过", "rectify": "整改", "approve": "同意", "reject": "不同意",
	"pickup": "窗口领取", "courier": "快递", "electronic": "电子送达", "yes": "是", "no": "否"}

func optionModel(value string) *model.InputOption {
	title, ok := optionTitles[value]
	if !ok {
		title = value
	}
	return &model.InputOption{Value: value, Title: title}
}

// taskFilter reads the filter of a task list in the acting tenant.
func (r *Resolver) taskFilter(ctx context.Context, f *model.TaskFilter) (casework.TaskFilter, error) {
	out := casework.TaskFilter{View: casework.TasksTodo}
	if f == nil {
		return out, nil
	}
	if f.View != nil {
		out.View = casework.TaskView(*f.View)
	}
	out.Node, out.Number = or(f.Node, ""), or(f.Number, "")
	var err error
	if out.DueBefore, err = dateOf(f.DueBefore); err != nil {
		return out, err
	}
	out.Matter, err = r.matterKey(ctx, f.Matter)
	return out, err
}

// taskKeys are the cursor keys of a row by the order of its list.
func taskKeys(order casework.TaskOrder) func(*casework.Task) []string {
	return func(t *casework.Task) []string {
		if order != casework.TaskDueAsc {
			return []string{instant(t.OpenedAt), t.ID.String()}
		}
		due := "9999-12-31" // tasks without a limit come last
		if !t.DueOn.IsZero() {
			due = t.DueOn.String()
		}
		return []string{due, t.ID.String()}
	}
}

func taskConnection(ctx context.Context, page relay.Page, rows []*casework.Task, more bool, keys func(*casework.Task) []string) *model.TaskConnection {
	tenant := tenancy.Acting(ctx)
	list, info := edges(page, rows, more, keys, func(cursor string, t *casework.Task) *model.TaskEdge {
		return &model.TaskEdge{Cursor: cursor, Node: taskModel(ctx, tenant, nil, t)}
	})
	return &model.TaskConnection{Edges: list, PageInfo: info}
}

// caseTasks are the tasks of a case; in lists the open ones are read for all cases at once.
func (r *Resolver) caseTasks(ctx context.Context, c *model.Case, closed bool) ([]*model.Task, error) {
	if c.View == nil && !closed {
		tasks, err := load(ctx, r.loadersOf(ctx).tasks, key{c.ID.Tenant, c.ID.UUID()})
		if err != nil {
			return nil, err
		}
		return taskModels(ctx, c.ID.Tenant, nil, tasks, false), nil
	}
	ctx, v, err := r.whole(ctx, c)
	if err != nil {
		return nil, err
	}
	return taskModels(ctx, c.ID.Tenant, v, v.Tasks(), closed), nil
}

// taskFields are the fields of the node's own form, or of the report that a
// special procedure's task asks for.
func taskFields(v *casework.View, t *casework.Task) []*model.InputField {
	m := v.Matter()
	if spec := m.Specials[t.Node]; t.NodeType == string(workflow.Special) && spec != nil {
		return inputFields(casework.FieldsOf(spec.ReportForm))
	}
	for _, n := range m.FlowSpec.Nodes {
		if n.ID == t.Node {
			return inputFields(casework.FieldsOf(n.Form))
		}
	}
	return []*model.InputField{}
}

// onTask does a verb on a task, once a key.
func (r *Resolver) onTask(ctx context.Context, id relay.ID, do func(context.Context, uuid.UUID) (*casework.View, error)) (*model.TaskPayload, error) {
	ctx, key, err := r.target(ctx, id, relay.Task)
	if err != nil {
		return nil, err
	}
	v, err := r.onCase(ctx, func(ctx context.Context) (*casework.View, error) { return do(ctx, key) })
	if err != nil {
		return nil, err
	}
	t := taskIn(v, key)
	if t == nil {
		return nil, problem.Missing()
	}
	return &model.TaskPayload{Task: taskModel(ctx, id.Tenant, v, t)}, nil
}
