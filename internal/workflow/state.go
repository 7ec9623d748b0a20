package workflow

import (
	"maps"
	"slices"
	"strconv"
)

// State is everything the engine remembers of one case. It is a plain value:
// JSON-serialisable, and never changed by Step, which answers a new one. The zero
// State is a draft, before Submit.
type State struct {
	Subflow string  `json:"subflow,omitempty"` // the subflow that runs or ran last, for a member case
	Status  Status  `json:"status,omitempty"`  // SM-05, what is shown
	Base    Status  `json:"base,omitempty"`    // Status without suspended and awaiting_supplement, which last only as long as their token
	Phase   Phase   `json:"phase,omitempty"`
	Outcome Outcome `json:"outcome,omitempty"` // from the decision on

	// FinishCode is set when the case ends (SM-05 办结结果).
	FinishCode *int `json:"finish_code,omitempty"`

	DecidedBy      Verb           `json:"decided_by,omitempty"`      // the effect that decided, refused acceptance or handed the case on
	Deemed         bool           `json:"deemed,omitempty"`          // accepted by lapse of the window (T-05)
	RefusalPending bool           `json:"refusal_pending,omitempty"` // 退窗: the decider must sign
	Abnormal       AbnormalReason `json:"abnormal,omitempty"`        // why the case is in the abnormal list

	Tokens  []Token  `json:"tokens,omitempty"`
	Regions []Region `json:"regions,omitempty"`
	Runs    []Run    `json:"runs,omitempty"` // special procedures beside the flow

	Visits     map[string]int    `json:"visits,omitempty"`     // node → times opened
	Times      map[string]int    `json:"times,omitempty"`      // node/action → times taken
	Last       map[string]string `json:"last,omitempty"`       // node → last action taken there (action_of)
	Procedures map[string]int    `json:"procedures,omitempty"` // special procedure → times opened
	Members    []Member          `json:"members,omitempty"`    // of a bundle, in order of dispatch
	Seq        int               `json:"seq,omitempty"`        // last number given to a token, region or run
}

// Token stands on a node that waits. ID is new at each arrival.
type Token struct {
	ID        string `json:"id"`
	Node      string `json:"node"`
	Region    string `json:"region,omitempty"`    // innermost region it is in
	Member    string `json:"member,omitempty"`    // for the token of a foreach member
	Visit     int    `json:"visit,omitempty"`     // 1 for the first time at the node
	From      string `json:"from,omitempty"`      // special: the human node that asked for it
	Procedure string `json:"procedure,omitempty"` // special: what runs
	Suspends  bool   `json:"suspends,omitempty"`  // a clock stands still because of it
}

// Region is one firing of a split that has not passed its join yet.
type Region struct {
	ID      string `json:"id"`
	Split   string `json:"split"`
	Parent  string `json:"parent,omitempty"`
	Arrived int    `json:"arrived,omitempty"` // branches that reached the join
	Carded  bool   `json:"carded,omitempty"`  // wait_with_card has raised its card
}

// Run is a special procedure started by the case verb start_special, beside the flow.
type Run struct {
	ID        string `json:"id"`
	Procedure string `json:"procedure"`
	Suspends  bool   `json:"suspends,omitempty"`
}

// Member is what the bundle knows of one member case (docs/kinds.md members[]).
type Member struct {
	ID        string `json:"id"`
	PreReview string `json:"pre_review,omitempty"` // pending, pass, defect, timed_out
	Outcome   string `json:"outcome,omitempty"`    // pending, granted, refused
}

// The words of Member.PreReview and Member.Outcome that the engine itself writes.
const (
	memberPending  = "pending"
	memberTimedOut = "timed_out"
)

// Token returns the token with this id.
func (s State) Token(id string) (Token, bool) {
	for _, t := range s.Tokens {
		if t.ID == id {
			return t, true
		}
	}
	return Token{}, false
}

// At returns the tokens that stand on a node.
func (s State) At(node string) []Token {
	var out []Token
	for _, t := range s.Tokens {
		if t.Node == node {
			out = append(out, t)
		}
	}
	return out
}

// clone copies s so that the copy can be changed freely.
func (s State) clone() State {
	s.Tokens = slices.Clone(s.Tokens)
	s.Regions = slices.Clone(s.Regions)
	s.Runs = slices.Clone(s.Runs)
	s.Members = slices.Clone(s.Members)
	s.Visits = maps.Clone(s.Visits)
	s.Times = maps.Clone(s.Times)
	s.Last = maps.Clone(s.Last)
	s.Procedures = maps.Clone(s.Procedures)
	return s
}

// next gives the next id with this letter: t for tokens, r for regions, s for runs.
func (s *State) next(letter string) string {
	s.Seq++
	return letter + strconv.Itoa(s.Seq)
}

func bump(m *map[string]int, key string) int {
	if *m == nil {
		*m = map[string]int{}
	}
	(*m)[key]++
	return (*m)[key]
}

func timesKey(node, action string) string { return node + "/" + action }

// View is what a guard may read of the engine's own state, at the moment it is asked.
type View struct{ s *State }

// ActionOf is the last action taken at a node, "" if none (the expression function action_of).
func (v View) ActionOf(node string) string { return v.s.Last[node] }

// Status is the SM-05 status.
func (v View) Status() Status { return v.s.Status }

// Phase is the phase of the case.
func (v View) Phase() Phase { return v.s.Phase }

// Outcome is the outcome, empty before the decision.
func (v View) Outcome() Outcome { return v.s.Outcome }

// Deemed tells whether the case was deemed accepted.
func (v View) Deemed() bool { return v.s.Deemed }

// Members returns a copy of what is known of the bundle's members.
func (v View) Members() []Member { return slices.Clone(v.s.Members) }

// ViewOf gives the view of a state, for expressions evaluated outside of Step.
func ViewOf(s State) View { return View{&s} }

// LastActions is the last action taken at each node; the caller must not change it.
func (v View) LastActions() map[string]string { return v.s.Last }
