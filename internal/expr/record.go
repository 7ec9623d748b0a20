package expr

import "zhengtong/internal/deadline"

// The records below are the platform's variables of §3.1 as Go values. Vars turns one
// into the fields an Input takes; a zero optional field is left out, so has() is false.

// Case is the variable `case`.
type Case struct {
	No, Channel, Status, Outcome, Delivery string
	SubmittedOn, AcceptedOn, DecidedOn     deadline.Date
	Deemed                                 bool
	Corrections                            int
}

// Vars returns the fields of `case`.
func (c Case) Vars() map[string]any {
	out := map[string]any{"no": c.No, "channel": c.Channel, "status": c.Status, "deemed": c.Deemed, "corrections": c.Corrections}
	optionalText(out, "outcome", c.Outcome)
	optionalText(out, "delivery", c.Delivery)
	optionalDate(out, "submitted_on", c.SubmittedOn)
	optionalDate(out, "accepted_on", c.AcceptedOn)
	optionalDate(out, "decided_on", c.DecidedOn)
	return out
}

// Applicant is the variable `applicant`. Type is one of the service objects, Level L1 to L4.
type Applicant struct {
	Type, Name, Level, USCC, IDType string
	IsAgent                         bool
}

// Vars returns the fields of `applicant`.
func (a Applicant) Vars() map[string]any {
	out := map[string]any{"type": a.Type, "name": a.Name, "level": a.Level, "is_agent": a.IsAgent}
	optionalText(out, "uscc", a.USCC)
	optionalText(out, "id_type", a.IDType)
	return out
}

// Clock is the variable `clock` and each of `clocks`. N, Remaining and Overdue count in Unit.
type Clock struct {
	Kind, Unit                         string
	N, Remaining, Overdue              int
	Running, Expired, Met, Provisional bool
}

// Vars returns the fields of `clock`.
func (c Clock) Vars() map[string]any {
	return map[string]any{"kind": c.Kind, "unit": c.Unit, "n": c.N, "remaining": c.Remaining, "overdue": c.Overdue,
		"running": c.Running, "expired": c.Expired, "met": c.Met, "provisional": c.Provisional}
}

// Member is one of `members`; Members makes the list.
type Member struct{ ID, Department, PreReview, Outcome string }

// Members returns the value of `members`.
func Members(members []Member) []map[string]any {
	out := make([]map[string]any, len(members))
	for i, m := range members {
		out[i] = map[string]any{"id": m.ID, "department": m.Department, "pre_review": m.PreReview, "outcome": m.Outcome}
	}
	return out
}

// Bill is the variable `bill`. Adjustment is nil when nobody changed the computed total.
type Bill struct {
	TotalFen, ComputedFen int64
	Adjustment            *Adjustment
}

// Adjustment is an approved change of a bill; Ratio is the part taken off.
type Adjustment struct {
	Ratio  Decimal
	Reason string
}

// Vars returns the fields of `bill`.
func (b Bill) Vars() map[string]any {
	out := map[string]any{"total_fen": b.TotalFen, "computed_fen": b.ComputedFen}
	if a := b.Adjustment; a != nil {
		out["adjustment"] = map[string]any{"ratio": a.Ratio, "reason": a.Reason}
	}
	return out
}

// Department is the variable `department`.
type Department struct{ Name, Title, USCC, Line string }

// Vars returns the fields of `department`.
func (d Department) Vars() map[string]any {
	return map[string]any{"name": d.Name, "title": d.Title, "uscc": d.USCC, "line": d.Line}
}

// Event is the variable `event`: its type ("bill.issued"), who caused it, and the civil date.
type Event struct {
	Type, Actor string
	On          deadline.Date
}

// Vars returns the fields of `event`.
func (e Event) Vars() map[string]any {
	out := map[string]any{"type": e.Type, "actor": e.Actor}
	optionalDate(out, "on", e.On)
	return out
}

// Correction is the variable `correction`.
type Correction struct {
	Sequence int
	Items    []CorrectionItem
}

// CorrectionItem is one thing to correct.
type CorrectionItem struct {
	Material            string
	WasReviewableBefore bool
}

// Vars returns the fields of `correction`.
func (c Correction) Vars() map[string]any {
	items := make([]map[string]any, len(c.Items))
	for i, item := range c.Items {
		items[i] = map[string]any{"material": item.Material, "was_reviewable_before": item.WasReviewableBefore}
	}
	return map[string]any{"sequence": c.Sequence, "count": len(c.Items), "items": items}
}

// Complaint is the variable `complaint`. Severity is "" until it was classified.
type Complaint struct {
	Category, Severity              string
	Injured, Media                  bool
	Persons, Reopened, Satisfaction int
	Departments, Facts              []string
}

// Vars returns the fields of `complaint`.
func (c Complaint) Vars() map[string]any {
	return map[string]any{"category": c.Category, "severity": c.Severity, "injured": c.Injured, "media": c.Media,
		"persons": c.Persons, "reopened": c.Reopened, "satisfaction": c.Satisfaction,
		"departments": append([]string{}, c.Departments...), "facts": append([]string{}, c.Facts...)}
}

func optionalText(out map[string]any, name, v string) {
	if v != "" {
		out[name] = v
	}
}

func optionalDate(out map[string]any, name string, v deadline.Date) {
	if !v.IsZero() {
		out[name] = v
	}
}
