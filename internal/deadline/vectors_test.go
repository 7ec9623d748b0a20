package deadline

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"zhengtong/internal/problem"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// shanghai is the time zone of every tenant; fixed, so that tests need no zone files.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

func readSpec(t testing.TB) CalendarSpec {
	t.Helper()
	raw, err := os.ReadFile("testdata/calendar.json")
	if err != nil {
		t.Fatal(err)
	}
	var spec CalendarSpec
	if err := json.Unmarshal(raw, &spec); err != nil {
		t.Fatal(err)
	}
	return spec
}

func readCalendar(t testing.TB) *Calendar {
	t.Helper()
	cal, problems := NewCalendar(readSpec(t))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return cal
}

// vector is one case of testdata/vectors.yaml.
type vector struct {
	Name        string
	Rule        string
	Kind        Kind
	Party       Party
	Limit       Limit
	NoRoll      bool `yaml:"no_roll"`
	On          Date
	Received    string
	Policy      ReceiptPolicy
	Steps       []step
	Due         Date
	Provisional bool
}

// step is one event; exactly one of Suspend, Resume, Extend and Outage is set.
type step struct {
	Suspend, Resume string
	Extend          int
	Outage          string
	On, From, To    Date
	Reason, Basis   string
	Refused         string
}

func readVectors(t testing.TB) []vector {
	t.Helper()
	raw, err := os.ReadFile("testdata/vectors.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var out []vector
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	decoder.KnownFields(true)
	if err := decoder.Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

func (v vector) clock(t testing.TB, cal *Calendar) Clock {
	t.Helper()
	on, party := v.On, v.Party
	if v.Received != "" {
		at, err := time.Parse(time.RFC3339, v.Received)
		if err != nil {
			t.Fatal(err)
		}
		on = ReceiptDate(at, shanghai, v.Policy, cal)
	}
	if party == "" {
		party = Agency
	}
	c, err := Start(v.Kind, party, v.Limit, on, cal)
	if err != nil {
		t.Fatal(err)
	}
	c.NoRoll = v.NoRoll
	for _, s := range v.Steps {
		c = s.apply(t, c, cal)
	}
	return c
}

func (s step) apply(t testing.TB, c Clock, cal *Calendar) Clock {
	t.Helper()
	var err error
	switch {
	case s.Suspend != "":
		c, err = c.Suspend(s.On, s.Reason, s.Basis, s.Suspend, cal)
	case s.Resume != "":
		c, err = c.Resume(s.Resume, s.On)
	case s.Extend != 0:
		c, err = c.Extend(s.Extend, s.On, s.Reason, s.Basis, cal)
	case s.Outage != "":
		var moved bool
		if c, moved = c.Outage(s.From, s.To, s.Outage, cal); moved == (s.Refused != "") {
			t.Fatalf("outage moved the clock: %t", moved)
		}
		return c
	}
	if got := problem.ReasonOf(err); got != s.Refused {
		t.Fatalf("step %+v: refused with %q (%v), want %q", s, got, err, s.Refused)
	}
	return c
}

// The vectors of the timing rules (T-01 … T-26).
func TestVectors(t *testing.T) {
	cal := readCalendar(t)
	for _, v := range readVectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			due := v.clock(t, cal).Due(cal)
			if due.On != v.Due || due.Provisional != v.Provisional {
				t.Errorf("%s: due %s provisional %t, want %s %t", v.Rule, due.On, due.Provisional, v.Due, v.Provisional)
			}
		})
	}
}

func TestExplain(t *testing.T) {
	cal := readCalendar(t)
	var b bytes.Buffer
	for _, v := range readVectors(t) {
		fmt.Fprintf(&b, "# %s\n", v.Name)
		for _, line := range v.clock(t, cal).Due(cal).Explain {
			fmt.Fprintln(&b, line)
		}
		fmt.Fprintln(&b)
	}
	const golden = "testdata/explain.golden"
	if *update {
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("explanations differ from %s; run with -update and read the difference\n%s", golden, b.String())
	}
}
