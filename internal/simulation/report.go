package simulation

import (
	"slices"
	"time"

	"zhengtong/internal/card"
	"zhengtong/internal/deadline"
	"zhengtong/internal/fee"
	"zhengtong/internal/problem"
)

// Simulation is what became of a simulated case, and with every_choice of the other
// ways it could go.
type Simulation struct {
	Tenant string `json:"tenant"`
	Matter string `json:"matter"`
	Title  string `json:"title"`
	Path
	// Unserved names the nodes whose service is not there yet: a real application is refused ("not_servable").
	Unserved  []string `json:"unserved,omitempty"`
	Others    []Path   `json:"others,omitempty"` // every_choice: the other paths
	Truncated bool     `json:"truncated,omitempty"`
}

// Path is one course of events.
type Path struct {
	Choices    []string      `json:"choices,omitempty"` // of Auto: node=choice, in order
	Status     string        `json:"status"`
	Outcome    string        `json:"outcome,omitempty"`
	FinishCode string        `json:"finish_code,omitempty"`
	ReceivedOn deadline.Date `json:"received_on,omitzero"`
	AcceptedOn deadline.Date `json:"accepted_on,omitzero"`
	Deemed     bool          `json:"deemed,omitempty"`
	DecidedOn  deadline.Date `json:"decided_on,omitzero"`
	Moments    []Moment      `json:"moments"`
	Clocks     []ClockReport `json:"clocks"`
	Documents  []Issued      `json:"documents"`
	Licences   []Licence     `json:"licences,omitempty"`
	Fee        *Fee          `json:"fee,omitempty"`
	Cards      []Card        `json:"cards"`
	// Problems are what a step was refused with, at $.script.steps[i]; the path ends there.
	Problems problem.List `json:"problems,omitempty"`
}

// Moment is the case after something happened.
type Moment struct {
	Step    int       `json:"step"` // index in the script; -1 for what clocks, jobs and Auto do
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Did     string    `json:"did"`
	Refused string    `json:"refused,omitempty"` // why, when the script expected a refusal
	Status  string    `json:"status"`
	Events  []string  `json:"events,omitempty"`
	Tasks   []Task    `json:"tasks,omitempty"` // open
	Dues    []DueDate `json:"dues,omitempty"`  // of live clocks
}

// Task is an open task with who could act.
type Task struct {
	Node       string        `json:"node"`
	Title      string        `json:"title"`
	Role       string        `json:"role,omitempty"`
	Department string        `json:"department,omitempty"`
	Assignee   string        `json:"assignee,omitempty"`
	Able       []string      `json:"able,omitempty"` // people of the simulation whom the door would let act
	Actions    []string      `json:"actions,omitempty"`
	DueOn      deadline.Date `json:"due_on,omitzero"`
}

// DueDate is when a live clock runs out.
type DueDate struct {
	Kind  deadline.Kind  `json:"kind"`
	Node  string         `json:"node,omitempty"`
	State deadline.State `json:"state"`
	DueOn deadline.Date  `json:"due_on"`
}

// ClockReport is a clock of the case at the end, with the derivation of its due date.
type ClockReport struct {
	Kind        deadline.Kind  `json:"kind"`
	Title       string         `json:"title"`
	Party       deadline.Party `json:"party"`
	Node        string         `json:"node,omitempty"`
	Limit       string         `json:"limit"`
	StartedOn   deadline.Date  `json:"started_on"`
	DueOn       deadline.Date  `json:"due_on"`
	Provisional bool           `json:"provisional,omitempty"`
	State       deadline.State `json:"state"`
	StoppedOn   deadline.Date  `json:"stopped_on,omitzero"`
	Explain     []string       `json:"explain"`
}

// Issued is a document that would be issued. Its number is the first of its series here.
type Issued struct {
	Alias  string        `json:"alias"`
	Title  string        `json:"title"`
	Number string        `json:"number,omitempty"`
	On     deadline.Date `json:"on"`
	Action string        `json:"action,omitempty"`
	Voided string        `json:"voided,omitempty"` // why
}

// Licence is a licence that would be made.
type Licence struct {
	Type      string        `json:"type"`
	Title     string        `json:"title"`
	Number    string        `json:"number"`
	ValidFrom deadline.Date `json:"valid_from"`
	ValidTo   deadline.Date `json:"valid_to,omitzero"`
}

// Fee is what the case costs, line by line.
type Fee struct {
	Fen     int64      `json:"fen"`
	Waived  string     `json:"waived,omitempty"`
	Pending []string   `json:"pending,omitempty"` // waivers that wait for approval
	Lines   []fee.Line `json:"lines"`
}

// Card is one level that a supervision rule gives.
type Card struct {
	Rule        string        `json:"rule"`
	Title       string        `json:"title"`
	Level       string        `json:"level"`
	Score       int           `json:"score,omitempty"`
	Respondent  string        `json:"respondent,omitempty"`
	ConfirmBy   string        `json:"confirm_by,omitempty"`
	Subject     string        `json:"subject"` // kind of the clock, type of the event, or `accumulate`
	Node        string        `json:"node,omitempty"`
	On          deadline.Date `json:"on"`
	Message     string        `json:"message,omitempty"`
	Standing    bool          `json:"standing"`              // no graver one followed for the same object
	Accumulated int           `json:"accumulated,omitempty"` // how many yellow cards came to this one
	Accumulates string        `json:"accumulates,omitempty"` // of a standing yellow card: what several come to
}

func cardsOf(verdicts []card.Verdict) []Card {
	standing := map[card.Verdict]bool{}
	for _, v := range card.Standing(verdicts) {
		standing[v] = true
	}
	cards := make([]Card, len(verdicts))
	for i, v := range verdicts {
		cards[i] = cardOf(v)
		cards[i].Standing = standing[v]
	}
	return cards
}

func cardOf(v card.Verdict) Card {
	return Card{Rule: v.Rule, Title: v.Title, Level: v.Level, Score: v.Score, Respondent: v.Respondent, ConfirmBy: v.ConfirmBy, Subject: v.Subject,
		Node: v.Node, On: v.On, Message: v.Message}
}

// withAccumulated puts the cards that others came to behind those of their day, and
// says of a yellow card what it counts towards: the rest lies in other cases.
func withAccumulated(cards []Card, rules []*card.Rule, together []card.Accumulated) []Card {
	for i, c := range cards {
		at := slices.IndexFunc(rules, func(r *card.Rule) bool { return r.Name == c.Rule && r.Accumulates() != nil })
		if at >= 0 && c.Level == card.Yellow && c.Standing {
			cards[i].Accumulates = rules[at].Accumulates().String()
		}
	}
	for _, a := range together {
		c := cardOf(a.Verdict)
		c.Standing, c.Accumulated = true, len(a.From)
		cards = append(cards, c)
	}
	slices.SortStableFunc(cards, func(a, b Card) int { return a.On.Compare(b.On) })
	return cards
}
