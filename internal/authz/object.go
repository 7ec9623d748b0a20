package authz

import "github.com/gofrs/uuid/v5"

// Relation of the acting tenant to the tenant that an object belongs to.
const (
	RelationSame    = "same"
	RelationSubtree = "subtree" // the object lies below the principal's home
	RelationGrant   = "grant"   // a TenantGrant in force gives access
	RelationNone    = "none"
)

// Object is what an action is asked about: the facts a decision needs, no more.
type Object struct {
	Kind         string
	Tenant       string
	Relation     string      // "" = same
	Owner        uuid.UUID   // applicant's account
	Department   string      // that the case belongs to
	Parties      []string    // applicant, agent: account ids and unified social credit codes
	Tasks        []TaskFacts // open tasks of the case
	Task         *TaskFacts  // the task acted on
	Permission   string      // what the task's action needs, for '$task'
	MinLevel     string      // Matter.min_user_level
	Confidential bool
	Excluded     []uuid.UUID // staff barred by separation of duty from this act
}

// TaskFacts are the facts of a task that decide who may act on it.
type TaskFacts struct {
	ID         uuid.UUID
	State      string // offered, in_progress
	Assignee   uuid.UUID
	Department string
	Role       string
}

// Obligation comes with an allowed act: mask, record_look, require_reason, require_level.
type Obligation struct {
	Type   string   `json:"type"`
	Fields []string `json:"fields,omitempty"`
}

// Decision is the answer; its zero value denies.
type Decision struct {
	Allow       bool
	Reason      string // machine-readable: "permission", "separation", "recusal", "scope", "not_candidate", …
	Permission  string // that was missing or used
	Obligations []Obligation
}

// Obliged reports whether the decision carries an obligation of this type.
func (d Decision) Obliged(kind string) bool {
	for _, o := range d.Obligations {
		if o.Type == kind {
			return true
		}
	}
	return false
}
