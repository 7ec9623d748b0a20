package canonical

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFormat(t *testing.T) {
	for in, want := range map[string]string{
		` { "b" : [ 1 , true , null ] , "a" : "x" } `: `{"a":"x","b":[1,true,null]}`,
		`{"\ud83d\ude00":1,"\ufb33":2,"z":3}`:         "{\"z\":3,\"😀\":1,\"\ufb33\":2}", // RFC 8785 §3.2.3: UTF-16 order
		`"\u003c\u002f\u000b\u001F中\u007f"`:           "\"</\\u000b\\u001f中\x7f\"",
		`"\b\t\n\f\r\"\\\/"`:                          `"\b\t\n\f\r\"\\/"`,
		`[1.50,15e-1,1E3,-0,0.0,-2.50,100,0.001]`:     `[1.5,1.5,1000,0,0,-2.5,100,0.001]`,
		`3.333333333333333333333333333333`:            `3.333333333333333333333333333333`,
		`9007199254740993`:                            `9007199254740993`, // beyond the exact range of a binary float
		`{}`:                                          `{}`,
		`[]`:                                          `[]`,
	} {
		got, err := Format([]byte(in))
		if err != nil || string(got) != want {
			t.Errorf("%s gives %s (%v), want %s", in, got, err, want)
		}
	}
}

func TestFormatRefuses(t *testing.T) {
	for in, want := range map[string]error{
		`{"a":1,"a":1}`:          ErrDuplicate,
		`{"a":1,"\u0061":2}`:     ErrDuplicate,
		`1e999999999`:            ErrNumber,
		`1e-999999999`:           ErrNumber,
		"\"\xff\"":               ErrEncoding,
		`{} {}`:                  nil,
		`{"a":}`:                 nil,
		``:                       nil,
		strings.Repeat("[", 200): ErrDepth,
	} {
		_, err := Format([]byte(in))
		if err == nil || want != nil && !errors.Is(err, want) {
			t.Errorf("%.40s gives %v, want %v", in, err, want)
		}
	}
}

// Laws: canonical form is a fixed point, means the same, and is one for all spellings of a value.
func TestCanonicalFormIsAFixedPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := anyValue(3).Draw(t, "value")
		data, err := Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Format(data)
		if err != nil || !bytes.Equal(again, data) || !Is(data) {
			t.Fatalf("%s becomes %s (%v)", data, again, err)
		}
		indented, err := json.MarshalIndent(v, " ", "\t")
		if err != nil {
			t.Fatal(err)
		}
		if other, err := Format(indented); err != nil || !bytes.Equal(other, data) {
			t.Fatalf("another spelling becomes %s (%v), want %s", other, err, data)
		}
	})
}

func anyValue(depth int) *rapid.Generator[any] {
	leaves := []*rapid.Generator[any]{
		rapid.Map(rapid.String(), func(s string) any { return s }),
		rapid.Map(rapid.Int64(), func(n int64) any { return n }),
		rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Just(any(nil)),
	}
	if depth == 0 {
		return rapid.OneOf(leaves...)
	}
	inner := anyValue(depth - 1)
	return rapid.OneOf(append(leaves,
		rapid.Map(rapid.SliceOfN(inner, 0, 4), func(s []any) any { return s }),
		rapid.Map(rapid.MapOfN(rapid.String(), inner, 0, 4), func(m map[string]any) any { return m }))...)
}

func FuzzFormat(f *testing.F) {
	f.Add([]byte(`{"a":[1,2.0,"x"]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		out, err := Format(data)
		if err == nil && !Is(out) {
			t.Fatalf("%q becomes %q, which is not canonical", data, out)
		}
	})
}

// Law: what is written directly is what the detour over encoding/json gives.
func TestDirectIsTheLongWay(t *testing.T) {
	leaf := rapid.OneOf(
		rapid.Map(rapid.String(), func(s string) any { return s }), rapid.Map(rapid.Int64(), func(n int64) any { return n }),
		rapid.Map(rapid.Bool(), func(b bool) any { return b }), rapid.Just[any](nil))
	list := rapid.Map(rapid.SliceOfN(leaf, 0, 4), func(l []any) any { return l })
	object := rapid.Map(rapid.MapOfN(rapid.String(), rapid.OneOf(leaf, list), 0, 6), func(m map[string]any) any { return m })
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.OneOf(leaf, list, object).Draw(t, "value")
		short, ok := direct(nil, v, 0)
		if !ok {
			return
		}
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		long, err := Format(data)
		if err != nil || !bytes.Equal(short, long) {
			t.Fatalf("direct %s, by way of JSON %s, %v", short, long, err)
		}
	})
}
