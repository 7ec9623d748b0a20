package caseworktest

import (
	"encoding/json"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/audit/chain"
	"zhengtong/internal/casework"
	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
)

// Case is one case and the people who handle it.
type Case struct {
	*County
	ID        uuid.UUID
	Applicant string // login
}

// See is the case as somebody sees it.
func (k *Case) See(login string) *casework.View {
	k.Helper()
	view, err := k.Cases.View(k.As(login), k.ID)
	k.must(err)
	return view
}

// Now is the whole case as the engine sees it.
func (k *Case) Now() *casework.View {
	k.Helper()
	view, err := k.Cases.View(k.System(), k.ID)
	k.must(err)
	return view
}

// Open returns the open task at a node or, by its name, of a special procedure; nil when there is none.
func (k *Case) Open(node string) *casework.Task {
	k.Helper()
	for _, t := range k.Now().Tasks() {
		if t.Node == node && t.Open() {
			return t
		}
	}
	return nil
}

// Task is Open for a task that must be there.
func (k *Case) Task(node string) *casework.Task {
	k.Helper()
	t := k.Open(node)
	if t == nil {
		k.Fatalf("no open task at %s; the case is %s", node, k.Now().Case().Status)
	}
	return t
}

// Handler is the login of whoever the task at a node is assigned to.
func (k *Case) Handler(node string) string {
	k.Helper()
	task := k.Task(node)
	for login, p := range k.people {
		if p.Staff == task.Assignee && task.Assignee != uuid.Nil {
			return login
		}
	}
	k.Fatalf("the task at %s is assigned to nobody who signed in", node)
	return ""
}

// Act does an action on the open task of a node; "opinion" in fields is the opinion.
func (k *Case) Act(login, node, action string, fields map[string]any) error {
	k.Helper()
	opinion, _ := fields["opinion"].(string)
	_, err := k.Cases.Act(k.As(login), casework.ActInput{Task: k.Task(node).ID, Action: action, Fields: fields, Opinion: opinion,
		Version: k.Now().Case().Version})
	return err
}

// Issue makes the document that unlocks an action.
func (k *Case) Issue(login, node, action string, fields map[string]any) (*casework.Document, error) {
	k.Helper()
	_, document, err := k.Cases.IssueDocument(k.As(login), casework.IssueInput{Task: k.Task(node).ID, Action: action, Fields: fields})
	return document, err
}

// Do issues the document of an action, when it has one that locks it, and takes the action.
func (k *Case) Do(login, node, action string, fields map[string]any) {
	k.Helper()
	task := k.Task(node)
	actions, err := k.See(login).Actions(k.As(login), task)
	k.must(err)
	for _, a := range actions {
		if a.ID == action && a.LockedReason == "document_required" {
			_, err := k.Issue(login, node, action, fields)
			k.must(err)
		}
	}
	k.must(k.Act(login, node, action, fields))
}

// Limit returns the last started clock of a kind.
func (k *Case) Limit(kind deadline.Kind) *casework.Clock {
	k.Helper()
	var found *casework.Clock
	for _, c := range k.Now().Clocks() {
		if c.Body.Kind == kind {
			found = c
		}
	}
	if found == nil {
		k.Fatalf("no %s clock", kind)
	}
	return found
}

// DueTimers returns the timers whose instant has come, earliest first.
func (k *Case) DueTimers() []uuid.UUID {
	k.Helper()
	return k.column("SELECT id FROM timer WHERE tenant_id = $1 AND case_id = $2 AND state = 'waiting' AND fire_at <= $3 ORDER BY fire_at, id", k.Clock.Now())
}

// Fire fires every timer whose instant has come, as the scheduler does.
func (k *Case) Fire() {
	k.Helper()
	for range 20 {
		due := k.DueTimers()
		if len(due) == 0 {
			return
		}
		for _, timer := range due {
			k.must(k.Cases.Fire(k.System(), timer, nil))
		}
	}
	k.Fatal("timers go on firing")
}

// Auto reports that the job of the open auto node is done.
func (k *Case) Auto(node string) {
	k.Helper()
	k.must(k.Cases.ReportAuto(k.System(), k.ID, k.Task(node).Token, true, map[string]any{"licence": "test"}, nil))
}

// Run returns the last run of a special procedure.
func (k *Case) Run(procedure string) *casework.SpecialRun {
	k.Helper()
	var found *casework.SpecialRun
	for _, r := range k.Now().Specials() {
		if r.Procedure == procedure {
			found = r
		}
	}
	if found == nil {
		k.Fatalf("no run of %s", procedure)
	}
	return found
}

// Inspection is a complete report of a site inspection with a result.
func (k *Case) Inspection(login, result string) map[string]any {
	k.Helper()
	photos := []any{}
	for shade := range uint8(3) {
		photos = append(photos, k.Upload(k.As(login), k.ID, "site-photo", "现场.png", "image/png", PNG(50*shade)).String())
	}
	return map[string]any{"result": result, "findings": "布局与图纸一致", "photos": photos,
		"gps": map[string]any{"lng": json.Number("112.2"), "lat": json.Number("27.46")}, "signatures": []any{"孙核", "钱核"}}
}

// Chain reads the case's events and verifies that they link from the genesis to the head in the case.
func (k *Case) Chain() []chain.Event {
	k.Helper()
	view := k.Now()
	rows, err := k.Cases.Timeline(k.System(), view, 0, 10000)
	k.must(err)
	start, err := chain.Genesis(chain.SHA256, Tenant, k.ID.String())
	k.must(err)
	events := make([]chain.Event, len(rows))
	for i, e := range rows {
		events[i] = chain.Event{Algorithm: chain.Algorithm(e.Algorithm), Seq: e.Seq, Type: e.Type, Actor: e.Actor, At: e.At, Root: e.Root, Prev: e.PrevHash, Hash: e.Hash}
		k.must(json.Unmarshal([]byte(e.Payload), &events[i].Payload))
	}
	head, err := chain.Verify(start, events)
	k.must(err)
	if head.Seq != view.Case().EventSeq || head.Hash != view.Case().EventHash {
		k.Fatalf("the chain ends at %+v, the case says %d %s", head, view.Case().EventSeq, view.Case().EventHash)
	}
	return events
}

// Told counts the events of a type.
func (k *Case) Told(event string) int {
	k.Helper()
	n := 0
	for _, e := range k.Chain() {
		if e.Type == event {
			n++
		}
	}
	return n
}

// column reads one column of ids of the case.
func (k *Case) column(sql string, args ...any) []uuid.UUID {
	k.Helper()
	rows, err := k.DB.Query(k.System(), sql, append([]any{Tenant, k.ID}, args...)...)
	k.must(err)
	defer rows.Close()
	return k.ids(rows)
}

func (k *Case) ids(rows *db.Rows) []uuid.UUID {
	k.Helper()
	var found []uuid.UUID
	for rows.Next() {
		var id uuid.UUID
		k.must(rows.Scan(&id))
		found = append(found, id)
	}
	k.must(rows.Err())
	return found
}
