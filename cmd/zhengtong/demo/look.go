package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// caseSeen is what an actor reads of the case.
type caseSeen struct {
	Number, Status, StatusText, Outcome, Digest string
	Version                                     int
	Clocks                                      []struct {
		Kind, Title, State, DueOn string
		Provisional               bool
		Segments                  []struct {
			FromOn, ToOn, Reason string
			Shift                int
		}
	}
	Tasks    []struct{ ID, Node, Title, State string }
	Specials []struct{ ID, Procedure, Status string }
	Timeline []struct{ Type string }
	Licence  struct{ Identifier, LicenceNo, Title, ValidFrom, ValidTo, QR string }
	Archive  struct{ Digest, RetentionUntil string }
}

const caseQuery = `query($id: ID!) { case(id: $id) { number status statusText outcome digest version
	clocks { kind title state dueOn provisional segments { fromOn toOn reason shift } }
	tasks { id node title state } specials { id procedure status } timeline { type }
	licence { identifier licenceNo title validFrom validTo qr } archive { digest retentionUntil } } }`

// look reads the case as somebody; the actor signs in when not signed in yet.
func (j *journey) look(ctx context.Context, a *actor) (*caseSeen, error) {
	if a.token == "" {
		if err := a.signIn(ctx); err != nil {
			return nil, err
		}
	}
	var out struct{ Case *caseSeen }
	if err := a.again(ctx, caseQuery, map[string]any{"id": j.caseID}, "", &out); err != nil {
		return nil, err
	}
	if out.Case == nil {
		return nil, fmt.Errorf("%s does not see the case", a.name)
	}
	j.version = out.Case.Version
	return out.Case, nil
}

// wait looks until the case is as wanted: effects follow commits.
func (j *journey) wait(ctx context.Context, a *actor, what string, done func(*caseSeen) bool) (*caseSeen, error) {
	a.token = ""
	deadline := time.Now().Add(j.patience)
	for {
		seen, err := j.look(ctx, a)
		if err != nil || done(seen) {
			return seen, err
		}
		if time.Now().After(deadline) {
			text, _ := json.Marshal(seen)
			return nil, fmt.Errorf("waited in vain for %s: %s", what, text)
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

// summary tells the state and the live clocks.
func (c *caseSeen) summary() []string {
	lines := []string{"状态 " + c.StatusText}
	for _, k := range c.Clocks {
		if k.State != "running" && k.State != "suspended" {
			continue
		}
		line := k.Title + " " + k.DueOn
		if k.State == "suspended" {
			line += "（中止中）"
		}
		if k.Provisional {
			line += "（暂定）"
		}
		for _, s := range k.Segments {
			if s.ToOn != "" {
				line += fmt.Sprintf("，因%s中止 %s 至 %s，顺延 %d 日", s.Reason, s.FromOn, s.ToOn, s.Shift)
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// assignee finds who among the reviewers has the open task of a node.
func (j *journey) assignee(ctx context.Context, node string) (*actor, string, error) {
	for _, who := range j.cast.reviewers {
		a := j.staff(who)
		if err := a.signIn(ctx); err != nil {
			return nil, "", err
		}
		task, err := j.taskAt(ctx, a, node)
		if err == nil {
			return a, task, nil
		}
		if !errors.Is(err, errNoTask) {
			return nil, "", err
		}
	}
	return nil, "", fmt.Errorf("nobody has a task at %s", node)
}

var errNoTask = errors.New("no such task in the to-do list")

// taskAt finds the case's task at a node in somebody's to-do list.
func (j *journey) taskAt(ctx context.Context, a *actor, node string) (string, error) {
	var out struct {
		Tasks struct {
			Edges []struct {
				Node struct {
					ID, Node string
					Case     struct{ ID string }
				}
			}
		}
	}
	err := a.again(ctx, `query($f: TaskFilter) { tasks(filter: $f, first: 100) { edges { node { id node case { id } } } } }`,
		map[string]any{"f": map[string]any{"view": "todo", "number": j.result.CaseNumber}}, "", &out)
	if err != nil {
		return "", err
	}
	for _, e := range out.Tasks.Edges {
		if e.Node.Node == node && e.Node.Case.ID == j.caseID {
			return e.Node.ID, nil
		}
	}
	return "", errNoTask
}

// issue makes the document that unlocks an action and returns its number.
func (j *journey) issue(ctx context.Context, a *actor, task, action string, fields map[string]any) (string, error) {
	var out struct {
		IssueDocument struct{ Document struct{ Number string } }
	}
	err := a.again(ctx, `mutation($input: IssueDocumentInput!) { issueDocument(input: $input) { document { number } } }`,
		map[string]any{"input": map[string]any{"task": task, "action": action, "fields": fields}}, j.key("issue", task, action), &out)
	return out.IssueDocument.Document.Number, err
}

func (j *journey) act(ctx context.Context, a *actor, task, action string, fields map[string]any, opinion string) error {
	seen, err := j.look(ctx, a)
	version := j.version
	if err == nil {
		version = seen.Version
	}
	input := map[string]any{"task": task, "action": action, "version": version}
	if fields != nil {
		input["fields"] = fields
	}
	if opinion != "" {
		input["opinion"] = opinion
	}
	return a.again(ctx, `mutation($input: ActOnTaskInput!) { actOnTask(input: $input) { case { id } } }`, map[string]any{"input": input},
		j.key("act", task, action, fmt.Sprint(version)), nil)
}

func (j *journey) runningSpecial(ctx context.Context, a *actor) (string, error) {
	seen, err := j.look(ctx, a)
	if err != nil {
		return "", err
	}
	for _, s := range seen.Specials {
		if s.Status == "running" {
			return s.ID, nil
		}
	}
	return "", errors.New("no special procedure is running")
}

// accounts are the ids of people's accounts, as they themselves see them.
func (j *journey) accounts(ctx context.Context, people ...person) ([]string, error) {
	var ids []string
	for _, p := range people {
		a := j.staff(p)
		if err := a.signIn(ctx); err != nil {
			return nil, err
		}
		var out struct {
			Viewer struct{ Account struct{ ID string } }
		}
		if err := a.again(ctx, `query { viewer { account { id } } }`, nil, "", &out); err != nil {
			return nil, err
		}
		ids = append(ids, out.Viewer.Account.ID)
	}
	return ids, nil
}

// report enters a procedure's result; words tell one attempt from another.
func (j *journey) report(ctx context.Context, a *actor, special string, report map[string]any, executors []string, words ...string) error {
	key := append([]string{"report", special, fmt.Sprint(len(executors))}, words...)
	return a.again(ctx, `mutation($input: RecordSpecialResultInput!) { recordSpecialResult(input: $input) { special { id } } }`,
		map[string]any{"input": map[string]any{"special": special, "report": report, "executors": executors}}, j.key(key...), nil)
}
