package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const stream = `{"Action":"start","Package":"p"}
{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"run","Package":"p","Test":"TestA/one"}
{"Action":"output","Package":"p","Test":"TestA/one","Output":"    a_test.go:1: broken\n"}
{"Action":"fail","Package":"p","Test":"TestA/one","Elapsed":0.1}
{"Action":"run","Package":"p","Test":"TestA/two"}
{"Action":"output","Package":"p","Test":"TestA/two","Output":"noise of a passing test\n"}
{"Action":"pass","Package":"p","Test":"TestA/two","Elapsed":0.1}
{"Action":"fail","Package":"p","Test":"TestA","Elapsed":0.2}
{"Action":"skip","Package":"p","Test":"TestB","Elapsed":0}
{"Action":"fail","Package":"p","Elapsed":0.3}
{"Action":"run","Package":"p","Test":"TestD/sub"}
{"Action":"pass","Package":"p","Test":"TestD/sub","Elapsed":0}
{"Action":"fail","Package":"p","Test":"TestD","Elapsed":0}
{"Action":"pass","Package":"q","Test":"TestC","Elapsed":0}
{"Action":"pass","Package":"q","Elapsed":0.1}
{"ImportPath":"r","Action":"build-output","Output":"r/x.go:1: undefined: y\n"}
{"Action":"fail","Package":"r","Elapsed":0}
`

// Leaves count once, a parent only when it failed by itself; a skipped test and a package that does not compile count as failed.
func TestGoSuite(t *testing.T) {
	var out bytes.Buffer
	got, err := readGo("go", strings.NewReader(stream), &out)
	if err != nil || got.Passed != 3 || got.Failed != 4 {
		t.Errorf("%+v %v", got, err)
	}
	text := out.String()
	for _, want := range []string{"a_test.go:1: broken", "r/x.go:1: undefined: y", "FAIL      0.3 s  p", "ok        0.1 s  q"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "noise") {
		t.Errorf("shows the output of a passing test:\n%s", text)
	}
}

func TestTotalEndsWithThePlainLine(t *testing.T) {
	t.Chdir(t.TempDir())
	var out bytes.Buffer
	if _, err := command([]string{"go", "unit"}, strings.NewReader(stream), &out); err != nil {
		t.Fatal(err)
	}
	write := `printf '{"numPassedTests": 5, "numFailedTests": 0}' > "$TEST_REPORT"`
	for _, suite := range [][]string{{"run", "web", "--", "sh", "-c", write}, {"run", "lint", "--", "true"}, {"run", "verify", "--", "false"}} {
		if failed, err := command(suite, nil, &out); failed || err != nil {
			t.Fatal(failed, err)
		}
	}
	out.Reset()
	failed, err := command([]string{"total"}, nil, &out)
	if err != nil || !failed || !strings.HasSuffix(out.String(), "\n9 passed, 5 failed\n") {
		t.Errorf("%t %v\n%s", failed, err, &out)
	}
	if _, err := command([]string{"clear"}, nil, &out); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(".cache", "test", "results.jsonl")); !os.IsNotExist(err) {
		t.Error("results are still there")
	}
	if failed, _ := command([]string{"total"}, nil, &out); !failed {
		t.Error("no result is no success")
	}
}
