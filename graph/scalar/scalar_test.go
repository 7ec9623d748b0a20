package scalar_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"zhengtong/graph/scalar"
	"zhengtong/internal/problem"
)

func TestScalarsRefuseWithACode(t *testing.T) {
	for _, v := range []any{"2026-02-30", "20260210", 20260210, nil} {
		if _, err := scalar.UnmarshalDate(v); problem.ReasonOf(err) != "bad_date" {
			t.Errorf("date %v: %v", v, err)
		}
	}
	for _, v := range []any{"2026-02-10", 1, nil} {
		if _, err := scalar.UnmarshalTime(v); problem.ReasonOf(err) != "bad_time" {
			t.Errorf("time %v: %v", v, err)
		}
	}
}

func TestTimesAreShownInUTC(t *testing.T) {
	at, err := scalar.UnmarshalTime("2026-02-10T09:30:00+08:00")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	scalar.MarshalTime(at).MarshalGQL(&out)
	if out.String() != `"2026-02-10T01:30:00Z"` {
		t.Error(out.String())
	}
}

func TestJSONKeepsTheTextOfNumbers(t *testing.T) {
	raw, err := scalar.UnmarshalJSON(map[string]any{"area": json.Number("12.300000000000000000001")})
	if err != nil || string(raw) != `{"area":12.300000000000000000001}` {
		t.Errorf("%s, %v", raw, err)
	}
	var out bytes.Buffer
	scalar.MarshalJSON(nil).MarshalGQL(&out)
	if out.String() != "null" {
		t.Error(out.String())
	}
}
