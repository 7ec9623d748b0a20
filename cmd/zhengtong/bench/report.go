package bench

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// Report is what a run found.
type Report struct {
	At      time.Time `json:"at"`
	Go      string    `json:"go"`
	CPUs    int       `json:"cpus"`
	Load    float64   `json:"load"` // average of the last minute before the run, by others; 0 when unknown
	Seconds int       `json:"seconds"`
	Rows    []Row     `json:"rows"`
}

// Row is one figure beside its reference and its aim.
type Row struct {
	Name      string  `json:"name"`
	What      string  `json:"what"`    // is measured
	Against   string  `json:"against"` // which reference; empty for an absolute budget
	Ours      float64 `json:"ours"`
	Reference float64 `json:"reference,omitempty"`
	Unit      string  `json:"unit"`
	Ratio     float64 `json:"ratio,omitempty"` // of ours to the reference, the median over rounds
	Aim       Aim     `json:"aim"`
	Met       bool    `json:"met"`
	Note      string  `json:"note,omitempty"`
}

// Aim is a budget of docs/architecture.md: on the ratio when the row has one, else on our figure.
type Aim struct {
	Bound   float64 `json:"bound"`
	AtLeast bool    `json:"at_least"` // else at most
}

func atLeast(bound float64) Aim { return Aim{Bound: bound, AtLeast: true} }
func atMost(bound float64) Aim  { return Aim{Bound: bound} }

func (a Aim) met(figure float64) bool {
	if a.AtLeast {
		return figure >= a.Bound
	}
	return figure <= a.Bound
}

func (a Aim) String() string {
	if a.AtLeast {
		return "≥ " + number(a.Bound)
	}
	return "≤ " + number(a.Bound)
}

// judged sets whether the row meets its aim.
func (r Row) judged() Row {
	figure := r.Ours
	if r.Ratio != 0 {
		figure = r.Ratio
	}
	r.Met = r.Aim.met(figure)
	return r
}

func newReport() Report {
	return Report{At: time.Now().UTC(), Go: runtime.Version(), CPUs: runtime.NumCPU(), Load: loadAverage(), Rows: []Row{}}
}

// loadAverage is how many processes wanted to run in the last minute.
func loadAverage() float64 {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0 // not Linux: nothing to warn of
	}
	first, _, _ := strings.Cut(string(text), " ")
	average, err := strconv.ParseFloat(first, 64)
	if err != nil {
		return 0
	}
	return average
}

// print writes the table, then a line a row that says what was measured.
func (r Report) print(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "name\tours\treference\tunit\tratio\taim\tmet")
	for _, row := range r.Rows {
		reference, ratio := "–", "–"
		if row.Ratio != 0 {
			reference, ratio = number(row.Reference), number(row.Ratio)
		}
		met := "yes"
		if !row.Met {
			met = "NO"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", row.Name, number(row.Ours), reference, row.Unit, ratio, row.Aim, met)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	var text strings.Builder
	for _, row := range r.Rows {
		fmt.Fprintf(&text, "\n%s: %s", row.Name, row.What)
		if row.Against != "" {
			fmt.Fprintf(&text, "\n    against %s", row.Against)
		}
		if row.Note != "" {
			fmt.Fprintf(&text, "\n    %s", row.Note)
		}
	}
	if r.Load > float64(r.CPUs)/2 {
		fmt.Fprintf(&text, "\n\nThe machine was busy before the run (load %.1f): figures and ratios are too low.", r.Load)
	}
	fmt.Fprintf(&text, "\n\n%d CPUs shared by server, database and load; %s; %d s\n", r.CPUs, r.Go, r.Seconds)
	_, err := io.WriteString(out, text.String())
	return err
}

// number shows three significant digits, and thousands whole.
func number(v float64) string {
	switch {
	case v >= 100 || v == float64(int64(v)):
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
