package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/casework"
	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
)

// Cases shows cases; casework.Service does. The context acts as the system.
type Cases interface {
	View(ctx context.Context, id uuid.UUID) (*casework.View, error)
}

// FromCases is the Source of events about cases.
func FromCases(cases Cases, database *db.DB) Source { return caseSource{cases, store{database}} }

type caseSource struct {
	cases Cases
	store store
}

// Facts gathers what a message may say. The event's own fields stand under the
// first word of its topic: those of `correction.issued` under `correction`.
func (c caseSource) Facts(ctx context.Context, e Event) (Facts, error) {
	v, err := c.cases.View(ctx, e.Case)
	if err != nil {
		return Facts{}, err
	}
	own := map[string]any{}
	if len(e.Fields) > 0 {
		if err := json.Unmarshal(e.Fields, &own); err != nil {
			return Facts{}, fmt.Errorf("event %s: %w", e.ID, err)
		}
	}
	facts := Facts{Applicants: parties(v.Case()), Values: values(v)}
	root, _, _ := strings.Cut(e.Topic, ".")
	level, _ := facts.Values[root].(map[string]any)
	if level == nil {
		level = map[string]any{}
	}
	for name, value := range own {
		if _, known := level[name]; !known {
			level[name] = value
		}
	}
	facts.Values[root] = level
	if root == "task" {
		facts.Staff, err = c.assignee(ctx, v, own, level)
	}
	return facts, err
}

func parties(k *casework.Case) []uuid.UUID {
	if k.AgentID != uuid.Nil && k.AgentID != k.ApplicantID {
		return []uuid.UUID{k.ApplicantID, k.AgentID}
	}
	return []uuid.UUID{k.ApplicantID}
}

// values are the roots of a case as templates name them (docs/kinds.md).
func values(v *casework.View) map[string]any {
	k := v.Case()
	of := map[string]any{"no": k.No, "status_text": casework.StatusText(k.Status), "received_on": k.ReceivedOn.String(), "accepted_on": day(k.AcceptedOn),
		"promised_due_on": day(k.PromisedDue), "statutory_due_on": day(k.StatutoryDue), "decided_on": day(k.DecidedOn), "outcome": k.Outcome}
	binding := v.Matter().Binding
	out := map[string]any{"case": of, "matter": map[string]any{"title": k.MatterTitle}, "applicant": map[string]any{"name": k.Applicant.Name},
		"department": map[string]any{"title": binding.DepartmentTitle, "phone": binding.Phone, "address": binding.Address}}
	if all := v.Corrections(); len(all) > 0 {
		latest := all[len(all)-1]
		out["correction"] = map[string]any{"count": len(latest.Items), "due_on": day(latest.DueOn), "sequence": latest.Sequence}
	}
	return out
}

func day(d deadline.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// assignee finds whose task an event is about: named by the event itself, or by the task that owns the clock.
func (c caseSource) assignee(ctx context.Context, v *casework.View, own, level map[string]any) ([]uuid.UUID, error) {
	named, _ := own["assignee"].(string)
	if owner, _ := own["owner"].(string); owner != "" {
		for _, t := range v.Tasks() {
			if t.ID.String() == owner {
				named, level["title"] = t.Assignee.String(), t.Title
			}
		}
	}
	id, err := uuid.FromString(named)
	if err != nil || id == uuid.Nil { // offered to a role: it shows in the to-do lists
		return nil, nil
	}
	return c.store.accounts(ctx, []uuid.UUID{id})
}
