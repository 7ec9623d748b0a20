package fee

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"zhengtong/internal/deadline"
	"zhengtong/internal/expr"
	"zhengtong/internal/form"
)

// maxFen bounds a bill at ten trillion yuan; a larger amount is a mistake in a schedule.
var maxFen = expr.NewDecimal(1_000_000_000_000_000)

var (
	// ErrNegative is returned when a schedule computes less than nothing.
	ErrNegative = errors.New("fee: negative amount")
	// ErrTooLarge is returned when an amount cannot be a bill.
	ErrTooLarge = errors.New("fee: amount too large")
)

// Input is what a bill is computed from. Form is the case's data after defaults;
// Applicant holds the fields of the variable `applicant`.
type Input struct {
	Form      form.Data
	Applicant map[string]any
	Calendar  *deadline.Calendar
	// Approved lists the ids of waivers whose approval was given.
	Approved []string
}

// Step names the kind of a trace line.
type Step string

// The steps of a computation, in the order they appear.
const (
	StepInput    Step = "input"    // one input of the schedule
	StepAmount   Step = "amount"   // the amount in fen, unrounded
	StepWaiver   Step = "waiver"   // the amount after a waiver
	StepRounding Step = "rounding" // the amount after rounding
	StepPaid     Step = "paid"     // what was paid, of a refund
	StepRefund   Step = "refund"   // what goes back, unrounded
	StepFloor    Step = "floor"    // a refund below nothing is nothing
)

// Line is one step of a computation as it is stored with the bill and shown to
// people: what was computed, by which expression, to which exact value.
type Line struct {
	Step  Step         `json:"step"`
	Name  string       `json:"name"`
	Expr  string       `json:"expr,omitempty"`
	Value expr.Decimal `json:"value"`
}

// Bill is the result of a schedule.
type Bill struct {
	Fen     int64    `json:"fen"`
	Trace   []Line   `json:"trace"`
	Waived  string   `json:"waived,omitempty"`  // id of the waiver applied
	Pending []string `json:"pending,omitempty"` // ids of waivers that hold but wait for approval
}

// Compute runs the schedule. When several waivers hold, the one with the lowest rate
// applies; they do not add up. Errors are arithmetic ones (expr.ErrEval), ErrNegative
// and ErrTooLarge.
func (s *Schedule) Compute(in Input) (Bill, error) {
	var bill Bill
	if s.charge == None {
		return bill, nil
	}
	amount, err := s.gross(in, &bill)
	if err != nil {
		return Bill{}, err
	}
	if amount, err = s.waive(in, amount, &bill); err != nil {
		return Bill{}, err
	}
	bill.Fen, err = s.round(amount, &bill.Trace)
	if err != nil {
		return Bill{}, err
	}
	return bill, nil
}

// gross computes inputs and amount.
func (s *Schedule) gross(in Input, bill *Bill) (expr.Decimal, error) {
	vars := map[string]any{"form": in.Form}
	input := expr.Input{Calendar: in.Calendar, Vars: vars}
	for _, i := range s.inputs {
		v, err := i.program.Decimal(input)
		if err != nil {
			return v, fmt.Errorf("fee: input %s: %w", i.name, err)
		}
		vars[i.name] = v
		bill.Trace = append(bill.Trace, Line{StepInput, i.name, i.program.Source(), v})
	}
	amount, err := s.amount.Decimal(input)
	if err != nil {
		return amount, fmt.Errorf("fee: amount: %w", err)
	}
	if amount.Sign() < 0 {
		return amount, fmt.Errorf("%w: %s", ErrNegative, amount)
	}
	bill.Trace = append(bill.Trace, Line{StepAmount, "amount", s.amount.Source(), amount})
	return amount, nil
}

func (s *Schedule) waive(in Input, amount expr.Decimal, bill *Bill) (expr.Decimal, error) {
	input := expr.Input{Calendar: in.Calendar, Vars: map[string]any{"form": in.Form, "applicant": in.Applicant}}
	best := -1
	for i, w := range s.waivers {
		holds, err := w.when.Bool(input)
		if err != nil {
			return amount, fmt.Errorf("fee: waiver %s: %w", w.ID, err)
		}
		switch {
		case !holds:
		case w.Approval != "" && !slices.Contains(in.Approved, w.ID):
			bill.Pending = append(bill.Pending, w.ID)
		case best < 0 || w.Rate.Cmp(s.waivers[best].Rate) < 0:
			best = i
		}
	}
	if best < 0 {
		return amount, nil
	}
	w := s.waivers[best]
	amount, err := amount.Mul(w.Rate)
	if err != nil {
		return amount, fmt.Errorf("fee: waiver %s: %w", w.ID, err)
	}
	bill.Waived = w.ID
	bill.Trace = append(bill.Trace, Line{StepWaiver, w.ID, "× " + w.Rate.String(), amount})
	return amount, nil
}

// round brings an amount to whole units, in fen.
func (s *Schedule) round(amount expr.Decimal, trace *[]Line) (int64, error) {
	rounded, err := amount.Round(s.rounding.Mode, places[s.rounding.To])
	if err != nil {
		return 0, fmt.Errorf("fee: rounding: %w", err)
	}
	fen, whole := rounded.Int64()
	if !whole || rounded.Cmp(maxFen) > 0 {
		return 0, fmt.Errorf("%w: %s", ErrTooLarge, amount)
	}
	*trace = append(*trace, Line{StepRounding, string(s.rounding.To), string(s.rounding.Mode), rounded})
	return fen, nil
}

// again is fee.with: the whole schedule once more with some form fields replaced.
func (s *Schedule) again(in Input) expr.FeeFunc {
	return func(changes map[string]any) (expr.Decimal, error) {
		data := form.Data{}
		maps.Copy(data, in.Form)
		maps.Copy(data, changes)
		in.Form = data
		bill, err := s.Compute(in)
		return expr.NewDecimal(bill.Fen), err
	}
}
