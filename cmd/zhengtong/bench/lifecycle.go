package bench

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/gofrs/uuid/v5"
)

// The aims of a whole lifecycle.
const (
	lifecyclesPerSecond = 200
	lifecycleP95        = 300 // milliseconds
)

const (
	handled = `case { id status version tasks { id node } }`

	issueDocument = `mutation($input: IssueDocumentInput!) { issueDocument(input: $input) { document { number caseVersion } } }`
	actOnTask     = `mutation($input: ActOnTaskInput!) { actOnTask(input: $input) { ` + handled + ` } }`
	lookAtCase    = `query($id: ID!) { ` + `case(id: $id) { id status version tasks { id node } } }`
)

// seen is a case as its handlers see it.
type seen struct {
	ID      string
	Status  string
	Version int
	Tasks   []struct{ ID, Node string }
}

func (s seen) task(node string) (string, error) {
	for _, t := range s.Tasks {
		if t.Node == node {
			return t.ID, nil
		}
	}
	return "", fmt.Errorf("the case (%s) has no task at %s", s.Status, node)
}

// lifecycle carries cases from draft to decision and counts its mutations.
type lifecycle struct {
	world     *world
	mutations atomic.Int64
}

// mutate is one mutation, with a key of its own as every front end sends.
func (l *lifecycle) mutate(ctx context.Context, as *client, query string, input map[string]any, out any) error {
	key, err := uuid.NewV7()
	if err != nil {
		return err
	}
	l.mutations.Add(1)
	return as.ask(ctx, query, map[string]any{"input": input}, key.String(), out)
}

// run is one whole life: draft, submission, acceptance with its notice, review, decision with its document.
func (l *lifecycle) run(ctx context.Context, _ int) error {
	_, id, err := l.apply(ctx)
	if err != nil {
		return err
	}
	var out struct{ Case seen }
	if err := l.world.reviewer.ask(ctx, lookAtCase, map[string]any{"id": id}, "", &out); err != nil {
		return err
	}
	current := out.Case
	for _, step := range []struct {
		as                    *client
		node, action, opinion string
		document              bool
	}{
		{l.world.reviewer, "acceptance", "accept", "", true},
		{l.world.reviewer, "review", "pass", "材料齐全，拟准予许可", false},
		{l.world.approver, "decide", "grant", "", true},
	} {
		task, err := current.task(step.node)
		if err != nil {
			return err
		}
		if step.document {
			if current.Version, err = l.issue(ctx, step.as, task, step.action); err != nil {
				return err
			}
		}
		if current, err = l.act(ctx, step.as, task, step.action, step.opinion, current.Version); err != nil {
			return err
		}
	}
	if current.Status != "ended" {
		return fmt.Errorf("after the decision the case is %s", current.Status)
	}
	return nil
}

// apply saves a draft and submits it.
func (l *lifecycle) apply(ctx context.Context) (draft, kase string, err error) {
	var saved struct {
		SaveDraft struct{ Draft struct{ ID string } }
	}
	if err := l.mutate(ctx, l.world.applicant, saveDraft, l.world.application(), &saved); err != nil {
		return "", "", err
	}
	var filed struct {
		SubmitApplication struct{ Case struct{ ID string } }
	}
	draft = saved.SaveDraft.Draft.ID
	err = l.mutate(ctx, l.world.applicant, submit, submission(draft), &filed)
	return draft, filed.SubmitApplication.Case.ID, err
}

// issue makes the document record that unlocks an action and returns the case's version then.
func (l *lifecycle) issue(ctx context.Context, as *client, task, action string) (int, error) {
	var out struct {
		IssueDocument struct{ Document struct{ CaseVersion int } }
	}
	err := l.mutate(ctx, as, issueDocument, map[string]any{"task": task, "action": action}, &out)
	return out.IssueDocument.Document.CaseVersion, err
}

func (l *lifecycle) act(ctx context.Context, as *client, task, action, opinion string, version int) (seen, error) {
	input := map[string]any{"task": task, "action": action, "version": version}
	if opinion != "" {
		input["opinion"] = opinion
	}
	var out struct{ ActOnTask struct{ Case seen } }
	err := l.mutate(ctx, as, actOnTask, input, &out)
	return out.ActOnTask.Case, err
}

func measureLifecycle(ctx context.Context, b *bench) ([]Row, error) {
	l := &lifecycle{world: b.world}
	if _, err := load(ctx, l.run, warmUp); err != nil {
		return nil, err
	}
	l.mutations.Store(0)
	r, err := load(ctx, l.run, 2*b.Time)
	if err != nil {
		return nil, err
	}
	p95 := percentile(r.latencies, 95)
	lives := len(r.latencies)
	rows := []Row{
		{Name: "lifecycle", What: "whole cases of the bench matter over HTTP: draft, submission, acceptance with its notice, review, decision with its document",
			Ours: r.rate(), Unit: "cases/s", Aim: atLeast(lifecyclesPerSecond),
			Note: fmt.Sprintf("%d cases by %d clients, %d mutations each, %.0f mutations/s; files, messages and archives follow later and are not counted",
				lives, concurrency, int(l.mutations.Load())/lives, float64(l.mutations.Load())/r.elapsed.Seconds())},
		{Name: "lifecycle-p95", What: "a whole case as above, 95th percentile", Ours: float64(p95.Microseconds()) / 1e3, Unit: "ms", Aim: atMost(lifecycleP95)},
	}
	for i := range rows {
		rows[i] = rows[i].judged()
	}
	return rows, b.profile(ctx, "lifecycle", l.run)
}
