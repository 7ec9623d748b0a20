package simulation

import (
	"cmp"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/card"
	"zhengtong/internal/casework"
	"zhengtong/internal/configuration"
	"zhengtong/internal/workflow"
)

// docket is a case in which is looked up who answers for a card; *casework.View and
// *casework.Past are.
type docket interface {
	Case() *casework.Case
	Tasks() []*casework.Task
	Specials() []*casework.SpecialRun
	Clocks() []*casework.Clock
	Live() *configuration.Live
}

// answerable resolves the respondents of verdicts on one case.
type answerable struct {
	docket
	events []casework.Told
}

// given says of each verdict whom it is against.
func (a answerable) given(verdicts []card.Verdict) []card.Given {
	out := make([]card.Given, len(verdicts))
	for i, v := range verdicts {
		out[i] = card.Given{Verdict: v, Case: a.Case().No, Against: a.against(v)}
	}
	return out
}

// against is the key of the respondent: `staff:<id>`, as events name actors, or
// `department:<name>`, with `.head` behind it for its head. A word that leads to nobody
// falls back to special.executor where the card is for a special procedure, then to
// department.head (docs/kinds.md, SupervisionRule). The words of bundles and complaints
// lead to nobody in a case of its own.
func (a answerable) against(v card.Verdict) string {
	at := a.locate(v)
	for _, word := range []string{v.Respondent, "special.executor"} {
		if key := a.named(word, at); key != "" {
			return key
		}
	}
	return departmentHead(a.Case().Department)
}

func (a answerable) named(word string, at place) string {
	if fact, ok := strings.CutPrefix(word, "facts."); ok {
		return a.fact(fact)
	}
	switch word {
	case "task.assignee":
		return assignee(at.task)
	case "task.department.head":
		if at.task != nil {
			return departmentHead(at.task.Department)
		}
	case "special.requested_by":
		if at.special != nil {
			return staffKey(at.special.RequestedBy)
		}
	case "special.executor":
		return at.executor()
	case "event.actor":
		if at.event != nil && strings.HasPrefix(at.event.Actor, staffPrefix) {
			return at.event.Actor // an applicant and the engine get no cards
		}
	}
	return ""
}

// fact is a department that a fact holds, or its head (`facts.x.head`).
func (a answerable) fact(name string) string {
	name, head := strings.CutSuffix(name, ".head")
	department, _ := a.Case().Facts[name].(string)
	switch {
	case department == "":
		return ""
	case head:
		return departmentHead(department)
	}
	return "department:" + department
}

// place is where in its case a verdict was given; nil for none.
type place struct {
	task    *casework.Task
	special *casework.SpecialRun
	event   *casework.Told
}

// executor is the first who carried out the special procedure; while nobody has
// reported, who has its task.
func (p place) executor() string {
	if p.special == nil {
		return ""
	}
	if len(p.special.Executors) > 0 {
		return staffKey(p.special.Executors[0])
	}
	return assignee(p.task)
}

// locate finds the task or special procedure that a clock runs for or an event is about.
func (a answerable) locate(v card.Verdict) place {
	at, moment, owner := place{event: a.event(v.Object)}, v.On.StartOf(a.Live().Location), a.owner(v.Object)
	if at.event != nil {
		moment, owner = at.event.At, uuid.FromStringOrNil(text(at.event.Fields, "owner"))
	}
	at.special = a.special(owner, at.event)
	at.task = a.task(owner, v.Node, at.special, moment)
	return at
}

func (a answerable) event(object string) *casework.Told {
	for i := range a.events {
		if eventID(i) == object {
			return &a.events[i]
		}
	}
	return nil
}

// owner is what a clock belongs to. A clock that only a draft has is named after it.
func (a answerable) owner(object string) uuid.UUID {
	id := uuid.FromStringOrNil(object)
	for _, c := range a.Clocks() {
		if c.ID == id {
			return c.Owner
		}
	}
	return id
}

// special is the run with an id, or the last one that an event names.
func (a answerable) special(id uuid.UUID, event *casework.Told) *casework.SpecialRun {
	var found *casework.SpecialRun
	for _, s := range a.Specials() {
		named := event != nil && s.Procedure == text(event.Fields, "procedure") && !s.CreatedAt.After(event.At)
		if s.ID == id || named && (found == nil || s.CreatedAt.After(found.CreatedAt)) {
			found = s
		}
	}
	return found
}

// task is the one with an id; else the last that a special procedure or a node had by a
// moment; else, for what concerns the case as a whole, the one that people worked on then.
func (a answerable) task(id uuid.UUID, node string, special *casework.SpecialRun, moment time.Time) *casework.Task {
	var found *casework.Task
	for _, t := range a.Tasks() {
		var fits bool
		switch {
		case t.ID == id:
			return t
		case special != nil:
			fits = t.Token == special.Token && t.Node == special.Procedure && !t.OpenedAt.After(moment)
		case node != "":
			fits = t.Node == node && !t.OpenedAt.After(moment)
		default:
			fits = byPeople(t) && t.OpenedAt.Before(moment) && (t.ClosedAt.IsZero() || !t.ClosedAt.Before(moment))
		}
		if fits && (found == nil || cmp.Or(t.OpenedAt.Compare(found.OpenedAt), cmp.Compare(t.Node, found.Node)) > 0) {
			found = t
		}
	}
	return found
}

func byPeople(t *casework.Task) bool {
	return t.NodeType == string(workflow.Human) || t.NodeType == string(workflow.Special)
}

// assignee is who has or had a task; "" while it waits in a queue.
func assignee(t *casework.Task) string {
	switch {
	case t == nil:
		return ""
	case t.Assignee != uuid.Nil:
		return staffKey(t.Assignee)
	}
	return staffKey(t.Actor)
}

// staffPrefix begins the key of a person, as in the actors of events.
const staffPrefix = "staff:"

func staffKey(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return staffPrefix + id.String()
}

func departmentHead(name string) string {
	if name == "" {
		return ""
	}
	return "department:" + name + ".head"
}
