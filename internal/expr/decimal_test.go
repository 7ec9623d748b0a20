package expr

import (
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func decimals() *rapid.Generator[string] {
	return rapid.StringMatching(`-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,12})?`)
}

func rat(t *rapid.T, text string) *big.Rat {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("big.Rat refuses %q", text)
	}
	return r
}

// Sums, differences and products are exact: they agree with rational arithmetic.
func TestDecimalAgreesWithRational(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		as, bs := decimals().Draw(t, "a"), decimals().Draw(t, "b")
		a, b := MustDecimal(as), MustDecimal(bs)
		ra, rb := rat(t, as), rat(t, bs)
		check := func(name string, got Decimal, err error, want *big.Rat) {
			if err != nil {
				t.Fatalf("%s %s %s: %v", as, name, bs, err)
			}
			if rat(t, got.String()).Cmp(want) != 0 {
				t.Fatalf("%s %s %s = %s, want %s", as, name, bs, got, want.RatString())
			}
		}
		sum, err := a.Add(b)
		check("+", sum, err, new(big.Rat).Add(ra, rb))
		diff, err := a.Sub(b)
		check("-", diff, err, new(big.Rat).Sub(ra, rb))
		prod, err := a.Mul(b)
		check("*", prod, err, new(big.Rat).Mul(ra, rb))
		if got, want := a.Cmp(b), ra.Cmp(rb); got != want {
			t.Fatalf("cmp(%s, %s) = %d, want %d", as, bs, got, want)
		}
		check("neg", a.Neg(), nil, new(big.Rat).Neg(ra))
	})
}

// A quotient has 34 digits: its relative error stays below 10^-33.
func TestDecimalQuotientError(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		as, bs := decimals().Draw(t, "a"), decimals().Draw(t, "b")
		a, b := MustDecimal(as), MustDecimal(bs)
		q, err := a.Quo(b)
		if b.Sign() == 0 {
			if !errors.Is(err, ErrDivideByZero) {
				t.Fatalf("%s / 0: %v", as, err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		want := new(big.Rat).Quo(rat(t, as), rat(t, bs))
		off := new(big.Rat).Sub(rat(t, q.String()), want)
		limit := new(big.Rat).Mul(new(big.Rat).Abs(want), rat(t, "0."+strings.Repeat("0", 32)+"1"))
		if off.Abs(off).Cmp(limit) > 0 {
			t.Fatalf("%s / %s = %s", as, bs, q)
		}
	})
}

// Equal numbers have equal texts, and the text reads back as the same number.
func TestDecimalShortestText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := decimals().Draw(t, "text")
		d := MustDecimal(text)
		if back := MustDecimal(d.String()); back.Cmp(d) != 0 || back.String() != d.String() {
			t.Fatalf("%s reads back as %s", text, back)
		}
		padded := text
		if strings.Contains(text, ".") {
			padded += "00"
		}
		if MustDecimal(padded).String() != d.String() {
			t.Fatalf("%s and %s differ in text", padded, text)
		}
	})
}

func TestDecimalRound(t *testing.T) {
	cases := []struct {
		in     string
		mode   Rounding
		places int
		want   string
	}{
		{"1399.86", HalfUp, 0, "1400"}, {"0.5", HalfUp, 0, "1"}, {"-0.5", HalfUp, 0, "-1"},
		{"0.5", HalfEven, 0, "0"}, {"1.5", HalfEven, 0, "2"}, {"2.5", HalfEven, 0, "2"},
		{"1.999", Down, 0, "1"}, {"1.001", Up, 0, "2"}, {"-1.001", Up, 0, "-2"},
		{"125", HalfUp, -1, "130"}, {"149", HalfUp, -2, "100"}, {"150", HalfUp, -2, "200"},
		{"12.345", HalfUp, 2, "12.35"}, {"0", Up, 0, "0"},
	}
	for _, c := range cases {
		got, err := MustDecimal(c.in).Round(c.mode, c.places)
		if err != nil || got.String() != c.want {
			t.Errorf("round(%s, %s, %d) = %s (%v), want %s", c.in, c.mode, c.places, got, err, c.want)
		}
	}
	if _, err := MustDecimal("1").Round("nearest", 0); err == nil {
		t.Error("an unknown mode is accepted")
	}
}

func TestParseDecimalRefuses(t *testing.T) {
	for _, text := range []string{"", "-", ".5", "5.", "1e", "+1", "NaN", "Infinity", "1_000", "0x10", " 1", "1 "} {
		if _, err := ParseDecimal(text); !errors.Is(err, ErrNotDecimal) {
			t.Errorf("ParseDecimal(%q) = %v, want ErrNotDecimal", text, err)
		}
	}
	for _, text := range []string{"1e999999999", "1e31", "1e-31", strings.Repeat("9", 41), "1" + strings.Repeat("0", 5000)} {
		if _, err := ParseDecimal(text); !errors.Is(err, ErrDecimalRange) {
			t.Errorf("ParseDecimal(%.20q) = %v, want ErrDecimalRange", text, err)
		}
	}
}

func TestDecimalGrowthIsBounded(t *testing.T) {
	d, err := MustDecimal("1.000000000000001"), error(nil)
	for range 20 {
		if d, err = d.Mul(d); err != nil {
			break
		}
	}
	if !errors.Is(err, ErrDecimalRange) {
		t.Fatalf("repeated squaring ends with %v", err)
	}
}

func TestDecimalJSON(t *testing.T) {
	var got struct{ A, B Decimal }
	if err := json.Unmarshal([]byte(`{"A": 3.3330, "B": "1e3"}`), &got); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(got)
	if err != nil || string(text) != `{"A":3.333,"B":1000}` {
		t.Fatalf("%s (%v)", text, err)
	}
	if err := json.Unmarshal([]byte(`{"A": "NaN"}`), &got); err == nil {
		t.Error("NaN is accepted")
	}
}

func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"0", "-0.0", "12.50", "1e3", "1e999999", "00", "9e-30"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDecimal(text)
		if err != nil {
			return
		}
		want, ok := new(big.Rat).SetString(text)
		got, _ := new(big.Rat).SetString(d.String())
		if !ok || got.Cmp(want) != 0 {
			t.Fatalf("%q became %s", text, d)
		}
	})
}
