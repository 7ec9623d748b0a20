package expr

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/cockroachdb/apd/v3"
)

// Limits of decimals. Input is bounded so that a hostile number such as 1e999999
// costs nothing; results are bounded so that repeated multiplication cannot grow
// without end. Quotients, which may have no finite form, carry 34 digits as in
// decimal128, rounded half even.
const (
	maxInputDigits  = 40
	maxInputPlaces  = 30
	maxResultDigits = 1000
	quotientDigits  = 34
)

var (
	// ErrNotDecimal is returned when a text is not a JSON-style decimal number.
	ErrNotDecimal = errors.New("expr: not a decimal number")
	// ErrDecimalRange is returned when a number or a result has too many digits.
	ErrDecimalRange = errors.New("expr: decimal out of range")
	// ErrDivideByZero is returned by a division by zero.
	ErrDivideByZero = errors.New("expr: division by zero")
)

// Decimal is an exact, immutable decimal number: the `number` of a form, a fee, an
// area. Its zero value is 0. It never passes through a binary float and is kept in
// its shortest form, so that equal numbers have equal texts (12.50 is 12.5).
type Decimal struct {
	v *apd.Decimal // nil means 0; never changed after construction
}

// NewDecimal returns the whole number n.
func NewDecimal(n int64) Decimal { return reduced(apd.New(n, 0)) }

// ParseDecimal reads a number in JSON's notation (an optional minus, digits, a
// fraction, an exponent). It returns ErrNotDecimal for any other text and
// ErrDecimalRange beyond 40 significant digits or 30 places.
func ParseDecimal(text string) (Decimal, error) {
	if !isNumber(text) {
		return Decimal{}, fmt.Errorf("%w: %.40q", ErrNotDecimal, text)
	}
	if len(text) > 2*maxInputDigits+maxInputPlaces {
		return Decimal{}, ErrDecimalRange
	}
	d, _, err := apd.NewFromString(text)
	if err != nil {
		return Decimal{}, fmt.Errorf("%w: %.40q", ErrDecimalRange, text)
	}
	out := reduced(d)
	if n := out.num(); n.NumDigits() > maxInputDigits || n.Exponent < -maxInputPlaces || n.Exponent > maxInputPlaces {
		return Decimal{}, ErrDecimalRange
	}
	return out, nil
}

// MustDecimal is ParseDecimal for constants of the program and for tests; it panics on bad text.
func MustDecimal(text string) Decimal {
	d, err := ParseDecimal(text)
	if err != nil {
		panic(err)
	}
	return d
}

// decimalOfFloat reads a double literal by its shortest decimal text: 0.1 is one tenth.
func decimalOfFloat(f float64) (Decimal, error) {
	return ParseDecimal(strconv.FormatFloat(f, 'f', -1, 64))
}

// isNumber reports whether text follows the number production of RFC 8259, leading zeros allowed.
func isNumber(text string) bool {
	rest, ok := digits(strings.TrimPrefix(text, "-"))
	if !ok {
		return false
	}
	if after, found := strings.CutPrefix(rest, "."); found {
		if rest, ok = digits(after); !ok {
			return false
		}
	}
	if rest == "" {
		return true
	}
	if rest[0] != 'e' && rest[0] != 'E' {
		return false
	}
	rest = rest[1:]
	if rest != "" && (rest[0] == '+' || rest[0] == '-') {
		rest = rest[1:]
	}
	rest, ok = digits(rest)
	return ok && rest == ""
}

// digits skips one or more digits and reports whether there was one.
func digits(s string) (rest string, ok bool) {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return s[i:], i > 0
}

func reduced(d *apd.Decimal) Decimal {
	d.Reduce(d)
	if d.IsZero() {
		return Decimal{}
	}
	return Decimal{v: d}
}

var zero = apd.New(0, 0)

func (d Decimal) num() *apd.Decimal {
	if d.v == nil {
		return zero
	}
	return d.v
}

// exact has no precision: sums, differences and products are never rounded.
var (
	exact    = apd.Context{MaxExponent: apd.MaxExponent, MinExponent: apd.MinExponent, Traps: apd.DefaultTraps}
	quotient = apd.Context{Precision: quotientDigits, MaxExponent: apd.MaxExponent, MinExponent: apd.MinExponent, Traps: apd.DefaultTraps, Rounding: apd.RoundHalfEven}
)

func bounded(d *apd.Decimal, err error) (Decimal, error) {
	if err != nil {
		return Decimal{}, fmt.Errorf("%w: %w", ErrDecimalRange, err)
	}
	out := reduced(d)
	if n := out.num(); n.NumDigits() > maxResultDigits || n.Exponent < -maxResultDigits || n.Exponent > maxResultDigits {
		return Decimal{}, ErrDecimalRange
	}
	return out, nil
}

// Add returns d + e, exactly.
func (d Decimal) Add(e Decimal) (Decimal, error) {
	out := new(apd.Decimal)
	_, err := exact.Add(out, d.num(), e.num())
	return bounded(out, err)
}

// Sub returns d − e, exactly.
func (d Decimal) Sub(e Decimal) (Decimal, error) {
	out := new(apd.Decimal)
	_, err := exact.Sub(out, d.num(), e.num())
	return bounded(out, err)
}

// Mul returns d × e, exactly.
func (d Decimal) Mul(e Decimal) (Decimal, error) {
	out := new(apd.Decimal)
	_, err := exact.Mul(out, d.num(), e.num())
	return bounded(out, err)
}

// Quo returns d ÷ e to 34 significant digits, half even; ErrDivideByZero when e is 0.
func (d Decimal) Quo(e Decimal) (Decimal, error) {
	if e.v == nil {
		return Decimal{}, ErrDivideByZero
	}
	out := new(apd.Decimal)
	_, err := quotient.Quo(out, d.num(), e.num())
	return bounded(out, err)
}

// Neg returns −d.
func (d Decimal) Neg() Decimal {
	if d.v == nil {
		return d
	}
	return Decimal{v: new(apd.Decimal).Neg(d.v)}
}

// Cmp returns −1, 0 or 1 as d is less than, equal to or greater than e.
func (d Decimal) Cmp(e Decimal) int { return d.num().Cmp(e.num()) }

// Sign returns −1, 0 or 1.
func (d Decimal) Sign() int { return d.num().Sign() }

// Int64 returns d as a whole number; ok is false when it has a fraction or does not fit.
func (d Decimal) Int64() (n int64, ok bool) {
	if d.num().Exponent < 0 {
		return 0, false
	}
	n, err := d.num().Int64()
	return n, err == nil
}

// Rounding says which neighbour a discarded fraction goes to (FeeSchedule.rounding.mode).
type Rounding string

// The four modes of the contract. Down goes towards zero, up away from it.
const (
	HalfUp   Rounding = "half_up"
	HalfEven Rounding = "half_even"
	Down     Rounding = "down"
	Up       Rounding = "up"
)

var rounders = map[Rounding]apd.Rounder{HalfUp: apd.RoundHalfUp, HalfEven: apd.RoundHalfEven, Down: apd.RoundDown, Up: apd.RoundUp}

// Valid reports whether r is one of the four modes.
func (r Rounding) Valid() bool { _, ok := rounders[r]; return ok }

// Round returns d with at most places digits after the point; a negative places
// rounds to tens (−1), hundreds (−2) and so on. places must lie within ±30.
func (d Decimal) Round(mode Rounding, places int) (Decimal, error) {
	rounder, ok := rounders[mode]
	if !ok || places < -maxInputPlaces || places > maxInputPlaces {
		return Decimal{}, fmt.Errorf("expr: rounding %q to %d places", mode, places)
	}
	c := apd.Context{Precision: 3 * maxResultDigits, MaxExponent: apd.MaxExponent, MinExponent: apd.MinExponent, Traps: apd.DefaultTraps, Rounding: rounder}
	out := new(apd.Decimal)
	_, err := c.Quantize(out, d.num(), int32(-places)) // #nosec G115 -- bounded above
	return bounded(out, err)
}

// String returns the shortest plain text, without exponent: "12.5", "-0.001", "1000".
func (d Decimal) String() string { return d.num().Text('f') }

// MarshalJSON writes d as a JSON number in its shortest plain text.
func (d Decimal) MarshalJSON() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalJSON reads a JSON number, or a string holding one (factors in tables are written as texts).
func (d *Decimal) UnmarshalJSON(data []byte) error {
	text := string(data)
	if strings.HasPrefix(text, `"`) {
		if err := json.Unmarshal(data, &text); err != nil {
			return fmt.Errorf("expr: decimal text: %w", err)
		}
	}
	parsed, err := ParseDecimal(text)
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
