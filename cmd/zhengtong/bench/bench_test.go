package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"zhengtong/internal/testkit"
)

func TestMain(m *testing.M) { os.Exit(testkit.RunMain(m)) }

func run(t *testing.T, e Env, o Options) (Report, string, error) {
	t.Helper()
	var out bytes.Buffer
	e.Out, e.Progress = &out, io.Discard
	report, err := Run(t.Context(), e, o)
	return report, out.String(), err
}

// What needs no server runs to the end, prints its rows and writes them as JSON.
func TestRowsThatNeedNoServer(t *testing.T) {
	report, text, err := run(t, Env{}, Options{Only: []string{"decide", "render", "validate", "export"}, Time: time.Second / 2, Cases: pageSize})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"decide", "decide-p99", "render", "validate", "export"} {
		if !strings.Contains(text, "\n"+name+" ") || !strings.Contains(text, "\n"+name+": ") {
			t.Errorf("the table has no row or explanation for %s:\n%s", name, text)
		}
	}
	raw, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	var again Report
	if err := json.Unmarshal(raw, &again); err != nil || len(again.Rows) != 5 || again.Rows[0].Ratio <= 0 {
		t.Fatalf("JSON: %v\n%s", err, raw)
	}
}

func TestRefusals(t *testing.T) {
	good := Options{Time: time.Second, Cases: pageSize}
	for name, c := range map[string]struct {
		change func(*Options)
		want   string
	}{
		"unknown name": {func(o *Options) { o.Only = []string{"fast"} }, `no benchmark is called "fast"`},
		"no time":      {func(o *Options) { o.Time = 0 }, "--time"},
		"too long":     {func(o *Options) { o.Time = time.Hour }, "--time"},
		"few cases":    {func(o *Options) { o.Cases = 1 }, "--cases"},
		"no database":  {func(o *Options) { o.Only = []string{"submit"} }, "--database-url"},
	} {
		t.Run(name, func(t *testing.T) {
			o := good
			c.change(&o)
			if _, _, err := run(t, Env{}, o); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("want an error with %q, got %v", c.want, err)
			}
		})
	}
}

func TestAims(t *testing.T) {
	for _, c := range []struct {
		row Row
		met bool
	}{
		{Row{Ours: 1, Ratio: 0.45, Aim: atLeast(0.45)}, true},
		{Row{Ours: 1, Ratio: 0.44, Aim: atLeast(0.45)}, false},
		{Row{Ours: 9, Ratio: 1.1, Aim: atMost(1.1)}, true},
		{Row{Ours: 10.1, Aim: atMost(10)}, false},
	} {
		if got := c.row.judged().Met; got != c.met {
			t.Errorf("%+v: met = %v", c.row, got)
		}
	}
}

func TestLoadEndsWithTheFirstFailure(t *testing.T) {
	failure := errors.New("refused")
	_, err := load(t.Context(), func(context.Context, int) error { return failure }, time.Minute)
	if !errors.Is(err, failure) {
		t.Fatalf("got %v", err)
	}
	if _, err := load(t.Context(), func(context.Context, int) error { return errExhausted }, time.Minute); err == nil {
		t.Fatal("a round without a single operation is no measurement")
	}
}

func TestPercentiles(t *testing.T) {
	var values []time.Duration
	for i := range 100 {
		values = append(values, time.Duration(i+1))
	}
	if got := percentile(values, 95); got != 95 {
		t.Errorf("95th of 1…100 = %d", got)
	}
	if got := percentile(values[:1], 95); got != 1 {
		t.Errorf("95th of one value = %d", got)
	}
	if got := median([]float64{3, 1, 2}); got != 2 {
		t.Errorf("median = %v", got)
	}
}
