package fee

import (
	"errors"
	"fmt"

	"zhengtong/internal/expr"
)

var (
	// ErrNoRefund is returned when refunds are not allowed or no case holds.
	ErrNoRefund = errors.New("fee: no refund case holds")
	// ErrExceedsPaid is returned when a case would return more than was paid.
	ErrExceedsPaid = errors.New("fee: refund exceeds what was paid")
)

// RefundInput is what a refund is computed from: the bill's input, and what happened since.
type RefundInput struct {
	Input
	Facts   map[string]any
	Case    map[string]any // the fields of the variable `case`
	PaidFen int64
	// Ground is the id of the case claimed; empty takes the first that holds.
	Ground string
}

// Refund is money that goes back.
type Refund struct {
	Ground string `json:"ground"` // id of the refund case
	Fen    int64  `json:"fen"`
	Trace  []Line `json:"trace"`
}

// Refund computes what goes back. An amount below nothing is nothing (the applicant
// is not charged by way of a refund); more than was paid is ErrExceedsPaid.
func (s *Schedule) Refund(in RefundInput) (Refund, error) {
	vars := map[string]any{"form": in.Form, "facts": in.Facts, "case": in.Case, "paid": expr.NewDecimal(in.PaidFen)}
	input := expr.Input{Calendar: in.Calendar, Vars: vars, Fee: s.again(in.Input)}
	for _, c := range s.refunds {
		if in.Ground != "" && in.Ground != c.id {
			continue
		}
		holds, err := c.when.Bool(input)
		if err != nil {
			return Refund{}, fmt.Errorf("fee: refund %s: %w", c.id, err)
		}
		if holds {
			return s.refund(c, input, in.PaidFen)
		}
	}
	return Refund{}, ErrNoRefund
}

func (s *Schedule) refund(c refundCase, input expr.Input, paid int64) (Refund, error) {
	amount, err := c.amount.Decimal(input)
	if err != nil {
		return Refund{}, fmt.Errorf("fee: refund %s: %w", c.id, err)
	}
	out := Refund{Ground: c.id, Trace: []Line{
		{StepPaid, "paid", "", expr.NewDecimal(paid)}, {StepRefund, c.id, c.amount.Source(), amount},
	}}
	if amount.Sign() < 0 {
		out.Trace = append(out.Trace, Line{StepFloor, c.id, "max(0, …)", expr.Decimal{}})
		return out, nil
	}
	if out.Fen, err = s.round(amount, &out.Trace); err != nil {
		return Refund{}, err
	}
	if out.Fen > paid {
		return Refund{}, fmt.Errorf("%w: %d > %d (%s)", ErrExceedsPaid, out.Fen, paid, c.id)
	}
	return out, nil
}
