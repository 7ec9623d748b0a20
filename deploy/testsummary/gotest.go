package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// event is one line of `go test -json` (see `go doc test2json`); build failures come as build-output.
type event struct {
	Action     string
	Package    string
	ImportPath string
	Test       string
	Output     string
	Elapsed    float64
}

// account follows one `go test -json` stream.
type account struct {
	suite   result
	output  map[string][]string // by package and test, until it passes
	parents map[string]bool     // tests that have subtests: only leaves are counted
	ended   map[string]string   // leaves and what became of them
	out     io.Writer
}

func readGo(name string, in io.Reader, out io.Writer) (result, error) {
	a := &account{suite: result{Suite: name}, output: map[string][]string{}, parents: map[string]bool{}, ended: map[string]string{}, out: out}
	started := time.Now()
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil || e.Action == "" {
			fmt.Fprintln(out, lines.Text()) // not an event: a message of the go command
			continue
		}
		a.add(e)
	}
	for id, outcome := range a.ended {
		switch {
		case a.parents[id] && (outcome != "fail" || a.failedBelow(id+"/")):
		case outcome == "pass":
			a.suite.Passed++
		default:
			a.suite.Failed++
		}
	}
	a.suite.Seconds = time.Since(started).Seconds()
	return a.suite, lines.Err()
}

func (a *account) add(e event) {
	id := e.Package + "\x00" + e.Test
	switch e.Action {
	case "output":
		a.output[id] = append(a.output[id], e.Output)
	case "build-output":
		fmt.Fprint(a.out, e.Output)
	case "run":
		if at := strings.LastIndexByte(e.Test, '/'); at > 0 {
			a.parents[e.Package+"\x00"+e.Test[:at]] = true
		}
	case "pass", "fail", "skip":
		a.finish(id, e)
	}
}

func (a *account) finish(id string, e event) {
	if e.Action != "pass" {
		fmt.Fprint(a.out, strings.Join(interesting(a.output[id]), ""))
	}
	delete(a.output, id)
	switch {
	case e.Test != "":
		a.ended[id] = e.Action
	case e.Action == "fail":
		fmt.Fprintf(a.out, "FAIL %8.1f s  %s\n", e.Elapsed, e.Package)
		if !a.failedBelow(e.Package + "\x00") { // did not compile, panicked or timed out
			a.ended[id] = "fail"
		}
	case e.Action == "pass":
		fmt.Fprintf(a.out, "ok   %8.1f s  %s\n", e.Elapsed, e.Package)
	}
}

func (a *account) failedBelow(prefix string) bool {
	for id, outcome := range a.ended {
		if outcome == "fail" && strings.HasPrefix(id, prefix) {
			return true
		}
	}
	return false
}

func interesting(lines []string) []string {
	return slices.DeleteFunc(lines, func(line string) bool {
		line = strings.TrimSpace(line)
		return strings.HasPrefix(line, "=== ") || line == "PASS" || strings.HasPrefix(line, "coverage:")
	})
}
