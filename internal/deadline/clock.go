package deadline

// Kind names what a clock measures (domain model §2.4).
type Kind string

// The kinds of clock.
const (
	Acceptance Kind = "acceptance" // receipt to accept, refuse or correct (T-05)
	Dispatch   Kind = "dispatch"   // a registrar hands on
	Statutory  Kind = "statutory"  // the limit of the law (T-07, T-08)
	Promised   Kind = "promised"   // the limit the agency promised (T-10)
	Stage      Kind = "stage"      // planning limit of one workflow node (T-22)
	Correction Kind = "correction" // the applicant's time to correct (T-06)
	Special    Kind = "special"    // a special procedure (T-15)
	Payment    Kind = "payment"    // the payer's time to pay
	Delivery   Kind = "delivery"   // decision to delivery (T-09)
	Member     Kind = "member"     // a bundle's member
	Bundle     Kind = "bundle"     // a bundle as a whole
	Reply      Kind = "reply"      // complaints and consultations
)

// Title returns the kind's Chinese name, or the kind itself when unknown.
func (k Kind) Title() string {
	titles := map[Kind]string{
		Acceptance: "受理期限", Dispatch: "分办期限", Statutory: "法定期限", Promised: "承诺期限", Stage: "环节期限",
		Correction: "补正期限", Special: "特别程序期限", Payment: "缴费期限", Delivery: "送达期限", Member: "成员事项期限",
		Bundle: "联办期限", Reply: "答复期限",
	}
	if t, ok := titles[k]; ok {
		return t
	}
	return string(k)
}

// Party is who must act before the clock runs out.
type Party string

// The parties to a clock. Outages extend the clocks of applicants and payers only (T-26).
const (
	Agency    Party = "agency"
	Applicant Party = "applicant"
	Payer     Party = "payer"
	Third     Party = "third"
)

// State is what a clock is doing; it has exactly one (invariant 4).
type State string

// The states of a clock.
const (
	Running   State = "running"
	Suspended State = "suspended" // at least one suspension is open
	Met       State = "met"       // the act was done in time
	Expired   State = "expired"   // the due date passed; stays so even when the act is done late
	Cancelled State = "cancelled" // the clock lost its object
)

// Clock is one limit running on one case, task, bill or complaint. It is a plain
// value; the functions that change it return a new one and leave it untouched.
type Clock struct {
	Kind  Kind  `json:"kind"`
	Party Party `json:"party"`
	Limit Limit `json:"limit"`
	// StartedOn is the day of the starting event, which is not itself counted (T-01).
	StartedOn Date `json:"started_on"`
	// StartedAt is the time of that event; only hour limits use it.
	StartedAt TimeOfDay `json:"started_at,omitzero"`
	// NoRoll keeps a limit in days, months or years from rolling off a day off (T-02).
	NoRoll     bool        `json:"no_roll,omitempty"`
	Extensions []Extension `json:"extensions,omitempty"`
	Segments   []Segment   `json:"segments,omitempty"`
	State      State       `json:"state"`
	// StoppedOn is the day the act was done or the clock cancelled. An expired clock
	// has none until then: it grows overdue.
	StoppedOn Date `json:"stopped_on,omitzero"`
	// CalendarDigest names the calendar that the stored due date was computed with (T-20).
	CalendarDigest string `json:"calendar_digest"`
}

// Extension lengthens a clock by n of its unit, counted from the due date current on On (T-16).
type Extension struct {
	N      int    `json:"n"`
	On     Date   `json:"on"`
	Reason string `json:"reason"`
	Basis  string `json:"basis,omitempty"`
}

// Segment is time that does not count: a suspension beginning on From and ending
// on To, open while To is zero (T-13). Two reasons are reserved and make the segment a
// floor instead, under which the due date does not lie: ReasonOutage and ReasonCalendar.
type Segment struct {
	From   Date   `json:"from"`
	To     Date   `json:"to,omitzero"`
	Reason string `json:"reason"`
	Basis  string `json:"basis,omitempty"`
	Source string `json:"source,omitempty"` // what made it, such as the id of a special run
	// After is, for a floor, the number of extensions granted before it.
	After int `json:"after,omitempty"`
}

// The reasons of segments that move a due date to their To at least.
const (
	ReasonOutage   = "outage"   // T-26
	ReasonCalendar = "calendar" // T-20: an applicant's date takes the later of old and new
)

// floor reports whether the segment sets the earliest due date rather than suspending.
func (s Segment) floor() bool { return s.Reason == ReasonOutage || s.Reason == ReasonCalendar }

// Total returns n plus the extensions, in the clock's unit.
func (c Clock) Total() int {
	n := c.Limit.N
	for _, e := range c.Extensions {
		n += e.N
	}
	return n
}

// Live reports whether the clock is running or suspended.
func (c Clock) Live() bool { return c.State == Running || c.State == Suspended }

// Due is when a clock runs out.
type Due struct {
	On Date `json:"on"`
	// At is the time of day for hour limits; zero means the end of the day (T-04).
	At          TimeOfDay `json:"at,omitzero"`
	Provisional bool      `json:"provisional"` // T-20
	// Explain derives the date line by line in Chinese.
	Explain []string `json:"explain,omitempty"`
}
