package fee

import (
	"bytes"
	"encoding/json"
	"fmt"

	"zhengtong/internal/deadline"
	"zhengtong/internal/expr"
	"zhengtong/internal/form"
)

// Charge says how a matter is paid for.
type Charge string

// The three ways. Fixed has an amount without form fields, formula one that uses them.
const (
	None    Charge = "none"
	Fixed   Charge = "fixed"
	Formula Charge = "formula"
)

// Unit is what an amount is rounded to.
type Unit string

// The units of money, in fen: 1, 10 and 100.
const (
	Fen  Unit = "fen"
	Jiao Unit = "jiao"
	Yuan Unit = "yuan"
)

// places are the digits after the point of an amount in fen.
var places = map[Unit]int{Fen: 0, Jiao: -1, Yuan: -2}

// Spec is the part of a declared fee schedule that decides amounts, with the field
// names of kind FeeSchedule (§3.2.1).
type Spec struct {
	Charge   Charge            `json:"charge"`
	Unit     string            `json:"unit"` // "fen" or empty
	Tables   json.RawMessage   `json:"tables"`
	Inputs   map[string]string `json:"inputs"`
	Amount   Source            `json:"amount"`
	Rounding *Rounding         `json:"rounding"`
	Waivers  []Waiver          `json:"waivers"`
	Refund   *RefundSpec       `json:"refund"`
	Tests    []Test            `json:"tests"`
}

// Source is an expression; a bare number is accepted as one.
type Source string

// UnmarshalJSON accepts a text or a number.
func (s *Source) UnmarshalJSON(data []byte) error {
	if data = bytes.TrimSpace(data); len(data) > 0 && data[0] != '"' {
		d, err := expr.ParseDecimal(string(data))
		if err != nil {
			return fmt.Errorf("fee: amount: %w", err)
		}
		*s = Source(d.String())
		return nil
	}
	return json.Unmarshal(data, (*string)(s))
}

// Rounding is applied once to the final amount.
type Rounding struct {
	Mode expr.Rounding `json:"mode"`
	To   Unit          `json:"to"`
}

// Waiver multiplies the amount by Rate (0 charges nothing) when its condition holds;
// with Approval, the name of a role, only after that role has agreed.
type Waiver struct {
	ID       string       `json:"id"`
	When     string       `json:"when"`
	Rate     expr.Decimal `json:"rate"`
	Approval string       `json:"approval"`
}

// RefundSpec lists when money goes back, the first case that holds counting.
type RefundSpec struct {
	Allowed bool         `json:"allowed"`
	Cases   []RefundCase `json:"cases"`
}

// RefundCase is one ground for a refund and its amount in fen.
type RefundCase struct {
	ID     string `json:"id"`
	When   string `json:"when"`
	Amount Source `json:"amount"`
}

// Test is one expected result, executed at publish. With Refund it expects what that
// case returns after the form's own fee was paid.
type Test struct {
	Form      json.RawMessage `json:"form"`
	Applicant map[string]any  `json:"applicant"`
	Facts     json.RawMessage `json:"facts"`
	Case      json.RawMessage `json:"case"`
	Refund    string          `json:"refund"`
	ExpectFen int64           `json:"expect_fen"`
}

// Env is what a schedule is compiled against.
type Env struct {
	Form           *expr.Type            // of the matter's form; may be nil when nothing reads it
	Facts          map[string]expr.Field // of the matter
	ServiceObjects []string
	Calendar       *deadline.Calendar // for tests whose expressions count working days
	// Accepts reports whether the form has nothing against data, which may be incomplete;
	// nil: the schedule is held to its own tests only.
	Accepts func(form.Data) bool
}
