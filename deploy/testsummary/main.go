// Command testsummary makes one readable account of several test suites.
//
//	go test -json … | testsummary go NAME    a Go suite: shows failures and times, notes the counts
//	testsummary run NAME -- COMMAND…         any other suite: runs it, notes the counts of its JSON report
//	testsummary total                        a table of all suites and `N passed, N failed`
//	testsummary clear                        forgets former runs
//
// Counts are kept in .cache/test/results.jsonl. `go` and `run` exit 0 also
// when tests fail, so that the other suites still run; `total` exits 1 then.
// A skipped test counts as failed: a check that does not run is no check.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// result is the account of one suite.
type result struct {
	Suite   string  `json:"suite"`
	Passed  int     `json:"passed"`
	Failed  int     `json:"failed"`
	Seconds float64 `json:"seconds"`
}

func main() {
	failed, err := command(os.Args[1:], os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testsummary:", err)
		os.Exit(2)
	}
	if failed {
		os.Exit(1)
	}
}

func command(args []string, in io.Reader, out io.Writer) (failed bool, err error) {
	switch {
	case len(args) == 2 && args[0] == "go":
		suite, err := readGo(args[1], in, out)
		return false, errors.Join(err, note(suite))
	case len(args) > 3 && args[0] == "run" && args[2] == "--":
		suite, err := runSuite(args[1], args[3:], out)
		return false, errors.Join(err, note(suite))
	case len(args) == 1 && args[0] == "total":
		return total(out)
	case len(args) == 1 && args[0] == "clear":
		if err := os.Remove(resultFile()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false, err
		}
		return false, nil
	}
	return false, errors.New("say go NAME, run NAME -- COMMAND…, total or clear")
}

// reportFile is where `run` lets a suite write its JSON report, named by the variable TEST_REPORT.
func reportFile(suite string) string { return filepath.Join(filepath.Dir(resultFile()), suite+".json") }

func runSuite(name string, line []string, out io.Writer) (result, error) {
	report, err := filepath.Abs(reportFile(name))
	if err != nil {
		return result{}, err
	}
	if err := os.MkdirAll(filepath.Dir(report), 0o755); err != nil {
		return result{}, err
	}
	if err := os.Remove(report); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return result{}, err
	}
	started := time.Now()
	process := exec.Command(line[0], line[1:]...)
	process.Stdout, process.Stderr, process.Env = out, os.Stderr, append(os.Environ(), "TEST_REPORT="+report)
	failure := process.Run()
	suite := readReport(report)
	suite.Suite, suite.Seconds = name, time.Since(started).Seconds()
	if suite.Passed+suite.Failed == 0 && failure == nil {
		suite.Passed = 1 // a check without a report is one check
	}
	if failure != nil && suite.Failed == 0 {
		suite.Failed = 1
	}
	return suite, nil
}

// readReport understands the JSON reports of vitest and of Playwright.
func readReport(file string) (suite result) {
	content, err := os.ReadFile(file)
	if err != nil {
		return suite
	}
	var report struct {
		NumPassedTests, NumFailedTests, NumPendingTests int
		Stats                                           struct{ Expected, Unexpected, Flaky, Skipped int }
	}
	if json.Unmarshal(content, &report) != nil {
		return suite
	}
	suite.Passed = report.NumPassedTests + report.Stats.Expected
	suite.Failed = report.NumFailedTests + report.NumPendingTests + report.Stats.Unexpected + report.Stats.Flaky + report.Stats.Skipped
	return suite
}

func resultFile() string { return filepath.Join(".cache", "test", "results.jsonl") }

func note(suite result) error {
	if err := os.MkdirAll(filepath.Dir(resultFile()), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(resultFile(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	return errors.Join(json.NewEncoder(file).Encode(suite), file.Close())
}

func total(out io.Writer) (failed bool, err error) {
	file, err := os.Open(resultFile())
	if err != nil {
		return true, fmt.Errorf("no suite has run: %w", err)
	}
	defer file.Close()
	var all result
	fmt.Fprintln(out)
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var suite result
		if err := json.Unmarshal(lines.Bytes(), &suite); err != nil {
			return true, err
		}
		fmt.Fprintf(out, "%-16s %6d passed %5d failed %8.1f s\n", suite.Suite, suite.Passed, suite.Failed, suite.Seconds)
		all.Passed, all.Failed = all.Passed+suite.Passed, all.Failed+suite.Failed
	}
	fmt.Fprintf(out, "\n%d passed, %d failed\n", all.Passed, all.Failed)
	return all.Failed > 0 || all.Passed == 0, nil
}
