package form

import (
	"errors"
	"math/big"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"zhengtong/internal/expr"
	"zhengtong/internal/problem"
)

var numbers = expr.Object(map[string]expr.Field{
	"area": {Type: expr.Number()}, "days": {Type: expr.Int()}, "rows": {Type: expr.ListOf(expr.Number())},
})

// Numbers are read from their text: 3.333 stays 3.333, a whole number in a `number`
// field is a decimal, and 2^53+1 in an `integer` field keeps its last digit.
func TestDecodeNumbers(t *testing.T) {
	got, err := DecodeAs(numbers, []byte(`{"area": 3, "days": 9007199254740993, "rows": [0.1, 1e2], "free": 5, "other": 5.5}`))
	if err != nil {
		t.Fatal(err)
	}
	want := Data{"area": expr.NewDecimal(3), "days": int64(9007199254740993), "free": int64(5), "other": expr.MustDecimal("5.5"),
		"rows": []any{expr.MustDecimal("0.1"), expr.NewDecimal(100)}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestDecodeRefuses(t *testing.T) {
	cases := map[string]string{
		"not JSON":       `{"a": }`,
		"not an object":  `[1]`,
		"more than one":  `{} {}`,
		"repeated key":   `{"a": 1, "a": 2}`,
		"deep nesting":   strings.Repeat(`{"a":`, 30) + "1" + strings.Repeat("}", 30),
		"a huge number":  `{"a": 1e400}`,
		"many digits":    `{"a": ` + strings.Repeat("9", 41) + `}`,
		"too many items": `{"a": [` + strings.Repeat("1,", maxValues) + `1]}`,
		"too long":       `{"a": "` + strings.Repeat("x", maxBytes) + `"}`,
		"broken UTF-8":   "{\"a\": \"\xff\"}",
		"half a pair":    `{"a": "\ud83d"}`,
		"the other half": `{"a": "\ud83dx\ude00"}`,
		"NUL":            `{"a": "x\u0000"}`,
		"NUL in a key":   `{"x\u0000": 1}`,
		"unclosed":       `{"a": [1`,
	}
	for name, text := range cases {
		if _, err := DecodeAs(numbers, []byte(text)); problem.ReasonOf(err) != "form_malformed" || problem.CodeOf(err) != problem.BadRequest {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Canonical text does not depend on how the data were written (RFC 8785).
func TestCanonical(t *testing.T) {
	cases := []struct{ in, want string }{
		{`{"b": 1.50, "a": [true, null, "x"]}`, `{"a":[true,null,"x"],"b":1.5}`},
		{`{"days": 1e2, "area": 100.000}`, `{"area":100,"days":100}`},
		{`{"t": "\u4e2d\u0001\"\\\n\u007f"}`, "{\"t\":\"中\\u0001\\\"\\\\\\n\u007f\"}"},
		{`{"ﬀ": 1, "😀": 2, "é": 3}`, `{"é":3,"😀":2,"ﬀ":1}`},
		{`{"t": "\ud83d\ude00\\ud83d"}`, `{"t":"😀\\ud83d"}`},
		{`{}`, `{}`},
	}
	for _, c := range cases {
		data, err := DecodeAs(numbers, []byte(c.in))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Canonical(data); err != nil || string(got) != c.want {
			t.Errorf("%s: %s (%v), want %s", c.in, got, err, c.want)
		}
	}
	if _, err := Canonical(map[string]any{"x": 1.5}); err == nil {
		t.Error("a float has a canonical text")
	}
	a, err := Digest(Data{"area": expr.MustDecimal("1.50")})
	if b, err2 := Digest(Data{"area": expr.MustDecimal("1.5")}); errors.Join(err, err2) != nil || a != b || len(a) != 64 {
		t.Errorf("digests %s and %s", a, b)
	}
}

func values(depth int) *rapid.Generator[any] {
	leaf := rapid.OneOf(
		rapid.Just(any(nil)), rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Map(rapid.Int64(), func(n int64) any { return n }),
		rapid.Map(rapid.StringMatching(`-?[0-9]{1,9}\.[0-9]{0,8}[1-9]`), func(s string) any { return expr.MustDecimal(s) }),
		rapid.Map(rapid.StringOf(rapid.RuneFrom([]rune("ab中𠮷\"\\\n\u0001é"))), func(s string) any { return s }))
	if depth == 0 {
		return leaf
	}
	return rapid.OneOf(leaf,
		rapid.Map(rapid.SliceOfN(values(depth-1), 0, 4), func(l []any) any { return l }),
		rapid.Map(rapid.MapOfN(rapid.StringMatching(`[a-c𠮷]{1,3}`), values(depth-1), 0, 4), func(m map[string]any) any { return m }))
}

// Decoding what was written canonically gives the same data and the same text again.
func TestCanonicalRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.MapOfN(rapid.StringMatching(`[a-z]{1,3}`), values(3), 0, 5).Draw(t, "data")
		text, err := Canonical(data)
		if err != nil {
			t.Fatal(err)
		}
		back, err := DecodeAs(nil, text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		again, err := Canonical(back)
		if err != nil || string(again) != string(text) {
			t.Fatalf("%s\n%s (%v)", text, again, err)
		}
	})
}

// FuzzDecode: no text crashes the decoder; what it accepts has one canonical text, and
// its numbers are exact.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"area": 3.333}`, `{"days": 1e3, "rows": [1, -0.0]}`, `{"a": {"a": [[[]]]}}`, `{"a": "\ud83d"}`, `[]`, `{"a":1}x`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		data, err := DecodeAs(numbers, text)
		if err != nil {
			return
		}
		once, err := Canonical(data)
		if err != nil {
			t.Fatal(err)
		}
		back, err := DecodeAs(numbers, once)
		if err != nil {
			t.Fatalf("%s: %v", once, err)
		}
		if twice, err := Canonical(back); err != nil || string(twice) != string(once) {
			t.Fatalf("%s\n%s", once, twice)
		}
		if d, ok := data["area"].(expr.Decimal); ok {
			if _, ok := new(big.Rat).SetString(d.String()); !ok {
				t.Fatalf("%s is no number", d)
			}
		}
	})
}
